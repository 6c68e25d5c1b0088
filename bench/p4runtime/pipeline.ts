/** What is measured with: large tables, and packets that all go to the controller. */
import { bit, exact, lpm, pipeline, port } from 'p4ts';
import { Ethernet, Ipv4 } from 'p4ts/headers';

/** So many routes are inserted and read back. */
export const routes = 100_000;
/** Entries of one Write. */
export const batch = 1000;
/** Ethernet and IPv4, and as much again. */
export const packet = Buffer.alloc(68, 0x45);

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
    const routes = ctl.table('routes', { key: { dst: lpm(hdr.ipv4.dst) }, actions: [via], size: 1 << 20 });
    const hosts = ctl.table('hosts', { key: { dst: exact(hdr.ipv4.dst) }, actions: [via], size: 1 << 20 });
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
