/** A small router: IPv4 by longest prefix, everything else dropped. */
import { bit, header, ipv4, lpm, mac, pipeline, port, valid } from 'p4ts';

export const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
export const Ipv4 = header('ipv4_t', {
  version: bit(4),
  headerLength: bit(4),
  dscp: bit(6),
  ecn: bit(2),
  totalLength: bit(16),
  identification: bit(16),
  flags: bit(3),
  fragmentOffset: bit(13),
  ttl: bit(8),
  protocol: bit(8),
  checksum: bit(16),
  src: ipv4,
  dst: ipv4,
});

export const router = pipeline('router', {
  headers: { ethernet: Ethernet, ipv4: Ipv4 },

  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(0x0800, 'ipv4').otherwise('accept');
    },
    ipv4(p, { hdr }) {
      p.extract(hdr.ipv4);
      return p.select(hdr.ipv4.version, hdr.ipv4.headerLength).when([4, 5], 'accept').otherwise('reject');
    },
  },

  ingress(ctl, { hdr }) {
    const drop = ctl.action('drop', {}, (c) => c.drop());
    /** Sends the packet to the next hop. */
    const forward = ctl.action('forward', { port, nextHop: mac }, (c, args) => {
      c.forward(args.port);
      c.set(hdr.ethernet.src, hdr.ethernet.dst);
      c.set(hdr.ethernet.dst, args.nextHop);
      c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.sub(1));
    });
    const routes = ctl.table('routes', {
      key: { dst: lpm(hdr.ipv4.dst) },
      actions: [forward, drop],
      default: drop(),
      size: 1024,
      counter: 'both',
    });

    ctl.apply((c) => {
      // A packet about which nothing is decided is dropped.
      c.if(valid(hdr.ipv4).and(hdr.ipv4.ttl.gt(1)), () => c.apply(routes));
    });
    // What controllers may touch.
    return { routes, forward, drop };
  },

  deparser(d, { hdr }) {
    const { version, headerLength, dscp, ecn, totalLength, identification, flags, fragmentOffset, ttl, protocol, src, dst } = hdr.ipv4;
    d.updateChecksum(hdr.ipv4.checksum, [
      version,
      headerLength,
      dscp,
      ecn,
      totalLength,
      identification,
      flags,
      fragmentOffset,
      ttl,
      protocol,
      src,
      dst,
    ]);
    d.emit(hdr.ethernet, hdr.ipv4);
  },
});
