/** Routing by the longest prefix, of Ethernet and the parts of IPv4 that it needs. */
import { bit, header, ipv4, lpm, mac, pipeline, port, valid } from 'p4ts';

const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
const Ip = header('ip_t', { ttl: bit(8), dst: ipv4 });

export const routing = pipeline('routing', {
  headers: { ethernet: Ethernet, ip: Ip },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(0x0800, 'ip').otherwise('accept');
    },
    ip(p, { hdr }) {
      p.extract(hdr.ip);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const forward = ctl.action('forward', { port, nextHop: mac }, (c, args) => {
      c.forward(args.port);
      c.set(hdr.ethernet.src, hdr.ethernet.dst);
      c.set(hdr.ethernet.dst, args.nextHop);
      c.set(hdr.ip.ttl, hdr.ip.ttl.sub(1));
    });
    const routes = ctl.table('routes', { key: { dst: lpm(hdr.ip.dst) }, actions: [forward, drop], default: drop(), size: 512 });
    ctl.apply((c) => c.if(valid(hdr.ip), () => void c.apply(routes)).else(() => c.call(drop)));
    return { routes, forward, drop };
  },
  deparser: (d, { hdr }) => d.emit(hdr.ethernet, hdr.ip),
});
