/** Two switches and five workloads: who reaches whom, and what the controller learns of the rest. */
import { simulate } from 'p4ts/runtime';
import { ethernetFrame, tcpPacket } from '../packets.js';
import { heading, printTable, until } from '../support.js';
import { countDenials, type Denial, install, permit, setSampling, watchDenials } from './controller.js';
import { denialReasons, zeroTrust } from './pipeline.js';
import { identityName, type Name, rules, site, workload } from './site.js';

const switches = { east: await simulate(zeroTrust, { seed: 1 }), west: await simulate(zeroTrust, { seed: 2 }) };
const heard: Denial[] = [];
for (const [name, sw] of Object.entries(switches)) {
  await install(sw, name, site);
  await permit(sw, ...rules);
  for (const reason of denialReasons) await setSampling(sw, reason, reason === 'no policy' ? 4 : 1);
  void watchDenials(sw, (denial) => heard.push(denial));
}

/** Sends a packet from a workload; follows it over the link, and says where it ended. */
async function send(from: Name, to: Name, segment: Partial<Parameters<typeof tcpPacket>[0]>, change = (_: Uint8Array) => {}) {
  const [source, target] = [workload(from), workload(to)];
  const frame = ethernetFrame(target.mac, source.mac, 0x0800, tcpPacket({ src: source.address, dst: target.address, ...segment }));
  change(frame);
  let sw = switches[source.at];
  let [out] = await sw.send(source.port, frame);
  const path: string[] = [source.at];
  if (out?.port === 9) {
    const other = source.at === 'east' ? 'west' : 'east';
    path.push(`identity ${identityName(((out.packet[14] ?? 0) << 8) | (out.packet[15] ?? 0))}`, other);
    sw = switches[other];
    [out] = await sw.send(9, out.packet);
  }
  const at = out && site.workloads.find((one) => switches[one.at] === sw && one.port === out.port)?.name;
  return [path.join(' → '), at ? `reaches ${at}` : 'denied'];
}

const rows: string[][] = [];
const attempt = async (what: string, ...args: Parameters<typeof send>) => rows.push([what, ...(await send(...args))]);
const syn = { flags: ['syn'], srcPort: 40000 } as const;
await attempt('web-1 → api:8080', 'web-1', 'api', { ...syn, dstPort: 8080 });
await attempt('api → web-1, answer', 'api', 'web-1', { flags: ['syn', 'ack'], srcPort: 8080, dstPort: 40000 });
await attempt('web-2 → api:8080', 'web-2', 'api', { ...syn, dstPort: 8080 });
await attempt('api → database:5432', 'api', 'database', { ...syn, dstPort: 5432 });
await attempt('database → api, answer', 'database', 'api', { flags: ['syn', 'ack'], srcPort: 5432, dstPort: 40000 });
await attempt('web-1 → database:5432', 'web-1', 'database', { ...syn, dstPort: 5432 });
await attempt('database → api:22', 'database', 'api', { ...syn, dstPort: 22 });
await attempt('api → web-1:40000 from 8080', 'api', 'web-1', { flags: ['syn'], srcPort: 8080, dstPort: 40000 });
await attempt('laptop → database:5432', 'laptop', 'database', { ...syn, dstPort: 5432 });
await attempt('laptop, as web-1 → api:8080', 'laptop', 'api', { ...syn, src: workload('web-1').address, dstPort: 8080 });
await attempt('laptop, identity header → api:8080', 'laptop', 'api', { ...syn, dstPort: 8080 }, (frame) => frame.set([0x88, 0xb5], 12));
heading('Who reaches whom');
printTable(['packet', 'way', 'result'], rows);

// ── a scan ──

for (let port = 1; port <= 200; port++) await send('laptop', 'database', { ...syn, dstPort: port });
heading('After laptop scanned 200 ports of database: every denial is counted …');
const counted = await Promise.all(Object.entries(switches).map(async ([name, sw]) => ({ name, all: await countDenials(sw) })));
printTable(
  ['switch', 'reason', 'packets', 'bytes'],
  counted.flatMap(({ name, all }) =>
    all.filter(({ packets }) => packets > 0n).map(({ reason, packets, bytes }) => [name, reason, packets, bytes]),
  ),
);
await until(() => heard.length > 0);
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
