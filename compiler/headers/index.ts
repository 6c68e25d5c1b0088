/**
 * The headers of common protocols, the numbers that announce them, and parser states to spread into a
 * parser. Each state takes the header of its own name: `...ipv4States({ [IpProtocol.tcp]: 'tcp' })` takes `hdr.ipv4`.
 * @module p4ts/headers
 */
export { Arp, arpStates } from './arp.js';
export { Ethernet, ethernetStates, qinqStates, Vlan, vlanStates } from './ethernet.js';
export { Gre, GreChecksum, GreKey, GreSequence, greStates } from './gre.js';
export { Gtpu, GtpuExtension, GtpuMessage, GtpuOptional, GtpuPduSession, gtpuStates } from './gtpu.js';
export { Icmp, IcmpEcho, Icmpv6, icmpStates, icmpv6Checksummed, icmpv6States, LinkLayerAddress, NeighborDiscovery } from './icmp.js';
export {
  IntBufferOccupancy,
  IntEgressTime,
  IntEgressUtilization,
  IntHopLatency,
  IntIngressTime,
  IntInstruction,
  IntLevel1Interfaces,
  IntLevel2Interfaces,
  IntMd,
  IntNodeId,
  IntQueueOccupancy,
  IntShim,
  IntType,
  intStates,
} from './int.js';
export { Ipv4, Ipv4Options, ipv4Checksummed, ipv4States, ipv4WithOptionsStates } from './ipv4.js';
export { Ipv6, Ipv6Extension, Ipv6Fragment, ipv6States, ipv6WithExtensionsStates } from './ipv6.js';
export { Mpls, mplsStates } from './mpls.js';
export { ArpOperation, EtherType, IcmpType, Icmpv6Type, IpProtocol, UdpPort } from './numbers.js';
export { type Branches, malformedHeader, type StateOptions, type States } from './states.js';
export { Tcp, TcpOptions, tcpChecksummed, tcpStates, tcpWithOptionsStates } from './tcp.js';
export { Udp, udpChecksummed, udpStates } from './udp.js';
export { Vxlan, vxlanStates } from './vxlan.js';
