/** Packets through five label switch routers, hop by hop; then a link fails, and they take the bypass. */

import type { Ipv4Address } from 'p4ts';
import { udpFrame } from '../packets.js';
import { heading, printTable, styled } from '../support.js';
import { makePath, protect } from './controller.js';
import { createNetwork, customerMac, describeFrame, macOf, provision } from './network.js';

const network = await createNetwork();
const { routers, link } = network;
const { service, tunnel, plain } = await provision(network);

console.log('    customer ─ pe1 ─── p1 ─── p2 ─── pe2 ─ customer');
console.log('                        └─ p3 ─┘');
heading('Labels that the controller distributed, link by link');
const labelOf = (label: number | undefined): string => (label === undefined ? 'none' : String(label));
printTable(
  ['path', 'pe1 → p1', 'p1 → p2', 'p2 → pe2', 'under it'],
  [
    ['10.2.0.0/16', ...tunnel.map(labelOf), `service ${service}`],
    ['10.3.0.0/16', ...plain.map(labelOf), 'the packet'],
  ],
);

async function show(what: string, dst: Ipv4Address, ttl = 64): Promise<void> {
  heading(what);
  const frame = udpFrame(macOf('pe1', 1), customerMac, { src: '10.1.0.10', dst, ttl });
  console.log(`  customer   ${describeFrame(frame)}`);
  const steps = await network.carry(frame);
  for (const { router, port, bytes } of steps) {
    const [packet, ...labels] = describeFrame(bytes).split(' | ').reverse();
    const shown = [...labels.reverse().map((label) => styled('cyan', label)), packet].join(' | ');
    console.log(`  ${`${router} port ${port}`.padEnd(10)} ${shown}`);
  }
  if (steps.at(-1)?.router !== 'pe2') console.log(`  ${styled('red', 'dropped')}`);
}

await show('A service inside a tunnel (label/ttl, top first)', '10.2.0.10');
await show('A plain path: p2 pops the last label', '10.3.0.10');
await show('Three hops are not enough', '10.2.0.10', 3);
await show('No such network', '192.0.2.1');

const bypass = await makePath(
  [
    { router: routers.p1, link: link('p1', 3) },
    { router: routers.p3, link: link('p3', 2) },
  ],
  { prefixes: [] },
);
await protect(routers.p1, tunnel[0] as number, tunnel[1] as number, bypass[0] as number, link('p1', 3));
await show('The link p1 – p2 fails: p1 swaps, and pushes the label of the bypass', '10.2.0.10');

heading('Counted');
const rows: (readonly (string | bigint)[])[] = [];
for (const router of Object.values(routers)) {
  const { labels, classes } = await router.counted();
  for (const [label, packets] of labels) rows.push([router.name, `label ${label}`, packets]);
  for (const [prefix, packets] of classes) rows.push([router.name, prefix, packets]);
  for (const [reason, packets] of Object.entries(await router.dropped())) rows.push([router.name, `dropped: ${reason}`, packets]);
}
printTable(['router', 'what', 'packets'], rows);
await network.close();
