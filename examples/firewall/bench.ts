/** For the benchmark: the packets of the demo, most of them of connections that the filter knows. */
import { type Firewall, install } from './controller.js';
import { conversation, pair, rules } from './traffic.js';

export { firewall as pipeline } from './pipeline.js';

export const setUp = (sw: Firewall): Promise<void> => install(sw, [pair], rules);

export const packets = conversation.map(({ side, bytes }) => ({ port: pair[side], bytes }));
