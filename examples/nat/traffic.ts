/** Packets of the NAT's demo and tests. */
import { build, dissect, type Ipv4Address, internetChecksum, packet } from 'p4ts';
import { Ethernet, EtherType, Icmp, IcmpEcho, IcmpType, IpProtocol, Ipv4 } from 'p4ts/headers';
import { type Datagram, ethernetFrame, ipv4Packet, tcpPacket, udpPacket } from '../packets.js';
import { macs } from './site.js';

export const alice: Ipv4Address = '10.0.0.10';
export const bob: Ipv4Address = '10.0.0.11';
export const webServer: Ipv4Address = '10.0.0.80';
export const resolver: Ipv4Address = '192.0.2.53';
export const stranger: Ipv4Address = '192.0.2.7';

/** Frames to the NAT, as they arrive, and from it, as they leave. */
export const arriving = {
  inside: (ip: Uint8Array) => ethernetFrame(macs.inside, macs.hosts, EtherType.ipv4, ip),
  outside: (ip: Uint8Array) => ethernetFrame(macs.outside, macs.provider, EtherType.ipv4, ip),
};
export const leaving = {
  inside: (ip: Uint8Array) => ethernetFrame(macs.hosts, macs.inside, EtherType.ipv4, ip),
  outside: (ip: Uint8Array) => ethernetFrame(macs.provider, macs.outside, EtherType.ipv4, ip),
};

export const udp = udpPacket;
export const tcp = (datagram: Datagram, ...flags: ('syn' | 'ack' | 'fin' | 'rst')[]): Uint8Array => tcpPacket({ ...datagram, flags });

/** What goes back. */
export const reversed = <D extends Datagram>({ src, dst, srcPort = 0, dstPort = 0, ...rest }: D) => ({
  ...rest,
  src: dst,
  dst: src,
  srcPort: dstPort,
  dstPort: srcPort,
});

const icmp = (type: number, code: number, rest: Uint8Array): Uint8Array => {
  const checksum = internetChecksum(build(Icmp, { type, code, checksum: 0 }), rest);
  return packet(build(Icmp, { type, code, checksum }), rest);
};
/** A ping or, with `echoReply`, the answer to one. */
export const ping = (datagram: Datagram, identifier: number, type: number = IcmpType.echoRequest): Uint8Array =>
  ipv4Packet(
    datagram,
    IpProtocol.icmp,
    icmp(type, 0, packet(build(IcmpEcho, { identifier, sequenceNumber: 1 }), new TextEncoder().encode('abcdefg'))),
  );
/** An error about an IPv4 packet, of which it quotes the header and `quoted` bytes. */
export const icmpError = (
  datagram: Datagram,
  about: Uint8Array,
  { type = IcmpType.destinationUnreachable as number, code = 3, quoted = 8 } = {},
): Uint8Array => ipv4Packet(datagram, IpProtocol.icmp, icmp(type, code, packet(new Uint8Array(4), about.subarray(0, 20 + quoted))));

/** `192.0.2.7:80 → 10.0.0.10:40000 TCP`, and for an error, the packet that it is about. */
export function describe(bytes: Uint8Array): string {
  const [{ etherType }, behind] = dissect(Ethernet, bytes) as NonNullable<ReturnType<typeof dissect<typeof Ethernet.fields>>>;
  return etherType === EtherType.ipv4 ? describeIp(behind) : 'ARP';
}
function describeIp(bytes: Uint8Array): string {
  const [ip, rest] = dissect(Ipv4, bytes) as NonNullable<ReturnType<typeof dissect<typeof Ipv4.fields>>>;
  const word = (at: number): number => ((rest[at] ?? 0) << 8) | (rest[at + 1] ?? 0);
  if (ip.protocol !== IpProtocol.icmp) {
    return `${ip.src}:${word(0)} → ${ip.dst}:${word(2)} ${ip.protocol === IpProtocol.tcp ? 'TCP' : 'UDP'}`;
  }
  const type = rest[0];
  if (type === IcmpType.echoRequest || type === IcmpType.echoReply) {
    return `${ip.src} → ${ip.dst} ping${type === IcmpType.echoReply ? '’s answer' : ''}, id ${word(4)}`;
  }
  return `${ip.src} → ${ip.dst} ${type === IcmpType.timeExceeded ? 'time exceeded' : 'unreachable'}, about ${describeIp(rest.subarray(8))}`;
}
