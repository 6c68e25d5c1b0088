/** Telemetry: packets that get a hop, packets that lose them at the end of their way, and the collector's copies. */
import { packets, setUp } from '../../../../examples/telemetry/bench.js';
import { readHops } from '../../../../examples/telemetry/controller.js';
import { client, ports, server } from '../../../../examples/telemetry/network.js';
import { telemetry as pipeline } from '../../../../examples/telemetry/pipeline.js';
import { damaged } from '../../../support/packets.js';
import { type Arrival, scenario } from '../scenario.js';

/** Ethernet and the telemetry header; then hops of a switch id, two times of 6 bytes and a queue's depth. */
const [firstHop, hopLength, timesAt, timesEnd] = [14 + 3, 19, 4, 16] as const;
const self = 102;
/** Without the times of the hops that this switch wrote. */
function settle(bytes: Uint8Array): Uint8Array {
  const settled = bytes.slice();
  for (const [i, { switchId }] of readHops(bytes).toReversed().entries()) {
    const hop = firstHop + i * hopLength;
    if (switchId === self) settled.fill(0, hop + timesAt, hop + timesEnd);
  }
  return settled;
}
const arrives = (sent: Pick<Arrival, 'port' | 'bytes'>): Arrival => ({ ...sent, settle });

/** To the client, which is behind another switch: the packet leaves with its hops and one more. */
const passing = packets.map(({ bytes }) => {
  const turned = bytes.slice();
  turned.set(Buffer.from(client.mac.replaceAll(':', ''), 'hex'));
  return { port: ports.right, bytes: turned };
});

export const telemetry = scenario({
  name: 'telemetry',
  pipeline,
  // The registers are seen in packets only: BMv2's server does not read them.
  steps: [
    ...packets.slice(0, 2).map(arrives),
    { control: setUp },
    ...packets.slice(0, 80).map(arrives),
    ...passing.slice(0, 80).map(arrives),
    { control: (sw) => sw.table(pipeline.egress.self).setDefault(pipeline.egress.identify({ switchId: self })) },
    ...damaged([...packets, ...passing], 150, 17).map(arrives),
    { control: (sw) => sw.table(pipeline.ingress.hosts).delete({ match: { mac: server.mac } }) },
    ...packets.slice(0, 2).map(arrives),
  ],
});
