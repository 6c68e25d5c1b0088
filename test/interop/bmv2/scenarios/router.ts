/** The router example: its controller's entries, the captured traffic, packets of the controller, and damaged packets. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { counters, install } from '../../../../examples/router/controller.js';
import { parseNetwork } from '../../../../examples/router/network.js';
import { router as pipeline } from '../../../../examples/router/pipeline.js';
import { readPcap } from '../../../../runtime/pcap/node.js';
import { damaged } from '../../../support/packets.js';
import { packet, scenario } from '../scenario.js';

const example = (path: string): string => fileURLToPath(new URL(`../../../../examples/router/${path}`, import.meta.url));
const network = parseNetwork(readFileSync(example('network.txt'), 'utf8'));
const traffic = [1, 2].flatMap((port) => readPcap(example(`traffic/port${port}.pcap`)).map(({ bytes }) => packet(port, bytes)));

export const router = scenario({
  name: 'router',
  pipeline,
  steps: [
    { control: (sw) => install(sw, network) },
    ...traffic,
    ...traffic.slice(0, 3).map(({ bytes }) => ({ packetOut: bytes, metadata: { egressPort: 2 } })),
    { packetOut: new Uint8Array([1, 2, 3]), metadata: { egressPort: 1 } },
    ...damaged(traffic, 150, 20241),
    { control: counters },
  ],
});
