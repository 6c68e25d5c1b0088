/** Packets of the firewall's demo and tests. */
import { build, type Ipv4Address, internetChecksum, type MacAddress, packet } from 'p4ts';
import { EtherType, Icmp, IcmpEcho, IcmpType, IpProtocol } from 'p4ts/headers';
import { asFragment, ethernetFrame, ipv4Packet, tcpPacket, udpPacket } from '../packets.js';
import type { Pair, Rule } from './controller.js';

export const pair: Pair = { inside: 1, outside: 2 };
export const client: Ipv4Address = '10.0.0.10';
export const webServer: Ipv4Address = '10.0.0.80';
export const resolver: Ipv4Address = '192.0.2.53';
export const stranger: Ipv4Address = '198.51.100.7';

export const rules: readonly Rule[] = [
  { action: 'deny', from: 'inside', protocol: 'tcp', ports: [25, 25] },
  { action: 'allow', from: 'inside', src: '10.0.0.0/24' },
  { action: 'allow', from: 'outside', dst: `${webServer}/32`, protocol: 'tcp', ports: [443, 443] },
];

const mac: MacAddress = '02:00:00:00:00:01';
/** An IPv4 packet in a frame. */
export const frame = (ip: Uint8Array): Uint8Array => ethernetFrame(mac, '02:00:00:00:00:02', EtherType.ipv4, ip);

/** The two directions of one exchange. */
interface Flow {
  readonly src: Ipv4Address;
  readonly dst: Ipv4Address;
  readonly srcPort: number;
  readonly dstPort: number;
}
export const reversed = ({ src, dst, srcPort, dstPort }: Flow): Flow => ({ src: dst, dst: src, srcPort: dstPort, dstPort: srcPort });
export const tcp = (flow: Flow, ...flags: ('syn' | 'ack' | 'fin' | 'rst')[]): Uint8Array => frame(tcpPacket({ ...flow, flags }));
export const udp = (flow: Flow): Uint8Array => frame(udpPacket(flow));

const icmp = (type: number, rest: Uint8Array): Uint8Array => {
  const checksum = internetChecksum(build(Icmp, { type, code: 0, checksum: 0 }), rest);
  return packet(build(Icmp, { type, code: 0, checksum }), rest);
};
/** A ping or, with `echoReply`, the answer to one. */
export const ping = (src: Ipv4Address, dst: Ipv4Address, identifier: number, type: number = IcmpType.echoRequest): Uint8Array =>
  frame(ipv4Packet({ src, dst }, IpProtocol.icmp, icmp(type, build(IcmpEcho, { identifier, sequenceNumber: 1 }))));
/** What a router on the way says of a frame that it dropped: it quotes the IPv4 header and 8 bytes. */
export const timeExceeded = (router: Ipv4Address, to: Ipv4Address, dropped: Uint8Array): Uint8Array =>
  frame(
    ipv4Packet({ src: router, dst: to }, IpProtocol.icmp, icmp(IcmpType.timeExceeded, packet(new Uint8Array(4), dropped.subarray(14, 42)))),
  );
/** The frame with a fragment in it: `offset` in units of 8 bytes. */
export const fragmented = (whole: Uint8Array, offset: number, more: boolean): Uint8Array =>
  frame(asFragment(whole.subarray(14), offset, more));

export const dns = { src: client, dst: resolver, srcPort: 40000, dstPort: 53 };
export const web = { src: stranger, dst: webServer, srcPort: 50000, dstPort: 443 };
export const page = { src: client, dst: stranger, srcPort: 40001, dstPort: 80 };
const ssh = { src: stranger, dst: webServer, srcPort: 50001, dstPort: 22 };
const mail = { src: client, dst: stranger, srcPort: 40002, dstPort: 25 };
const router = '203.0.113.1';

export interface Arrival {
  readonly side: keyof Pair;
  readonly what: string;
  readonly bytes: Uint8Array;
}
/** Connections from both sides, and what belongs to none. */
export const conversation: readonly Arrival[] = [
  { side: 'inside', what: 'DNS query', bytes: udp(dns) },
  { side: 'outside', what: 'its answer', bytes: udp(reversed(dns)) },
  { side: 'outside', what: 'an answer to another port', bytes: udp(reversed({ ...dns, srcPort: 40009 })) },
  { side: 'inside', what: 'TCP SYN to port 80', bytes: tcp(page, 'syn') },
  { side: 'outside', what: 'SYN ACK', bytes: tcp(reversed(page), 'syn', 'ack') },
  { side: 'inside', what: 'ACK', bytes: tcp(page, 'ack') },
  { side: 'outside', what: 'a router: time exceeded, about that', bytes: timeExceeded(router, client, tcp(page, 'ack')) },
  { side: 'outside', what: 'a router: time exceeded, about nothing known', bytes: timeExceeded(router, client, tcp(mail, 'ack')) },
  { side: 'outside', what: 'TCP ACK without a connection', bytes: tcp(reversed(mail), 'ack') },
  { side: 'inside', what: 'TCP SYN to port 25', bytes: tcp(mail, 'syn') },
  { side: 'outside', what: 'TCP SYN to the web server, port 443', bytes: tcp(web, 'syn') },
  { side: 'inside', what: 'SYN ACK', bytes: tcp(reversed(web), 'syn', 'ack') },
  { side: 'outside', what: 'TCP SYN to the web server, port 22', bytes: tcp(ssh, 'syn') },
  { side: 'inside', what: 'ping', bytes: ping(client, stranger, 7) },
  { side: 'outside', what: 'its answer', bytes: ping(stranger, client, 7, IcmpType.echoReply) },
  { side: 'outside', what: 'a router: time exceeded, about the ping', bytes: timeExceeded(router, client, ping(client, stranger, 7)) },
  { side: 'outside', what: 'ping', bytes: ping(stranger, client, 8) },
  { side: 'outside', what: 'a fragment of the web page', bytes: fragmented(tcp(reversed(page), 'ack'), 0, true) },
];
