/** UDP (RFC 768). */
import type { Expr, ViewOf } from '../index.js';
import { bit, header } from '../index.js';
import type { Ipv4 } from './ipv4.js';
import type { Ipv6 } from './ipv6.js';
import { pseudoHeader } from './pseudo-header.js';
import { type Branches, branch, type StateOptions, type States, state } from './states.js';

/** RFC 768. */
export const Udp = header('udp_t', {
  srcPort: bit(16),
  dstPort: bit(16),
  /** Bytes, this header included. */
  length: bit(16),
  /** 0 where the sender computed none. */
  checksum: bit(16),
});

/**
 * What the checksum of UDP covers, but for the payload:
 * `d.updateChecksum(hdr.udp.checksum, udpChecksummed(hdr.ipv4, hdr.udp), { payload: true, when: hdr.udp.checksum.ne(0) })`.
 */
export const udpChecksummed = (ip: ViewOf<typeof Ipv4> | ViewOf<typeof Ipv6>, udp: ViewOf<typeof Udp>): Expr<number>[] => [
  ...pseudoHeader(ip, udp.length),
  udp.srcPort,
  udp.dstPort,
  udp.length,
];

/** State `udp`: takes `hdr.udp` and goes on by the destination port. */
export function udpStates<const N extends string = never, const S extends string = 'udp'>(
  branches: Branches<N> = {},
  { otherwise, as = 'udp' as S }: StateOptions<N, S> = {},
): States<N, Record<NoInfer<S>, typeof Udp>> {
  return state<N, S, typeof Udp>(as, (p, udp) => {
    p.extract(udp);
    return branch(p, udp.dstPort, branches, otherwise);
  });
}
