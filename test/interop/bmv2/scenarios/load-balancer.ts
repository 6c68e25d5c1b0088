/** The load-balancer example: flows to three servers by weight, one that fails and comes back, errors, fragments, damaged packets. */
import { Balancer } from '../../../../examples/load-balancer/controller.js';
import { loadBalancer as pipeline } from '../../../../examples/load-balancer/pipeline.js';
import { frame, servers, site, someFlows, tooLarge, virtualAddress } from '../../../../examples/load-balancer/site.js';
import { tcpPacket, udpPacket } from '../../../../examples/packets.js';
import { packet, scenario } from '../scenario.js';

let balancer: Balancer;
const flows = someFlows(40);
const [flow] = flows as [(typeof flows)[number]];
const all = flows.map((one) => packet(1, frame(tcpPacket(one))));
const syn = frame(tcpPacket(flow));
const long = new Uint8Array([...syn.subarray(0, 34), 1, 1, 1, 0, ...syn.subarray(34)]).with(14, 0x46);

export const loadBalancer = scenario({
  name: 'load-balancer',
  pipeline,
  steps: [
    {
      control: async (sw) => {
        balancer = await Balancer.install(sw, site);
      },
    },
    ...all,
    ...flows.slice(0, 10).map((one) => packet(1, tooLarge(one))),
    ...flows.slice(0, 10).map((one) => packet(1, frame(udpPacket(one)))),
    { control: () => balancer.fail('green') },
    ...all,
    { control: () => balancer.fail('blue') },
    ...all.slice(0, 10),
    { control: () => balancer.fail('red') },
    ...all.slice(0, 5),
    {
      control: async () => {
        for (const { name } of servers) await balancer.recover(name);
      },
    },
    ...all,
    // Fragments, another version, options, TTL 1, a wrong checksum, no IPv4, no route, an answer, packets cut off.
    packet(1, syn.with(20, 0x20).with(24, ((syn[24] as number) + 0x20) & 255)),
    packet(1, syn.with(21, 3)),
    packet(1, syn.with(14, 0x65)),
    packet(1, long),
    packet(1, frame(tcpPacket({ ...flow, ttl: 1 }))),
    packet(1, syn.with(25, (syn[25] as number) ^ 1)),
    packet(1, syn.with(12, 0x86)),
    packet(1, frame(tcpPacket({ ...flow, dst: '192.0.2.1' }))),
    packet(2, frame(tcpPacket({ src: virtualAddress, dst: flow.src, srcPort: 443, dstPort: flow.srcPort }))),
    ...[13, 14, 33, 34, 53].map((length) => packet(1, syn.subarray(0, length))),
    ...[34, 40, 60, 69].map((length) => packet(1, tooLarge(flow).subarray(0, length))),
    { control: async () => (await balancer.given()).map(({ server, packets, bytes }) => [server.name, packets, bytes]) },
    { control: () => balancer.drops() },
  ],
});
