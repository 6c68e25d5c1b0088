/** The fabric example, both platforms: packets that each module is for, copies, packet-outs, other rules, and damaged packets. */
import { EtherType, IpProtocol } from '../../../../compiler/headers/index.js';
import { border } from '../../../../examples/fabric/border.js';
import { type Fabric, FabricController } from '../../../../examples/fabric/controller.js';
import { readFrame } from '../../../../examples/fabric/frames.js';
import { db, edge, edgeRules, internet, rack, rackRules, web } from '../../../../examples/fabric/sites.js';
import { tor } from '../../../../examples/fabric/tor.js';
import { arpRequest, frameOf, inIpv6, ping, tagged, tcp4, udp4, udp6, withDestination } from '../../../../examples/fabric/traffic.js';
import { udpPacket } from '../../../../examples/packets.js';
import { random } from '../../../support/packets.js';
import { type Arrival, packet, scenario } from '../scenario.js';

/** The time of a copy is behind Ethernet (14 bytes), IPv6 (40), UDP (8), IPFIX (16) and the head of its set (4). */
const settle = (leaves: Uint8Array): Uint8Array => {
  if (readFrame(leaves)?.ip?.sample === undefined) return leaves;
  const copy = leaves.slice();
  copy.fill(0, 14 + 40 + 8 + 16 + 4, 14 + 40 + 8 + 16 + 12);
  return copy;
};
const arrives = (port: number, bytes: Uint8Array): Arrival => ({ ...packet(port, bytes), settle });

const uplink = { ...internet, gateway: '02:00:00:00:01:31' } as const;
const inTunnel = (dst: '2001:db8:b::1' | '2001:db8:10::10', gateway: '02:00:00:00:02:01' | '02:00:00:00:01:31') =>
  withDestination(
    frameOf(web, EtherType.ipv6, inIpv6('2001:db8:a::1', dst, IpProtocol.ipv4, udpPacket({ src: web.ipv4, dst: internet.ipv4 }))),
    gateway,
  );

const toRack = [
  arrives(1, udp4(web, db.ipv4)),
  arrives(1, udp4(web, '10.1.20.20', { src: '10.1.10.11' })),
  arrives(1, udp6(web, db.ipv6)),
  arrives(2, udp4(db, web.ipv4)),
  arrives(2, udp6(db, web.ipv6)),
  ...Array.from({ length: 12 }, (_, i) => arrives(1, udp4(web, internet.ipv4, { srcPort: 20000 + i }))),
  ...Array.from({ length: 6 }, (_, i) => arrives(1, udp6(web, internet.ipv6, { srcPort: 20000 + i }))),
  ...Array.from({ length: 6 }, (_, i) => arrives(1, tcp4(web, '10.9.0.1', { srcPort: 20000 + i }))),
  arrives(1, tcp4(web, db.ipv4, { dstPort: 5432 })),
  arrives(1, tcp4(web, db.ipv4, { dstPort: 22 })),
  arrives(1, tcp4(web, db.ipv4, { dstPort: 23 })),
  arrives(1, tcp4(web, db.ipv4, { dstPort: 179 })),
  arrives(1, udp4(web, '198.51.100.130')),
  arrives(1, udp4(web, '10.66.1.1')),
  arrives(1, udp4(web, '10.66.1.1', { srcMac: '02:00:00:00:00:99' })),
  arrives(1, udp4(web, '10.99.0.1')),
  arrives(1, udp4(web, '10.1.20.99')),
  arrives(1, udp4(web, db.ipv4, { srcMac: '02:00:00:00:00:77' })),
  arrives(1, udp4(web, internet.ipv4, { srcMac: '02:00:00:00:00:77' })),
  arrives(1, udp4(web, internet.ipv4, { srcMac: '02:00:00:00:00:88' })),
  arrives(1, udp4(web, db.ipv4, { src: '127.0.0.1' })),
  arrives(1, udp4(web, internet.ipv4, { dstMac: '02:00:00:00:00:66' })),
  arrives(1, tagged(20, udp4(web, db.ipv4))),
  arrives(1, tagged(10, udp4(web, db.ipv4))),
  ...[0, 1, 2].flatMap((ttl) => [arrives(1, udp4(web, internet.ipv4, { ttl })), arrives(1, udp6(web, internet.ipv6, { ttl }))]),
  arrives(1, arpRequest(web, '10.1.10.1')),
  arrives(2, arpRequest(db, '10.1.20.1')),
  arrives(1, ping(web, '10.1.10.1')),
  arrives(1, ping(web, '10.1.20.20')),
  arrives(31, udp4({ ...uplink, gateway: '01:00:5e:01:01:01' }, '239.1.1.1')),
  arrives(31, udp6({ ...uplink, gateway: '33:33:80:00:00:01' }, 'ff3e::8000:1')),
  arrives(31, udp4(uplink, web.ipv4)),
  arrives(31, inTunnel('2001:db8:10::10', '02:00:00:00:01:31')),
];
const toBorder = [
  ...Array.from({ length: 8 }, (_, flowLabel) => arrives(11, udp6(internet, web.ipv6, { flowLabel }))),
  ...Array.from({ length: 8 }, (_, i) => arrives(11, udp4(internet, web.ipv4, { srcPort: 20000 + i }))),
  arrives(11, udp4(internet, '192.0.2.9')),
  arrives(11, udp4(internet, '203.0.113.1')),
  arrives(1, inTunnel('2001:db8:b::1', '02:00:00:00:02:01')),
  arrives(1, udp4({ ...web, gateway: '02:00:00:00:02:01' }, internet.ipv4)),
  arrives(1, tcp4({ ...web, gateway: '02:00:00:00:02:01' }, internet.ipv4, { dstPort: 445 })),
  arrives(11, udp4(internet, web.ipv4, { ttl: 1 })),
];

/** The packets with a few bytes changed, or cut off. */
function damaged(whole: readonly Arrival[], count: number): Arrival[] {
  const next = random(20261);
  return Array.from({ length: count }, () => {
    const { port, bytes } = whole[next() % whole.length] as Arrival;
    const changed = Uint8Array.from(bytes);
    for (let i = next() % 3; i >= 0; i--) changed[12 + (next() % (changed.length - 12))] = next() & 0xff;
    return arrives(port, next() % 3 === 0 ? changed.subarray(0, 1 + (next() % changed.length)) : changed);
  });
}

let controller: FabricController;
const start = (pipe: Fabric, ...[site, rules]: [typeof rack, typeof rackRules]) => ({
  control: async (sw: Parameters<typeof FabricController.start>[0]) => {
    controller = await FabricController.start(sw, pipe, site, rules);
  },
});

export const fabricTor = scenario({
  name: 'fabric-tor',
  pipeline: tor as Fabric,
  steps: [
    start(tor, rack, rackRules),
    ...toRack,
    { packetOut: udp4(web, db.ipv4), metadata: { egressPort: 7, submitToIngress: false } },
    {
      packetOut: frameOf(db, EtherType.ipv4, udpPacket({ src: '10.1.10.10', dst: '10.1.20.20' })),
      metadata: { egressPort: 0, submitToIngress: true },
      settle,
    },
    ...damaged(toRack, 120),
    { control: () => controller.drops() },
    { control: () => controller.update(rackRules.slice(0, 2)).then(({ changes }) => changes.length) },
    ...toRack.slice(0, 40),
    { control: () => controller.drops() },
  ],
});

export const fabricBorder = scenario({
  name: 'fabric-border',
  pipeline: border as Fabric,
  steps: [start(border, edge, edgeRules), ...toBorder, ...damaged(toBorder, 120), { control: () => controller.drops() }],
});
