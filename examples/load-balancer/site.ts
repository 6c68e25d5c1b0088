/** The example's site: one virtual address, three servers of which the third has twice the capacity, clients behind port 1. */
import { build, type Ipv4Address, internetChecksum, packet } from 'p4ts';
import { Icmp, IcmpType, IpProtocol } from 'p4ts/headers';
import { ethernetFrame, ipv4Packet, tcpPacket } from '../packets.js';
import type { Server, Site } from './controller.js';

export const virtualAddress: Ipv4Address = '203.0.113.10';
export const routerMac = '02:00:00:00:00:fe';
export const clientMac = '02:00:00:00:00:01';

export const servers = [
  { name: 'blue', weight: 1, port: 2, mac: '02:00:00:00:00:02' },
  { name: 'green', weight: 1, port: 3, mac: '02:00:00:00:00:03' },
  { name: 'red', weight: 2, port: 4, mac: '02:00:00:00:00:04' },
] as const satisfies readonly Server[];

export const site: Site = {
  services: [{ address: virtualAddress, servers }],
  routes: [{ dst: '198.51.100.0/24', port: 1, mac: clientMac }],
};

/** Connections of a hundred clients, with ports as hosts choose them: without an order. */
export function someFlows(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    src: `198.51.100.${1 + (i % 100)}` as Ipv4Address,
    dst: virtualAddress,
    srcPort: 32768 + (Math.imul(i + 1, 0x9e3779b1) >>> 17),
    dstPort: 443,
  }));
}

export type Flow = ReturnType<typeof someFlows>[number];
/** An IPv4 packet in a frame to the load balancer. */
export const frame = (ip: Uint8Array): Uint8Array => ethernetFrame(routerMac, clientMac, 0x0800, ip);

/** What a router near the client says of the server's answer: too large. It quotes the IPv4 header and 8 bytes. */
export function tooLarge({ src, dst, srcPort, dstPort }: Flow): Uint8Array {
  const answer = tcpPacket({ src: dst, dst: src, srcPort: dstPort, dstPort: srcPort });
  const rest = packet(Uint8Array.of(0, 0, 1400 >> 8, 1400 & 255), answer.subarray(0, 28));
  const icmp = (checksum: number) => build(Icmp, { type: IcmpType.destinationUnreachable, code: 4, checksum });
  return frame(ipv4Packet({ src: '192.0.2.254', dst }, IpProtocol.icmp, icmp(internetChecksum(icmp(0), rest)), rest));
}
