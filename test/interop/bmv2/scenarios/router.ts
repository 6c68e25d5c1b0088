/** The router example: its controller's entries, the captured traffic, packets of the controller, and damaged packets. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { counters, install } from '../../../../examples/router/controller.js';
import { parseNetwork } from '../../../../examples/router/network.js';
import { router as pipeline } from '../../../../examples/router/pipeline.js';
import { readPcap } from '../../../../runtime/pcap/index.js';
import { random } from '../../../support/packets.js';
import { type Arrival, packet, scenario } from '../scenario.js';

const example = (path: string): string => fileURLToPath(new URL(`../../../../examples/router/${path}`, import.meta.url));
const network = parseNetwork(readFileSync(example('network.txt'), 'utf8'));
const traffic = [1, 2].flatMap((port) => readPcap(example(`traffic/port${port}.pcap`)).map(({ bytes }) => packet(port, bytes)));

/** Captured packets with a few bytes changed, mostly in the headers, or cut off. */
function damaged(count: number): Arrival[] {
  const next = random(20241);
  const captured = [1, 2].flatMap((port) => readPcap(example(`traffic/port${port}.pcap`)).map(({ bytes }) => ({ port, bytes })));
  return Array.from({ length: count }, () => {
    const { port, bytes } = captured[next() % captured.length] as { port: number; bytes: Uint8Array };
    const changed = Uint8Array.from(bytes.subarray(0, 120));
    for (let i = next() % 3; i >= 0; i--) changed[next() % Math.min(changed.length, 60)] = next() & 0xff;
    return packet(port, next() % 4 === 0 ? changed.subarray(0, 1 + (next() % changed.length)) : changed);
  });
}

export const router = scenario({
  name: 'router',
  pipeline,
  steps: [
    { control: (sw) => install(sw, network) },
    ...traffic,
    ...traffic.slice(0, 3).map(({ bytes }) => ({ packetOut: bytes, metadata: { egressPort: 2 } })),
    { packetOut: new Uint8Array([1, 2, 3]), metadata: { egressPort: 1 } },
    ...damaged(150),
    { control: counters },
  ],
});
