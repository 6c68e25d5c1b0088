/** Two lists under traffic, then a new version of one of them. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { simulate } from 'p4ts/runtime';
import { heading, printTable, styled } from '../support.js';
import { type AclController, control } from './controller.js';
import { parseLists } from './language.js';
import { acl } from './pipeline.js';
import { attachments, icmp, icmp6, inside, monitor, outside, tcp, tcp6, udp } from './traffic.js';

const text = readFileSync(fileURLToPath(new URL('lists.txt', import.meta.url)), 'utf8');
const sw = await simulate(acl);
const lists = await control(sw, attachments, monitor);
await lists.update(parseLists(text));

heading('Packets from the Internet, by the list edge');
await arrives(outside, 'TCP SYN to the web server', tcp('198.51.100.7:40000', '192.0.2.80:443', 'syn'));
await arrives(outside, 'TCP SYN to another host', tcp('198.51.100.7:40000', '192.0.2.9:443', 'syn'));
await arrives(outside, 'TCP ACK to it', tcp('198.51.100.7:443', '192.0.2.9:40000', 'ack'));
await arrives(outside, 'TCP SYN to port 22', tcp('198.51.100.7:40000', '192.0.2.9:22', 'syn'));
await arrives(outside, 'DNS answer to port 40000', udp('198.51.100.53:53', '192.0.2.9:40000'));
await arrives(outside, 'DNS answer to port 80', udp('198.51.100.53:53', '192.0.2.9:80'));
await arrives(outside, 'ICMP echo reply', icmp('198.51.100.7', '192.0.2.9', 0));
await arrives(outside, 'ICMP echo request', icmp('198.51.100.7', '192.0.2.9', 8));
await arrives(outside, 'IPv6 TCP SYN to the web server', tcp6('2001:db8:ffff::1', '2001:db8::80', 443, 'syn'));
await arrives(outside, 'ICMPv6 echo request', icmp6('2001:db8:ffff::1', '2001:db8::9', 128));

heading('Packets from inside, by the list inside');
await arrives(inside, 'TCP SYN to port 80', tcp('192.0.2.9:40000', '198.51.100.7:80', 'syn'));
await arrives(inside, 'TCP SYN to port 25', tcp('192.0.2.9:40000', '198.51.100.7:25', 'syn'));
await arrives(inside, 'a source of somebody else', udp('203.0.113.1:40000', '198.51.100.53:53'));
await hits(lists);

heading('A new version: entry 35 lets one host in by ssh from now on, entry 50 is gone');
const changed = text
  .replace('  50 permit icmp any 192.0.2.0/24 type 0', '')
  .replace('  40 deny', '  35 permit tcp 198.51.100.7/32 any port 22\n  40 deny');
const { inserted, deleted } = await lists.update(parseLists(changed));
console.log(`  ${inserted} entry inserted, ${deleted} deleted; the others go on counting\n`);
await arrives(outside, 'TCP SYN to port 22, of that host', tcp('198.51.100.7:40000', '192.0.2.9:22', 'syn'));
await arrives(outside, 'TCP SYN to port 22, of another', tcp('198.51.100.8:40000', '192.0.2.9:22', 'syn'));
await arrives(outside, 'ICMP echo reply', icmp('198.51.100.7', '192.0.2.9', 0));
await hits(lists);
await sw.close();

async function arrives(port: number, what: string, bytes: Uint8Array): Promise<void> {
  const out = await sw.send(port, bytes);
  const passes = out.some((sent) => sent.port !== monitor.port);
  const copied = out.some((sent) => sent.port === monitor.port) ? styled('cyan', '   a copy to the monitor') : '';
  console.log(`  ${what.padEnd(36)}${passes ? styled('green', 'permitted') : styled('red', 'denied   ')}${copied}`.trimEnd());
}

async function hits(controller: AclController): Promise<void> {
  heading('Hits');
  const rows = (await controller.hits()).map(({ list, entry, packets, bytes }) => [list, String(entry.number), entry.text, packets, bytes]);
  printTable(['list', 'entry', '', 'packets', 'bytes'], rows);
  console.log();
  const drops = (await controller.drops()).map(({ reason, packets }) => [reason, packets]);
  printTable(['dropped besides', 'packets'], drops);
}
