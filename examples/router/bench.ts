/** For the benchmark: the captured traffic of both ports, by time, through the router with its entries. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readPcap } from 'p4ts/runtime';
import { install, type Router } from './controller.js';
import { parseNetwork } from './network.js';

export { router as pipeline } from './pipeline.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export const setUp = (sw: Router): Promise<void> => install(sw, parseNetwork(readFileSync(here('network.txt'), 'utf8')));

export const packets = [1, 2]
  .flatMap((port) => readPcap(here(`traffic/port${port}.pcap`)).map((captured) => ({ port, ...captured })))
  .sort((a, b) => Number(a.timestampNs - b.timestampNs))
  .map(({ port, bytes }) => ({ port, bytes }));
