/** The shaper: bursts of each tenant until nothing passes, at rates so low that time gives nothing back. */
import { packets } from '../../../../examples/shaper/bench.js';
import { type Contract, install, markQueue, setRates, usageOf } from '../../../../examples/shaper/controller.js';
import { shaper as pipeline } from '../../../../examples/shaper/pipeline.js';
import { ipPacket, type Sent } from '../../../../examples/shaper/traffic.js';
import { damaged } from '../../../support/packets.js';
import { packet, scenario } from '../scenario.js';

const rates = { committed: 1, peak: 1, burst: 20_000 };
const contracts: readonly Contract[] = [
  { id: 1, name: 'a', port: 1, prefix: '10.1.0.0/16', class: 1, ...rates },
  { id: 2, name: 'b', port: 1, prefix: '10.2.0.0/16', class: 2, ...rates },
  { id: 3, name: 'c', port: 1, prefix: '10.3.0.0/16', class: 4, ...rates, burst: 5000 },
];
const from = (sent: Sent) => packet(1, ipPacket(sent));
const burst = (count: number, sent: Sent) => Array.from({ length: count }, () => from(sent));

export const shaper = scenario({
  name: 'shaper',
  pipeline,
  steps: [
    { control: (sw) => install(sw, [[1, 2]], contracts) },
    from({ src: '10.1.0.9', length: 100, ecn: 2 }),
    { control: (sw) => markQueue(sw, 2, 0) },
    from({ src: '10.1.0.9', length: 100, ecn: 2 }),
    from({ src: '10.1.0.9', length: 100, ecn: 0 }),
    ...packets.slice(0, 100),
    ...burst(7, { src: '10.3.0.9', length: 1000, ecn: 1 }),
    { control: (sw) => setRates(sw, 3, { ...rates, burst: 3000 }) },
    ...burst(8, { src: '10.3.0.9', length: 1000 }),
    { control: (sw) => Promise.all([0, 1, 2, 3].map((id) => usageOf(sw, id))) },
    ...damaged(packets, 80, 13),
    { control: (sw) => Promise.all([0, 1, 2, 3].map((id) => usageOf(sw, id))) },
  ],
});
