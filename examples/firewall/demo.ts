/** Connections through the firewall: opened from both sides, answered, out of state, too old, and denied. */
import { IcmpType } from 'p4ts/headers';
import { simulate } from 'p4ts/runtime';
import { heading, printTable, styled } from '../support.js';
import { counters, filterState, install, watch } from './controller.js';
import { firewall } from './pipeline.js';
import { client, pair, ping, resolver, reversed, rules, stranger, tcp, timeExceeded, udp, webServer } from './traffic.js';

const sw = await simulate(firewall);
await install(sw, [pair], rules);
let denials = 0;
void watch(sw, () => void denials++);

heading('Policy: who may begin a connection');
printTable(
  ['', 'from', 'source', 'destination', 'protocol', 'ports'],
  rules.map(({ action, from, src = 'any', dst = 'any', protocol = 'any', ports }) => [
    action,
    from,
    src,
    dst,
    protocol,
    ports?.join('–') ?? 'any',
  ]),
);

const dns = { src: client, dst: resolver, srcPort: 40000, dstPort: 53 };
const web = { src: stranger, dst: webServer, srcPort: 50000, dstPort: 443 };
const ssh = { src: stranger, dst: webServer, srcPort: 50001, dstPort: 22 };
const page = { src: client, dst: stranger, srcPort: 40001, dstPort: 80 };
const mail = { src: client, dst: stranger, srcPort: 40002, dstPort: 25 };

heading('Packets');
await arrives('inside', 'DNS query', udp(dns));
await arrives('outside', 'its answer', udp(reversed(dns)));
await arrives('outside', 'an answer to another port', udp(reversed({ ...dns, srcPort: 40009 })));
await arrives('inside', 'TCP SYN to port 80', tcp(page, 'syn'));
await arrives('outside', 'SYN ACK', tcp(reversed(page), 'syn', 'ack'));
await arrives('inside', 'ACK', tcp(page, 'ack'));
await arrives('outside', 'a router: time exceeded, about that', timeExceeded('203.0.113.1', client, tcp(page, 'ack')));
await arrives('outside', 'a router: time exceeded, about nothing known', timeExceeded('203.0.113.1', client, tcp(mail, 'ack')));
await arrives('outside', 'TCP ACK without a connection', tcp(reversed(mail), 'ack'));
await arrives('inside', 'TCP SYN to port 25', tcp(mail, 'syn'));
await arrives('outside', 'TCP SYN to the web server, port 443', tcp(web, 'syn'));
await arrives('inside', 'SYN ACK', tcp(reversed(web), 'syn', 'ack'));
await arrives('outside', 'TCP SYN to the web server, port 22', tcp(ssh, 'syn'));
await arrives('inside', 'ping', ping(client, stranger, 7));
await arrives('outside', 'its answer', ping(stranger, client, 7, IcmpType.echoReply));
await arrives('outside', 'ping', ping(stranger, client, 8));
await sw.advanceTime(400_000_000_000n);
await arrives('outside', 'DNS answer 400 s later', udp(reversed(dns)));
await arrives('outside', 'TCP segment 400 s later', tcp(reversed(page), 'ack'));

const { rules: byRule, drops } = await counters(sw);
heading('First packets by rule');
printTable(
  ['rule', 'packets'],
  byRule.map(({ packets }, index) => [`${index + 1} ${rules[index]?.action} from ${rules[index]?.from}`, packets]),
);
heading(`Dropped; ${denials} denials were reported to the controller`);
printTable(
  ['reason', 'packets', 'bytes'],
  drops.map(({ reason, packets, bytes }) => [reason, packets, bytes]),
);
const { connections, falsePositive } = await filterState(sw);
heading(
  `The filter holds ${connections} connections; one stray packet in ${Math.round(1 / falsePositive).toLocaleString('en')} would pass.`,
);
await sw.close();

async function arrives(side: 'inside' | 'outside', what: string, bytes: Uint8Array): Promise<void> {
  const [out] = await sw.send(pair[side], bytes);
  console.log(`  ${side.padEnd(7)}  ${what.padEnd(46)}${out ? styled('green', 'passes') : styled('red', 'dropped')}`);
}
