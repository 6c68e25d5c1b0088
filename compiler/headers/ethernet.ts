/** Ethernet (IEEE 802.3) and its VLAN tags (IEEE 802.1Q). */

import { bit, header, mac } from '../index.js';
import { EtherType } from './numbers.js';
import { type Branches, branch, type StateOptions, type States, state } from './states.js';

/** IEEE 802.3: the addresses and the type of what follows. */
export const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });

/** IEEE 802.1Q: the part of the tag after its own EtherType, with the EtherType of what follows. */
export const Vlan = header('vlan_t', {
  /** Priority code point. */
  pcp: bit(3),
  /** Drop eligible indicator. */
  dei: bit(1),
  /** VLAN identifier; 0 for a tag that only gives a priority. */
  vid: bit(12),
  etherType: bit(16),
});

/** State `ethernet`: takes `hdr.ethernet` and goes on by its EtherType. */
export function ethernetStates<const N extends string, const S extends string = 'ethernet'>(
  branches: Branches<N>,
  { otherwise, as = 'ethernet' as S }: StateOptions<N, S> = {},
): States<N, Record<NoInfer<S>, typeof Ethernet>> {
  return state<N, S, typeof Ethernet>(as, (p, ethernet) => {
    p.extract(ethernet);
    return branch(p, ethernet.etherType, branches, otherwise);
  });
}

/** State `vlan`: takes one tag, `hdr.vlan`, and goes on by the EtherType after it. */
export function vlanStates<const N extends string, const S extends string = 'vlan'>(
  branches: Branches<N>,
  { otherwise, as = 'vlan' as S }: StateOptions<N, S> = {},
): States<N, Record<NoInfer<S>, typeof Vlan>> {
  return state<N, S, typeof Vlan>(as, (p, vlan) => {
    p.extract(vlan);
    return branch(p, vlan.etherType, branches, otherwise);
  });
}

/** States `serviceVlan` and `vlan`: takes a service tag and, where one follows, a customer tag (QinQ, IEEE 802.1ad). */
export function qinqStates<const N extends string>(
  branches: Branches<N>,
  { otherwise }: Pick<StateOptions<N, string>, 'otherwise'> = {},
): States<N | 'vlan', Record<'serviceVlan' | 'vlan', typeof Vlan>> {
  const customer: Branches<N | 'vlan'> = { ...branches, [EtherType.vlan]: 'vlan' };
  return { ...vlanStates<N | 'vlan', 'serviceVlan'>(customer, { otherwise, as: 'serviceVlan' }), ...vlanStates(branches, { otherwise }) };
}
