/** Two lists under traffic, then a new version of one of them. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Ipv4Address } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { heading, printTable, styled } from '../support.js';
import { type AclController, control } from './controller.js';
import { parseLists } from './language.js';
import { acl } from './pipeline.js';
import { type Arrival, attachments, fromInside, fromOutside, icmp, monitor, outside, tcp } from './traffic.js';

const text = readFileSync(fileURLToPath(new URL('lists.txt', import.meta.url)), 'utf8');
const sw = await simulate(acl);
const lists = await control(sw, attachments, monitor);
await lists.update(parseLists(text));

heading('Packets from the Internet, by the list edge');
for (const arrival of fromOutside) await arrives(arrival);
heading('Packets from inside, by the list inside');
for (const arrival of fromInside) await arrives(arrival);
await hits(lists);

heading('A new version: entry 35 lets one host in by ssh from now on, entry 50 is gone');
const changed = text
  .replace('  50 permit icmp any 192.0.2.0/24 type 0', '')
  .replace('  40 deny', '  35 permit tcp 198.51.100.7/32 any port 22\n  40 deny');
const { inserted, deleted } = await lists.update(parseLists(changed));
console.log(`  ${inserted} entry inserted, ${deleted} deleted; the others go on counting\n`);
const ssh = (from: Ipv4Address) => tcp(`${from}:40000`, '192.0.2.9:22', 'syn');
await arrives({ port: outside, what: 'TCP SYN to port 22, of that host', bytes: ssh('198.51.100.7') });
await arrives({ port: outside, what: 'TCP SYN to port 22, of another', bytes: ssh('198.51.100.8') });
await arrives({ port: outside, what: 'ICMP echo reply', bytes: icmp('198.51.100.7', '192.0.2.9', 0) });
await hits(lists);
await sw.close();

async function arrives({ port, what, bytes }: Arrival): Promise<void> {
  const out = await sw.send(port, bytes);
  const passes = out.some((sent) => sent.port !== monitor.port);
  const copied = out.some((sent) => sent.port === monitor.port) ? `   ${styled('cyan', 'a copy to the monitor')}` : '';
  console.log(`  ${what.padEnd(36)}${passes ? styled('green', 'permitted') : styled('red', 'denied')}${copied}`);
}

async function hits(controller: AclController): Promise<void> {
  heading('Hits');
  const rows = (await controller.hits()).map(({ list, entry, packets, bytes }) => [list, String(entry.number), entry.text, packets, bytes]);
  printTable(['list', 'entry', 'text', 'packets', 'bytes'], rows);
  console.log();
  const drops = (await controller.drops()).map(({ reason, packets, bytes }) => [reason, packets, bytes]);
  printTable(['dropped without an entry', 'packets', 'bytes'], drops);
}
