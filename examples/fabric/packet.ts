/**
 * What the modules of `features` tell each other: the headers and the metadata of a packet. A module names in its type what
 * it takes of them (`Uses`), and can touch nothing else.
 */
import {
  bit,
  bool,
  type Ctl,
  type EgressBody,
  type EgressStd,
  type Headers,
  header,
  type IngressBody,
  type IngressStd,
  ipv6,
  type Meta,
  mac,
  port,
  struct,
} from 'p4ts';
import { Arp, Ethernet, Gre, Icmp, Ipv4, Ipv6, Tcp, Udp, Vlan } from 'p4ts/headers';
import { DropReason, MirrorSession, NextHop, RouterInterface, Tunnel, Via, Vrf, WcmpGroup } from './types.js';

/** RFC 7011 §3.1: the head of an IPFIX message. */
export const Ipfix = header('ipfix_t', {
  version: bit(16),
  /** Bytes, this header included. */
  length: bit(16),
  exportTime: bit(32),
  sequenceNumber: bit(32),
  observationDomain: bit(32),
});
/**
 * A set with one record of template 256 (RFC 7011 §3.3.1, RFC 5477 §8): observationTimeNanoseconds,
 * ingressInterface, egressInterface, dataLinkFrameSection. The packet follows.
 */
export const Sample = header('sample_t', {
  setId: bit(16),
  /** Bytes, from the set's identifier on. */
  setLength: bit(16),
  timeNs: bit(64),
  ingressPort: bit(32),
  egressPort: bit(32),
  /** 255: a length of 16 bits follows (RFC 7011 §7). */
  longLength: bit(8),
  length: bit(16),
});

export const headers = {
  mirrorEthernet: Ethernet,
  mirrorIpv6: Ipv6,
  mirrorUdp: Udp,
  ipfix: Ipfix,
  sample: Sample,
  ethernet: Ethernet,
  vlan: Vlan,
  tunnelIpv6: Ipv6,
  tunnelGre: Gre,
  ipv4: Ipv4,
  ipv6: Ipv6,
  gre: Gre,
  innerIpv4: Ipv4,
  innerIpv6: Ipv6,
  arp: Arp,
  icmp: Icmp,
  tcp: Tcp,
  udp: Udp,
};

export const metadata = {
  /** Of the IP header and of what follows it, whichever they are; 0 where a packet has none. `summary` fills it. */
  ip: struct('ip_summary_t', { protocol: bit(8), dscp: bit(6), ecn: bit(2), ttl: bit(8) }),
  l4: struct('l4_summary_t', { srcPort: bit(16), dstPort: bit(16), icmpType: bit(8) }),
  /** What chooses among paths: `hashing` fills it, as the platform says. */
  flow: struct('flow_t', { src: bit(128), dst: bit(128), ports: bit(32), protocol: bit(8), label: bit(20) }),
  vlan: struct('vlan_membership_t', { id: bit(12), leavesUntagged: bool }),
  l3: struct('l3_t', { vrf: Vrf, isAdmitted: bool, isRouted: bool, tag: bit(6) }),
  /** Where the packet goes, and the port when it is known. */
  route: struct('route_t', { via: Via, nextHop: NextHop, group: WcmpGroup, multicast: bit(16), port }),
  /** What the next hop is made of, while `resolution` looks it up. */
  hop: struct('hop_t', { routerInterface: RouterInterface, neighbor: ipv6, tunnel: Tunnel }),
  /** The tunnel that egress puts around the packet. */
  tunnel: struct('tunnel_encapsulation_t', { isUsed: bool, src: ipv6, dst: ipv6 }),
  /** What egress writes into the packet. */
  rewrite: struct('rewrite_t', { srcMac: bool, dstMac: bool, ttl: bool, vlan: bool, dscp: bool }),
  rewritten: struct('rewritten_t', { srcMac: mac, dstMac: mac, vlan: bit(12), dscp: bit(6) }),
  acl: struct('acl_t', { tag: bit(8), isDropped: bool, isRedirected: bool, cancelsCopy: bool }),
  copy: struct('copy_t', { toController: bool, isMirrored: bool, session: MirrorSession, mirrorPort: port }),
  /** What the copies of a packet keep. */
  copied: struct('copied_t', { ingressPort: port, egressPort: port }),
  mirrorTo: struct('mirror_to_t', { srcMac: mac, dstMac: mac, src: ipv6, dst: ipv6, srcPort: bit(16), dstPort: bit(16) }),
  drop: DropReason,
  /** The controller said where the packet goes: it leaves as it is. */
  isDirect: bool,
};

/** What comes with a packet to the controller. `targetEgressPort` is where the packet went or would have gone. */
export const packetIn = { ingressPort: port, targetEgressPort: port };
/** What comes with a packet from the controller: where it goes, or that the pipeline decides. */
export const packetOut = { egressPort: port, submitToIngress: bool };

export type IngressControl = Ctl<IngressBody<typeof packetIn>>;
export type EgressControl = Ctl<EgressBody<typeof packetIn>>;
export type Ingress = IngressBody<typeof packetIn>;
export type Egress = EgressBody<typeof packetIn>;

/** The part of a packet that a module works on. */
export interface Uses<H extends keyof typeof headers, M extends keyof typeof metadata> {
  readonly hdr: { readonly [N in H]: Headers<typeof headers>[N] };
  readonly meta: { readonly [N in M]: Meta<typeof metadata>[N] };
}
/** The same in ingress, with what the switch knows of the packet. */
export type InIngress<H extends keyof typeof headers, M extends keyof typeof metadata> = Uses<H, M> & { readonly std: IngressStd };
export type InEgress<H extends keyof typeof headers, M extends keyof typeof metadata> = Uses<H, M> & { readonly std: EgressStd };
/** A whole packet, for platforms. */
export type IngressPacket = InIngress<keyof typeof headers, keyof typeof metadata>;
export type EgressPacket = InEgress<keyof typeof headers, keyof typeof metadata>;
