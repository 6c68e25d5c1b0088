/** Packets of the demo and the tests. */
import { build, type Ipv4Address, type Ipv6Address, type MacAddress, packet } from 'p4ts';
import { EtherType, Icmp, IpProtocol, Ipv6, Ipv6Fragment, Tcp } from 'p4ts/headers';
import { asFragment, ethernetFrame, ipv4Packet, tcpPacket, udpPacket, withOptions } from '../packets.js';
import type { Attachment, Monitor } from './controller.js';

export const outside = 1;
export const inside = 2;
export const attachments: readonly Attachment[] = [
  { port: outside, out: inside, list: 'edge' },
  { port: inside, out: outside, list: 'inside' },
];
export const monitor = { port: 9, bytes: 64 } as const satisfies Monitor;

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

/** The frame with what is in it changed. */
const changed = (frame: Uint8Array, change: (ip: Uint8Array) => Uint8Array) => packet(frame.subarray(0, 14), change(frame.subarray(14)));
export const fragmented = (frame: Uint8Array, offset: number, more: boolean): Uint8Array =>
  changed(frame, (ip) => asFragment(ip, offset, more));
export const optioned = (frame: Uint8Array): Uint8Array => changed(frame, withOptions);

/** Extension headers of IPv6 before what they carry: each with the number of its kind and its bytes after the first. */
export type Extensions = readonly (readonly [kind: number, rest: Uint8Array])[];
export const padding = Uint8Array.of(0, 1, 4, 0, 0, 0, 0);
export const fragmentHeader = (offset: number): Uint8Array =>
  build(Ipv6Fragment, { nextHeader: 0, reserved: 0, fragmentOffset: offset, reserved2: 0, moreFragments: 0, identification: 7 }).subarray(
    1,
  );

function ip6(src: Ipv6Address, dst: Ipv6Address, protocol: number, inside: Uint8Array, extensions: Extensions = []): Uint8Array {
  const kinds = [...extensions.map(([kind]) => kind), protocol];
  const body = packet(...extensions.map(([, rest], i) => Uint8Array.of(kinds[i + 1] as number, ...rest)), inside);
  const nextHeader = kinds[0] as number;
  const header = { version: 6, dscp: 0, ecn: 0, flowLabel: 0, payloadLength: body.length, nextHeader, hopLimit: 64, src, dst };
  return ethernetFrame(...macs, EtherType.ipv6, build(Ipv6, header), body);
}
export const icmp6 = (src: Ipv6Address, dst: Ipv6Address, type: number): Uint8Array =>
  ip6(src, dst, IpProtocol.icmpv6, packet(build(Icmp, { type, code: 0, checksum: 0 }), new Uint8Array(4)));
export function tcp6(src: Ipv6Address, dst: Ipv6Address, dstPort: number, flag: 'syn' | 'ack', extensions?: Extensions): Uint8Array {
  const set = { cwr: 0, ece: 0, urg: 0, ack: Number(flag === 'ack'), psh: 0, rst: 0, syn: Number(flag === 'syn'), fin: 0 };
  const numbers = { sequenceNumber: 1, acknowledgmentNumber: 0, dataOffset: 5, reserved: 0, window: 1024, checksum: 0, urgentPointer: 0 };
  return ip6(src, dst, IpProtocol.tcp, build(Tcp, { srcPort: 40000, dstPort, ...numbers, ...set }), extensions);
}

export interface Arrival {
  readonly what: string;
  readonly port: number;
  readonly bytes: Uint8Array;
}
const web = ['2001:db8:ffff::1', '2001:db8::80'] as const;
const twice: Extensions = [
  [IpProtocol.destinationOptions, padding],
  [IpProtocol.destinationOptions, padding],
];
const mail = tcp('192.0.2.9:40000', '198.51.100.7:25', 'syn');

/** From the Internet, then to it: most of it is decided by another entry each. */
export const fromOutside: readonly Arrival[] = [
  { what: 'TCP SYN to the web server', bytes: tcp('198.51.100.7:40000', '192.0.2.80:443', 'syn') },
  { what: 'TCP SYN to another host', bytes: tcp('198.51.100.7:40000', '192.0.2.9:443', 'syn') },
  { what: 'TCP ACK to it', bytes: tcp('198.51.100.7:443', '192.0.2.9:40000', 'ack') },
  { what: 'TCP SYN to port 22', bytes: tcp('198.51.100.7:40000', '192.0.2.9:22', 'syn') },
  { what: 'DNS answer to port 40000', bytes: udp('198.51.100.53:53', '192.0.2.9:40000') },
  { what: 'DNS answer to port 80', bytes: udp('198.51.100.53:53', '192.0.2.9:80') },
  { what: 'ICMP echo reply', bytes: icmp('198.51.100.7', '192.0.2.9', 0) },
  { what: 'ICMP echo request', bytes: icmp('198.51.100.7', '192.0.2.9', 8) },
  { what: 'a later fragment of ICMP: no type', bytes: fragmented(icmp('198.51.100.7', '192.0.2.9', 0), 185, false) },
  { what: 'IPv6 TCP SYN to the web server', bytes: tcp6(...web, 443, 'syn') },
  { what: 'the same with extension headers', bytes: tcp6(...web, 443, 'syn', [[IpProtocol.hopByHop, padding]]) },
  { what: 'and with one of them twice', bytes: tcp6(...web, 443, 'syn', twice) },
  { what: 'neighbour solicitation', bytes: icmp6('fe80::1', 'ff02::1:ff00:80', 135) },
].map((arrival) => ({ port: outside, ...arrival }));

export const fromInside: readonly Arrival[] = [
  { what: 'TCP SYN to port 80', bytes: tcp('192.0.2.9:40000', '198.51.100.7:80', 'syn') },
  { what: 'TCP SYN to port 25', bytes: mail },
  { what: 'the same after IPv4 options', bytes: optioned(mail) },
  { what: 'a source of somebody else', bytes: udp('203.0.113.1:40000', '198.51.100.53:53') },
].map((arrival) => ({ port: inside, ...arrival }));
