/** Manifests become tables, connections are translated there and back, and a changed manifest is a handful of writes. */
import { fileURLToPath } from 'node:url';
import { dissect } from 'p4ts';
import { Ipv4, Tcp } from 'p4ts/headers';
import { simulate } from 'p4ts/runtime';
import { ethernetFrame, type Ipv4Address, tcpPacket, udpPacket } from '../packets.js';
import { heading, printTable } from '../support.js';
import { counters, readManifests, reconcile } from './controller.js';
import { desiredState } from './desired.js';
import { type ManifestFile, parseManifests } from './manifests.js';
import { serviceProxy } from './pipeline.js';
import type { Change } from './reconcile.js';

const uplink = { port: 9, mac: '02:00:00:00:00:99' } as const;
const manifests = readManifests(fileURLToPath(new URL('manifests', import.meta.url)));
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

const ends = (bytes: Uint8Array): string => {
  const [ip, segment] = dissect(Ipv4, bytes.subarray(14)) ?? [];
  const [ports] = (segment && dissect(Tcp, segment)) ?? [];
  return `${ip?.src}:${ports?.srcPort} → ${ip?.dst}:${ports?.dstPort}`;
};
const frame = (ip: Uint8Array) => ethernetFrame('02:00:00:00:00:fe', uplink.mac, 0x0800, ip);
async function through(port: number, ip: Uint8Array): Promise<Uint8Array | undefined> {
  return (await sw.send(port, frame(ip)))[0]?.packet;
}
const flow = (i: number) => ({ src: `198.51.100.${i}` as Ipv4Address, srcPort: 1024 + 811 * i, dst: '10.96.0.10' as const, dstPort: 80 });

heading('Four connections to default/web:http, there and back');
for (let i = 1; i <= 4; i++) {
  const syn = tcpPacket({ ...flow(i), flags: ['syn'] });
  const there = await through(9, syn);
  if (!there) throw new Error('the packet was dropped');
  const [ip] = dissect(Ipv4, there.subarray(14)) ?? [];
  const answer = tcpPacket({
    src: ip?.dst as Ipv4Address,
    dst: flow(i).src,
    srcPort: 8080,
    dstPort: flow(i).srcPort,
    flags: ['syn', 'ack'],
  });
  const back = await through(1, answer);
  console.log(`  SYN      ${ends(frame(syn))}   becomes   ${ends(there)}`);
  console.log(`  SYN ACK  ${ends(frame(answer))}   becomes   ${back ? ends(back) : 'nothing'}`);
}

// ── a pod ends ──

const connections = Array.from({ length: 60 }, (_, i) => flow(i + 10));
const backEndOf = async (i: number, flags: ('syn' | 'ack')[]): Promise<string> => {
  const out = await through(9, tcpPacket({ ...flow(i + 10), flags }));
  return out ? (dissect(Ipv4, out.subarray(14))?.[0].dst ?? '') : 'dropped';
};
const backEnds = (flags: ('syn' | 'ack')[]) => Promise.all(connections.map((_, i) => backEndOf(i, flags)));
const before = await backEnds(['syn']);

const edit = (from: RegExp, to: string): ManifestFile[] =>
  manifests.map(({ name, text }) => ({ name, text: name === 'web.yaml' ? text.replace(from, to) : text }));
const ending = edit(/(10\.1\.2\.11"\]\n\s+conditions: ){[^}]*}/, '$1{ ready: false, serving: true, terminating: true }');
printChanges('Pod 10.1.2.11 ends: it serves on, but is not ready', await reconcile(sw, ending, uplink));
const established = await backEnds(['ack']);
const anew = await backEnds(['syn']);
const gone = edit(/ {2}- addresses: \["10\.1\.2\.11"\]\n.*\n.*\n/, '');
printChanges('Pod 10.1.2.11 is gone', await reconcile(sw, gone, uplink));
heading(`Where ${connections.length} connections go`);
const pods = ['10.1.1.11', '10.1.1.12', '10.1.2.11'];
const times = (all: readonly string[], pod: string) => all.filter((one) => one === pod).length;
printTable(
  ['pod', 'opened before', 'the same while it ends', 'opened while it ends'],
  pods.map((pod) => [pod, times(before, pod), times(established, pod), times(anew, pod)]),
);

for (let i = 0; i < 8; i++) {
  await through(9, udpPacket({ src: '198.51.100.77', dst: '10.96.0.53', srcPort: 5000 + i, dstPort: 53 }));
}
const { frontends, drops } = await counters(sw);
heading('Counted by the switch');
printTable(
  ['to', 'packets', 'bytes'],
  frontends.map(({ address, port, packets, bytes }) => [`${address}:${port}`, packets, bytes]),
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
    for (const { kind, table, text } of some.slice(0, 3)) console.log(`  ${signs[kind]} ${table.padEnd(9)}  ${text}`);
    if (some.length > 3) console.log(`    ${' '.repeat(9)}  and ${some.length - 3} more`);
  }
  console.log(`  ${changes.length} writes`);
}
