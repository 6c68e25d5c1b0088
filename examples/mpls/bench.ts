/** For the benchmark: a router inside the network that is an edge too. Most packets have their label swapped. */
import { build } from 'p4ts';
import { EtherType, Mpls } from 'p4ts/headers';
import type { Switch } from 'p4ts/runtime';
import { ethernetFrame, udpPacket } from '../packets.js';
import { LabelSwitchRouter } from './controller.js';
import { customerMac, macOf } from './network.js';
import { firstLabel, labelSwitch } from './pipeline.js';

export { labelSwitch as pipeline } from './pipeline.js';

const { labels, swap, swapPush, pop, classes, push, pushPush } = labelSwitch.ingress;
const paths = 24;
const services = 2;
/** What becomes of the path with that number. */
const kinds = ['swap', 'swap', 'swap', 'pop', 'swapPush', 'pop'] as const;
const kindOf = (path: number) => kinds[path % kinds.length];

/** Labels from 16 on are services; then comes one for each path through this router. */
export async function setUp(sw: Switch<typeof labelSwitch>): Promise<void> {
  const router = new LabelSwitchRouter('p1', sw);
  for (let i = 0; i < services; i++) await router.addService();
  for (let path = 0; path < paths; path++) {
    const label = router.allocateLabel();
    const nextHop = await router.addNextHop({ port: 2 + (path % 3), srcMac: macOf('p1', 2), dstMac: macOf('p2', 1) });
    const kind = kindOf(path);
    const action =
      kind === 'swap'
        ? swap({ label: 1000 + path, nextHop })
        : kind === 'pop'
          ? pop({ nextHop })
          : swapPush({ label: 1000 + path, tunnel: 5000 + path, nextHop });
    await sw.table(labels).insert({ match: { label }, action });
    const dst = `10.${path}.0.0/16` as const;
    if (path % 2 === 0) await sw.table(classes).insert({ match: { dst }, action: push({ label: 2000 + path, nextHop }) });
    else await sw.table(classes).insert({ match: { dst }, action: pushPush({ service: 16, tunnel: 2000 + path, nextHop }) });
  }
}

const label = (value: number, bottomOfStack: number) => build(Mpls, { label: value, trafficClass: 0, bottomOfStack, ttl: 60 });
const labelled = (...parts: Uint8Array[]) => ethernetFrame(macOf('p1', 1), macOf('pe1', 2), EtherType.mpls, ...parts);

/** For each path three packets with its label, of which one has a second label, one of a customer and one of a service. */
export const packets = Array.from({ length: paths }, (_, path) => {
  const inside = udpPacket({ src: '10.1.0.10', dst: `10.${path}.0.${path + 1}`, data: new Uint8Array((path * 211) % 1300) });
  const top = firstLabel + services + path;
  const frames = [
    labelled(label(top, 1), inside),
    labelled(label(top, 0), label(firstLabel, 1), inside),
    labelled(label(top, 1), inside),
    ethernetFrame(macOf('p1', 1), customerMac, EtherType.ipv4, inside),
    // A service inside another one: the packet passes twice.
    path % 2 === 0 ? labelled(label(firstLabel, 1), inside) : labelled(label(firstLabel, 0), label(firstLabel + 1, 1), inside),
  ];
  return frames.map((bytes) => ({ port: 1, bytes }));
}).flat();
