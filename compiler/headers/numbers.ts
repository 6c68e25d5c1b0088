/** The numbers by which one header says what the next one is. */

/** Ethernet's type field (IANA, "IEEE 802 Numbers"). */
export const EtherType = {
  ipv4: 0x0800,
  arp: 0x0806,
  /** A bridged Ethernet frame, in GRE. */
  transparentEthernet: 0x6558,
  /** The customer tag of IEEE 802.1Q. */
  vlan: 0x8100,
  ipv6: 0x86dd,
  mpls: 0x8847,
  /** MPLS with upstream-assigned labels (RFC 5332). */
  mplsUpstream: 0x8848,
  lacp: 0x8809,
  /** The service tag of IEEE 802.1Q, known as 802.1ad. */
  serviceVlan: 0x88a8,
  lldp: 0x88cc,
} as const;

/** The protocol field of IPv4 and the next header field of IPv6 (IANA, "Protocol Numbers"). */
export const IpProtocol = {
  hopByHop: 0,
  icmp: 1,
  igmp: 2,
  ipv4: 4,
  tcp: 6,
  udp: 17,
  ipv6: 41,
  routing: 43,
  fragment: 44,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  noNextHeader: 59,
  destinationOptions: 60,
  ospf: 89,
  mpls: 137,
} as const;

/** Destination ports that name what a UDP datagram carries (IANA, "Service Names and Port Numbers"). */
export const UdpPort = { dns: 53, dhcpServer: 67, dhcpClient: 68, ntp: 123, gtpu: 2152, vxlan: 4789, geneve: 6081 } as const;

/** RFC 826. */
export const ArpOperation = { request: 1, reply: 2 } as const;
/** RFC 792. */
export const IcmpType = {
  echoReply: 0,
  destinationUnreachable: 3,
  redirect: 5,
  echoRequest: 8,
  timeExceeded: 11,
  parameterProblem: 12,
} as const;
/** RFC 4443 and RFC 4861. */
export const Icmpv6Type = {
  destinationUnreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  echoRequest: 128,
  echoReply: 129,
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
} as const;
