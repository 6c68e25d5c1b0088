/** Flows are shared out to three servers; one fails, and comes back. */
import { simulate } from 'p4ts/runtime';
import { tcpPacket } from '../packets.js';
import { heading, printTable } from '../support.js';
import { Balancer } from './controller.js';
import { loadBalancer } from './pipeline.js';
import { type Flow, frame, servers, site, someFlows, tooLarge, virtualAddress } from './site.js';

const sw = await simulate(loadBalancer);
const balancer = await Balancer.install(sw, site);

const flows = someFlows(400);

/** Sends a packet of every flow; the server that each was given. */
async function send(packetOf: (flow: Flow) => Uint8Array = (flow) => frame(tcpPacket(flow))): Promise<readonly string[]> {
  const all: string[] = [];
  for (const flow of flows) {
    const [out] = await sw.send(1, packetOf(flow));
    all.push(servers.find(({ port }) => port === out?.port)?.name ?? 'dropped');
  }
  return all;
}

function print(title: string, now: readonly string[], before?: readonly string[]): void {
  heading(title);
  const count = (f: (i: number) => boolean): number => flows.filter((_, i) => f(i)).length;
  printTable(
    ['server', 'weight', 'flows', 'share', ...(before ? ['kept', 'came', 'left'] : [])],
    servers.map(({ name, weight }) => {
      const has = count((i) => now[i] === name);
      const row = [name, weight, has, `${Math.round((100 * has) / flows.length)} %`.padStart(5)];
      if (!before) return row;
      const kept = count((i) => now[i] === name && before[i] === name);
      return [...row, kept, has - kept, count((i) => before[i] === name) - kept];
    }),
  );
}

const first = await send();
print(`${flows.length} TCP flows to ${virtualAddress}:443`, first);
print('The same flows again: each stays with its server', await send(), first);
print('A router tells of each flow that its packets are too large: the same server hears of it', await send(tooLarge), first);

await balancer.fail('green');
const second = await send();
print('green fails: its flows move, the others stay', second, first);

await balancer.recover('green');
print('green is back, and so are its flows', await send(), second);

heading('Counted by the switch');
printTable(
  ['server', 'port', 'packets', 'bytes'],
  (await balancer.given()).map(({ server, packets, bytes }) => [server.name, server.port, packets, bytes]),
);
await sw.close();
