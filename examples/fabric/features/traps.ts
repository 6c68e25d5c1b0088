/** What is for the switch itself: protocols of the control plane, and packets to its own addresses. */
import { exact, optional, ternary, valid } from 'p4ts';
import type { IngressControl, InIngress } from '../packet.js';
import { DropReason } from '../types.js';

export const traps = (
  ctl: IngressControl,
  { hdr, meta, std }: InIngress<'ethernet' | 'ipv4' | 'ipv6', 'ip' | 'l3' | 'l4' | 'copy' | 'drop'>,
) =>
  ctl.control('traps', (ctl) => {
    /** The packet goes to the controller and nowhere else. */
    const trap = ctl.action('trap', {}, (c) => {
      c.set(meta.copy.toController, true);
      c.set(meta.drop, DropReason.trapped);
    });
    const copy = ctl.action('copy', {}, (c) => c.set(meta.copy.toController, true));
    const protocols = ctl.table('protocols', {
      key: {
        etherType: ternary(hdr.ethernet.etherType),
        protocol: ternary(meta.ip.protocol),
        dstPort: ternary(meta.l4.dstPort),
        dstMac: ternary(hdr.ethernet.dst),
        port: optional(std.ingressPort),
      },
      actions: [trap, copy],
      counter: 'packets',
      size: 64,
    });
    const own4 = ctl.table('own_ipv4', { key: { vrf: exact(meta.l3.vrf), dst: exact(hdr.ipv4.dst) }, actions: [trap], size: 128 });
    const own6 = ctl.table('own_ipv6', { key: { vrf: exact(meta.l3.vrf), dst: exact(hdr.ipv6.dst) }, actions: [trap], size: 128 });
    ctl.apply((c) => {
      c.if(c.apply(protocols).miss.and(meta.l3.isAdmitted), () => {
        c.if(valid(hdr.ipv4), () => c.apply(own4)).elseif(valid(hdr.ipv6), () => c.apply(own6));
      });
    });
    return { protocols, own4, own6, trap, copy };
  });
