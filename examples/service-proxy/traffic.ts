/** Packets of the demo, the benchmark and the tests. */
import { fileURLToPath } from 'node:url';
import { build, type Ipv4Address, internetChecksum, packet } from 'p4ts';
import { Icmp, IcmpType, IpProtocol } from 'p4ts/headers';
import { ethernetFrame, ipv4Packet } from '../packets.js';
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
