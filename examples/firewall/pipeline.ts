/**
 * A stateful firewall between pairs of ports, transparent to what it protects: packets of connections that it knows
 * pass, first packets of others are judged by a policy. The connections are in a Bloom filter of two registers whose
 * cells hold the time of the last packet, so that a connection ends by itself when it is silent for too long.
 */
import { type Bool, bit, bool, type Expr, exact, ipv4, mux, optional, ParserError, pipeline, port, range, ternary, valid } from 'p4ts';
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
  ipv4States,
  Tcp,
  tcpStates,
  Udp,
  udpStates,
} from 'p4ts/headers';
import { icmpErrorBranches, icmpErrorHeaders, icmpErrorStates } from '../icmp-errors.js';

/** Cells of each register of the filter. */
export const filterSize = 16384;

/** The filter's unit of time, 1.07 s: what is left of nanoseconds without their last 30 bits. */
const unitNs = 2 ** 30;
const seconds = (n: number) => Math.ceil((n * 1e9) / unitNs);
/** Times have 18 bits, and go round in 78 hours. */
const time = bit(18);
/** In a cell of the filter: a bit that says that there is a time, then the time. */
const cellType = bit(19);
/** Units without a packet after which a connection ends: RFC 5382 REQ-5, RFC 4787 REQ-5, RFC 5508 REQ-2. */
const timeouts = { tcp: seconds(7440), udp: seconds(300), icmp: seconds(60) };

/** The cells of the counter `drops`. */
export const dropReasons = ['unknown port', 'malformed', 'not supported', 'fragment', 'bad checksum', 'no connection', 'policy'] as const;
type DropReason = (typeof dropReasons)[number];

export const firewall = pipeline('firewall', {
  headers: {
    ethernet: Ethernet,
    ipv4: Ipv4,
    tcp: Tcp,
    udp: Udp,
    icmp: Icmp,
    echo: IcmpEcho,
    ...icmpErrorHeaders,
  },
  metadata: {
    /** The port on the other side. */
    out: port,
    fromInside: bool,
    /** The connection, the same in both directions. */
    inside: ipv4,
    outside: ipv4,
    insidePort: bit(16),
    outsidePort: bit(16),
    protocol: bit(8),
    timeout: time,
    /** The packet may begin a connection. */
    opens: bool,
    /** The policy lets it. */
    allowed: bool,
  },

  parser: {
    start: (p) => p.goto('ethernet'),
    ...ethernetStates({ [EtherType.ipv4]: 'ipv4' }),
    ...ipv4States({ [IpProtocol.tcp]: 'tcp', [IpProtocol.udp]: 'udp', [IpProtocol.icmp]: 'icmp' }),
    ...tcpStates(),
    ...udpStates(),
    ...icmpStates({ [IcmpType.echoRequest]: 'echo', [IcmpType.echoReply]: 'echo', ...icmpErrorBranches }),
    echo(p, { hdr }) {
      p.extract(hdr.echo);
      return p.accept();
    },
    ...icmpErrorStates,
  },

  ingress(ctl, { hdr, meta, std }) {
    /** Packets dropped, by reason: see dropReasons. */
    const drops = ctl.counter('drops', { size: dropReasons.length, unit: 'both' });
    const cellOf = (reason: DropReason) => dropReasons.indexOf(reason);

    // ── which side ──
    const inside = ctl.action('inside', { out: port }, (c, args) => {
      c.set(meta.fromInside, true);
      c.set(meta.out, args.out);
    });
    const outside = ctl.action('outside', { out: port }, (c, args) => c.set(meta.out, args.out));
    const unknown = ctl.action('unknown', {}, (c) => {
      c.count(drops, cellOf('unknown port'));
      c.drop();
    });
    const sides = ctl.table('sides', {
      key: { port: exact(std.ingressPort) },
      actions: [inside, outside, unknown],
      default: unknown(),
      size: 64,
    });

    // ── who may begin a connection ──
    const denied = ctl.digest('denied_t', { port, src: ipv4, dst: ipv4, protocol: bit(8), dstPort: bit(16) });
    const allow = ctl.action('allow', {}, (c) => c.set(meta.allowed, true));
    const deny = ctl.action('deny', {}, () => {});
    const dstPort = () => mux(meta.fromInside, meta.outsidePort, meta.insidePort);
    const policy = ctl.table('policy', {
      key: {
        fromInside: exact(meta.fromInside),
        src: ternary(hdr.ipv4.src),
        dst: ternary(hdr.ipv4.dst),
        protocol: optional(hdr.ipv4.protocol),
        dstPort: range(dstPort()),
      },
      actions: [allow, deny],
      default: deny(),
      size: 1024,
      counter: 'packets',
    });

    // ── the connections: the time of the last packet, 0 for none ──
    const first = ctl.register('first', cellType, filterSize);
    const second = ctl.register('second', cellType, filterSize);

    ctl.apply((c) => {
      const dropFor = (reason: DropReason) => {
        c.count(drops, cellOf(reason));
        c.drop();
        c.exit();
      };
      /** Who talks to whom: `src` is the sender of the packet. */
      const connection = (src: Expr<32>, dst: Expr<32>, srcPort: Expr<16>, toPort: Expr<16>, fromInside: Bool) => {
        c.set(meta.inside, mux(fromInside, src, dst));
        c.set(meta.outside, mux(fromInside, dst, src));
        c.set(meta.insidePort, mux(fromInside, srcPort, toPort));
        c.set(meta.outsidePort, mux(fromInside, toPort, srcPort));
      };

      c.switch(c.apply(sides)).case(unknown, () => c.exit());
      c.if(std.parserError.ne(ParserError.NoError), () => dropFor('malformed'));
      c.forward(meta.out);
      c.if(hdr.ethernet.etherType.eq(EtherType.arp), () => c.exit());
      c.if(valid(hdr.ipv4).not(), () => dropFor('not supported'));
      c.if(std.checksumError, () => dropFor('bad checksum'));
      // Only the first fragment of a packet says which connection it is of.
      c.if(hdr.ipv4.fragmentOffset.ne(0).or(hdr.ipv4.flags.bits(0, 1).eq(1)), () => dropFor('fragment'));

      c.set(meta.protocol, hdr.ipv4.protocol);
      c.if(valid(hdr.tcp), () => {
        connection(hdr.ipv4.src, hdr.ipv4.dst, hdr.tcp.srcPort, hdr.tcp.dstPort, meta.fromInside);
        c.set(meta.timeout, timeouts.tcp);
        c.set(meta.opens, hdr.tcp.syn.eq(1).and(hdr.tcp.ack.eq(0)));
      })
        .elseif(valid(hdr.udp), () => {
          connection(hdr.ipv4.src, hdr.ipv4.dst, hdr.udp.srcPort, hdr.udp.dstPort, meta.fromInside);
          c.set(meta.timeout, timeouts.udp);
          c.set(meta.opens, true);
        })
        .elseif(valid(hdr.echo), () => {
          connection(hdr.ipv4.src, hdr.ipv4.dst, hdr.echo.identifier, hdr.echo.identifier, meta.fromInside);
          c.set(meta.timeout, timeouts.icmp);
          c.set(meta.opens, hdr.icmp.type.eq(IcmpType.echoRequest));
        })
        .elseif(valid(hdr.quotedPorts), () => {
          // The packet that it is about went the other way.
          connection(hdr.quoted.src, hdr.quoted.dst, hdr.quotedPorts.src, hdr.quotedPorts.dst, meta.fromInside.not());
          c.set(meta.protocol, hdr.quoted.protocol);
          c.set(meta.timeout, timeouts.udp);
          c.if(hdr.quoted.protocol.eq(IpProtocol.tcp), () => c.set(meta.timeout, timeouts.tcp));
        })
        .elseif(valid(hdr.quotedEcho), () => {
          const { identifier } = hdr.quotedEcho;
          connection(hdr.quoted.src, hdr.quoted.dst, identifier, identifier, meta.fromInside.not());
          c.set(meta.timeout, timeouts.icmp);
        })
        // Other protocols and types, and packets with options.
        .else(() => dropFor('not supported'));
      c.if(meta.opens, () => c.apply(policy));

      const tuple = [meta.inside, meta.outside, meta.insidePort, meta.outsidePort, meta.protocol];
      const now = c.let(
        'now',
        std.timestampNs
          .bits(30, 18)
          .as(cellType)
          .or(2 ** 18),
      );
      // A packet of a connection keeps it alive; an error about one does not.
      const keeps = c.let('keeps', valid(hdr.icmpError).not());
      // Both cells are updated at once, each by what is in itself: a stray packet that finds one of them alive keeps that
      // one alive, which costs a little of the filter's precision and nothing else.
      const seen = (filter: typeof first, index: Expr<32>) =>
        c.update(filter, index, (cell) => {
          const alive = cell.ne(0).and(now.sub(cell).bits(0, 18).le(meta.timeout));
          return { next: mux(meta.allowed.or(alive.and(keeps)), now, cell), result: alive.as(bit(1)) };
        });
      const inFirst = seen(first, c.hash('crc32', bit(32), tuple, { max: filterSize }));
      const inSecond = seen(second, c.hash('crc16', bit(32), tuple, { max: filterSize }));

      c.if(inFirst.eq(1).and(inSecond.eq(1)).or(meta.allowed), () => c.exit());
      c.if(meta.opens, () => {
        c.digest(denied, {
          port: std.ingressPort,
          src: hdr.ipv4.src,
          dst: hdr.ipv4.dst,
          protocol: meta.protocol,
          dstPort: dstPort(),
        });
        dropFor('policy');
      }).else(() => dropFor('no connection'));
    });

    return { sides, inside, outside, policy, allow, deny, denied, first, second, drops };
  },

  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.ipv4, hdr.tcp, hdr.udp, hdr.icmp, hdr.echo, hdr.icmpError, hdr.quoted, hdr.quotedPorts, hdr.quotedEcho);
  },
});
