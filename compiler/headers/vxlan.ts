/** VXLAN (RFC 7348). */
import type { Next } from '../index.js';
import { bit, header } from '../index.js';
import { type StateOptions, type States, state } from './states.js';

/** RFC 7348 §5. */
export const Vxlan = header('vxlan_t', {
  /** 0x08: there is a network identifier. */
  flags: bit(8),
  reserved: bit(24),
  /** VXLAN network identifier. */
  vni: bit(24),
  reserved2: bit(8),
});

/** State `vxlan`: takes `hdr.vxlan` and goes to `inner`, the state of the Ethernet frame inside, unless there is no network identifier. */
export function vxlanStates<const N extends string>(
  inner: Next<N>,
  { otherwise = 'accept' }: Pick<StateOptions<N, string>, 'otherwise'> = {},
): States<N, { vxlan: typeof Vxlan }> {
  return state<N, 'vxlan', typeof Vxlan>('vxlan', (p, vxlan) => {
    p.extract(vxlan);
    return p.select(vxlan.flags).when({ value: 0x08, mask: 0x08 }, inner).otherwise(otherwise);
  });
}
