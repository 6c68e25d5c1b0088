/** The lists of egress: what a port does not send. */
import { type Keys, optional } from 'p4ts';
import type { EgressControl, InEgress } from '../packet.js';
import { aboutIp, aboutTransport, ipKeys, transportKeys } from './keys.js';

type Packet = InEgress<'ethernet' | 'ipv4' | 'ipv6', 'ip' | 'l4'>;

/** A list of egress. `keys` are those that a platform adds. */
export function egressRules<const N extends string, const K extends Keys>(
  ctl: EgressControl,
  packet: Packet,
  { name, keys, size }: { readonly name: N; readonly keys: K; readonly size: number },
) {
  const list = ctl.scope(name);
  const forward = list.action('forward', {}, () => {});
  const drop = list.action('drop', {}, (c) => c.drop());
  const rules = list.table('rules', {
    key: { ...ipKeys(packet), ...transportKeys(packet), outPort: optional(packet.std.egressPort), ...keys },
    actions: [forward, drop],
    restrict: (k) => [...aboutIp(k), ...aboutTransport(k)],
    counter: 'both',
    size,
  });
  return { rules, forward, drop };
}
