/** The nat example: mappings that the controller opens, what they translate, errors about it, and damaged packets. */
import { IcmpType, IpProtocol } from '../../../../compiler/headers/index.js';
import { control, counters } from '../../../../examples/nat/controller.js';
import { nat as pipeline } from '../../../../examples/nat/pipeline.js';
import { insidePort, outsidePort, site } from '../../../../examples/nat/site.js';
import {
  alice,
  arriving,
  bob,
  icmpError,
  ping,
  resolver,
  reversed,
  stranger,
  tcp,
  udp,
  webServer,
} from '../../../../examples/nat/traffic.js';
import { random } from '../../../support/packets.js';
import { type Arrival, packet, scenario } from '../scenario.js';

const [one, two] = ['198.51.100.10', '198.51.100.11'] as const;
const query = { src: alice, dst: resolver, srcPort: 40000, dstPort: 53 };
const page = { src: alice, dst: stranger, srcPort: 40001, dstPort: 80 };
const toAlice = { src: bob, dst: one, srcPort: 5000, dstPort: 40000 };

const mappings = [
  { protocol: IpProtocol.tcp, outside: { address: one, port: 443 }, inside: { address: webServer, port: 8443 } },
  { protocol: IpProtocol.udp, outside: { address: one, port: 40000 }, inside: { address: alice, port: 40000 } },
  { protocol: IpProtocol.udp, outside: { address: two, port: 5001 }, inside: { address: bob, port: 5000 } },
  { protocol: IpProtocol.tcp, outside: { address: one, port: 1024 }, inside: { address: alice, port: 40001 } },
  { protocol: IpProtocol.icmp, outside: { address: one, port: 99 }, inside: { address: alice, port: 7 } },
];
const unsummed = udp(query).fill(0, 26, 28);
const asked = ping({ src: one, dst: stranger }, 99);

const fromInside = [
  udp(query),
  unsummed,
  // Its checksum becomes 0, which is written as ffff.
  udp({ ...query, data: udp({ ...query, src: one, data: Uint8Array.of(0, 0) }).slice(26, 28) }),
  tcp(page, 'syn'),
  tcp(page, 'ack').with(36, 0x55),
  ping({ src: alice, dst: stranger }, 7),
  ping({ src: alice, dst: stranger }, 7, IcmpType.echoReply),
  udp(toAlice),
  udp({ ...toAlice, dstPort: 2 }),
  udp({ ...query, dst: bob }),
  tcp({ src: webServer, dst: stranger, srcPort: 8443, dstPort: 50000 }, 'syn', 'ack'),
  icmpError({ src: alice, dst: resolver }, udp({ ...reversed(query), dst: alice })),
  icmpError({ src: alice, dst: two }, udp({ ...toAlice, src: two, srcPort: 5001, dst: alice })),
  icmpError({ src: alice, dst: stranger }, udp(query), { quoted: 7 }),
  // To the controller: new flows, a ping of the NAT itself, a TTL that is over.
  udp({ ...query, srcPort: 6 }),
  tcp({ ...page, src: bob }, 'syn'),
  tcp({ ...page, src: bob }, 'ack'),
  ping({ src: alice, dst: '10.0.0.1' }, 1),
  udp({ ...query, ttl: 1 }),
];
const fromOutside = [
  udp({ ...reversed(query), dst: one }),
  tcp({ ...reversed(page), dst: one, dstPort: 1024 }, 'syn', 'ack'),
  tcp({ src: stranger, dst: one, srcPort: 50000, dstPort: 443 }, 'syn'),
  ping({ src: stranger, dst: one }, 99, IcmpType.echoReply),
  ping({ src: stranger, dst: one }, 99),
  icmpError({ src: '203.0.113.9', dst: one }, udp({ ...query, src: one })),
  icmpError({ src: '203.0.113.9', dst: one }, tcp({ ...page, src: one, srcPort: 1024 }, 'syn'), {
    type: IcmpType.timeExceeded,
    quoted: 20,
  }),
  icmpError({ src: '203.0.113.9', dst: one }, asked, { type: IcmpType.parameterProblem, quoted: 8 }),
  icmpError({ src: '203.0.113.9', dst: one }, udp({ ...query, src: one, srcPort: 9 })),
  icmpError({ src: '203.0.113.9', dst: two }, udp({ ...query, src: one })),
  udp({ src: stranger, dst: alice }),
  udp({ src: stranger, dst: two }),
];
const arrivals = [
  ...fromInside.map((ip) => packet(insidePort, arriving.inside(ip))),
  ...fromOutside.map((ip) => packet(outsidePort, arriving.outside(ip))),
];

/** The packets with a few bytes changed, or cut off. */
function damaged(count: number): Arrival[] {
  const next = random(20242);
  return Array.from({ length: count }, () => {
    const { port, bytes } = arrivals[next() % arrivals.length] as Arrival;
    const changed = Uint8Array.from(bytes);
    for (let i = next() % 3; i >= 0; i--) changed[12 + (next() % (changed.length - 12))] = next() & 0xff;
    return packet(port, next() % 3 === 0 ? changed.subarray(0, 1 + (next() % changed.length)) : changed);
  });
}

export const nat = scenario({
  name: 'nat',
  pipeline,
  steps: [
    { control: async (sw) => void (await control(sw, site, mappings)) },
    ...arrivals,
    { packetOut: arriving.inside(udp(query)), metadata: { port: insidePort, again: 1 } },
    { packetOut: arriving.inside(udp({ ...query, srcPort: 6 })), metadata: { port: insidePort, again: 1 } },
    { packetOut: arriving.inside(udp(query)), metadata: { port: outsidePort, again: 0 } },
    ...damaged(120),
    { control: (sw) => counters(sw) },
  ],
});
