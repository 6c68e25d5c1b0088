/**
 * The zero-trust example: what the rules allow between workloads and over the link, forged identities, fragments and
 * damaged packets, all denials counted, those of some reasons sampled one of one.
 */
import { countDenials, install, permit, revoke, setSampling } from '../../../../examples/zero-trust/controller.js';
import { zeroTrust as pipeline } from '../../../../examples/zero-trust/pipeline.js';
import { frame, identities, rules, site, tagged } from '../../../../examples/zero-trust/site.js';
import { packet, scenario } from '../scenario.js';

const request = frame('web-1', 'api', { dstPort: 8080 });
const toDatabase = frame('api', 'database', { dstPort: 5432 });
const fromDatabase = frame('database', 'api', { flags: ['syn', 'ack'], srcPort: 5432, dstPort: 40000 });
const answer = { srcPort: 8080, dstPort: 40000 };
const [first] = rules as [(typeof rules)[number]];
const arrivals = [
  packet(1, request),
  packet(2, frame('api', 'web-1', { ...answer, flags: ['syn', 'ack'] })),
  packet(2, frame('api', 'web-1', answer)),
  packet(2, toDatabase),
  packet(9, tagged(fromDatabase, identities.database)),
  packet(9, tagged(fromDatabase, identities.laptop)),
  packet(9, tagged(fromDatabase, 0)),
  packet(9, fromDatabase),
  packet(3, frame('laptop', 'api', { dstPort: 8080 })),
  packet(3, frame('laptop', 'api', { src: '10.0.0.11', dstPort: 8080 })),
  packet(3, request),
  packet(3, tagged(request, identities.web)),
  packet(3, tagged(request.with(12, 0x86), identities.web)),
  packet(7, request),
  packet(1, frame('web-1', 'api', { dst: '10.0.0.99', dstPort: 8080 })),
  packet(1, frame('web-1', 'api', { dstPort: 8081 })),
];

export const zeroTrust = scenario({
  name: 'zero-trust',
  pipeline,
  steps: [
    ...arrivals.slice(0, 2),
    {
      control: async (sw) => {
        await install(sw, 'east', site);
        await permit(sw, ...rules);
        for (const reason of ['no policy', 'forged identity', 'malformed'] as const) await setSampling(sw, reason, 1);
      },
    },
    ...arrivals,
    // IPv6, a later fragment, a wrong checksum, options, another protocol, packets cut off.
    packet(1, request.with(12, 0x86)),
    packet(1, request.with(21, 3).with(25, ((request[25] as number) - 3) & 255)),
    packet(1, request.with(24, 0)),
    packet(1, request.with(14, 0x46)),
    packet(1, request.with(23, 47)),
    ...[1, 6, 14, 20, 33, 34, 53].map((length) => packet(1, request.subarray(0, length))),
    ...[15, 17, 18, 30, 57].map((length) => packet(9, tagged(fromDatabase, identities.database).subarray(0, length))),
    { control: countDenials },
    {
      control: async (sw) => {
        await revoke(sw, first);
        await setSampling(sw, 'no policy', 0);
      },
    },
    ...arrivals,
    { control: countDenials },
  ],
});
