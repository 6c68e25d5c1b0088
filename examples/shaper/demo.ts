/** Three tenants share a link: one keeps its contract, one sends more than it paid for, one floods. */
import { dissect } from 'p4ts';
import { Ipv4 } from 'p4ts/headers';
import { simulate } from 'p4ts/runtime';
import { heading, printTable, styled } from '../support.js';
import { assured, type Contract, install, usageOf } from './controller.js';
import { shaper } from './pipeline.js';
import { ipPacket } from './traffic.js';

const sw = await simulate(shaper);
const rates = { committed: 125_000, peak: 250_000, burst: 10_000 };
const contracts: readonly Contract[] = [
  { id: 1, name: 'polite', port: 1, prefix: '10.1.0.0/16', class: 1, ...rates },
  { id: 2, name: 'eager', port: 1, prefix: '10.2.0.0/16', class: 2, ...rates },
  { id: 3, name: 'flooding', port: 1, prefix: '10.3.0.0/16', class: 3, ...rates },
];
/** Packets of 1000 bytes that each sends in a second. */
const perSecond = [100, 200, 500];
await install(sw, [[1, 2]], contracts);

const codePoints = new Map<number, string>();
for (const { class: cls } of contracts) for (const p of [1, 2, 3]) codePoints.set(assured(cls, p), `AF${cls}${p}`);
const sent = new Map<string, number>();
const seconds = 2;
const tick = 1_000_000;
for (let ms = 0; ms < seconds * 1000; ms++) {
  await sw.advanceTime(tick);
  for (const [i, { id, name }] of contracts.entries()) {
    if (ms % (1000 / (perSecond[i] as number)) !== 0) continue;
    const [out] = await sw.send(1, ipPacket({ src: `10.${id}.0.1`, length: 1000, ecn: 2, dscp: 46 }));
    const [ip] = (out && dissect(Ipv4, out.packet.subarray(14))) ?? [];
    const fate = ip ? `${codePoints.get(ip.dscp)}${ip.ecn === 3 ? ', congestion experienced' : ''}` : 'dropped';
    const key = `${name}|${fate}`;
    sent.set(key, (sent.get(key) ?? 0) + 1);
  }
}

heading('Contracts: 1 Mbit/s committed and 2 Mbit/s peak each, bursts of 10 kB');
printTable(
  ['tenant', 'addresses', 'sends Mbit/s', 'within Mbit/s', 'above', 'dropped'],
  await Promise.all(
    contracts.map(async ({ id, name, prefix }, i) => {
      const { green, yellow, red } = await usageOf(sw, id);
      const mbits = ({ bytes }: { bytes: bigint }) => ((Number(bytes) * 8) / seconds / 1e6).toFixed(2);
      return [name, prefix, (((perSecond[i] as number) * 8000) / 1e6).toFixed(2), mbits(green), mbits(yellow), mbits(red)];
    }),
  ),
);

heading('What came out, all of it sent with ECN and as expedited forwarding (DSCP 46)');
for (const [key, packets] of [...sent].sort(
  ([a], [b]) => contracts.findIndex((c) => a.startsWith(c.name)) - contracts.findIndex((c) => b.startsWith(c.name)),
)) {
  const [name, fate] = key.split('|') as [string, string];
  const color = fate === 'dropped' ? 'red' : fate.includes(',') ? 'yellow' : 'green';
  console.log(`  ${name.padEnd(9)} ${String(packets).padStart(5)}  ${styled(color, fate)}`);
}
await sw.close();
