/**
 * What kube-proxy does, in a switch: packets to the virtual address and port of a service go to one of its back ends with
 * their destination rewritten, and what the back end answers gets the virtual address as its source again.
 *
 * A service has a fixed number of buckets, each with a back end, and the hash of a flow says which bucket is its own.
 * TCP connections stay with the back end that their SYN found, whatever becomes of the buckets meanwhile.
 */

import { bit, concat, exact, ipv4, lpm, mac, mux, pipeline, port, type Ref, valid } from 'p4ts';
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
export const dropReasons = ['not IPv4', 'bad checksum', 'TTL expired', 'no route', 'no back end'] as const;
const drop = Object.fromEntries(dropReasons.map((reason, cell) => [reason, cell])) as Record<(typeof dropReasons)[number], number>;

/** Buckets of each service. */
export const buckets = 32;
/** Flows that are remembered; where two fall into one cell, the later one has it. */
const flows = 65536;

export const serviceProxy = pipeline('service_proxy', {
  headers: { ethernet: Ethernet, ipv4: Ipv4, tcp: Tcp, udp: Udp },
  metadata: {
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
    ...ipv4States({ [IpProtocol.tcp]: 'tcp', [IpProtocol.udp]: 'udp' }),
    ...tcpStates(),
    ...udpStates({}),
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
      key: { address: exact(hdr.ipv4.dst), protocol: exact(hdr.ipv4.protocol), port: exact(meta.dstPort) },
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
        c.exit();
      };
      /** The packet's destination or source becomes the new address and port; all checksums stay right. */
      const rewrite = (address: Ref<32>, port: 'srcPort' | 'dstPort') => {
        const changes = [
          [address, meta.newAddress],
          [meta[port], meta.newPort],
        ] as const;
        c.if(valid(hdr.tcp), () => {
          c.updateChecksumBy(hdr.tcp.checksum, changes);
          c.set(hdr.tcp[port], meta.newPort);
        }).elseif(valid(hdr.udp), () => {
          // RFC 768: 0 says that there is no checksum; a checksum of 0 is sent as its other zero.
          c.if(hdr.udp.checksum.ne(0), () => {
            c.updateChecksumBy(hdr.udp.checksum, changes);
            c.if(hdr.udp.checksum.eq(0), () => c.set(hdr.udp.checksum, 0xffff));
          });
          c.set(hdr.udp[port], meta.newPort);
        });
        c.set(address, meta.newAddress);
      };

      c.if(valid(hdr.ipv4).not(), () => dropFor('not IPv4'));
      c.if(std.checksumError, () => dropFor('bad checksum'));
      c.if(hdr.ipv4.ttl.le(1), () => dropFor('TTL expired'));
      c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.sub(1));

      // Fragments are not translated: only the first one of a datagram has ports.
      const whole = hdr.ipv4.fragmentOffset.eq(0).and(hdr.ipv4.flags.bits(0, 1).eq(0));
      c.if(whole.and(valid(hdr.tcp)), () => {
        c.set(meta.srcPort, hdr.tcp.srcPort);
        c.set(meta.dstPort, hdr.tcp.dstPort);
      }).elseif(whole.and(valid(hdr.udp)), () => {
        c.set(meta.srcPort, hdr.udp.srcPort);
        c.set(meta.dstPort, hdr.udp.dstPort);
      });

      // To a service: find the back end, and translate.
      c.if(c.apply(frontends).hit, () => {
        c.set(meta.bucket, c.hash('crc16', bit(16), [hdr.ipv4.src, meta.frontend, meta.spread], { max: buckets }));
        c.apply(chosen);
        c.if(valid(hdr.tcp), () => {
          const ends = [hdr.ipv4.src, meta.srcPort, meta.frontend];
          const cell = c.hash('crc16', bit(32), ends, { max: flows });
          const connection = c.hash('crc32', bit(32), ends);
          const opens = hdr.tcp.syn.eq(1).and(hdr.tcp.ack.eq(0));
          const backend = c.update(connections, cell, (known) => {
            const stays = opens.not().and(known.connection.eq(connection));
            const backend = mux(stays, known.backend, meta.backend);
            return { next: { connection, backend }, result: backend };
          });
          c.set(meta.backend, backend);
        });
        c.if(c.apply(backends).miss, () => dropFor('no back end'));
        rewrite(hdr.ipv4.dst, 'dstPort');
        c.set(meta.dstPort, meta.newPort);
      });

      // Both directions meet here: the one to the service leaves a note, the one back finds it.
      c.if(meta.dstPort.ne(0), () => {
        const forth = c.let('forth', meta.frontend.ne(0));
        const near = c.let('near', concat(bit(48), hdr.ipv4.src, meta.srcPort));
        const far = c.let('far', concat(bit(48), hdr.ipv4.dst, meta.dstPort));
        const ends = [mux(forth, near, far), mux(forth, far, near), hdr.ipv4.protocol];
        const cell = c.hash('crc16', bit(32), ends, { max: flows });
        const session = c.hash('crc32', bit(32), ends);
        const frontend = c.update(sessions, cell, (known) => ({
          next: { session: mux(forth, session, known.session), frontend: mux(forth, meta.frontend, known.frontend) },
          result: mux(known.session.eq(session), known.frontend, 0),
        }));
        c.if(forth.not().and(frontend.ne(0)), () => {
          c.set(meta.frontend, frontend);
          c.if(c.apply(addresses).hit, () => rewrite(hdr.ipv4.src, 'srcPort'));
        });
      });
      c.apply(routes);
    });

    return { frontends, balance, stick, buckets: chosen, choose, backends, translate, addresses, routes, via, drops };
  },

  deparser(d, { hdr }) {
    d.updateChecksum(hdr.ipv4.checksum, ipv4Checksummed(hdr.ipv4), hdr.ipv4.ihl.eq(5));
    d.emit(hdr.ethernet, hdr.ipv4, hdr.tcp, hdr.udp);
  },
});
