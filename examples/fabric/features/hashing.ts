/** What chooses among the members of a group: two packets of a flow have the same in all of `meta.flow`. */
import { type Body, bit, concat, valid } from 'p4ts';
import type { Uses } from '../packet.js';

/** Addresses, protocol and ports, of IPv4 and IPv6 alike. */
export function hashFiveTuple(c: Body, { hdr, meta }: Uses<'ipv4' | 'ipv6', 'flow' | 'ip' | 'l4'>): void {
  c.if(valid(hdr.ipv4), () => {
    c.set(meta.flow.src, hdr.ipv4.src.as(bit(128)));
    c.set(meta.flow.dst, hdr.ipv4.dst.as(bit(128)));
  }).elseif(valid(hdr.ipv6), () => {
    c.set(meta.flow.src, hdr.ipv6.src);
    c.set(meta.flow.dst, hdr.ipv6.dst);
  });
  c.set(meta.flow.protocol, meta.ip.protocol);
  c.set(meta.flow.ports, concat(bit(32), meta.l4.srcPort, meta.l4.dstPort));
}

/** Besides, the flow label of IPv6 (RFC 6438): what is in tunnels is spread by its flows. */
export function hashFlowLabel(c: Body, packet: Uses<'ipv4' | 'ipv6', 'flow' | 'ip' | 'l4'>): void {
  const { hdr, meta } = packet;
  hashFiveTuple(c, packet);
  c.if(valid(hdr.ipv6), () => c.set(meta.flow.label, hdr.ipv6.flowLabel));
}
