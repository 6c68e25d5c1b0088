/** Next hops that entries share: members of an action profile. */
import { bit, exact, header, lpm, mac, pipeline, port } from 'p4ts';

const Frame = header('frame_t', { dst: mac, tenant: bit(8), address: bit(8) });

export const sharedHops = pipeline('shared_hops', {
  headers: { frame: Frame },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.frame);
      return p.accept();
    },
  },
  ingress(ctl, { hdr }) {
    const hop = ctl.action('hop', { port, dst: mac }, (c, args) => {
      c.forward(args.port);
      c.set(hdr.frame.dst, args.dst);
    });
    const hops = ctl.profile('hops', { size: 8 });
    const prefixes = ctl.table('prefixes', { key: { address: lpm(hdr.frame.address) }, actions: [hop], implementation: hops });
    const tenants = ctl.table('tenants', { key: { tenant: exact(hdr.frame.tenant) }, actions: [hop], implementation: hops });
    ctl.apply((c) => c.if(c.apply(tenants).miss, () => void c.apply(prefixes)));
    return { prefixes, tenants, hops, hop };
  },
  deparser: (d, { hdr }) => d.emit(hdr.frame),
});
