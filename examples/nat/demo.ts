/** Hosts inside reach the world through two public addresses: mappings, answers, errors, forwardings, hairpinning, aging. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Ipv4Address } from 'p4ts';
import { IcmpType, IpProtocol } from 'p4ts/headers';
import { simulate } from 'p4ts/runtime';
import { heading, printTable, settled, styled } from '../support.js';
import { control, counters, type Event } from './controller.js';
import { parseForwardings } from './forwardings.js';
import { nat } from './pipeline.js';
import type { Endpoint } from './ports.js';
import { insidePort, outsidePort, site } from './site.js';
import { alice, arriving, bob, describe, icmpError, ping, resolver, reversed, stranger, tcp, udp, webServer } from './traffic.js';

const limited = { ...site, pool: { ...site.pool, hostLimit: 3 } };
const text = readFileSync(fileURLToPath(new URL('forwardings.txt', import.meta.url)), 'utf8');
const protocols: Readonly<Record<number, string>> = { [IpProtocol.tcp]: 'TCP', [IpProtocol.udp]: 'UDP', [IpProtocol.icmp]: 'ICMP' };

const sw = await simulate(nat);
const events: Event[] = [];
const nat44 = await control(sw, limited, parseForwardings(text, site.pool.addresses), (event) => void events.push(event));
void nat44.serve();
const sent: { port: number; packet: Uint8Array }[] = [];
sw.onOutput((output) => void sent.push(output));

const { addresses, ports, hostLimit } = limited.pool;
heading(`Pool ${addresses.join(', ')}, ports ${ports.join('–')}, ${hostLimit} mappings a host`);

const query = { src: alice, dst: resolver, srcPort: 40000, dstPort: 53 };
const bobs = { ...query, src: bob };
const page = { src: alice, dst: stranger, srcPort: 40001, dstPort: 80 };
const [one, two] = addresses as [Ipv4Address, Ipv4Address];

await step('inside', 'alice asks a resolver', udp(query));
await step('outside', 'its answer', udp(reversed({ ...query, src: one })));
await step('inside', 'the same port, to another: the same mapping', udp({ ...query, dst: stranger }));
await step('inside', 'bob asks, from the same port', udp(bobs));
await step('inside', 'alice opens a connection', tcp(page, 'syn'));
await step('outside', 'a router: that port is unreachable', icmpError({ src: '203.0.113.1', dst: one }, tcp({ ...page, src: one }, 'syn')));
await step('inside', 'alice pings', ping({ src: alice, dst: stranger }, 7));
await step('outside', 'the answer', ping({ src: stranger, dst: one }, 7, IcmpType.echoReply));
await step('inside', 'alice, a fourth mapping', udp({ ...query, srcPort: 40002 }));
await step('outside', 'a client of the web server', tcp({ src: stranger, dst: one, srcPort: 50000, dstPort: 443 }, 'syn'));
await step('inside', 'the web server answers', tcp({ src: webServer, dst: stranger, srcPort: 8443, dstPort: 50000 }, 'syn', 'ack'));
await step('inside', 'bob to alice’s public port: hairpin', udp({ src: bob, dst: one, srcPort: 40000, dstPort: 40000 }));
await step('outside', 'a stranger to a port that nobody has', udp({ src: stranger, dst: two, srcPort: 1, dstPort: 9999 }));
await step('inside', 'alice, TTL 1', udp({ ...query, ttl: 1 }));
await step('outside', 'a ping of the NAT itself', ping({ src: stranger, dst: two }, 9));
await sw.advanceTime(61_000_000_000n);
await step(undefined, '61 s of silence');
await step('outside', 'a late answer to the ping', ping({ src: stranger, dst: one }, 7, IcmpType.echoReply));
await sw.advanceTime(240_000_000_000n);
await step(undefined, '301 s of silence');

const { mappings, drops } = await counters(sw);
heading('Mappings');
printTable(
  ['', 'inside', 'outside', 'packets out', 'bytes', 'packets in', 'bytes'],
  mappings.map((m) => [protocols[m.protocol] ?? '', shown(m.inside), shown(m.outside), m.packetsOut, m.bytesOut, m.packetsIn, m.bytesIn]),
);
heading('Dropped');
printTable(
  ['reason', 'packets', 'bytes'],
  drops.filter(({ packets }) => packets > 0n).map(({ reason, packets, bytes }) => [reason, packets, bytes]),
);
await sw.close();

function shown({ address, port }: Endpoint): string {
  return `${address}:${port}`;
}

/** A packet arrives, and what became of it; without one, what the controller did meanwhile. */
async function step(side: 'inside' | 'outside' | undefined, what: string, ip?: Uint8Array): Promise<void> {
  if (side && ip) await sw.send(side === 'inside' ? insidePort : outsidePort, arriving[side](ip));
  await settled();
  const outputs = sent.splice(0);
  console.log(styled('bold', side ? `${side.padEnd(8)} ${what}` : what));
  if (side && ip) console.log(`         ${describe(arriving[side](ip))}`);
  for (const event of events.splice(0)) console.log(styled('cyan', `         ${told(event)}`));
  for (const { port, packet } of outputs) {
    console.log(styled('green', `         ${port === insidePort ? 'inside ' : 'outside'} ← ${describe(packet)}`));
  }
  if (side && outputs.length === 0) console.log(styled('red', '         dropped'));
}

function told(event: Event): string {
  if (event.what === 'answered') return `the controller answers, ${event.with}`;
  if (event.what === 'refused') return `refused ${protocols[event.protocol]} ${shown(event.inside)}: ${event.why}`;
  const { protocol, inside, outside } = event.mapping;
  return `${event.what} ${protocols[protocol]} ${shown(inside)} as ${shown(outside)}`;
}
