/** Packets for the examples' demos and tests. */
import { build, type Ipv4Address, internetChecksum, type MacAddress, packet } from 'p4ts';
import { Ethernet, EtherType, IpProtocol, Ipv4, Tcp, Udp } from 'p4ts/headers';

export interface Datagram {
  readonly src: Ipv4Address;
  readonly dst: Ipv4Address;
  readonly srcPort?: number;
  readonly dstPort?: number;
  readonly ttl?: number;
  readonly dscp?: number;
  readonly data?: Uint8Array;
}

/** A frame with what is inside it. */
export function ethernetFrame(dst: MacAddress, src: MacAddress, etherType: number, ...inside: Uint8Array[]): Uint8Array {
  return packet(build(Ethernet, { dst, src, etherType }), ...inside);
}

/** An IPv4 packet, its header's checksum right. */
export function ipv4Packet({ src, dst, ttl = 64, dscp = 0 }: Datagram, protocol: number, ...inside: Uint8Array[]): Uint8Array {
  const body = packet(...inside);
  const header = (checksum: number): Uint8Array =>
    build(Ipv4, {
      version: 4,
      ihl: 5,
      dscp,
      ecn: 0,
      totalLength: 20 + body.length,
      identification: 0x1234,
      flags: 2,
      fragmentOffset: 0,
      ttl,
      protocol,
      checksum,
      src,
      dst,
    });
  return packet(header(internetChecksum(header(0))), body);
}

/** An IPv4 packet as a fragment of one: `offset` in units of 8 bytes, `more` when it is not the last. */
export function asFragment(ip: Uint8Array, offset: number, more: boolean): Uint8Array {
  const fragment = ip.slice();
  fragment.set([(more ? 0x20 : 0) | (offset >> 8), offset & 255], 6);
  return withChecksum(fragment);
}

/** An IPv4 packet without options with 4 bytes of them, which say nothing. */
export function withOptions(ip: Uint8Array): Uint8Array {
  const longer = packet(ip.subarray(0, 20), Uint8Array.of(1, 1, 1, 0), ip.subarray(20));
  const length = ((ip[2] as number) << 8) + (ip[3] as number) + 4;
  longer.set([0x46, ip[1] as number, length >> 8, length & 255]);
  return withChecksum(longer);
}

/** The IPv4 packet with its header's checksum made right. */
function withChecksum(ip: Uint8Array): Uint8Array {
  ip.set([0, 0], 10);
  const checksum = internetChecksum(ip.subarray(0, 4 * ((ip[0] as number) & 15)));
  ip.set([checksum >> 8, checksum & 255], 10);
  return ip;
}

/** A UDP datagram in an IPv4 packet, both checksums right. */
export function udpPacket(datagram: Datagram): Uint8Array {
  const { src, dst, srcPort = 40000, dstPort = 53, data = new TextEncoder().encode('a question') } = datagram;
  const length = 8 + data.length;
  const udp = (checksum: number): Uint8Array => packet(build(Udp, { srcPort, dstPort, length, checksum }), data);
  const checksum = transportChecksum(src, dst, IpProtocol.udp, udp(0));
  return ipv4Packet(datagram, IpProtocol.udp, udp(checksum || 0xffff));
}

/** A TCP segment in an IPv4 packet, both checksums right: a SYN, an ACK, … as `flags` says. */
export function tcpPacket(segment: Datagram & { readonly flags?: readonly ('syn' | 'ack' | 'fin' | 'rst' | 'psh')[] }): Uint8Array {
  const { src, dst, srcPort = 40000, dstPort = 80, flags = ['ack'], data = new Uint8Array() } = segment;
  const bit = (flag: (typeof flags)[number]): number => (flags.includes(flag) ? 1 : 0);
  const tcp = (checksum: number): Uint8Array =>
    packet(
      build(Tcp, {
        srcPort,
        dstPort,
        sequenceNumber: 1000,
        acknowledgmentNumber: 0,
        dataOffset: 5,
        reserved: 0,
        cwr: 0,
        ece: 0,
        urg: 0,
        ack: bit('ack'),
        psh: bit('psh'),
        rst: bit('rst'),
        syn: bit('syn'),
        fin: bit('fin'),
        window: 65535,
        checksum,
        urgentPointer: 0,
      }),
      data,
    );
  return ipv4Packet(segment, IpProtocol.tcp, tcp(transportChecksum(src, dst, IpProtocol.tcp, tcp(0))));
}

/** The checksum of TCP and UDP: over the pseudo-header too (RFC 9293 §3.1). Over a right segment it is 0. */
export function transportChecksum(src: string, dst: string, protocol: number, segment: Uint8Array): number {
  const bytesOf = (address: string): number[] => address.split('.').map(Number);
  const pseudoHeader = Uint8Array.of(...bytesOf(src), ...bytesOf(dst), 0, protocol, segment.length >> 8, segment.length & 0xff);
  return internetChecksum(pseudoHeader, segment);
}

/** A UDP datagram in an Ethernet frame. */
export function udpFrame(dst: MacAddress, src: MacAddress, datagram: Datagram): Uint8Array {
  return ethernetFrame(dst, src, EtherType.ipv4, udpPacket(datagram));
}
