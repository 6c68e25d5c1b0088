/** Flows are shared out to three servers; one fails, and comes back. */
import { simulate } from 'p4ts/runtime';
import { ethernetFrame, tcpPacket } from '../packets.js';
import { heading, printTable } from '../support.js';
import { Balancer } from './controller.js';
import { loadBalancer } from './pipeline.js';
import { clientMac, routerMac, servers, site, someFlows, virtualAddress } from './site.js';

const sw = await simulate(loadBalancer);
const balancer = await Balancer.install(sw, site);

const flows = someFlows(400);

/** Sends a packet of every flow; the server that each was given. */
async function send(): Promise<readonly string[]> {
  const all: string[] = [];
  for (const flow of flows) {
    const [out] = await sw.send(1, ethernetFrame(routerMac, clientMac, 0x0800, tcpPacket(flow)));
    all.push(servers.find(({ port }) => port === out?.port)?.name ?? 'dropped');
  }
  return all;
}

function print(title: string, now: readonly string[], before: readonly string[] = now): void {
  heading(title);
  printTable(
    ['server', 'weight', 'flows', 'share', 'kept', 'came', 'left'],
    servers.map(({ name, weight }) => {
      const has = now.map((server) => server === name);
      const had = before.map((server) => server === name);
      const count = (f: (i: number) => boolean) => flows.filter((_, i) => f(i)).length;
      const share = `${Math.round((100 * count((i) => has[i] ?? false)) / flows.length)} %`;
      return [
        name,
        weight,
        count((i) => has[i] ?? false),
        share,
        count((i) => (has[i] && had[i]) ?? false),
        count((i) => (has[i] && !had[i]) ?? false),
        count((i) => (!has[i] && had[i]) ?? false),
      ];
    }),
  );
}

const first = await send();
print(`${flows.length} TCP flows to ${virtualAddress}:443`, first);
print('The same flows again: each stays with its server', await send(), first);

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
