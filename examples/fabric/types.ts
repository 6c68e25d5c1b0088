/** The numbers by which tables point at each other. Each is a type of its own: a VRF cannot be written where a next hop stands. */
import { bit, enumeration, newtype } from 'p4ts';

export const Vrf = newtype('vrf_id_t', bit(16));
export const NextHop = newtype('next_hop_id_t', bit(16));
export const WcmpGroup = newtype('wcmp_group_id_t', bit(16));
export const RouterInterface = newtype('router_interface_id_t', bit(16));
export const Tunnel = newtype('tunnel_id_t', bit(16));
export const MirrorSession = newtype('mirror_session_id_t', bit(16));

/** The VRF of packets that no rule gives another. */
export const defaultVrf = Vrf.value(0);
/** Packets without a tag on a port that belongs to no VLAN. */
export const noVlan = 0;

/** What decides where a packet goes: a route sets it, and a rule of an access list may set it anew. */
export const Via = enumeration('via_t', ['nothing', 'port', 'nextHop', 'group', 'multicast']);

/** Why a packet is dropped in ingress: the cells of the counter `ingress.drops.reasons`. */
export const dropReasons = {
  none: 0,
  badChecksum: 1,
  notInVlan: 2,
  unknownVrf: 3,
  martian: 4,
  accessList: 5,
  noRoute: 6,
  route: 7,
  noNeighbor: 8,
  ttlExpired: 9,
  trapped: 10,
} as const;
export const DropReason = enumeration('drop_reason_t', bit(8), dropReasons);

/** Of the copies that a clone session makes, the replica's instance says which is which. */
export const copyInstance = { packetIn: 1, mirror: 2 } as const;
