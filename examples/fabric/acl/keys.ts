/** Keys that several access lists have. A table spreads those that it wants, and platforms add theirs. */
import { optional, ternary, valid } from 'p4ts';
import type { InIngress, Uses } from '../packet.js';

/** Whether it is IP, and which. */
export const ipKeys = ({ hdr }: Uses<'ipv4' | 'ipv6', never>) => ({
  isIp: optional(valid(hdr.ipv4).or(valid(hdr.ipv6))),
  isIpv4: optional(valid(hdr.ipv4)),
  isIpv6: optional(valid(hdr.ipv6)),
});

export const addressKeys = ({ hdr }: Uses<'ipv4' | 'ipv6', never>) => ({
  srcIpv4: ternary(hdr.ipv4.src),
  dstIpv4: ternary(hdr.ipv4.dst),
  srcIpv6: ternary(hdr.ipv6.src),
  dstIpv6: ternary(hdr.ipv6.dst),
});

export const trafficClassKeys = ({ meta }: Uses<never, 'ip'>) => ({ dscp: ternary(meta.ip.dscp), ecn: ternary(meta.ip.ecn) });

export const transportKeys = ({ meta }: Uses<never, 'ip' | 'l4'>) => ({
  protocol: ternary(meta.ip.protocol),
  srcPort: ternary(meta.l4.srcPort),
  dstPort: ternary(meta.l4.dstPort),
});

export const inPortKey = ({ std }: InIngress<never, never>) => ({ inPort: optional(std.ingressPort) });
