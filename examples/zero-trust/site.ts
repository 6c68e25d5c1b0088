/** The example's site: two switches, a shop of web servers, an API and a database, and a laptop with no business there. */
import { dissect, packet } from 'p4ts';
import { Ethernet } from 'p4ts/headers';
import { ethernetFrame, tcpPacket } from '../packets.js';
import type { Rule, Site } from './controller.js';
import { identityEtherType } from './headers.js';

export const identities = { web: 10, api: 20, database: 30, laptop: 40 } as const;
export const identityName = (identity: number): string =>
  Object.entries(identities).find(([, value]) => value === identity)?.[0] ?? 'nobody known';

export const site = {
  workloads: [
    { name: 'web-1', identity: identities.web, at: 'east', port: 1, mac: '02:00:00:00:01:01', address: '10.0.0.11' },
    { name: 'web-2', identity: identities.web, at: 'west', port: 1, mac: '02:00:00:00:01:02', address: '10.0.0.12' },
    { name: 'api', identity: identities.api, at: 'east', port: 2, mac: '02:00:00:00:02:01', address: '10.0.0.21' },
    { name: 'database', identity: identities.database, at: 'west', port: 2, mac: '02:00:00:00:03:01', address: '10.0.0.31' },
    { name: 'laptop', identity: identities.laptop, at: 'east', port: 3, mac: '02:00:00:00:04:01', address: '10.0.0.41' },
  ],
  links: { east: { west: 9 }, west: { east: 9 } },
} as const satisfies Site;

export const rules: readonly Rule[] = [
  { from: identities.web, to: identities.api, protocol: 'tcp', port: 8080 },
  { from: identities.api, to: identities.database, protocol: 'tcp', port: 5432 },
];

export type Name = (typeof site.workloads)[number]['name'];
export const workload = (name: Name) => site.workloads.find((one) => one.name === name) as (typeof site.workloads)[number];

export type Segment = Partial<Parameters<typeof tcpPacket>[0]>;
/** A TCP segment from one workload to another, a SYN where nothing else is said. */
export function frame(from: Name, to: Name, segment: Segment = {}): Uint8Array {
  const [source, target] = [workload(from), workload(to)];
  const ip = tcpPacket({ src: source.address, dst: target.address, srcPort: 40000, flags: ['syn'], ...segment });
  return ethernetFrame(target.mac, source.mac, 0x0800, ip);
}
/** The bytes after Ethernet, under an identity header. */
export function tagged(bytes: Uint8Array, source: number): Uint8Array {
  const [link, behind] = dissect(Ethernet, bytes) ?? [];
  if (!link || !behind) throw new Error('this is no Ethernet frame');
  const header = Uint8Array.of(source >> 8, source & 0xff, link.etherType >> 8, link.etherType & 0xff);
  return packet(bytes.subarray(0, 12), Uint8Array.of(identityEtherType >> 8, identityEtherType & 0xff), header, behind);
}
