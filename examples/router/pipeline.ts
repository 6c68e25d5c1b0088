/**
 * A router: Ethernet with optional 802.1Q, IPv4 and IPv6 longest-prefix routing to next hops. What is for the router
 * itself goes to the controller; what it drops is counted by reason, what it routes by route.
 */

import type { ViewOf } from 'p4ts';
import { bit, exact, lpm, mac, ParserError, pipeline, port, ternary, valid } from 'p4ts';
import { Arp, Ethernet, Ipv4, Ipv6, Vlan } from './headers.js';

export const etherTypes = { ipv4: 0x0800, arp: 0x0806, vlan: 0x8100, ipv6: 0x86dd } as const;

/** Why a packet went to the controller: `reason` in its metadata. */
export const reasons = { arp: 1, local: 2, ttlExpired: 3 } as const;

/** The cells of the counter `drops`. */
export const dropReasons = [
  'malformed',
  'bad checksum',
  'not for this router',
  'no route',
  'no next hop',
  'not routable',
  'TTL expired',
] as const;
const drop = Object.fromEntries(dropReasons.map((reason, cell) => [reason, cell])) as Record<(typeof dropReasons)[number], number>;

export const router = pipeline('router', {
  headers: { ethernet: Ethernet, vlan: Vlan, arp: Arp, ipv4: Ipv4, ipv6: Ipv6 },
  metadata: {
    /** 0 for untagged packets. */
    vlanId: bit(12),
    nextHop: bit(16),
  },
  packetIn: { ingressPort: port, reason: bit(7), vlanId: bit(12) },
  packetOut: { egressPort: port },

  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p
        .select(hdr.ethernet.etherType)
        .when(etherTypes.vlan, 'vlan')
        .when(etherTypes.arp, 'arp')
        .when(etherTypes.ipv4, 'ipv4')
        .when(etherTypes.ipv6, 'ipv6')
        .otherwise('accept');
    },
    vlan(p, { hdr, meta }) {
      p.extract(hdr.vlan);
      p.set(meta.vlanId, hdr.vlan.id);
      return p
        .select(hdr.vlan.etherType)
        .when(etherTypes.arp, 'arp')
        .when(etherTypes.ipv4, 'ipv4')
        .when(etherTypes.ipv6, 'ipv6')
        .otherwise('accept');
    },
    arp(p, { hdr }) {
      p.extract(hdr.arp);
      return p.accept();
    },
    ipv4(p, { hdr }) {
      const ip = hdr.ipv4;
      p.extract(ip);
      // With options the checksum covers more than what is parsed here; ingress drops such packets.
      p.verifyChecksum(ip.checksum, headerWithoutChecksum(ip), ip.headerLength.eq(5));
      return p.accept();
    },
    ipv6(p, { hdr }) {
      p.extract(hdr.ipv6);
      return p.accept();
    },
  },

  ingress(ctl, { hdr, meta, std, packetOut }) {
    /** Packets dropped, by reason: see dropReasons. */
    const drops = ctl.counter('drops', { size: dropReasons.length, unit: 'both' });

    // ── what comes in ──
    const admit = ctl.action('admit', {}, () => {});
    const ignore = ctl.action('ignore', {}, (c) => {
      c.count(drops, drop['not for this router']);
      c.drop();
    });
    // The router's interfaces, with the MAC addresses that it listens to.
    const interfaces = ctl.table('interfaces', {
      key: { port: exact(std.ingressPort), vlan: exact(meta.vlanId), mac: ternary(hdr.ethernet.dst) },
      actions: [admit, ignore],
      default: ignore(),
      size: 64,
    });

    // ── what is for the router itself ──
    const punt = ctl.action('punt', {}, (c) => {
      c.toController({ ingressPort: std.ingressPort, reason: reasons.local, vlanId: meta.vlanId });
    });
    const local4 = ctl.table('local4', { key: { dst: exact(hdr.ipv4.dst) }, actions: [punt], size: 64 });
    // Masks take in the multicast groups that routers listen to.
    const local6 = ctl.table('local6', { key: { dst: ternary(hdr.ipv6.dst) }, actions: [punt], size: 64 });

    // ── routes ──
    const via = ctl.action('via', { nextHop: bit(16) }, (c, args) => c.set(meta.nextHop, args.nextHop));
    const noRoute = ctl.action('no_route', {}, (c) => {
      c.count(drops, drop['no route']);
      c.drop();
      c.exit();
    });
    const routes4 = ctl.table('routes4', {
      key: { dst: lpm(hdr.ipv4.dst) },
      actions: [via, noRoute],
      default: noRoute(),
      size: 65536,
      counter: 'both',
    });
    const routes6 = ctl.table('routes6', {
      key: { dst: lpm(hdr.ipv6.dst) },
      actions: [via, noRoute],
      default: noRoute(),
      size: 16384,
      counter: 'both',
    });

    // ── next hops ──
    const untagged = ctl.action('untagged', { port, srcMac: mac, dstMac: mac }, (c, args) => {
      c.forward(args.port);
      c.set(hdr.ethernet.src, args.srcMac);
      c.set(hdr.ethernet.dst, args.dstMac);
      c.if(valid(hdr.vlan), () => {
        c.set(hdr.ethernet.etherType, hdr.vlan.etherType);
        c.setInvalid(hdr.vlan);
      });
    });
    const tagged = ctl.action('tagged', { port, srcMac: mac, dstMac: mac, vlan: bit(12) }, (c, args) => {
      c.forward(args.port);
      c.set(hdr.ethernet.src, args.srcMac);
      c.set(hdr.ethernet.dst, args.dstMac);
      c.if(valid(hdr.vlan).not(), () => {
        c.setValid(hdr.vlan);
        c.set(hdr.vlan.etherType, hdr.ethernet.etherType);
        c.set(hdr.ethernet.etherType, etherTypes.vlan);
      });
      c.set(hdr.vlan.id, args.vlan);
    });
    const unresolved = ctl.action('unresolved', {}, (c) => {
      c.count(drops, drop['no next hop']);
      c.drop();
    });
    const nextHops = ctl.table('next_hops', {
      key: { id: exact(meta.nextHop) },
      actions: [untagged, tagged, unresolved],
      default: unresolved(),
      size: 4096,
    });

    ctl.apply((c) => {
      const dropFor = (reason: (typeof dropReasons)[number]) => {
        c.count(drops, drop[reason]);
        c.drop();
      };
      const expired = () => {
        c.count(drops, drop['TTL expired']);
        c.toController({ ingressPort: std.ingressPort, reason: reasons.ttlExpired, vlanId: meta.vlanId });
      };

      c.if(packetOut.present, () => {
        c.forward(packetOut.egressPort);
        c.exit();
      });
      c.if(std.parserError.ne(ParserError.NoError), () => {
        dropFor('malformed');
        c.exit();
      });
      c.switch(c.apply(interfaces)).case(ignore, () => c.exit());

      c.if(valid(hdr.arp), () => c.toController({ ingressPort: std.ingressPort, reason: reasons.arp, vlanId: meta.vlanId }))
        .elseif(valid(hdr.ipv4), () => {
          c.if(hdr.ipv4.version.ne(4).or(hdr.ipv4.headerLength.ne(5)), () => dropFor('not routable'))
            .elseif(std.checksumError, () => dropFor('bad checksum'))
            .else(() => {
              c.if(c.apply(local4).miss, () => {
                c.if(hdr.ipv4.ttl.le(1), expired).else(() => {
                  c.apply(routes4);
                  c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.sub(1));
                  c.apply(nextHops);
                });
              });
            });
        })
        .elseif(valid(hdr.ipv6), () => {
          c.if(c.apply(local6).miss, () => {
            c.if(hdr.ipv6.hopLimit.le(1), expired).else(() => {
              c.apply(routes6);
              c.set(hdr.ipv6.hopLimit, hdr.ipv6.hopLimit.sub(1));
              c.apply(nextHops);
            });
          });
        })
        .else(() => dropFor('not routable'));
    });

    return { interfaces, local4, local6, routes4, routes6, nextHops, admit, punt, via, untagged, tagged, drops };
  },

  deparser(d, { hdr }) {
    d.updateChecksum(hdr.ipv4.checksum, headerWithoutChecksum(hdr.ipv4));
    d.emit(hdr.ethernet, hdr.vlan, hdr.arp, hdr.ipv4, hdr.ipv6);
  },
});

/** What the IPv4 header checksum covers. */
function headerWithoutChecksum(ip: ViewOf<typeof Ipv4>) {
  const { version, headerLength, dscp, ecn, totalLength, identification, flags, fragmentOffset, ttl, protocol, src, dst } = ip;
  return [version, headerLength, dscp, ecn, totalLength, identification, flags, fragmentOffset, ttl, protocol, src, dst];
}
