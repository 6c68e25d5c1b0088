/** For the benchmark of P4Runtime: large tables, and packets that all go to the controller. */
import { bit, exact, lpm, pipeline, port } from 'p4ts';
import { Ethernet, Ipv4 } from 'p4ts/headers';

export const largest = 1 << 20;

export const tables = pipeline('tables', {
  headers: { ethernet: Ethernet, ipv4: Ipv4 },
  packetIn: { ingressPort: port, reason: bit(7) },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet, hdr.ipv4);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std }) {
    const via = ctl.action('via', { port, nextHop: bit(16) }, (c, args) => {
      c.forward(args.port);
      c.set(hdr.ipv4.identification, args.nextHop);
    });
    const routes = ctl.table('routes', { key: { dst: lpm(hdr.ipv4.dst) }, actions: [via], size: largest });
    const hosts = ctl.table('hosts', { key: { dst: exact(hdr.ipv4.dst) }, actions: [via], size: largest });
    ctl.apply((c) => {
      c.apply(routes);
      c.apply(hosts);
      c.toController({ ingressPort: std.ingressPort, reason: 1 });
    });
    return { routes, hosts, via };
  },
  deparser(d, { hdr }) {
    d.emit(hdr.ethernet, hdr.ipv4);
  },
});
