/**
 * Keys that several access lists have, and what entries with them satisfy. A table spreads those that it wants, and platforms
 * add theirs.
 */
import { type Keys, optional, type RestrictedKeys, type Restriction, ternary, valid } from 'p4ts';
import { EtherType, IpProtocol } from 'p4ts/headers';
import type { InIngress, Uses } from '../packet.js';

/** Whether it is IP, and which. */
export const ipKeys = ({ hdr }: Uses<'ipv4' | 'ipv6', never>) => ({
  isIp: optional(valid(hdr.ipv4).or(valid(hdr.ipv6))),
  isIpv4: optional(valid(hdr.ipv4)),
  isIpv6: optional(valid(hdr.ipv6)),
});

export const sourceKeys = ({ hdr }: Uses<'ipv4' | 'ipv6', never>) => ({ srcIpv4: ternary(hdr.ipv4.src), srcIpv6: ternary(hdr.ipv6.src) });
export const destinationKeys = ({ hdr }: Uses<'ipv4' | 'ipv6', never>) => ({
  dstIpv4: ternary(hdr.ipv4.dst),
  dstIpv6: ternary(hdr.ipv6.dst),
});

export const trafficClassKeys = ({ meta }: Uses<never, 'ip'>) => ({ dscp: ternary(meta.ip.dscp), ecn: ternary(meta.ip.ecn) });

export const transportKeys = ({ meta }: Uses<never, 'ip' | 'l4'>) => ({
  protocol: ternary(meta.ip.protocol),
  srcPort: ternary(meta.l4.srcPort),
  dstPort: ternary(meta.l4.dstPort),
});

export const inPortKey = ({ std }: InIngress<never, never>) => ({ inPort: optional(std.ingressPort) });

/** What entries of a table with the keys of both functions are, for its restrictions. */
type Of<A extends (packet: never) => Keys, B extends (packet: never) => Keys = A> = RestrictedKeys<ReturnType<A> & ReturnType<B>>;

/** At most one of them says what a rule is about. */
export const aboutIp = (k: Of<typeof ipKeys>): Restriction[] => [
  k.isIp.mask.ne(0).implies(k.isIpv4.mask.eq(0).and(k.isIpv6.mask.eq(0))),
  k.isIpv4.mask.ne(0).implies(k.isIpv4.eq(true).and(k.isIpv6.mask.eq(0))),
  k.isIpv6.mask.ne(0).implies(k.isIpv6.eq(true)),
];
const isIp = (k: Of<typeof ipKeys>): Restriction => k.isIp.eq(true).or(k.isIpv4.eq(true)).or(k.isIpv6.eq(true));

/** Addresses are those of the packets that the rule is about. */
export const aboutSource = (k: Of<typeof ipKeys, typeof sourceKeys>): Restriction[] => [
  k.srcIpv4.mask.ne(0).implies(k.isIpv4.eq(true)),
  k.srcIpv6.mask.ne(0).implies(k.isIpv6.eq(true)),
];
export const aboutDestination = (k: Of<typeof ipKeys, typeof destinationKeys>): Restriction[] => [
  k.dstIpv4.mask.ne(0).implies(k.isIpv4.eq(true)),
  k.dstIpv6.mask.ne(0).implies(k.isIpv6.eq(true)),
];
export const aboutTrafficClass = (k: Of<typeof ipKeys, typeof trafficClassKeys>): Restriction =>
  k.dscp.mask.ne(0).or(k.ecn.mask.ne(0)).implies(isIp(k));
/** Only IP has a protocol, and only TCP and UDP have ports. */
export const aboutTransport = (k: Of<typeof ipKeys, typeof transportKeys>): Restriction[] => [
  k.protocol.mask.ne(0).implies(isIp(k)),
  k.srcPort.mask
    .ne(0)
    .or(k.dstPort.mask.ne(0))
    .implies(k.protocol.eq(IpProtocol.tcp).or(k.protocol.eq(IpProtocol.udp))),
];

export const etherTypeKey = ({ hdr }: Uses<'ethernet', never>) => ({ etherType: ternary(hdr.ethernet.etherType) });
/** IP is what the keys of IP are about. */
export const aboutEtherType = (k: Of<typeof etherTypeKey>): Restriction =>
  k.etherType.ne(EtherType.ipv4).and(k.etherType.ne(EtherType.ipv6));

export const icmpTypeKey = ({ meta }: Uses<never, 'l4'>) => ({ icmpType: ternary(meta.l4.icmpType) });
export const aboutIcmp = (k: Of<typeof transportKeys, typeof icmpTypeKey>): Restriction =>
  k.icmpType.mask.ne(0).implies(k.protocol.eq(IpProtocol.icmp).or(k.protocol.eq(IpProtocol.icmpv6)));

export const ttlKey = ({ meta }: Uses<never, 'ip'>) => ({ ttl: ternary(meta.ip.ttl) });
export const aboutTtl = (k: Of<typeof ipKeys, typeof ttlKey>): Restriction => k.ttl.mask.ne(0).implies(isIp(k));
