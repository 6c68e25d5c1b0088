/** Before anything else is looked up: the VRF of a packet, its VLAN, and a tag for the lists that come later. */
import { bit, type Keys, ternary } from 'p4ts';
import { isVlan } from '../features/vlan.js';
import type { IngressControl, InIngress } from '../packet.js';
import { Vrf } from '../types.js';
import {
  aboutDestination,
  aboutEtherType,
  aboutIp,
  aboutTrafficClass,
  destinationKeys,
  etherTypeKey,
  inPortKey,
  ipKeys,
  trafficClassKeys,
} from './keys.js';

type Packet = InIngress<'ethernet' | 'ipv4' | 'ipv6', 'ip' | 'l3' | 'vlan' | 'acl'>;

/** Which VRF a packet is routed in. `keys` are those that a platform adds. */
export function vrfRules<const K extends Keys>(ctl: IngressControl, packet: Packet, { keys, size }: { keys: K; size: number }) {
  const { hdr, meta } = packet;
  const setVrf = ctl.action('set_vrf', { vrf: Vrf }, (c, a) => c.set(meta.l3.vrf, a.vrf));
  const setVrfAndTag = ctl.action('set_vrf_and_tag', { vrf: Vrf, tag: bit(8) }, (c, a) => {
    c.set(meta.l3.vrf, a.vrf);
    c.set(meta.acl.tag, a.tag);
  });
  const vrfs = ctl.table('vrfs', {
    key: {
      ...ipKeys(packet),
      srcMac: ternary(hdr.ethernet.src),
      ...destinationKeys(packet),
      ...trafficClassKeys(packet),
      ...inPortKey(packet),
      ...keys,
    },
    actions: [setVrf, setVrfAndTag],
    restrict: (k) => [...aboutIp(k), ...aboutDestination(k), aboutTrafficClass(k)],
    counter: 'both',
    size,
  });
  return { vrfs, setVrf, setVrfAndTag };
}

/** Moves packets to another VLAN, as voice of a phone. */
export function vlanRules(ctl: IngressControl, packet: Packet, { size }: { size: number }) {
  const { hdr, meta } = packet;
  const setVlan = ctl.action('set_vlan', { vlan: bit(12) }, (c, a) => c.set(meta.vlan.id, a.vlan), {
    restrict: (a) => isVlan(a.vlan),
  });
  const vlans = ctl.table('vlans', {
    key: { ...ipKeys(packet), ...etherTypeKey(packet), srcMac: ternary(hdr.ethernet.src), vlan: ternary(meta.vlan.id) },
    actions: [setVlan],
    restrict: (k) => [...aboutIp(k), aboutEtherType(k)],
    counter: 'both',
    size,
  });
  return { vlans, setVlan };
}
