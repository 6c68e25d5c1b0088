/** An access list: ternary, range, optional and exact keys, of which the entry with the highest priority wins. */
import { bit, exact, header, ipv4, optional, pipeline, range, ternary } from 'p4ts';

const Flow = header('flow_t', { src: ipv4, protocol: bit(8), dstPort: bit(16), vlan: bit(12), priority: bit(4) });

export const accessList = pipeline('access_list', {
  headers: { flow: Flow },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.flow);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, std }) {
    const permit = ctl.action('permit', {}, (c) => c.forward(9));
    const deny = ctl.action('deny', {}, (c) => c.drop());
    const acl = ctl.table('acl', {
      key: {
        port: exact(std.ingressPort),
        src: ternary(hdr.flow.src),
        dstPort: range(hdr.flow.dstPort),
        vlan: optional(hdr.flow.vlan),
      },
      actions: [permit, deny],
      default: deny(),
    });
    ctl.apply((c) => void c.apply(acl));
    return { acl, permit, deny };
  },
  deparser: (d, { hdr }) => d.emit(hdr.flow),
});
