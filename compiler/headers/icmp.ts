/** ICMP for IPv4 (RFC 792) and IPv6 (RFC 4443), with neighbour discovery (RFC 4861). */
import type { Expr, ViewOf } from '../index.js';
import { bit, header, ipv6, mac } from '../index.js';
import type { Ipv6 } from './ipv6.js';
import { pseudoHeader } from './pseudo-header.js';
import { type Branches, branch, type StateOptions, type States, state } from './states.js';

/** RFC 792: what all messages begin with. */
export const Icmp = header('icmp_t', { type: bit(8), code: bit(8), checksum: bit(16) });

/** RFC 4443 §2.1: what all messages begin with. The checksum covers the pseudo-header of RFC 8200 §8.1 too. */
export const Icmpv6 = header('icmpv6_t', { type: bit(8), code: bit(8), checksum: bit(16) });

/** RFC 792 and RFC 4443 §4: the rest of an echo request or reply, before its data. */
export const IcmpEcho = header('icmp_echo_t', { identifier: bit(16), sequenceNumber: bit(16) });

/** RFC 4861 §4.3 and §4.4: the rest of a neighbour solicitation or advertisement, before its options. */
export const NeighborDiscovery = header('neighbor_discovery_t', {
  /** Only in advertisements, as the next two. */
  router: bit(1),
  solicited: bit(1),
  override: bit(1),
  reserved: bit(29),
  target: ipv6,
});

/** RFC 4861 §4.6.1: the link-layer address of the source (type 1) or the target (type 2), for Ethernet. */
export const LinkLayerAddress = header('link_layer_address_t', {
  type: bit(8),
  /** Units of 8 bytes: 1. */
  length: bit(8),
  address: mac,
});

/**
 * What the checksum of ICMPv6 covers, but for what follows on its first 4 bytes (RFC 4443 §2.3). `length`: bytes of the whole message,
 * which no header has: compute it into the metadata, from the payload length of the IPv6 header.
 *
 * `d.updateChecksum(hdr.icmpv6.checksum, [...icmpv6Checksummed(hdr.ipv6, hdr.icmpv6, meta.length), hdr.echo], { payload: true })`.
 */
export const icmpv6Checksummed = (ip: ViewOf<typeof Ipv6>, icmpv6: ViewOf<typeof Icmpv6>, length: Expr<16>): Expr<number>[] => [
  ...pseudoHeader(ip, length),
  icmpv6.type,
  icmpv6.code,
];

/** State `icmp`: takes `hdr.icmp` and goes on by the type. */
export function icmpStates<const N extends string = never, const S extends string = 'icmp'>(
  branches: Branches<N> = {},
  { otherwise, as = 'icmp' as S }: StateOptions<N, S> = {},
): States<N, Record<NoInfer<S>, typeof Icmp>> {
  return state<N, S, typeof Icmp>(as, (p, icmp) => {
    p.extract(icmp);
    return branch(p, icmp.type, branches, otherwise);
  });
}

/** State `icmpv6`: takes `hdr.icmpv6` and goes on by the type. */
export function icmpv6States<const N extends string = never, const S extends string = 'icmpv6'>(
  branches: Branches<N> = {},
  { otherwise, as = 'icmpv6' as S }: StateOptions<N, S> = {},
): States<N, Record<NoInfer<S>, typeof Icmpv6>> {
  return state<N, S, typeof Icmpv6>(as, (p, icmpv6) => {
    p.extract(icmpv6);
    return branch(p, icmpv6.type, branches, otherwise);
  });
}
