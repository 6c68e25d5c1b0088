/** The switch example under its controller, which learns from digests; then the benchmark's traffic and damaged packets. */

import { until } from '../../../../examples/support.js';
import { packets } from '../../../../examples/switch/bench.js';
import { type Change, configure, counters, keepStations, type L2Switch } from '../../../../examples/switch/controller.js';
import { l2switch as pipeline } from '../../../../examples/switch/pipeline.js';
import { all } from '../../../support/outcomes.js';
import { damaged } from '../../../support/packets.js';
import { type Control, scenario } from '../scenario.js';

const changes = new WeakMap<L2Switch, Change[]>();
/** What the controller has learned; it knows of so many changes then. */
const learned = (count: number): Control<typeof pipeline> => ({
  control: async (sw) => {
    const told = changes.get(sw) ?? [];
    await until(() => told.length >= count);
    return told;
  },
});

/** Until all stations are known: the controller is given its time after each packet that tells of one. */
const heard = new Set<string>();
const learning = packets.flatMap((sent) => {
  const source = Buffer.from(sent.bytes.subarray(6, 12)).toString('hex');
  if (heard.has(source)) return [sent];
  heard.add(source);
  return [sent, learned(heard.size)];
});
const moved = packets.slice(0, 3).map(({ bytes }) => ({ port: 3, bytes }));

/** Entries of a table have no order. */
const byMac = <E extends { readonly match: { readonly mac: string; readonly vlan: number } }>(entries: E[]): E[] =>
  entries.sort((a, b) => (`${a.match.vlan} ${a.match.mac}` < `${b.match.vlan} ${b.match.mac}` ? -1 : 1));

export const l2switch = scenario({
  name: 'switch',
  pipeline,
  steps: [
    {
      control: async (sw) => {
        const told: Change[] = [];
        changes.set(sw, told);
        void keepStations(sw, { told: (change) => void told.push(change) });
        await configure(sw, [
          { id: 10, untagged: [1, 2, 3], tagged: [8] },
          { id: 20, untagged: [4, 5, 6], tagged: [8] },
        ]);
      },
    },
    ...learning,
    ...moved.slice(0, 1),
    learned(heard.size + 1),
    ...moved.slice(1),
    {
      control: async (sw) => ({
        counters: await counters(sw),
        stations: byMac(await all(sw.table(pipeline.ingress.stations).entries())),
        sources: byMac(await all(sw.table(pipeline.ingress.sources).entries())),
      }),
    },
    ...damaged(packets, 100, 7),
    { control: counters },
  ],
});
