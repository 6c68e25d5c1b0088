import { bit, header, ipv4, ipv6, mac } from 'p4ts';

export const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });

/** 802.1Q: the tag after the addresses, with the EtherType of what follows. */
export const Vlan = header('vlan_t', { priority: bit(3), dropEligible: bit(1), id: bit(12), etherType: bit(16) });

export const Arp = header('arp_t', {
  hardwareType: bit(16),
  protocolType: bit(16),
  hardwareLength: bit(8),
  protocolLength: bit(8),
  operation: bit(16),
  senderMac: mac,
  senderIp: ipv4,
  targetMac: mac,
  targetIp: ipv4,
});

/** RFC 791, without options. */
export const Ipv4 = header('ipv4_t', {
  version: bit(4),
  headerLength: bit(4),
  dscp: bit(6),
  ecn: bit(2),
  totalLength: bit(16),
  identification: bit(16),
  flags: bit(3),
  fragmentOffset: bit(13),
  ttl: bit(8),
  protocol: bit(8),
  checksum: bit(16),
  src: ipv4,
  dst: ipv4,
});

/** RFC 8200. */
export const Ipv6 = header('ipv6_t', {
  version: bit(4),
  trafficClass: bit(8),
  flowLabel: bit(20),
  payloadLength: bit(16),
  nextHeader: bit(8),
  hopLimit: bit(8),
  src: ipv6,
  dst: ipv6,
});

/** The part that ICMP and ICMPv6 echo messages share; only the controller looks into it. */
export const IcmpEcho = header('icmp_echo_t', { type: bit(8), code: bit(8), checksum: bit(16), identifier: bit(16), sequence: bit(16) });

/** An ICMPv6 neighbour solicitation or advertisement (RFC 4861) with one link-layer address option. */
export const Neighbour = header('neighbour_t', {
  type: bit(8),
  code: bit(8),
  checksum: bit(16),
  flags: bit(32),
  target: ipv6,
  optionType: bit(8),
  optionLength: bit(8),
  linkLayer: mac,
});
