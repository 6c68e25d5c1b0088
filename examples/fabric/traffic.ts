/** Frames of the demo and the tests. */
import { build, type Ipv4Address, type Ipv6Address, MacAddress, packet } from 'p4ts';
import { Arp, ArpOperation, EtherType, Icmp, IcmpEcho, IcmpType, IpProtocol, Ipv6, Udp, Vlan } from 'p4ts/headers';
import { ethernetFrame, ipv4Packet, tcpPacket, udpPacket } from '../packets.js';
import type { Host } from './sites.js';

interface Options {
  readonly srcPort?: number;
  readonly dstPort?: number;
  readonly ttl?: number;
  readonly srcMac?: MacAddress;
  readonly dstMac?: MacAddress;
  readonly src?: Ipv4Address;
}

/** A frame of the host with its tag, to its router where no other address is given. */
export function frameOf(
  host: Host,
  etherType: number,
  payload: Uint8Array,
  { srcMac = host.mac, dstMac = host.gateway }: Options = {},
): Uint8Array {
  if (host.vlan === undefined) return ethernetFrame(dstMac, srcMac, etherType, payload);
  return tagged(host.vlan, ethernetFrame(dstMac, srcMac, etherType, payload));
}

/** The frame, without a tag so far, in a VLAN. */
export function tagged(vid: number, frame: Uint8Array): Uint8Array {
  const etherType = ((frame[12] as number) << 8) + (frame[13] as number);
  const tag = build(Vlan, { pcp: 0, dei: 0, vid, etherType });
  return packet(frame.subarray(0, 12), Uint8Array.of(EtherType.vlan >> 8, EtherType.vlan & 255), tag, frame.subarray(14));
}

export const udp4 = (host: Host, dst: Ipv4Address, options: Options = {}): Uint8Array =>
  frameOf(host, EtherType.ipv4, udpPacket({ src: options.src ?? host.ipv4, dst, dstPort: 4000, ...options }), options);
export const tcp4 = (host: Host, dst: Ipv4Address, options: Options = {}): Uint8Array =>
  frameOf(host, EtherType.ipv4, tcpPacket({ src: options.src ?? host.ipv4, dst, dstPort: 80, ...options }), options);

/** With a checksum of 0: no switch looks at it. */
export function udp6(
  host: Host,
  dst: Ipv6Address,
  { srcPort = 40000, dstPort = 4000, ttl = 64, ...options }: Options & { readonly flowLabel?: number } = {},
) {
  return frameOf(host, EtherType.ipv6, ipv6Udp(host.ipv6, dst, { srcPort, dstPort, ttl, flowLabel: options.flowLabel ?? 0 }), options);
}

function ipv6Udp(
  src: Ipv6Address,
  dst: Ipv6Address,
  { srcPort, dstPort, ttl, flowLabel }: Required<Pick<Options, 'srcPort' | 'dstPort' | 'ttl'>> & { readonly flowLabel: number },
): Uint8Array {
  const datagram = build(Udp, { srcPort, dstPort, length: 8, checksum: 0 });
  const header = { version: 6, dscp: 0, ecn: 0, flowLabel, payloadLength: datagram.length, nextHeader: IpProtocol.udp, hopLimit: ttl };
  return packet(build(Ipv6, { ...header, src, dst }), datagram);
}

/** IPv6 from one end of a tunnel to the other, with an IP packet in it: IP in IPv6, without GRE. */
export const inIpv6 = (src: Ipv6Address, dst: Ipv6Address, nextHeader: number, inner: Uint8Array): Uint8Array =>
  packet(
    build(Ipv6, { version: 6, dscp: 0, ecn: 0, flowLabel: 0, payloadLength: inner.length, nextHeader, hopLimit: 64, src, dst }),
    inner,
  );

export function arpRequest(host: Host, targetIp: Ipv4Address): Uint8Array {
  const sizes = { hardwareType: 1, protocolType: EtherType.ipv4, hardwareLength: 6, protocolLength: 4 };
  const request = build(Arp, {
    ...{ ...sizes, operation: ArpOperation.request, senderMac: host.mac, senderIp: host.ipv4 },
    ...{ targetMac: '00:00:00:00:00:00', targetIp },
  });
  return frameOf(host, EtherType.arp, request, { dstMac: 'ff:ff:ff:ff:ff:ff' });
}

export function ping(host: Host, dst: Ipv4Address): Uint8Array {
  const echo = packet(
    build(Icmp, { type: IcmpType.echoRequest, code: 0, checksum: 0 }),
    build(IcmpEcho, { identifier: 1, sequenceNumber: 1 }),
  );
  echo.set([0xf7, 0xfd], 2); // the complement of 0x0800 + 1 + 1
  return frameOf(host, EtherType.ipv4, ipv4Packet({ src: host.ipv4, dst }, IpProtocol.icmp, echo));
}

/** The frame, sent to another MAC address. */
export const withDestination = (frame: Uint8Array, dst: MacAddress): Uint8Array => {
  const copy = frame.slice();
  copy.set(MacAddress.toBytes(dst));
  return copy;
};
