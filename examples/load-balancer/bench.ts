/** For the benchmark: flows to the virtual address, what the servers answer, and an error about some of them. */
import type { Switch } from 'p4ts/runtime';
import { tcpPacket } from '../packets.js';
import { Balancer } from './controller.js';
import { loadBalancer } from './pipeline.js';
import { frame, site, someFlows, tooLarge } from './site.js';

export { loadBalancer as pipeline };

export async function setUp(sw: Switch<typeof loadBalancer>): Promise<void> {
  await Balancer.install(sw, site);
}

export const packets = someFlows(60).flatMap((flow, i) => {
  const { src, dst, srcPort, dstPort } = flow;
  const there = { port: 1, bytes: frame(tcpPacket(flow)) };
  const back = { port: 2, bytes: frame(tcpPacket({ src: dst, dst: src, srcPort: dstPort, dstPort: srcPort })) };
  return i % 20 === 0 ? [there, back, { port: 1, bytes: tooLarge(flow) }] : [there, back];
});
