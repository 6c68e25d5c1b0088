/**
 * Access control lists on a transparent box: what comes in at a port is judged by the port's list, which permits or
 * denies by protocol, addresses, ports and TCP flags, for IPv4 and IPv6. What an entry logs is copied to a monitor, cut
 * off. Options of IPv4 and extension headers of IPv6 hide nothing: the parser goes through them.
 */
import { bit, bool, exact, optional, ParserError, pipeline, port, range, ternary, valid } from 'p4ts';
import {
  Ethernet,
  EtherType,
  ethernetStates,
  Icmp,
  Icmpv6,
  IpProtocol,
  Ipv4,
  Ipv4Options,
  Ipv6,
  Ipv6Extension,
  Ipv6Fragment,
  icmpStates,
  icmpv6States,
  ipv4WithOptionsStates,
  ipv6WithExtensionsStates,
  Tcp,
  tcpStates,
  Udp,
  udpStates,
} from 'p4ts/headers';

/** The clone session of the monitor. */
export const monitorSession = 1;

/** The cells of the counter `drops`. */
export const dropReasons = ['unknown port', 'malformed', 'neither IP nor ARP', 'denied by the end of the list'] as const;
const drop = { port: 0, malformed: 1, link: 2, end: 3 } as const;

export const acl = pipeline('acl', {
  headers: {
    ethernet: Ethernet,
    ipv4: Ipv4,
    ipv4Options: Ipv4Options,
    ipv6: Ipv6,
    hopByHop: Ipv6Extension,
    routing: Ipv6Extension,
    fragment: Ipv6Fragment,
    destinationOptions: Ipv6Extension,
    tcp: Tcp,
    udp: Udp,
    icmp: Icmp,
    icmpv6: Icmpv6,
  },
  metadata: {
    /** The list of the port. */
    list: bit(8),
    /** Behind the extension headers of IPv6. */
    protocol: bit(8),
    /** There is a header of TCP, UDP or ICMP: not so in fragments but the first. Without it, what follows is 0. */
    transport: bool,
    srcPort: bit(16),
    dstPort: bit(16),
    /** Type and code. */
    icmp: bit(16),
    /** Of TCP: it answers, so that it does not begin a connection. */
    established: bool,
  },

  parser: {
    start: (p) => p.goto('ethernet'),
    ...ethernetStates({ [EtherType.ipv4]: 'ipv4', [EtherType.ipv6]: 'ipv6' }),
    ...ipv4WithOptionsStates({ [IpProtocol.tcp]: 'tcp', [IpProtocol.udp]: 'udp', [IpProtocol.icmp]: 'icmp' }),
    ...ipv6WithExtensionsStates({ [IpProtocol.tcp]: 'tcp', [IpProtocol.udp]: 'udp', [IpProtocol.icmpv6]: 'icmpv6' }),
    ...tcpStates(),
    ...udpStates(),
    ...icmpStates(),
    ...icmpv6States(),
  },

  ingress(ctl, { hdr, meta, std }) {
    /** Packets dropped before a list, or after its last entry: see dropReasons. */
    const drops = ctl.counter('drops', { size: dropReasons.length, unit: 'both' });

    const attach = ctl.action('attach', { list: bit(8), out: port }, (c, args) => {
      c.set(meta.list, args.list);
      c.forward(args.out);
    });
    const detached = ctl.action('detached', {}, (c) => {
      c.count(drops, drop.port);
      c.drop();
    });
    const ports = ctl.table('ports', {
      key: { port: exact(std.ingressPort) },
      actions: [attach, detached],
      default: detached(),
      size: 64,
    });

    const permit = ctl.action('permit', {}, () => {});
    const permitLog = ctl.action('permit_log', {}, (c) => c.mirror(monitorSession));
    const deny = ctl.action('deny', {}, (c) => c.drop());
    const denyLog = ctl.action('deny_log', {}, (c) => {
      c.mirror(monitorSession);
      c.drop();
    });
    const end = ctl.action('end', {}, (c) => {
      c.count(drops, drop.end);
      c.drop();
    });
    const actions = [permit, permitLog, deny, denyLog, end] as const;
    /** What the lists of both versions match beside the addresses. */
    const rest = {
      transport: optional(meta.transport),
      srcPort: range(meta.srcPort),
      dstPort: range(meta.dstPort),
      icmp: ternary(meta.icmp),
      established: optional(meta.established),
    };
    const list4 = ctl.table('list4', {
      key: {
        list: exact(meta.list),
        protocol: optional(hdr.ipv4.protocol),
        src: ternary(hdr.ipv4.src),
        dst: ternary(hdr.ipv4.dst),
        ...rest,
      },
      actions,
      default: end(),
      size: 4096,
      counter: 'both',
    });
    const list6 = ctl.table('list6', {
      key: {
        list: exact(meta.list),
        protocol: optional(meta.protocol),
        src: ternary(hdr.ipv6.src),
        dst: ternary(hdr.ipv6.dst),
        ...rest,
      },
      actions,
      default: end(),
      size: 2048,
      counter: 'both',
    });

    ctl.apply((c) => {
      const dropFor = (reason: number) => {
        c.count(drops, reason);
        c.drop();
        c.exit();
      };

      c.switch(c.apply(ports)).case(detached, () => c.exit());
      c.if(std.parserError.ne(ParserError.NoError), () => dropFor(drop.malformed));
      c.set(meta.transport, valid(hdr.tcp).or(valid(hdr.udp)).or(valid(hdr.icmp)).or(valid(hdr.icmpv6)));
      c.if(valid(hdr.tcp), () => {
        c.set(meta.srcPort, hdr.tcp.srcPort);
        c.set(meta.dstPort, hdr.tcp.dstPort);
        c.set(meta.established, hdr.tcp.ack.or(hdr.tcp.rst).eq(1));
      })
        .elseif(valid(hdr.udp), () => {
          c.set(meta.srcPort, hdr.udp.srcPort);
          c.set(meta.dstPort, hdr.udp.dstPort);
        })
        .elseif(valid(hdr.icmp), () => {
          c.set(meta.icmp.bits(8, 8), hdr.icmp.type);
          c.set(meta.icmp.bits(0, 8), hdr.icmp.code);
        })
        .elseif(valid(hdr.icmpv6), () => {
          c.set(meta.icmp.bits(8, 8), hdr.icmpv6.type);
          c.set(meta.icmp.bits(0, 8), hdr.icmpv6.code);
        });

      c.if(valid(hdr.ipv4), () => {
        // RFC 3128: the second fragment could write over the flags that the first one was judged by.
        c.if(hdr.ipv4.fragmentOffset.eq(1).and(hdr.ipv4.protocol.eq(IpProtocol.tcp)), () => dropFor(drop.malformed));
        c.apply(list4);
      })
        .elseif(valid(hdr.ipv6), () => {
          // The last of the chain says what follows.
          c.set(meta.protocol, hdr.ipv6.nextHeader);
          for (const extension of [hdr.hopByHop, hdr.routing, hdr.fragment, hdr.destinationOptions]) {
            c.if(valid(extension), () => c.set(meta.protocol, extension.nextHeader));
          }
          // In another order than RFC 8200 recommends, they could hide ports from a list.
          const { hopByHop, routing, fragment, destinationOptions } = IpProtocol;
          const hides = [hopByHop, routing, fragment, destinationOptions].map((protocol) => meta.protocol.eq(protocol));
          const first = valid(hdr.fragment).not().or(hdr.fragment.fragmentOffset.eq(0));
          c.if(hides.reduce((any, one) => any.or(one)).and(first), () => dropFor(drop.malformed));
          c.apply(list6);
        })
        .elseif(hdr.ethernet.etherType.ne(EtherType.arp), () => dropFor(drop.link));
    });

    return { ports, attach, list4, list6, permit, permitLog, deny, denyLog, drops };
  },

  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.ipv4, hdr.ipv4Options, hdr.ipv6, hdr.hopByHop, hdr.routing, hdr.fragment, hdr.destinationOptions);
    d.emit(hdr.tcp, hdr.udp, hdr.icmp, hdr.icmpv6);
  },
});
