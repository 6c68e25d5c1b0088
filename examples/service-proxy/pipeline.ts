/**
 * What kube-proxy does, in a switch: packets to the virtual address and port of a service go to one of its back ends with
 * their destination rewritten, and what the back end answers gets the virtual address as its source again.
 *
 * A service has a fixed number of buckets, each with a back end, and the hash of a flow says which bucket is its own.
 * TCP connections stay with the back end that their SYN found, whatever becomes of the buckets meanwhile. What an ICMP
 * error quotes is translated as the packets of its flow are.
 */
import { bit, concat, exact, ipv4, lpm, mac, mux, ParserError, pipeline, port, valid } from 'p4ts';
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
export const dropReasons = ['malformed', 'not IPv4', 'bad checksum', 'TTL expired', 'no route', 'no service', 'no back end'] as const;
const drop = Object.fromEntries(dropReasons.map((reason, cell) => [reason, cell])) as Record<(typeof dropReasons)[number], number>;

/** Buckets of each service. */
export const buckets = 32;
/** Flows that are remembered; where two fall into one cell, the later one has it. */
const flows = 65536;

export const serviceProxy = pipeline('service_proxy', {
  headers: { ethernet: Ethernet, ipv4: Ipv4, ipv4Options: Ipv4Options, tcp: Tcp, udp: Udp, icmp: Icmp, ...icmpErrorHeaders },
  metadata: {
    /** The flow of the packet. An ICMP error goes against the flow that it quotes. */
    src: ipv4,
    dst: ipv4,
    protocol: bit(8),
    /** 0 where there are none, and in fragments. */
    srcPort: bit(16),
    dstPort: bit(16),
    /** The virtual address and port that the packet is for; 0 for none. */
    frontend: bit(16),
    /** What tells the flows of one client apart: 0 where all of them shall have one back end. */
    spread: bit(16),
    bucket: bit(16),
    backend: bit(16),
    /** What the packet's destination or source becomes. */
    newAddress: ipv4,
    newPort: bit(16),
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

    // ── services ──
    const balance = ctl.action('balance', { frontend: bit(16) }, (c, args) => {
      c.set(meta.frontend, args.frontend);
      c.set(meta.spread, meta.srcPort);
    });
    // Session affinity: a client's flows have one back end.
    const stick = ctl.action('stick', { frontend: bit(16) }, (c, args) => c.set(meta.frontend, args.frontend));
    const frontends = ctl.table('frontends', {
      key: { address: exact(meta.dst), protocol: exact(meta.protocol), port: exact(meta.dstPort) },
      actions: [balance, stick],
      size: 4096,
      counter: 'both',
    });

    // ── back ends ──
    const choose = ctl.action('choose', { backend: bit(16) }, (c, args) => c.set(meta.backend, args.backend));
    const chosen = ctl.table('buckets', {
      key: { frontend: exact(meta.frontend), bucket: exact(meta.bucket) },
      actions: [choose],
      size: 4096 * buckets,
    });
    const translate = ctl.action('translate', { address: ipv4, port: bit(16) }, (c, args) => {
      c.set(meta.newAddress, args.address);
      c.set(meta.newPort, args.port);
    });
    const backends = ctl.table('backends', { key: { backend: exact(meta.backend) }, actions: [translate], size: 65535 });
    /** The back end of each TCP connection, found by its number from one end to the other. */
    const connections = ctl.register('connections', { connection: bit(32), backend: bit(16) }, flows);

    // ── answers ──
    /** The frontend that the flow between a client and a back end came through. */
    const sessions = ctl.register('sessions', { session: bit(32), frontend: bit(16) }, flows);
    const addresses = ctl.table('addresses', { key: { frontend: exact(meta.frontend) }, actions: [translate], size: 4096 });

    // ── routes ──
    const via = ctl.action('via', { port, dstMac: mac }, (c, args) => {
      c.forward(args.port);
      c.set(hdr.ethernet.src, hdr.ethernet.dst);
      c.set(hdr.ethernet.dst, args.dstMac);
    });
    const noRoute = ctl.action('no_route', {}, (c) => {
      c.count(drops, drop['no route']);
      c.drop();
    });
    // Of a virtual address: what is not for one of its ports.
    const noService = ctl.action('no_service', {}, (c) => {
      c.count(drops, drop['no service']);
      c.drop();
    });
    const routes = ctl.table('routes', {
      key: { dst: lpm(hdr.ipv4.dst) },
      actions: [via, noService, noRoute],
      default: noRoute(),
      size: 1024,
    });

    ctl.apply((c) => {
      const dropFor = (reason: (typeof dropReasons)[number]) => {
        c.count(drops, drop[reason]);
        c.drop();
        c.exit();
      };
      const { ipv4: ip, tcp, udp, icmp, quoted, quotedPorts } = hdr;
      /** The source or the destination of the flow becomes the new address and port; all checksums stay right. */
      const rewrite = (end: 'src' | 'dst') => {
        const [port, opposite] = end === 'src' ? (['srcPort', 'dst'] as const) : (['dstPort', 'src'] as const);
        const address = [ip[end], meta.newAddress] as const;
        c.if(valid(tcp), () => {
          c.updateChecksumBy(tcp.checksum, [address, [tcp[port], meta.newPort]]);
          c.set(tcp[port], meta.newPort);
        })
          .elseif(valid(udp), () => {
            // RFC 768: 0 says that there is no checksum; a checksum of 0 is sent as its other zero.
            c.if(udp.checksum.ne(0), () => {
              c.updateChecksumBy(udp.checksum, [address, [udp[port], meta.newPort]]);
              c.if(udp.checksum.eq(0), () => c.set(udp.checksum, 0xffff));
            });
            c.set(udp[port], meta.newPort);
          })
          .else(() => {
            // The checksum of the quoted header makes up for its address, so that of ICMP sees only the port.
            c.updateChecksumBy(icmp.checksum, [[quotedPorts[opposite], meta.newPort]]);
            c.set(quotedPorts[opposite], meta.newPort);
            c.updateChecksumBy(quoted.checksum, [[quoted[opposite], meta.newAddress]]);
            c.set(quoted[opposite], meta.newAddress);
          });
        c.updateChecksumBy(ip.checksum, [address]);
        c.set(ip[end], meta.newAddress);
      };

      c.if(std.parserError.ne(ParserError.NoError), () => dropFor('malformed'));
      c.if(valid(ip).not(), () => dropFor('not IPv4'));
      c.if(std.checksumError, () => dropFor('bad checksum'));
      c.if(ip.ttl.le(1), () => dropFor('TTL expired'));
      const ttl = c.let('ttl', ip.ttl.sub(1));
      c.updateChecksumBy(ip.checksum, [[concat(bit(16), ip.ttl, ip.protocol), concat(bit(16), ttl, ip.protocol)]]);
      c.set(ip.ttl, ttl);

      // Fragments are not translated: only the first one of a datagram has ports.
      const whole = ip.fragmentOffset.eq(0).and(ip.flags.bits(0, 1).eq(0));
      c.set(meta.src, ip.src);
      c.set(meta.dst, ip.dst);
      c.set(meta.protocol, ip.protocol);
      c.if(whole.and(valid(tcp)), () => {
        c.set(meta.srcPort, tcp.srcPort);
        c.set(meta.dstPort, tcp.dstPort);
      })
        .elseif(whole.and(valid(udp)), () => {
          c.set(meta.srcPort, udp.srcPort);
          c.set(meta.dstPort, udp.dstPort);
        })
        .elseif(whole.and(valid(quotedPorts)), () => {
          c.set(meta.src, quoted.dst);
          c.set(meta.dst, quoted.src);
          c.set(meta.protocol, quoted.protocol);
          c.set(meta.srcPort, quotedPorts.dst);
          c.set(meta.dstPort, quotedPorts.src);
        });

      // To a service: find the back end, and translate.
      c.if(c.apply(frontends).hit, () => {
        c.set(meta.bucket, c.hash('crc16', bit(16), [meta.src, meta.frontend, meta.spread], { max: buckets }));
        c.apply(chosen);
        c.if(meta.protocol.eq(IpProtocol.tcp), () => {
          const ends = [meta.src, meta.srcPort, meta.frontend];
          const cell = c.hash('crc16', bit(32), ends, { max: flows });
          const connection = c.hash('crc32', bit(32), ends);
          const opens = valid(tcp).and(tcp.syn.eq(1)).and(tcp.ack.eq(0));
          const backend = c.update(connections, cell, (known) => {
            const stays = opens.not().and(known.connection.eq(connection));
            const backend = mux(stays, known.backend, meta.backend);
            return { next: { connection, backend }, result: backend };
          });
          c.set(meta.backend, backend);
        });
        c.if(c.apply(backends).miss, () => dropFor('no back end'));
        rewrite('dst');
        c.set(meta.dst, meta.newAddress);
        c.set(meta.dstPort, meta.newPort);
      });

      // Both directions meet here: the one to the service leaves a note, the one back finds it.
      c.if(meta.dstPort.ne(0), () => {
        const forth = c.let('forth', meta.frontend.ne(0));
        const near = c.let('near', concat(bit(48), meta.src, meta.srcPort));
        const far = c.let('far', concat(bit(48), meta.dst, meta.dstPort));
        const ends = [mux(forth, near, far), mux(forth, far, near), meta.protocol];
        const cell = c.hash('crc16', bit(32), ends, { max: flows });
        const session = c.hash('crc32', bit(32), ends);
        const frontend = c.update(sessions, cell, (known) => ({
          next: { session: mux(forth, session, known.session), frontend: mux(forth, meta.frontend, known.frontend) },
          result: mux(known.session.eq(session), known.frontend, 0),
        }));
        c.if(forth.not().and(frontend.ne(0)), () => {
          c.set(meta.frontend, frontend);
          c.if(c.apply(addresses).hit, () => rewrite('src'));
        });
      });
      c.apply(routes);
    });

    return { frontends, balance, stick, buckets: chosen, choose, backends, translate, addresses, routes, via, noService, drops };
  },

  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.ipv4, hdr.ipv4Options, hdr.tcp, hdr.udp);
    d.emit(hdr.icmp, hdr.icmpError, hdr.quoted, hdr.quotedPorts, hdr.quotedEcho);
  },
});
