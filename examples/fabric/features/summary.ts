/** What access lists and traps match: fields that IPv4 and IPv6, TCP and UDP have in different places. */
import { type Body, valid } from 'p4ts';
import type { Uses } from '../packet.js';

/** Fills `meta.ip` and `meta.l4`; again when another header became the outermost one. */
export function summarize(c: Body, { hdr, meta }: Uses<'ipv4' | 'ipv6' | 'tcp' | 'udp' | 'icmp', 'ip' | 'l4'>): void {
  c.if(valid(hdr.ipv4), () => {
    c.set(meta.ip.protocol, hdr.ipv4.protocol);
    c.set(meta.ip.dscp, hdr.ipv4.dscp);
    c.set(meta.ip.ecn, hdr.ipv4.ecn);
    c.set(meta.ip.ttl, hdr.ipv4.ttl);
  }).elseif(valid(hdr.ipv6), () => {
    c.set(meta.ip.protocol, hdr.ipv6.nextHeader);
    c.set(meta.ip.dscp, hdr.ipv6.dscp);
    c.set(meta.ip.ecn, hdr.ipv6.ecn);
    c.set(meta.ip.ttl, hdr.ipv6.hopLimit);
  });
  c.if(valid(hdr.tcp), () => {
    c.set(meta.l4.srcPort, hdr.tcp.srcPort);
    c.set(meta.l4.dstPort, hdr.tcp.dstPort);
  }).elseif(valid(hdr.udp), () => {
    c.set(meta.l4.srcPort, hdr.udp.srcPort);
    c.set(meta.l4.dstPort, hdr.udp.dstPort);
  });
  c.if(valid(hdr.icmp), () => c.set(meta.l4.icmpType, hdr.icmp.type));
}
