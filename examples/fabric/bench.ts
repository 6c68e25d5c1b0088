/** For the benchmark: packets of a rack to each other and to the Internet. */
import type { Switch } from 'p4ts/runtime';
import { FabricController } from './controller.js';
import { internet, rack, rackRules, web } from './sites.js';
import { tor } from './tor.js';
import { udp4, udp6 } from './traffic.js';

export { tor as pipeline } from './tor.js';

export const setUp = async (sw: Switch<typeof tor>): Promise<void> => void (await FabricController.start(sw, tor, rack, rackRules));

export const packets = [
  udp4(web, '10.1.20.20', { src: '10.1.10.11' }),
  udp6(web, '2001:db8:20::20'),
  udp4(web, internet.ipv4),
  udp6(web, internet.ipv6),
].map((bytes) => ({ port: web.port, bytes }));
