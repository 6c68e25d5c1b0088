/** Two switches and five workloads: who reaches whom, and what the controller learns of the rest. */
import { dissect } from 'p4ts';
import { Ethernet, EtherType } from 'p4ts/headers';
import { simulate } from 'p4ts/runtime';
import { ethernetFrame } from '../packets.js';
import { heading, printTable, until } from '../support.js';
import { countDenials, type Denial, install, permit, setSampling, watchDenials, type ZeroTrustSwitch } from './controller.js';
import { Identity } from './headers.js';
import { denialReasons, zeroTrust } from './pipeline.js';
import { frame, identities, identityName, type Name, rules, site, tagged, workload } from './site.js';

const switches = { east: await simulate(zeroTrust, { seed: 1 }), west: await simulate(zeroTrust, { seed: 2 }) };
const heard: Denial[] = [];
for (const [name, sw] of Object.entries(switches)) {
  await install(sw, name, site);
  await permit(sw, ...rules);
  for (const reason of denialReasons) await setSampling(sw, reason, reason === 'no policy' ? 4 : 1);
  void watchDenials(sw, (denial) => heard.push(denial));
}

const total = async (sw: ZeroTrustSwitch) => (await countDenials(sw)).map(({ packets }) => packets);

/** Lets a frame arrive from a workload; follows it over the link, and says where it ended. */
async function send(from: Name, bytes: Uint8Array): Promise<string[]> {
  const source = workload(from);
  let at: keyof typeof switches = source.at;
  const way: string[] = [at];
  let before = await total(switches[at]);
  let [out] = await switches[at].send(source.port, bytes);
  if (out?.port === 9) {
    const [, behind] = dissect(Ethernet, out.packet) ?? [];
    const [identity] = dissect(Identity, behind ?? new Uint8Array()) ?? [];
    at = at === 'east' ? 'west' : 'east';
    way.push(`as ${identityName(identity?.source ?? 0)}`, at);
    before = await total(switches[at]);
    [out] = await switches[at].send(9, out.packet);
  }
  const reached = out && site.workloads.find((one) => one.at === at && one.port === out?.port)?.name;
  if (reached) return [way.join(' → '), `reaches ${reached}`];
  const after = await total(switches[at]);
  return [way.join(' → '), `denied: ${denialReasons[after.findIndex((packets, i) => packets !== before[i])]}`];
}

const arrivals: readonly (readonly [what: string, from: Name, bytes: Uint8Array])[] = [
  ['web-1 → api:8080', 'web-1', frame('web-1', 'api', { dstPort: 8080 })],
  ['api → web-1, answer', 'api', frame('api', 'web-1', { flags: ['syn', 'ack'], srcPort: 8080, dstPort: 40000 })],
  ['web-2 → api:8080', 'web-2', frame('web-2', 'api', { dstPort: 8080 })],
  ['api → database:5432', 'api', frame('api', 'database', { dstPort: 5432 })],
  ['database → api, answer', 'database', frame('database', 'api', { flags: ['syn', 'ack'], srcPort: 5432, dstPort: 40000 })],
  ['web-1 → database:5432', 'web-1', frame('web-1', 'database', { dstPort: 5432 })],
  ['database → api:22', 'database', frame('database', 'api', { dstPort: 22 })],
  ['api → web-1, SYN from port 8080', 'api', frame('api', 'web-1', { srcPort: 8080, dstPort: 40000 })],
  ['laptop → database:5432', 'laptop', frame('laptop', 'database', { dstPort: 5432 })],
  ['laptop with the addresses of web-1', 'laptop', frame('web-1', 'api', { dstPort: 8080 })],
  ['laptop with an identity header', 'laptop', tagged(frame('laptop', 'api', { dstPort: 8080 }), identities.web)],
  ['web-1 → an address of nobody', 'web-1', frame('web-1', 'api', { dst: '10.0.0.99', dstPort: 8080 })],
];
heading('Who reaches whom');
const rows: string[][] = [];
for (const [what, from, bytes] of arrivals) rows.push([what, ...(await send(from, bytes))]);
printTable(['packet', 'way', 'result'], rows);

// ── a scan ──

for (let port = 1; port <= 200; port++) await send('laptop', frame('laptop', 'database', { dstPort: port }));
const { mac } = workload('laptop');
await send('laptop', ethernetFrame('ff:ff:ff:ff:ff:ff', mac, EtherType.arp, new Uint8Array(46)));
heading('After laptop scanned 200 ports of database, and asked by ARP: every denial is counted …');
const counted = await Promise.all(Object.entries(switches).map(async ([name, sw]) => ({ name, all: await countDenials(sw) })));
printTable(
  ['switch', 'reason', 'packets', 'bytes'],
  counted.flatMap(({ name, all }) =>
    all.filter(({ packets }) => packets > 0n).map(({ reason, packets, bytes }) => [name, reason, packets, bytes]),
  ),
);
// The ARP packet is the last one that the controller is told of.
await until(() => heard.some(({ reason }) => reason === 'not IPv4'));
heading('… and sampled to the controller: one of 4 where no policy allows it, all others');
const kinds = new Map<string, number>();
for (const { reason, source, destination } of heard) {
  const key = [reason, identityName(source), identityName(destination)].join('|');
  kinds.set(key, (kinds.get(key) ?? 0) + 1);
}
printTable(
  ['reason', 'from', 'to', 'samples'],
  [...kinds].map(([key, count]) => [...key.split('|'), count]),
);
await Promise.all(Object.values(switches).map((sw) => sw.close()));
