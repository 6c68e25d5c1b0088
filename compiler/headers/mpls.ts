/** Multiprotocol label switching (RFC 3032, RFC 5462). */

import type { Next, StackType, StateCtx, Transition, ViewOf } from '../index.js';
import { bit, header } from '../index.js';
import { given } from '../support/location.js';
import { type Branches, branch } from './states.js';

/** RFC 3032 §2.1: one entry of the label stack. */
export const Mpls = header('mpls_t', {
  label: bit(20),
  /** RFC 5462; formerly EXP. */
  trafficClass: bit(3),
  bottomOfStack: bit(1),
  ttl: bit(8),
});

type Labels = { hdr: { mpls: ViewOf<StackType<(typeof Mpls)['fields'], number>> } };

/**
 * States `mpls` and `mplsPayload`: takes the label stack `hdr.mpls`, then goes on by the first four bits after it,
 * which are the version where an IP packet follows: `{ 4: 'ipv4', 6: 'ipv6' }` (RFC 4928 §3).
 */
export function mplsStates<const N extends string>(branches: Branches<N>, { otherwise }: { readonly otherwise?: Next<N> } = {}) {
  return given({
    mpls(p: StateCtx<N | 'mpls' | 'mplsPayload'>, { hdr }: Labels): Transition {
      p.extract(hdr.mpls.next);
      return p.select(hdr.mpls.last.bottomOfStack).when(0, 'mpls').otherwise('mplsPayload');
    },
    mplsPayload(p: StateCtx<N>, _: Labels): Transition {
      return branch(p, p.lookahead(bit(4)), branches, otherwise);
    },
  });
}
