/** For the benchmark: the switch east, with requests, answers, packets from the switch west, and denials of each kind. */

import { install, permit, setSampling, type ZeroTrustSwitch } from './controller.js';
import { denialReasons, zeroTrust } from './pipeline.js';
import { frame, identities, rules, site, tagged } from './site.js';

export { zeroTrust as pipeline };

export async function setUp(sw: ZeroTrustSwitch): Promise<void> {
  await install(sw, 'east', site);
  await permit(sw, ...rules);
  for (const reason of denialReasons) await setSampling(sw, reason, 1024);
}

const request = frame('web-1', 'api', { dstPort: 8080 });
const answer = frame('api', 'web-1', { flags: ['syn', 'ack'], srcPort: 8080, dstPort: 40000 });
const toDatabase = frame('api', 'database', { dstPort: 5432 });
const fromDatabase = frame('database', 'api', { flags: ['syn', 'ack'], srcPort: 5432, dstPort: 40000 });

export const packets = [
  { port: 1, bytes: request },
  { port: 2, bytes: answer },
  { port: 2, bytes: toDatabase },
  { port: 9, bytes: tagged(fromDatabase, identities.database) },
  { port: 1, bytes: frame('web-1', 'api', { flags: ['ack'], dstPort: 8080 }) },
  { port: 2, bytes: frame('api', 'web-1', { flags: ['ack'], srcPort: 8080, dstPort: 40000 }) },
  { port: 3, bytes: frame('laptop', 'database', { dstPort: 5432 }) },
  { port: 3, bytes: request },
  { port: 3, bytes: tagged(request, identities.web) },
];
