/** Connections of a client go through three switches: what the collector hears, and what each switch counted. */
import { heading, printTable } from '../support.js';
import { metricsOf, readHops } from './controller.js';
import { along, flow, row, tcpPacket } from './network.js';

const switches = await row();
const rows: (string | number)[][] = [];
const connections = ['closed', 'closed', 'reset', 'closed'];
for (const [n, end] of connections.entries()) {
  const packets = [{ syn: 1 }, { ack: 1 }, end === 'reset' ? { rst: 1 } : { fin: 1, ack: 1 }];
  for (const [i, flags] of packets.entries()) {
    for (const sw of switches) await sw.advanceTime(250_000);
    const { atCollector } = await along(switches, tcpPacket(flags));
    if (i > 0 || !atCollector) continue;
    for (const hop of readHops(atCollector))
      rows.push([n + 1, hop.switchId, hop.ingressTime / 1000, hop.egressTime / 1000, hop.queueDepth]);
  }
}
heading('What the collector read from the first packet of each connection');
printTable(['connection', 'switch', 'ingress µs', 'egress µs', 'queue'], rows);

heading(`What each switch counted of the flow ${flow.src} → ${flow.dst}`);
const counted = await Promise.all(switches.map((sw) => metricsOf(sw, flow.id)));
printTable(
  ['switch', 'packets', 'opened', 'closed', 'reset', 'error rate'],
  counted.map(({ packets, opened, closed, reset, errorRate }, i) => [
    101 + i,
    packets,
    opened,
    closed,
    reset,
    `${(errorRate * 100).toFixed(0)} %`,
  ]),
);
await Promise.all(switches.map((sw) => sw.close()));
