/**
 * A layer 3 load balancer. Packets to a virtual address go to one of the servers behind it, chosen by a hash of the flow
 * in an action selector; every server owns the virtual address and answers its client directly (direct server return),
 * so that nothing but MAC addresses and the TTL changes. All other packets are routed.
 */

import { bit, exact, lpm, mac, pipeline, port, valid } from 'p4ts';
import {
  Ethernet,
  EtherType,
  ethernetStates,
  IpProtocol,
  Ipv4,
  ipv4Checksummed,
  ipv4States,
  Tcp,
  tcpStates,
  Udp,
  udpStates,
} from 'p4ts/headers';

/** The cells of the counter `drops`. */
export const dropReasons = ['not IPv4', 'bad checksum', 'TTL expired', 'no route', 'no server left'] as const;
const drop = Object.fromEntries(dropReasons.map((reason, cell) => [reason, cell])) as Record<(typeof dropReasons)[number], number>;

/** Servers are numbered from 0. */
export const maxServers = 64;

export const loadBalancer = pipeline('load_balancer', {
  headers: { ethernet: Ethernet, ipv4: Ipv4, tcp: Tcp, udp: Udp },
  metadata: {
    /** The ports of the flow; 0 where there are none, and in fragments. */
    srcPort: bit(16),
    dstPort: bit(16),
  },

  parser: {
    start: (p) => p.goto('ethernet'),
    ...ethernetStates({ [EtherType.ipv4]: 'ipv4' }),
    ...ipv4States({ [IpProtocol.tcp]: 'tcp', [IpProtocol.udp]: 'udp' }),
    ...tcpStates(),
    ...udpStates({}),
  },

  ingress(ctl, { hdr, meta, std }) {
    /** Packets dropped, by reason: see dropReasons. */
    const drops = ctl.counter('drops', { size: dropReasons.length, unit: 'both' });
    /** What each server was given. */
    const given = ctl.counter('given', { size: maxServers, unit: 'both' });

    // ── virtual addresses ──
    // The hash decides which member of a group a flow has, and it stays with it for as long as the group does not
    // change. Members may change: this is how the controller replaces a server that failed.
    const servers = ctl.selector('servers', {
      size: 1024,
      maxGroup: 256,
      hash: 'crc16',
      over: [hdr.ipv4.src, hdr.ipv4.dst, hdr.ipv4.protocol, meta.srcPort, meta.dstPort],
    });
    const toServer = ctl.action('to_server', { server: bit(6), port, dstMac: mac }, (c, args) => {
      c.count(given, args.server.as(bit(32)));
      c.forward(args.port);
      c.set(hdr.ethernet.src, hdr.ethernet.dst);
      c.set(hdr.ethernet.dst, args.dstMac);
    });
    const noServer = ctl.action('no_server', {}, (c) => {
      c.count(drops, drop['no server left']);
      c.drop();
    });
    const services = ctl.table('services', {
      key: { address: exact(hdr.ipv4.dst) },
      actions: [toServer, noServer],
      implementation: servers,
      size: 256,
    });

    // ── everything else ──
    const via = ctl.action('via', { port, dstMac: mac }, (c, args) => {
      c.forward(args.port);
      c.set(hdr.ethernet.src, hdr.ethernet.dst);
      c.set(hdr.ethernet.dst, args.dstMac);
    });
    const noRoute = ctl.action('no_route', {}, (c) => {
      c.count(drops, drop['no route']);
      c.drop();
    });
    const routes = ctl.table('routes', {
      key: { dst: lpm(hdr.ipv4.dst) },
      actions: [via, noRoute],
      default: noRoute(),
      size: 1024,
    });

    ctl.apply((c) => {
      const dropFor = (reason: (typeof dropReasons)[number]) => {
        c.count(drops, drop[reason]);
        c.drop();
      };
      c.if(valid(hdr.ipv4).not(), () => dropFor('not IPv4'))
        .elseif(std.checksumError, () => dropFor('bad checksum'))
        .elseif(hdr.ipv4.ttl.le(1), () => dropFor('TTL expired'))
        .else(() => {
          // Only the first fragment of a datagram has ports: without them all of its fragments have the same hash.
          const whole = hdr.ipv4.fragmentOffset.eq(0).and(hdr.ipv4.flags.bits(0, 1).eq(0));
          c.if(whole.and(valid(hdr.tcp)), () => {
            c.set(meta.srcPort, hdr.tcp.srcPort);
            c.set(meta.dstPort, hdr.tcp.dstPort);
          }).elseif(whole.and(valid(hdr.udp)), () => {
            c.set(meta.srcPort, hdr.udp.srcPort);
            c.set(meta.dstPort, hdr.udp.dstPort);
          });
          c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.sub(1));
          c.if(c.apply(services).miss, () => c.apply(routes));
        });
    });

    return { services, servers, toServer, noServer, routes, via, given, drops };
  },

  deparser(d, { hdr }) {
    d.updateChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4), hdr.ipv4.ihl.eq(5));
    d.emit(hdr.ethernet, hdr.ipv4, hdr.tcp, hdr.udp);
  },
});
