/**
 * A layer 3 load balancer. Packets to a virtual address go to one of the servers behind it, chosen by a hash of the flow
 * in an action selector; every server owns the virtual address and answers its client directly (direct server return),
 * so that nothing but MAC addresses and the TTL changes. All other packets are routed.
 */
import { bit, concat, exact, ipv4, lpm, mac, ParserError, pipeline, port, valid } from 'p4ts';
import {
  Ethernet,
  EtherType,
  ethernetStates,
  Icmp,
  IpProtocol,
  Ipv4,
  Ipv4Options,
  icmpStates,
  ipv4WithOptionsStates,
  Tcp,
  tcpStates,
  Udp,
  udpStates,
} from 'p4ts/headers';
import { icmpErrorBranches, icmpErrorHeaders, icmpErrorStates } from '../icmp-errors.js';

/** The cells of the counter `drops`. */
export const dropReasons = ['malformed', 'not IPv4', 'bad checksum', 'TTL expired', 'no route', 'no server left'] as const;
const drop = Object.fromEntries(dropReasons.map((reason, cell) => [reason, cell])) as Record<(typeof dropReasons)[number], number>;

/** Servers are numbered from 0. */
export const maxServers = 64;

export const loadBalancer = pipeline('load_balancer', {
  headers: { ethernet: Ethernet, ipv4: Ipv4, ipv4Options: Ipv4Options, tcp: Tcp, udp: Udp, icmp: Icmp, ...icmpErrorHeaders },
  metadata: {
    /** The flow from client to service. */
    client: ipv4,
    service: ipv4,
    protocol: bit(8),
    /** 0 where there are none, and in fragments. */
    srcPort: bit(16),
    dstPort: bit(16),
  },

  parser: {
    start: (p) => p.goto('ethernet'),
    ...ethernetStates({ [EtherType.ipv4]: 'ipv4' }),
    ...ipv4WithOptionsStates({ [IpProtocol.tcp]: 'tcp', [IpProtocol.udp]: 'udp', [IpProtocol.icmp]: 'icmp' }),
    ...tcpStates(),
    ...udpStates(),
    ...icmpStates(icmpErrorBranches),
    ...icmpErrorStates,
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
      over: [meta.client, meta.service, meta.protocol, meta.srcPort, meta.dstPort],
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
      c.if(std.parserError.ne(ParserError.NoError), () => dropFor('malformed'))
        .elseif(valid(hdr.ipv4).not(), () => dropFor('not IPv4'))
        .elseif(std.checksumError, () => dropFor('bad checksum'))
        .elseif(hdr.ipv4.ttl.le(1), () => dropFor('TTL expired'))
        .else(() => {
          const { ipv4: ip, quoted, quotedPorts } = hdr;
          c.set(meta.client, ip.src);
          c.set(meta.service, ip.dst);
          c.set(meta.protocol, ip.protocol);
          // Only the first fragment of a datagram has ports: without them all of its fragments have the same hash.
          const whole = ip.fragmentOffset.eq(0).and(ip.flags.bits(0, 1).eq(0));
          c.if(whole.and(valid(hdr.tcp)), () => {
            c.set(meta.srcPort, hdr.tcp.srcPort);
            c.set(meta.dstPort, hdr.tcp.dstPort);
          })
            .elseif(whole.and(valid(hdr.udp)), () => {
              c.set(meta.srcPort, hdr.udp.srcPort);
              c.set(meta.dstPort, hdr.udp.dstPort);
            })
            // An error is for the server whose packet it quotes; that packet went the other way.
            .elseif(whole.and(valid(quotedPorts)), () => {
              c.set(meta.client, quoted.dst);
              c.set(meta.service, quoted.src);
              c.set(meta.protocol, quoted.protocol);
              c.set(meta.srcPort, quotedPorts.dst);
              c.set(meta.dstPort, quotedPorts.src);
            });
          // With the checksum, whether there are options or not.
          const ttl = c.let('ttl', ip.ttl.sub(1));
          c.updateChecksumBy(ip.checksum, [[concat(bit(16), ip.ttl, ip.protocol), concat(bit(16), ttl, ip.protocol)]]);
          c.set(ip.ttl, ttl);
          c.if(c.apply(services).miss, () => c.apply(routes));
        });
    });

    return { services, servers, toServer, noServer, routes, via, given, drops };
  },

  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.ipv4, hdr.ipv4Options, hdr.tcp, hdr.udp);
    d.emit(hdr.icmp, hdr.icmpError, hdr.quoted, hdr.quotedPorts, hdr.quotedEcho);
  },
});
