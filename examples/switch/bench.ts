/** For the benchmark: stations in two VLANs talk to each other, through access ports and a trunk; now and then one asks for all. */
import { build, type Ipv4Address, type MacAddress, packet } from 'p4ts';
import { ArpOperation, EtherType, Vlan } from 'p4ts/headers';
import { ethernetFrame, udpPacket } from '../packets.js';
import { arp } from './arp.js';
import { configure, type L2Switch, type Station } from './controller.js';
import { l2switch } from './pipeline.js';

export { l2switch as pipeline } from './pipeline.js';

const { stations: table, forward, sources, known } = l2switch.ingress;
const trunk = 8;
const perVlan = 12;
const agingNs = 300_000_000_000n;

/** In VLAN 10 on ports 1 to 3, in VLAN 20 on ports 4 to 6; every fourth is behind the trunk. */
export const stations: readonly Station[] = [10, 20].flatMap((vlan, v) =>
  Array.from({ length: perVlan }, (_, i) => ({
    vlan,
    mac: `02:00:00:00:${vlan}:${String(10 + i)}` as MacAddress,
    port: i % 4 === 3 ? trunk : 1 + 3 * v + (i % 3),
  })),
);

export async function setUp(sw: L2Switch): Promise<void> {
  await configure(sw, [
    { id: 10, untagged: [1, 2, 3], tagged: [trunk] },
    { id: 20, untagged: [4, 5, 6], tagged: [trunk] },
  ]);
  for (const { vlan, mac, port } of stations) {
    await sw.table(table).insert({ match: { vlan, mac }, action: forward({ port }) });
    await sw.table(sources).insert({ match: { vlan, mac, port }, action: known(), idleTimeoutNs: agingNs });
  }
}

const ipOf = ({ vlan, mac }: Station): Ipv4Address => `10.0.${vlan}.${Number(mac.slice(-2))}`;
/** As it arrives at the station's port: with a tag on the trunk. */
function arrival({ port, vlan }: Station, frame: Uint8Array) {
  if (port !== trunk) return { port, bytes: frame };
  const tag = build(Vlan, { pcp: 0, dei: 0, vid: vlan, etherType: (frame[12] as number) * 256 + (frame[13] as number) });
  return { port, bytes: packet(frame.subarray(0, 12), Uint8Array.of(EtherType.vlan >> 8, EtherType.vlan & 0xff), tag, frame.subarray(14)) };
}

/** Each station sends to each other one of its VLAN, and asks for one of them by ARP. */
export const packets = stations.flatMap((from, i) => {
  const others = stations.filter((to) => to.vlan === from.vlan && to !== from);
  const [first] = others as [Station];
  const everyone = { mac: 'ff:ff:ff:ff:ff:ff', ip: ipOf(first) } as const;
  const data = others.map((to, j) => {
    const bytes = udpPacket({ src: ipOf(from), dst: ipOf(to), data: new Uint8Array((i * 131 + j * 367) % 1200) });
    return arrival(from, ethernetFrame(to.mac as MacAddress, from.mac as MacAddress, EtherType.ipv4, bytes));
  });
  return [arrival(from, arp(ArpOperation.request, { mac: from.mac as MacAddress, ip: ipOf(from) }, everyone)), ...data];
});
