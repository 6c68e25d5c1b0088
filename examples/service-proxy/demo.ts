/** Manifests become tables, connections are translated there and back, and a changed manifest is a handful of writes. */
import { bit, dissect, header, type Ipv4Address } from 'p4ts';
import { Ipv4 } from 'p4ts/headers';
import { simulate } from 'p4ts/runtime';
import { tcpPacket, udpPacket } from '../packets.js';
import { heading, printTable, styled } from '../support.js';
import { counters, reconcile } from './controller.js';
import { desiredState } from './desired.js';
import { type ManifestFile, parseManifests } from './manifests.js';
import { serviceProxy } from './pipeline.js';
import type { Change } from './reconcile.js';
import { client, frame, manifests, unreachable, uplink } from './traffic.js';

/** What TCP and UDP begin with. */
const Ports = header('ports_t', { src: bit(16), dst: bit(16) });

const sw = await simulate(serviceProxy);

heading('The services in examples/service-proxy/manifests');
printTable(
  ['service', 'address', 'affinity', 'back ends'],
  desiredState(parseManifests(manifests), uplink).frontends.map(({ name, address, port, protocol, sticky, backends }) => [
    name,
    `${protocol} ${address}:${port}`,
    sticky ? 'client' : '',
    backends.map((target) => `${target.address}:${target.port}`).join(' '),
  ]),
);
printChanges('The controller writes them to the empty switch', await reconcile(sw, manifests, uplink));
printChanges('Once more: nothing changed, nothing is written', await reconcile(sw, manifests, uplink));

// ── connections ──

const ends = (ip: Uint8Array): string => {
  const [header, segment] = dissect(Ipv4, ip) ?? [];
  const [ports] = (segment && dissect(Ports, segment)) ?? [];
  return `${header?.src}:${ports?.src} → ${header?.dst}:${ports?.dst}`;
};
/** What an ICMP error says, and about which packet. */
const error = (ip: Uint8Array): string => `${dissect(Ipv4, ip)?.[0].src} about ${ends(ip.subarray(28))}`;
async function through(port: number, ip: Uint8Array): Promise<Uint8Array | undefined> {
  return (await sw.send(port, frame(ip)))[0]?.packet.subarray(14);
}
const dstOf = (ip: Uint8Array | undefined) => (ip && dissect(Ipv4, ip)?.[0].dst) as Ipv4Address;
async function translated(what: string, port: number, ip: Uint8Array, text = ends): Promise<Uint8Array> {
  const out = await through(port, ip);
  if (!out) throw new Error('the packet was dropped');
  console.log(`  ${what.padEnd(32)}${text(ip)}\n  ${'becomes'.padStart(30)}  ${styled('green', text(out))}`);
  return out;
}

heading('Connections to default/web:http, a query to kube-system/dns, and errors: there and back');
for (const i of [1, 2, 3]) {
  const flow = client(i);
  const pod = dstOf(await translated('SYN', 9, tcpPacket({ ...flow, flags: ['syn'] })));
  await translated('SYN ACK', 1, tcpPacket({ src: pod, dst: flow.src, srcPort: 8080, dstPort: flow.srcPort, flags: ['syn', 'ack'] }));
}
const { src, srcPort } = client(1);
const answer = tcpPacket({ src: '10.96.0.10', dst: src, srcPort: 80, dstPort: srcPort });
await translated('too large, says a router', 9, unreachable('203.0.113.1', answer), error);
const query = { src, srcPort, dst: '10.96.0.53', dstPort: 53 } as const;
const dns = dstOf(await translated('DNS query', 9, udpPacket(query)));
await translated('port unreachable, says the pod', 1, unreachable(dns, udpPacket({ ...query, dst: dns, dstPort: 1053 }), 3), error);

// ── a pod ends ──

const connections = Array.from({ length: 60 }, (_, i) => client(i + 10));
const backEndOf = async (flow: (typeof connections)[number], flags: ('syn' | 'ack')[]): Promise<string> =>
  dstOf(await through(9, tcpPacket({ ...flow, flags }))) ?? 'dropped';
const backEnds = (flags: ('syn' | 'ack')[]) => Promise.all(connections.map((flow) => backEndOf(flow, flags)));
const before = await backEnds(['syn']);

const edit = (from: RegExp, to: string): ManifestFile[] =>
  manifests.map(({ name, text }) => ({ name, text: name === 'web.yaml' ? text.replace(from, to) : text }));
const ending = edit(/(10\.1\.2\.11"\]\n\s+conditions: ){[^}]*}/, '$1{ ready: false, serving: true, terminating: true }');
printChanges('Pod 10.1.2.11 ends: it serves on, but is not ready', await reconcile(sw, ending, uplink));
const established = await backEnds(['ack']);
const anew = await backEnds(['syn']);
heading(`Where ${connections.length} connections go`);
const pods = ['10.1.1.11', '10.1.1.12', '10.1.2.11'];
const times = (all: readonly string[], pod: string) => all.filter((one) => one === pod).length;
printTable(
  ['pod', 'opened before', 'the same while it ends', 'opened while it ends'],
  pods.map((pod) => [pod, times(before, pod), times(established, pod), times(anew, pod)]),
);

const gone = edit(/ {2}- addresses: \["10\.1\.2\.11"\]\n.*\n.*\n/, '');
printChanges('Pod 10.1.2.11 is gone', await reconcile(sw, gone, uplink));
heading('Session affinity: 100 DNS queries of each of 4 clients');
const pods53 = ['10.1.1.21', '10.1.2.21'];
const queries: string[][] = [];
for (let host = 1; host <= 4; host++) {
  const answered: string[] = [];
  for (let i = 0; i < 100; i++) {
    answered.push(dstOf(await through(9, udpPacket({ src: `198.51.100.${host}`, dst: '10.96.0.53', srcPort: 5000 + i, dstPort: 53 }))));
  }
  queries.push([`198.51.100.${host}`, ...pods53.map((pod) => String(times(answered, pod)).padStart(pod.length))]);
}
printTable(['client', ...pods53], queries);
await through(9, tcpPacket({ ...client(1), dstPort: 81, flags: ['syn'] }));

const { frontends, drops } = await counters(sw);
heading('Counted by the switch');
printTable(
  ['to', 'packets', 'bytes'],
  frontends.map(({ address, protocol, port, packets, bytes }) => [`${protocol} ${address}:${port}`, packets, bytes]),
);
console.log();
printTable(
  ['dropped', 'packets', 'bytes'],
  drops.map(({ reason, packets, bytes }) => [reason, packets, bytes]),
);
await sw.close();

/** Many changes of one kind are counted. */
function printChanges(title: string, changes: readonly Change[]): void {
  heading(title);
  const signs = { insert: '+', modify: '~', delete: '-' } as const;
  for (const key of new Set(changes.map(({ kind, table }) => `${kind} ${table}`))) {
    const some = changes.filter(({ kind, table }) => `${kind} ${table}` === key);
    const shown = some.length > 5 ? 3 : some.length;
    for (const { kind, table, text } of some.slice(0, shown)) console.log(`  ${signs[kind]} ${table.padEnd(9)}  ${text}`);
    if (some.length > shown) console.log(`    ${' '.repeat(9)}  and ${some.length - shown} more`);
  }
  console.log(`  ${changes.length} writes`);
}
