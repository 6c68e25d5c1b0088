/** Paths of equal cost: a group of members, of which the hash of the flow chooses one. */
import { bit, exact, header, ipv4, pipeline, port } from 'p4ts';

const Flow = header('flow_t', { src: ipv4, dst: ipv4, srcPort: bit(16), dstPort: bit(16) });

export const ecmp = pipeline('ecmp', {
  headers: { flow: Flow },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.flow);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const { src, dst, srcPort, dstPort } = hdr.flow;
    const forward = ctl.action('forward', { port }, (c, args) => c.forward(args.port));
    const paths = ctl.selector('paths', { size: 16, maxGroup: 4, hash: 'crc16', over: [src, srcPort, dstPort] });
    const routes = ctl.table('routes', { key: { dst: exact(dst) }, actions: [forward], implementation: paths });
    ctl.apply((c) => void c.apply(routes));
    return { routes, paths, forward };
  },
  deparser: (d, { hdr }) => d.emit(hdr.flow),
});
