/** Packets of the demo and the tests. */
import { build, packet } from 'p4ts';
import { EtherType, Icmp, IpProtocol, Ipv6, Tcp } from 'p4ts/headers';
import { ethernetFrame, type Ipv4Address, ipv4Packet, type MacAddress, tcpPacket, udpPacket } from '../packets.js';
import type { Attachment, Monitor } from './controller.js';

export const outside = 1;
export const inside = 2;
export const attachments: readonly Attachment[] = [
  { port: outside, out: inside, list: 'edge' },
  { port: inside, out: outside, list: 'inside' },
];
export const monitor: Monitor = { port: 9, bytes: 64 };

const macs: [MacAddress, MacAddress] = ['02:00:00:00:00:01', '02:00:00:00:00:02'];
type Flags = readonly ('syn' | 'ack' | 'fin' | 'rst')[];

/** `10.0.0.1:80`. */
export type Endpoint = `${Ipv4Address}:${number}`;
const endpoints = (from: Endpoint, to: Endpoint) => {
  const [src, srcPort] = from.split(':') as [Ipv4Address, string];
  const [dst, dstPort] = to.split(':') as [Ipv4Address, string];
  return { src, dst, srcPort: Number(srcPort), dstPort: Number(dstPort) };
};
export const ip4 = (bytes: Uint8Array): Uint8Array => ethernetFrame(...macs, EtherType.ipv4, bytes);
export const tcp = (from: Endpoint, to: Endpoint, ...flags: Flags): Uint8Array => ip4(tcpPacket({ ...endpoints(from, to), flags }));
export const udp = (from: Endpoint, to: Endpoint): Uint8Array => ip4(udpPacket(endpoints(from, to)));
export const icmp = (src: Ipv4Address, dst: Ipv4Address, type: number): Uint8Array =>
  ip4(ipv4Packet({ src, dst }, IpProtocol.icmp, build(Icmp, { type, code: 0, checksum: 0 }), new Uint8Array(4)));

type Ipv6Address = `${string}:${string}`;
function ip6(src: Ipv6Address, dst: Ipv6Address, nextHeader: number, ...inside: Uint8Array[]): Uint8Array {
  const body = packet(...inside);
  const header = { version: 6, dscp: 0, ecn: 0, flowLabel: 0, payloadLength: body.length, nextHeader, hopLimit: 64, src, dst };
  return ethernetFrame(...macs, EtherType.ipv6, build(Ipv6, header), body);
}
export const icmp6 = (src: Ipv6Address, dst: Ipv6Address, type: number): Uint8Array =>
  ip6(src, dst, IpProtocol.icmpv6, build(Icmp, { type, code: 0, checksum: 0 }), new Uint8Array(4));
export function tcp6(src: Ipv6Address, dst: Ipv6Address, dstPort: number, ...flags: Flags): Uint8Array {
  const bit = (flag: Flags[number]): number => (flags.includes(flag) ? 1 : 0);
  const set = { cwr: 0, ece: 0, urg: 0, ack: bit('ack'), psh: 0, rst: bit('rst'), syn: bit('syn'), fin: bit('fin') };
  const numbers = { sequenceNumber: 1, acknowledgmentNumber: 0, dataOffset: 5, reserved: 0, window: 1024, checksum: 0, urgentPointer: 0 };
  return ip6(src, dst, IpProtocol.tcp, build(Tcp, { srcPort: 40000, dstPort, ...numbers, ...set }));
}
