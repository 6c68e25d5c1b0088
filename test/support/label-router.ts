/** A router with labels, an access list and checksums, in every form that the language has for a small pipeline. */
import { bit, exact, header, ipv4, lpm, mac, pipeline, port, range, stack, ternary, valid } from 'p4ts';

export const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
export const Ipv4 = header('ipv4_t', {
  version: bit(4),
  ihl: bit(4),
  dscp: bit(6),
  ecn: bit(2),
  ttl: bit(8),
  protocol: bit(8),
  checksum: bit(16),
  src: ipv4,
  dst: ipv4,
});
export const Label = header('label_t', { label: bit(20), tc: bit(3), bottom: bit(1), ttl: bit(8) });

export const router = pipeline('router', {
  headers: { ethernet: Ethernet, labels: stack(Label, 4), ipv4: Ipv4 },
  metadata: { nextHop: ipv4 },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(0x0800, 'ipv4').when(0x8847, 'label').otherwise('accept');
    },
    label(p, { hdr }) {
      p.extract(hdr.labels.next);
      return p.select(hdr.labels.last.bottom).when(0, 'label').otherwise('ipv4');
    },
    ipv4(p, { hdr }) {
      p.extract(hdr.ipv4);
      p.verifyChecksum(hdr.ipv4.checksum, [hdr.ipv4.version, hdr.ipv4.ihl, hdr.ipv4.ttl, hdr.ipv4.src, hdr.ipv4.dst]);
      return p.select(hdr.ipv4.version, hdr.ipv4.ihl).when([4, 5], 'accept').otherwise('reject');
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const forward = ctl.action('forward', { dstMac: mac, port }, (c, a) => {
      c.forward(a.port);
      c.set(hdr.ethernet.src, hdr.ethernet.dst);
      c.set(hdr.ethernet.dst, a.dstMac);
      c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.sub(1));
    });
    const routes = ctl.table('routes', {
      key: { dst: lpm(hdr.ipv4.dst) },
      actions: [forward, drop],
      default: drop(),
      size: 1024,
      counter: 'both',
    });
    const acl = ctl.table('acl', {
      key: { src: ternary(hdr.ipv4.src), protocol: exact(hdr.ipv4.protocol), ttl: range(hdr.ipv4.ttl) },
      actions: [drop],
    });
    ctl.apply((c) => {
      c.if(valid(hdr.ipv4).and(hdr.ipv4.ttl.gt(1)).and(std.checksumError.not()), () => {
        c.set(meta.nextHop, hdr.ipv4.dst);
        c.switch(c.apply(acl))
          .case(drop, () => c.exit())
          .default(() => c.apply(routes));
      }).else(() => c.call(drop));
    });
    return { routes, acl, forward, drop }; // what the control plane may touch
  },
  deparser(d, { hdr }) {
    d.updateChecksum(hdr.ipv4.checksum, [hdr.ipv4.version, hdr.ipv4.ihl, hdr.ipv4.ttl, hdr.ipv4.src, hdr.ipv4.dst]);
    d.emit(hdr.ethernet, hdr.labels, hdr.ipv4);
  },
});
