/** For the benchmark: three tenants that keep their contract, exceed it and flood, answers, and traffic of nobody. */
import { type Contract, install, markQueue, type Shaper } from './controller.js';
import { ipPacket } from './traffic.js';

export { shaper as pipeline } from './pipeline.js';

// A packet comes every microsecond: a tenth of them are of the first tenant, with 50 MB in a second.
const rates = { committed: 60_000_000, peak: 90_000_000, burst: 100_000 };
export const contracts: readonly Contract[] = [
  { id: 1, name: 'polite', port: 1, prefix: '10.1.0.0/16', class: 1, ...rates },
  { id: 2, name: 'eager', port: 1, prefix: '10.2.0.0/16', class: 2, ...rates },
  { id: 3, name: 'flooding', port: 1, prefix: '10.3.0.0/16', class: 3, ...rates },
];

export async function setUp(sw: Shaper): Promise<void> {
  await install(sw, [[1, 2]], contracts);
  await markQueue(sw, 2, 100);
}

/** Who sends one after the other: the number of the tenant, 0 for nobody. */
const turns = [1, 3, 2, 3, 0, 3, 2, 3, 3, 0];
const lengths = [64, 1514, 590, 1514, 64, 200, 1514, 98];

export const packets = Array.from({ length: 400 }, (_, i) => {
  const tenant = turns[i % turns.length] as number;
  const src = tenant === 0 ? (`172.16.0.${i % 200}` as const) : (`10.${tenant}.0.${i % 200}` as const);
  const bytes = ipPacket({ src, length: lengths[i % lengths.length] as number, ecn: i % 3, dscp: 46 });
  return { port: tenant === 0 ? 2 : 1, bytes };
});
