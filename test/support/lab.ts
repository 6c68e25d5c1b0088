/** A pipeline with one of everything that the control plane can write: for tests of the switch and of its clients. */
import { bit, enumeration, exact, header, ipv4, ipv6, lpm, mac, optional, pipeline, port, range, ternary, valid } from 'p4ts';

export const EtherType = enumeration('EtherType', bit(16), { ipv4: 0x0800, ipv6: 0x86dd, experiment: 0x88b5 });
export const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: EtherType });
export const Ipv4 = header('ipv4_t', { ttl: bit(8), protocol: bit(8), src: ipv4, dst: ipv4 });

export const lab = pipeline('lab', {
  headers: { ethernet: Ethernet, ipv4: Ipv4 },
  metadata: { v6: ipv6, small: bit(12) },
  packetIn: { ingressPort: port, reason: bit(3) },
  packetOut: { egressPort: port, mode: bit(2) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(EtherType.ipv4, 'ipv4').otherwise('accept');
    },
    ipv4(p, { hdr }) {
      p.extract(hdr.ipv4);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, std, packetOut }) {
    const hits = ctl.counter('hits', { size: 4, unit: 'both' });
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const forward = ctl.action('forward', { port, dst: mac }, (c, args) => {
      c.forward(args.port);
      c.set(hdr.ethernet.dst, args.dst);
    });
    const flood = ctl.action('flood', { group: bit(16) }, (c, args) => c.multicast(args.group));
    const punt = ctl.action('punt', { reason: bit(3) }, (c, args) => c.toController({ ingressPort: std.ingressPort, reason: args.reason }));
    const count = ctl.action('count', { cell: bit(32) }, (c, args) => c.count(hits, args.cell));
    const routes = ctl.table('routes', {
      key: { dst: lpm(hdr.ipv4.dst) },
      actions: [forward, flood, punt, drop],
      default: drop(),
      size: 4,
      counter: 'both',
    });
    const acl = ctl.table('acl', {
      key: {
        src: ternary(hdr.ipv4.src),
        protocol: exact(hdr.ipv4.protocol),
        ttl: range(hdr.ipv4.ttl),
        small: optional(meta.small),
        ip: exact(valid(hdr.ipv4)),
      },
      actions: [count, drop],
      size: 16,
    });
    const types = ctl.table('types', {
      key: { type: exact(hdr.ethernet.etherType), v6: lpm(meta.v6) },
      actions: [forward, drop],
    });
    ctl.apply((c) => {
      c.if(packetOut.present, () => {
        c.forward(packetOut.egressPort);
      }).else(() => {
        c.apply(types);
        c.if(valid(hdr.ipv4), () => {
          c.apply(acl);
          c.apply(routes);
        });
      });
    });
    return { routes, acl, types, drop, forward, flood, punt, count, hits };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.ipv4);
  },
});
