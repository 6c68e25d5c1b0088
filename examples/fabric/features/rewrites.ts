/** What egress writes into packets: addresses, TTL, code point, and the sources of multicast copies. */
import { type Body, bit, builtin, exact, mac, Path, valid } from 'p4ts';
import type { EgressControl, InEgress, Uses } from '../packet.js';

/** Whom a copy of a multicast packet is from, by the port and the instance of its replica. */
export const replicas = (ctl: EgressControl, { meta, std }: InEgress<never, 'rewrite' | 'rewritten'>, size: number) =>
  ctl.control('replicas', (ctl) => {
    const asFrom = ctl.action('as_from', { srcMac: mac, vlan: bit(12) }, (c, a) => {
      c.set(meta.rewrite.srcMac, true);
      c.set(meta.rewritten.srcMac, a.srcMac);
      c.set(meta.rewrite.vlan, true);
      c.set(meta.rewritten.vlan, a.vlan);
    });
    const unchanged = ctl.action('unchanged', {}, () => {});
    const sources = ctl.table('sources', {
      key: { port: exact(std.egressPort), instance: exact(std.replica) },
      actions: [asFrom, unchanged],
      referredBy: { port: builtin.replicaPort, instance: builtin.replicaInstance },
      size,
    });
    ctl.apply((c) => c.if(std.path.eq(Path.replicated), () => c.apply(sources)));
    return { sources, asFrom, unchanged };
  });

export function rewrite(c: Body, { hdr, meta }: Uses<'ethernet' | 'ipv4' | 'ipv6', 'rewrite' | 'rewritten' | 'vlan'>): void {
  const { rewrite, rewritten } = meta;
  c.if(rewrite.srcMac, () => c.set(hdr.ethernet.src, rewritten.srcMac));
  c.if(rewrite.dstMac, () => c.set(hdr.ethernet.dst, rewritten.dstMac));
  c.if(rewrite.vlan, () => c.set(meta.vlan.id, rewritten.vlan));
  c.if(valid(hdr.ipv4), () => {
    c.if(rewrite.ttl, () => c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.sub(1)));
    c.if(rewrite.dscp, () => c.set(hdr.ipv4.dscp, rewritten.dscp));
  }).elseif(valid(hdr.ipv6), () => {
    c.if(rewrite.ttl, () => c.set(hdr.ipv6.hopLimit, hdr.ipv6.hopLimit.sub(1)));
    c.if(rewrite.dscp, () => c.set(hdr.ipv6.dscp, rewritten.dscp));
  });
}
