/**
 * A source NAT with ports (NAPT, RFC 3022) between inside and outside: the packets of hosts inside leave with one of a
 * few public addresses and a port that the controller gave them. A mapping is for an address and a port inside, whoever
 * the packets go to, and whoever sends to it comes through (RFC 4787: endpoint-independent mapping and filtering).
 */
import { bit, bool, type Expr, exact, ipv4, lpm, mac, mux, ParserError, pipeline, port, type Ref, valid } from 'p4ts';
import {
  Ethernet,
  EtherType,
  ethernetStates,
  Icmp,
  IcmpEcho,
  IcmpType,
  IpProtocol,
  Ipv4,
  icmpStates,
  ipv4Checksummed,
  ipv4States,
  Tcp,
  Udp,
} from 'p4ts/headers';
import { IcmpError, icmpErrorStates, TcpStart } from './icmp-errors.js';

/** The cells of the counter `drops`. */
export const dropReasons = [
  'malformed',
  'not for this router',
  'not supported',
  'bad checksum',
  'fragment',
  'no route',
  'no mapping',
  'TTL expired',
] as const;
export type DropReason = (typeof dropReasons)[number];

/** Why a packet went to the controller: `reason` in its metadata. */
export const reasons = { arp: 1, own: 2, ttlExpired: 3, newFlow: 4 } as const;

interface Ports {
  readonly srcPort: Ref<16>;
  readonly dstPort: Ref<16>;
}

export const nat = pipeline('nat', {
  headers: {
    ethernet: Ethernet,
    ipv4: Ipv4,
    tcp: Tcp,
    udp: Udp,
    icmp: Icmp,
    echo: IcmpEcho,
    icmpError: IcmpError,
    quoted: Ipv4,
    quotedTcp: TcpStart,
    quotedUdp: Udp,
    quotedIcmp: Icmp,
    quotedEcho: IcmpEcho,
  },
  metadata: {
    /** Where the packet came from, before the controller gave it back. */
    from: port,
    fromInside: bool,
    toOutside: bool,
    nextHop: bit(16),
    /** There are ports, or an identifier, to translate. */
    translatable: bool,
    /**
     * Both ends as the packet will leave, the one that it comes from first. An ICMP error has those of the packet that it
     * quotes, which went the other way; the identifier of an echo is the port of the end that asked.
     */
    protocol: bit(8),
    src: ipv4,
    srcPort: bit(16),
    dst: ipv4,
    dstPort: bit(16),
    /** The source address, which of an ICMP error may be that of a router. */
    sender: ipv4,
  },
  packetIn: { ingressPort: port, reason: bit(7), protocol: bit(8), src: ipv4, srcPort: bit(16) },
  // To be sent through a port or, with `again`, treated as if it had just come from there.
  packetOut: { port, again: bit(1) },

  parser: {
    start: (p) => p.goto('ethernet'),
    ...ethernetStates({ [EtherType.ipv4]: 'ipv4' }),
    ...ipv4States({ [IpProtocol.tcp]: 'tcp', [IpProtocol.udp]: 'udp', [IpProtocol.icmp]: 'icmp' }),
    tcp(p, { hdr, meta }) {
      p.extract(hdr.tcp);
      p.set(meta.srcPort, hdr.tcp.srcPort);
      p.set(meta.dstPort, hdr.tcp.dstPort);
      return p.goto('translatable');
    },
    udp(p, { hdr, meta }) {
      p.extract(hdr.udp);
      p.set(meta.srcPort, hdr.udp.srcPort);
      p.set(meta.dstPort, hdr.udp.dstPort);
      return p.goto('translatable');
    },
    ...icmpStates({
      [IcmpType.echoRequest]: 'echoRequest',
      [IcmpType.echoReply]: 'echoReply',
      [IcmpType.destinationUnreachable]: 'icmpError',
      [IcmpType.timeExceeded]: 'icmpError',
      [IcmpType.parameterProblem]: 'icmpError',
    }),
    echoRequest(p, { hdr, meta }) {
      p.extract(hdr.echo);
      p.set(meta.srcPort, hdr.echo.identifier);
      return p.goto('translatable');
    },
    echoReply(p, { hdr, meta }) {
      p.extract(hdr.echo);
      p.set(meta.dstPort, hdr.echo.identifier);
      return p.goto('translatable');
    },
    ...icmpErrorStates('translatable'),
    translatable(p, { meta }) {
      p.set(meta.translatable, true);
      return p.accept();
    },
  },

  ingress(ctl, { hdr, meta, std, packetOut }) {
    /** Packets dropped, by reason: see dropReasons. */
    const drops = ctl.counter('drops', { size: dropReasons.length, unit: 'both' });

    const inside = ctl.action('inside', {}, (c) => c.set(meta.fromInside, true));
    const outside = ctl.action('outside', {}, () => {});
    const interfaces = ctl.table('interfaces', {
      key: { port: exact(meta.from), mac: exact(hdr.ethernet.dst) },
      actions: [inside, outside],
      size: 64,
    });

    // ── the mappings ──
    const toHost = ctl.action('to_host', { address: ipv4, port: bit(16) }, (c, args) => {
      c.set(meta.dst, args.address);
      c.set(meta.dstPort, args.port);
    });
    const inbound = ctl.table('inbound', {
      key: { protocol: exact(meta.protocol), dst: exact(meta.dst), dstPort: exact(meta.dstPort) },
      actions: [toHost],
      size: 65536,
      counter: 'both',
    });
    const fromPublic = ctl.action('from_public', { address: ipv4, port: bit(16) }, (c, args) => {
      c.set(meta.sender, args.address);
      c.set(meta.src, args.address);
      c.set(meta.srcPort, args.port);
    });
    // Only packets from inside keep a mapping alive (RFC 4787 REQ-6).
    const outbound = ctl.table('outbound', {
      key: { protocol: exact(meta.protocol), src: exact(meta.src), srcPort: exact(meta.srcPort) },
      actions: [fromPublic],
      size: 65536,
      counter: 'both',
      idleTimeout: true,
    });

    // ── where to ──
    const own = ctl.action('own', {}, () => {});
    const toInside = ctl.action('to_inside', { nextHop: bit(16) }, (c, args) => c.set(meta.nextHop, args.nextHop));
    const toOutside = ctl.action('to_outside', { nextHop: bit(16) }, (c, args) => {
      c.set(meta.nextHop, args.nextHop);
      c.set(meta.toOutside, true);
    });
    const routes = ctl.table('routes', { key: { dst: lpm(meta.dst) }, actions: [own, toInside, toOutside], size: 4096 });
    const via = ctl.action('via', { port, srcMac: mac, dstMac: mac }, (c, args) => {
      c.forward(args.port);
      c.set(hdr.ethernet.src, args.srcMac);
      c.set(hdr.ethernet.dst, args.dstMac);
    });
    const nextHops = ctl.table('next_hops', { key: { id: exact(meta.nextHop) }, actions: [via], size: 4096 });

    ctl.apply((c) => {
      const dropFor = (reason: DropReason) => {
        c.count(drops, dropReasons.indexOf(reason));
        c.drop();
        c.exit();
      };
      const punt = (reason: number) => {
        c.toController({ ingressPort: meta.from, reason, protocol: meta.protocol, src: meta.src, srcPort: meta.srcPort });
        c.exit();
      };

      // ── what comes in ──
      c.set(meta.from, std.ingressPort);
      c.if(packetOut.present, () => {
        c.set(meta.from, packetOut.port);
        c.if(packetOut.again.eq(0), () => {
          c.forward(packetOut.port);
          c.exit();
        });
      });
      c.if(std.parserError.ne(ParserError.NoError), () => dropFor('malformed'));
      c.if(hdr.ethernet.etherType.eq(EtherType.arp), () => punt(reasons.arp));
      c.if(c.apply(interfaces).miss, () => dropFor('not for this router'));
      c.if(valid(hdr.ipv4).not(), () => dropFor('not supported'));
      c.if(std.checksumError, () => dropFor('bad checksum'));
      // More fragments, or not the first one: only the first has ports.
      c.if(hdr.ipv4.flags.bits(0, 1).eq(1).or(hdr.ipv4.fragmentOffset.ne(0)), () => dropFor('fragment'));
      c.if(meta.translatable.not(), () => dropFor('not supported'));

      const isError = c.let('is_error', valid(hdr.icmpError));
      const asks = c.let('asks', valid(hdr.echo).and(hdr.icmp.type.eq(IcmpType.echoRequest)));
      const answers = c.let('answers', valid(hdr.echo).and(hdr.icmp.type.eq(IcmpType.echoReply)));
      c.set(meta.protocol, hdr.ipv4.protocol);
      c.set(meta.sender, hdr.ipv4.src);
      c.set(meta.src, hdr.ipv4.src);
      c.set(meta.dst, hdr.ipv4.dst);
      c.if(isError, () => {
        c.if(hdr.quoted.src.ne(hdr.ipv4.dst), () => dropFor('malformed'));
        c.set(meta.protocol, hdr.quoted.protocol);
        c.set(meta.src, hdr.quoted.dst);
      });

      // ── the ends of the packet ──
      const mapped = c.let('mapped', c.apply(inbound).hit);
      c.switch(c.apply(routes))
        .case(own, () => {
          c.if(asks, () => punt(reasons.own));
          dropFor('no mapping');
        })
        .case(toInside, () => {})
        .case(toOutside, () => {})
        .default(() => dropFor('no route'));
      c.if(meta.fromInside.not().and(mapped.not()), () => dropFor('no mapping'));
      c.if(hdr.ipv4.ttl.le(1), () => {
        c.count(drops, dropReasons.indexOf('TTL expired'));
        punt(reasons.ttlExpired);
      });
      // To outside, or back inside (hairpinning, RFC 4787 REQ-9).
      c.if(meta.fromInside.and(meta.toOutside.or(mapped)), () => {
        // An answer has no port of its own: nothing from outside asks a host inside.
        c.if(answers, () => dropFor('no mapping'));
        c.if(c.apply(outbound).miss, () => {
          const opensTcp = valid(hdr.tcp).and(hdr.tcp.syn.eq(1)).and(hdr.tcp.ack.eq(0));
          c.if(opensTcp.or(valid(hdr.udp)).or(asks), () => punt(reasons.newFlow));
          dropFor('no mapping');
        });
      });

      // ── the translation ──
      c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.sub(1));
      const ports = (of: Ports, src: Expr<16>, dst: Expr<16>) => [[of.srcPort, src] as const, [of.dstPort, dst] as const];
      /** 0 says that there is no checksum, so that a checksum of 0 is written in its other form (RFC 768). */
      const updateUdp = (checksum: Ref<16>, changes: Parameters<typeof c.updateChecksumBy>[1]) => {
        c.if(checksum.ne(0), () => {
          c.updateChecksumBy(checksum, changes);
          c.if(checksum.eq(0), () => c.set(checksum, 0xffff));
        });
      };
      const addresses = [[hdr.ipv4.src, meta.sender] as const, [hdr.ipv4.dst, meta.dst] as const];
      c.if(valid(hdr.tcp), () => {
        const changes = ports(hdr.tcp, meta.srcPort, meta.dstPort);
        c.updateChecksumBy(hdr.tcp.checksum, [...addresses, ...changes]);
        for (const [field, value] of changes) c.set(field, value);
      })
        .elseif(valid(hdr.udp), () => {
          const changes = ports(hdr.udp, meta.srcPort, meta.dstPort);
          updateUdp(hdr.udp.checksum, [...addresses, ...changes]);
          for (const [field, value] of changes) c.set(field, value);
        })
        .elseif(valid(hdr.echo), () => {
          const identifier = c.let('identifier', mux(answers, meta.dstPort, meta.srcPort));
          c.updateChecksumBy(hdr.icmp.checksum, [[hdr.echo.identifier, identifier]]);
          c.set(hdr.echo.identifier, identifier);
        })
        .else(() => {
          // What is quoted becomes what its sender sent (RFC 5508 §4). A header whose own checksum was adapted sums up to
          // the same, so that the error's checksum changes only with what comes after the quoted IPv4 header.
          const quoted = [[hdr.quoted.src, meta.dst] as const, [hdr.quoted.dst, meta.src] as const];
          c.if(valid(hdr.quotedTcp), () => {
            const changes = ports(hdr.quotedTcp, meta.dstPort, meta.srcPort);
            c.updateChecksumBy(hdr.icmp.checksum, changes);
            for (const [field, value] of changes) c.set(field, value);
          })
            .elseif(valid(hdr.quotedUdp), () => {
              const changes = ports(hdr.quotedUdp, meta.dstPort, meta.srcPort);
              const before = c.let('before', hdr.quotedUdp.checksum);
              updateUdp(hdr.quotedUdp.checksum, [...quoted, ...changes]);
              c.updateChecksumBy(hdr.icmp.checksum, [...changes, [before, hdr.quotedUdp.checksum]]);
              for (const [field, value] of changes) c.set(field, value);
            })
            .else(() => {
              c.updateChecksumBy(hdr.quotedIcmp.checksum, [[hdr.quotedEcho.identifier, meta.dstPort]]);
              c.set(hdr.quotedEcho.identifier, meta.dstPort);
            });
          c.updateChecksumBy(hdr.quoted.checksum, quoted);
          for (const [field, value] of quoted) c.set(field, value);
        });
      for (const [field, value] of addresses) c.set(field, value);
      c.apply(nextHops);
    });

    return { interfaces, inside, outside, inbound, toHost, outbound, fromPublic, routes, own, toInside, toOutside, nextHops, via, drops };
  },

  deparser(d, { hdr }) {
    const { ethernet, ipv4, tcp, udp, icmp, echo, icmpError, quoted, quotedTcp, quotedUdp, quotedIcmp, quotedEcho } = hdr;
    d.updateChecksum(ipv4.checksum, ipv4Checksummed(ipv4), ipv4.ihl.eq(5));
    d.emit(ethernet, ipv4, tcp, udp, icmp, echo, icmpError, quoted, quotedTcp, quotedUdp, quotedIcmp, quotedEcho);
  },
});
