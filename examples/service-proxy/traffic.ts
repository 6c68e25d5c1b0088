/** Packets of the demo, the benchmark and the tests. */
import { fileURLToPath } from 'node:url';
import { build, internetChecksum, packet } from 'p4ts';
import { Icmp, IcmpType, IpProtocol } from 'p4ts/headers';
import { ethernetFrame, type Ipv4Address, ipv4Packet } from '../packets.js';
import { readManifests } from './controller.js';

export const manifests = readManifests(fileURLToPath(new URL('manifests', import.meta.url)));
export const uplink = { port: 9, mac: '02:00:00:00:00:99' } as const;
export const gatewayMac = '02:00:00:00:00:fe';

/** An IPv4 packet in a frame to the switch. */
export const frame = (ip: Uint8Array): Uint8Array => ethernetFrame(gatewayMac, uplink.mac, 0x0800, ip);

/** Connections of clients beyond the uplink to default/web:http, with ports as hosts choose them: without an order. */
export const client = (i: number) => ({
  src: `198.51.100.${1 + (i % 200)}` as Ipv4Address,
  srcPort: 32768 + (Math.imul(i + 1, 0x9e3779b1) >>> 17),
  dst: '10.96.0.10' as const,
  dstPort: 80,
});

/** What `from` says of an IPv4 packet that it cannot deliver, to the one that it is from: "too large" where nothing else is said. */
export function unreachable(from: Ipv4Address, about: Uint8Array, code = 4): Uint8Array {
  const to = [...about.subarray(12, 16)].join('.') as Ipv4Address;
  const rest = packet(Uint8Array.of(0, 0, 1400 >> 8, 1400 & 255), about.subarray(0, 28));
  const icmp = (checksum: number) => build(Icmp, { type: IcmpType.destinationUnreachable, code, checksum });
  return ipv4Packet({ src: from, dst: to }, IpProtocol.icmp, icmp(internetChecksum(icmp(0), rest)), rest);
}
/** The IPv4 packet with options in its header: 4 bytes that say nothing. */
export function withOptions(ip: Uint8Array): Uint8Array {
  const long = packet(ip.subarray(0, 20), Uint8Array.of(1, 1, 1, 0), ip.subarray(20));
  long.set([0x46, 0, long.length >> 8, long.length & 255], 0);
  return checked(long);
}
/** The first fragment of an IPv4 packet. */
export function firstFragment(ip: Uint8Array): Uint8Array {
  const first = ip.slice();
  first.set([0x20, 0], 6);
  return checked(first);
}
function checked(ip: Uint8Array): Uint8Array {
  ip.set([0, 0], 10);
  const checksum = internetChecksum(ip.subarray(0, 4 * ((ip[0] as number) & 15)));
  ip.set([checksum >> 8, checksum & 255], 10);
  return ip;
}
