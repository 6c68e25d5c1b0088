/** Which packets are routed: those that were sent to a MAC address of this switch. */
import { optional, ternary } from 'p4ts';
import type { IngressControl, InIngress } from '../packet.js';

export const admission = (ctl: IngressControl, { hdr, meta, std }: InIngress<'ethernet', 'l3' | 'vlan'>, size: number) =>
  ctl.control('admission', (ctl) => {
    const admit = ctl.action('admit', {}, (c) => c.set(meta.l3.isAdmitted, true));
    const stations = ctl.table('stations', {
      key: { dstMac: ternary(hdr.ethernet.dst), vlan: optional(meta.vlan.id), port: optional(std.ingressPort) },
      actions: [admit],
      size,
    });
    ctl.apply((c) => c.apply(stations));
    return { stations, admit };
  });
