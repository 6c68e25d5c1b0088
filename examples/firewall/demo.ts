/** Connections through the firewall: opened from both sides, answered, out of state, too old, and denied. */
import { simulate } from 'p4ts/runtime';
import { heading, printTable, styled, until } from '../support.js';
import { counters, filterState, install, watch } from './controller.js';
import { firewall } from './pipeline.js';
import { type Arrival, conversation, dns, page, pair, reversed, rules, tcp, udp } from './traffic.js';

const sw = await simulate(firewall);
await install(sw, [pair], rules);
let denials = 0;
void watch(sw, () => void denials++);

heading('Policy: who may begin a connection');
printTable(
  ['action', 'from', 'source', 'destination', 'protocol', 'ports'],
  rules.map(({ action, from, src = 'any', dst = 'any', protocol = 'any', ports }) => [
    action,
    from,
    src,
    dst,
    protocol,
    ports ? [...new Set(ports)].join('–') : 'any',
  ]),
);

heading('Packets');
for (const arrival of conversation) await arrives(arrival);
await sw.advanceTime(400_000_000_000n);
await arrives({ side: 'outside', what: 'DNS answer 400 s later', bytes: udp(reversed(dns)) });
await arrives({ side: 'outside', what: 'TCP segment 400 s later', bytes: tcp(reversed(page), 'ack') });

const { rules: byRule, drops } = await counters(sw);
heading('What could begin a connection, by rule: SYNs, pings and UDP');
printTable(
  ['rule', 'judged'],
  byRule.map(({ packets }, index) => [`${index + 1} ${rules[index]?.action} from ${rules[index]?.from}`, packets]),
);
await until(() => BigInt(denials) === drops.at(-1)?.packets);
heading(`Dropped; the controller was told of the ${denials} that the policy denied`);
printTable(
  ['reason', 'packets', 'bytes'],
  drops.map(({ reason, packets, bytes }) => [reason, packets, bytes]),
);
const { connections, falsePositive } = await filterState(sw);
heading('The filter');
console.log(`  holds ${connections} connections; one stray packet in ${Math.round(1 / falsePositive).toLocaleString('en')} would pass`);
await sw.close();

async function arrives({ side, what, bytes }: Arrival): Promise<void> {
  const before = (await counters(sw)).drops;
  const [out] = await sw.send(pair[side], bytes);
  const reason = (await counters(sw)).drops.find(({ packets }, i) => packets !== before[i]?.packets)?.reason;
  console.log(`  ${side.padEnd(7)}  ${what.padEnd(46)}${out ? styled('green', 'passes') : `${styled('red', 'dropped')}   ${reason}`}`);
}
