/** Both platforms under their controller: what is routed, spread, copied, dropped and sent up, and what each platform alone has. */
import { internetChecksum } from 'p4ts';
import { EtherType, IpProtocol } from 'p4ts/headers';
import { type EntryKeyOf, type SentPacket, type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { diagnosticsOf } from 'p4ts/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ethernetFrame, udpPacket } from '../packets.js';
import { border } from './border.js';
import { FabricController } from './controller.js';
import { type Frame, readFrame } from './frames.js';
import { cables, collectorPort, db, edge, edgeRules, internet, rack, rackRules, web } from './sites.js';
import { tor } from './tor.js';
import { arpRequest, frameOf, inIpv6, ping, tagged, tcp4, udp4, udp6, withDestination } from './traffic.js';
import { dropReasons } from './types.js';

let rackSwitch: SimulatedSwitch<typeof tor>;
let edgeRouter: SimulatedSwitch<typeof border>;
let atRack: FabricController;
let atEdge: FabricController;

beforeAll(async () => {
  [rackSwitch, edgeRouter] = [await simulate(tor), await simulate(border)];
  atRack = await FabricController.start(rackSwitch, tor, rack, rackRules);
  atEdge = await FabricController.start(edgeRouter, border, edge, edgeRules);
});
beforeEach(async () => {
  await atRack.update(rackRules);
  const { reasons } = tor.ingress.drops;
  for (const index of Object.values(dropReasons)) await rackSwitch.counter(reasons).set(index, { packets: 0n, bytes: 0n });
  await rackSwitch.advanceTime(60_000_000_000);
  await packetInsOf(async () => {});
});
afterAll(async () => {
  await rackSwitch.close();
  await edgeRouter.close();
});

interface Seen {
  readonly port: number;
  readonly frame: Frame | undefined;
}
const seen = (sent: readonly SentPacket[]): Seen[] => sent.map(({ port, packet }) => ({ port, frame: readFrame(packet) }));
const fromHost = async (port: number, bytes: Uint8Array): Promise<Seen[]> => seen(await rackSwitch.send(port, bytes));
const reasons = async (controller: FabricController): Promise<string[]> =>
  (await controller.drops()).flatMap(({ reason, packets }) => (reason === 'trapped' ? [] : Array<string>(Number(packets)).fill(reason)));
/** What `act` makes the switch send up: all that comes before a frame which is sent after it. */
async function packetInsOf(act: () => Promise<unknown>) {
  const last = frameOf(web, EtherType.lldp, new TextEncoder().encode('the last one'));
  await act();
  await rackSwitch.send(web.port, last);
  const all = [];
  for await (const packetIn of rackSwitch.packetIns()) {
    if (packetIn.payload.length === last.length && packetIn.payload.every((byte, i) => byte === last[i])) break;
    all.push(packetIn);
  }
  return all;
}

test.each([tor, border])('$name has no flaw', (pipeline) => {
  expect(diagnosticsOf(pipeline)).toEqual([]);
});

describe('routing', () => {
  test('between VLANs of the rack: MAC addresses, TTL and checksum are new, and the tag is that of the port', async () => {
    const [out, ...more] = await rackSwitch.send(web.port, udp4(web, '10.1.20.20', { src: '10.1.10.11' }));
    expect(more).toEqual([]);
    const { port, packet } = out as SentPacket;
    expect(port).toBe(db.port);
    expect(readFrame(packet)).toEqual({
      src: db.gateway,
      dst: db.mac,
      tag: 20,
      ip: { src: '10.1.10.11', dst: '10.1.20.20', ttl: 63, dscp: 0 },
    });
    expect(internetChecksum(packet.subarray(18, 38))).toBe(0);
    expect(await fromHost(db.port, udp4(db, web.ipv4))).toEqual([
      { port: 1, frame: { src: web.gateway, dst: web.mac, ip: { src: db.ipv4, dst: web.ipv4, ttl: 63, dscp: 0 } } },
    ]);
  });

  test('IPv6 likewise', async () => {
    expect(await fromHost(web.port, udp6(web, db.ipv6))).toEqual([
      { port: 2, frame: { src: db.gateway, dst: db.mac, tag: 20, ip: { src: web.ipv6, dst: db.ipv6, ttl: 63, dscp: 0 } } },
    ]);
  });

  test('what was not sent to the router is not routed', async () => {
    expect(await fromHost(web.port, udp4(web, internet.ipv4, { dstMac: '02:00:00:00:00:66' }))).toEqual([]);
    expect(await reasons(atRack)).toEqual(['noRoute']);
  });

  test('a group spreads flows by their weights, and keeps each where it is', async () => {
    const portOf = async (srcPort: number) => (await fromHost(web.port, udp4(web, '8.8.8.8', { srcPort })))[0]?.port;
    const ports = await Promise.all(Array.from({ length: 120 }, (_, i) => portOf(20000 + i)));
    const by31 = ports.filter((port) => port === 31).length;
    expect(ports.filter((port) => port === 32).length).toBe(120 - by31);
    // Two thirds, and six standard deviations to either side.
    expect(by31).toBeGreaterThan(48);
    expect(by31).toBeLessThan(112);
    expect(await Promise.all([0, 1, 2, 3].map((i) => portOf(20000 + i)))).toEqual(ports.slice(0, 4));
  });

  test('the flow label of IPv6 chooses at the border, not in the rack', async () => {
    const labels = Array.from({ length: 40 }, (_, flowLabel) => flowLabel);
    const atBorder = await Promise.all(
      labels.map(async (flowLabel) => (await edgeRouter.send(11, udp6(internet, web.ipv6, { flowLabel })))[0]?.port),
    );
    expect(new Set(atBorder)).toEqual(new Set([1, 2]));
    const inRack = await Promise.all(
      labels.map(async (flowLabel) => (await rackSwitch.send(1, udp6(web, '3fff:1::7', { flowLabel })))[0]?.port),
    );
    expect(new Set(inRack).size).toBe(1);
  });

  test('VRFs have routes of their own, and those that are not there have none', async () => {
    expect((await fromHost(web.port, udp4(web, db.ipv4, { srcMac: '02:00:00:00:00:77' }))).map(({ port }) => port)).toContain(2);
    expect(await fromHost(web.port, udp4(web, '8.8.8.8', { srcMac: '02:00:00:00:00:77' }))).toEqual([]);
    expect(await fromHost(web.port, udp4(web, '8.8.8.8', { srcMac: '02:00:00:00:00:88' }))).toEqual([]);
    expect(await reasons(atRack)).toEqual(['unknownVrf', 'noRoute']);
  });

  test('a multicast group has a copy for each interface, from its own address', async () => {
    const group = { dstMac: '01:00:5e:01:01:01' } as const;
    const ip = { src: '198.51.100.7', dst: '239.1.1.1', ttl: 63, dscp: 0 };
    const out = await fromHost(31, udp4({ ...internet, gateway: '02:00:00:00:01:31' }, '239.1.1.1', group));
    expect(out).toEqual([
      { port: 1, frame: { src: web.gateway, dst: '01:00:5e:01:01:01', ip } },
      { port: 2, frame: { src: db.gateway, dst: '01:00:5e:01:01:01', tag: 20, ip } },
    ]);
    const six = await fromHost(31, udp6({ ...internet, gateway: '02:00:00:00:01:31' }, 'ff3e::8000:1', { dstMac: '33:33:80:00:00:01' }));
    expect(six.map(({ port }) => port)).toEqual([2]);
  });
});

describe('tunnels', () => {
  test('the rack puts GRE and IPv6 around what leaves the fabric, and the border takes them off', async () => {
    const cases = [
      [udp4(web, internet.ipv4), { src: web.ipv4, dst: internet.ipv4, ttl: 63, dscp: 0 }],
      [udp6(web, internet.ipv6), { src: web.ipv6, dst: internet.ipv6, ttl: 63, dscp: 0 }],
    ] as const;
    for (const [bytes, inside] of cases) {
      const [sent] = await rackSwitch.send(web.port, bytes);
      const { port, packet } = sent as SentPacket;
      const mac = `02:00:00:00:02:${port === 31 ? '01' : '02'}`;
      expect(readFrame(packet)).toEqual({
        ...{ src: `02:00:00:00:01:${port}`, dst: mac },
        ip: { src: '2001:db8:a::1', dst: '2001:db8:b::1', ttl: 64, dscp: 0, inside },
      });
      // IPv6 says how long it is: all that follows its 40 bytes.
      expect(((packet[18] as number) << 8) + (packet[19] as number)).toBe(packet.length - 14 - 40);
      expect(packet.length).toBe(bytes.length + 44);
      expect(seen(await edgeRouter.send(cables.get(port) as number, packet))).toEqual([
        { port: 11, frame: { src: internet.gateway, dst: internet.mac, ip: { ...inside, ttl: 62 } } },
      ]);
    }
  });

  test('the border takes IP in IPv6 as well; what ends elsewhere, and tunnels in the rack, stay as they are', async () => {
    const ip = udpPacket({ src: web.ipv4, dst: internet.ipv4 });
    const frame = (dst: '2001:db8:b::1' | '3fff:1::9' | '2001:db8:10::10') =>
      ethernetFrame('02:00:00:00:02:01', web.mac, EtherType.ipv6, inIpv6('2001:db8:a::1', dst, IpProtocol.ipv4, ip));
    expect((await edgeRouter.send(1, frame('2001:db8:b::1'))).map(({ packet }) => packet.length)).toEqual([14 + ip.length]);
    expect((await edgeRouter.send(1, frame('3fff:1::9'))).map(({ packet }) => packet.length)).toEqual([14 + 40 + ip.length]);
    const [out] = await rackSwitch.send(31, withDestination(frame('2001:db8:10::10'), '02:00:00:00:01:31'));
    expect([out?.port, out?.packet.length]).toEqual([1, 14 + 40 + ip.length]);
    expect('tunnelTermination' in tor.ingress && tor.ingress.tunnelTermination).toBe(undefined);
  });
});

describe('access lists', () => {
  test('a rule drops, a rule of the route drops, and a denial takes its copy back', async () => {
    expect(await fromHost(web.port, udp4(web, '198.51.100.130'))).toEqual([]);
    expect(await fromHost(web.port, udp4(web, '10.66.1.1'))).toEqual([]);
    expect(await fromHost(web.port, tcp4(web, db.ipv4, { dstPort: 23 }))).toHaveLength(1); // the mirror's
    expect(await reasons(atRack)).toEqual(['accessList', 'accessList', 'route']);
  });

  test('a copy goes to the controller within the rate of its rule, and the packet on its way', async () => {
    const query = udp4(web, '10.9.9.9', { dstPort: 53 });
    const copies = await packetInsOf(async () => {
      for (let i = 0; i < 30; i++) expect(await fromHost(web.port, query)).toHaveLength(1);
    });
    expect(copies).toHaveLength(Math.floor(1000 / query.length));
    expect(copies[0]).toMatchObject({ ingressPort: 1, payload: query });
    expect([31, 32]).toContain(copies[0]?.targetEgressPort);
    for await (const { match, counter } of rackSwitch.table(tor.ingress.ingressAcl.rules).entries()) {
      if (match.dstPort === 53) expect(counter?.packets).toBe(30n);
    }
  });

  test('a mirror session has the packet as it came, in IPFIX, with its ports', async () => {
    const bytes = udp4(web, db.ipv4);
    const out = await fromHost(web.port, bytes);
    expect(out.map(({ port }) => port)).toEqual([collectorPort, db.port]);
    expect(out[0]?.frame).toEqual({
      ...{ src: '02:00:00:00:01:40', dst: '02:00:00:00:04:01' },
      ip: {
        ...{ src: '2001:db8:a::1', dst: '2001:db8:c::1', ttl: 64, dscp: 0 },
        sample: { ingressPort: 1, egressPort: 2, frame: bytes },
      },
    });
  });

  test('both at once: one packet, a copy to the controller and one to the collector', async () => {
    const bytes = udp4(web, db.ipv4, { dstPort: 53 });
    const copies = await packetInsOf(async () => {
      expect((await fromHost(web.port, bytes)).map(({ port }) => port)).toEqual([collectorPort, db.port]);
    });
    expect(copies).toEqual([{ ingressPort: 1, targetEgressPort: 2, payload: bytes }]);
  });

  test('a rule sends elsewhere, with a next hop or to a port, even what has no route', async () => {
    const [toNextHop] = await fromHost(web.port, udp4(web, '10.66.1.1', { srcMac: '02:00:00:00:00:99' }));
    expect(toNextHop).toMatchObject({ port: 31, frame: { dst: '02:00:00:00:02:01', ip: { ttl: 63 } } });
    const [toPort] = await fromHost(web.port, udp4(web, '10.1.20.99'));
    expect(toPort).toMatchObject({ port: 5, frame: { src: web.mac, dst: web.gateway } });
  });

  test('a redirection does not make an old packet young', async () => {
    await atRack.update([]);
    const { rules, redirect } = tor.ingress.ingressAcl;
    await rackSwitch.table(rules).insert({ match: { tag: 0 }, priority: 1, action: redirect({ nextHop: 31 }) });
    for (const ttl of [0, 1]) expect(await fromHost(web.port, udp4(web, '10.66.1.1', { ttl }))).toEqual([]);
    expect(await fromHost(web.port, udp4(web, '10.66.1.1', { ttl: 2 }))).toMatchObject([{ port: 31, frame: { ip: { ttl: 1 } } }]);
    expect(await reasons(atRack)).toEqual(['ttlExpired', 'ttlExpired']);
  });

  test('classes of traffic get another code point; a route’s tag chooses at the border', async () => {
    expect((await fromHost(web.port, tcp4(web, db.ipv4, { dstPort: 5432, src: '10.1.10.11' })))[0]?.frame?.ip?.dscp).toBe(18);
    const [tunnelled] = await fromHost(web.port, tcp4(web, internet.ipv4, { dstPort: 5432 }));
    expect(tunnelled?.frame?.ip).toMatchObject({ dscp: 18, inside: { dscp: 18 } });
    expect(seen(await edgeRouter.send(11, udp4(internet, '192.0.2.9')))[0]).toMatchObject({ port: 12, frame: { ip: { dscp: 10 } } });
    for await (const { counter } of edgeRouter.table(border.ingress.ingressAcl.counting).entries()) expect(counter?.packets).toBe(1n);
  });

  test('egress drops what a port may not send', async () => {
    expect(await fromHost(web.port, tcp4(web, db.ipv4, { dstPort: 22, src: '10.1.10.11' }))).toEqual([]);
    expect(await fromHost(db.port, tcp4(db, web.ipv4, { dstPort: 22 }))).toHaveLength(1);
    expect(await edgeRouter.send(1, udp4({ ...web, gateway: '02:00:00:00:02:01' }, internet.ipv4, { dstPort: 445 }))).toHaveLength(1);
    expect(await edgeRouter.send(1, tcp4({ ...web, gateway: '02:00:00:00:02:01' }, internet.ipv4, { dstPort: 445 }))).toEqual([]);
  });
});

describe('what is dropped', () => {
  test.each([
    ['a source that is no host', udp4(web, db.ipv4, { src: '127.0.0.1' }), 'martian'],
    ['a broadcast as source', udp4(web, db.ipv4, { src: '255.255.255.255' }), 'martian'],
    ['loopback as destination', udp4(web, '127.0.0.1'), 'martian'],
    ['a multicast source in IPv6', udp6({ ...web, ipv6: 'ff02::1' }, db.ipv6), 'martian'],
    ['::1', udp6(web, '::1'), 'martian'],
    ['a next hop without a neighbor', udp4(web, '10.99.0.1'), 'noNeighbor'],
    ['a tag of a VLAN that the port is not in', tagged(20, udp4(web, db.ipv4)), 'notInVlan'],
    ['a tag of a VLAN that nobody is in', tagged(999, udp4(web, db.ipv4)), 'notInVlan'],
    ['a wrong checksum', wrongChecksum(udp4(web, db.ipv4)), 'badChecksum'],
    ['another EtherType', frameOf(web, 0x9999, new Uint8Array(46)), 'noRoute'],
  ] as const)('%s', async (_, bytes, reason) => {
    const out = await fromHost(web.port, bytes);
    expect(out.filter(({ port }) => port !== collectorPort)).toEqual([]);
    expect(await reasons(atRack)).toEqual([reason]);
  });

  test('TTL 0 and 1 go no further, in IPv4 and IPv6: the controller gets them', async () => {
    for (const ttl of [0, 1]) {
      for (const bytes of [udp4(web, internet.ipv4, { ttl }), udp6(web, internet.ipv6, { ttl })]) {
        const copies = await packetInsOf(async () => expect(await fromHost(web.port, bytes)).toEqual([]));
        expect(copies.map(({ payload }) => payload)).toEqual([bytes]);
      }
    }
    expect(await reasons(atRack)).toEqual(Array(4).fill('accessList'));
    await atRack.update([]);
    expect(await fromHost(web.port, udp4(web, internet.ipv4, { ttl: 1 }))).toEqual([]);
    expect(await fromHost(web.port, udp4(web, internet.ipv4, { ttl: 2 }))).toMatchObject([{ frame: { ip: { inside: { ttl: 1 } } } }]);
    expect(await reasons(atRack)).toEqual([...Array<string>(4).fill('accessList'), 'ttlExpired']);
  });

  test('every packet that is cut off', async () => {
    for (const whole of [udp4(web, internet.ipv4), udp6(web, internet.ipv6), arpRequest(web, '10.1.10.1')]) {
      for (let length = 0; length < whole.length; length++) await rackSwitch.send(web.port, whole.subarray(0, length));
    }
    for (let length = 0; length < 60; length++) await edgeRouter.send(1, new Uint8Array(length).fill(0x86));
  });
});

describe('the controller', () => {
  let own: SimulatedSwitch<typeof tor>;
  beforeEach(async () => {
    own = await simulate(tor);
  });
  afterEach(() => own.close());

  /** What the controller says of a packet, and what it sends. */
  async function answered(port: number, bytes: Uint8Array) {
    const controller = await FabricController.start(own, tor, rack, rackRules);
    const left: Seen[] = [];
    own.onOutput((output) => void left.push(...seen([output])));
    const told = new Promise<string>((resolve) => void controller.serve(resolve));
    await own.send(port, bytes);
    const what = await told;
    await expect.poll(() => left.length).toBe(1);
    return { what, ...(left[0] as Seen) };
  }

  test.each([
    ['ARP', web, arpRequest(web, '10.1.10.1'), 'ARP: 10.1.10.1 is at 02:00:00:00:01:10'],
    ['ARP with a tag', db, arpRequest(db, '10.1.20.1'), 'ARP: 10.1.20.1 is at 02:00:00:00:01:20'],
    ['a ping', web, ping(web, '10.1.10.1'), 'echo reply'],
    ['an expired packet', web, udp4(web, internet.ipv4, { ttl: 1 }), 'time exceeded'],
    ['an expired packet of IPv6', web, udp6(web, internet.ipv6, { ttl: 1 }), 'time exceeded'],
  ] as const)('answers %s', async (_, host, bytes, what) => {
    const { port, frame, ...told } = await answered(host.port, bytes);
    expect(told.what).toContain(what);
    expect(port).toBe(host.port);
    expect(frame).toMatchObject({ src: host.gateway, dst: host.mac, ...(host.vlan ? { tag: host.vlan } : {}) });
  });

  test('a packet-out leaves as it is by the port that it names, or goes through the pipeline', async () => {
    await FabricController.start(own, tor, rack, rackRules);
    const left: SentPacket[] = [];
    own.onOutput((output) => void left.push(output));
    const bytes = udp4(web, db.ipv4, { dstMac: '02:00:00:00:01:20' });
    await own.packetOut(bytes, { egressPort: 7, submitToIngress: false });
    await expect.poll(() => left.length).toBe(1);
    expect(left.splice(0)).toMatchObject([{ port: 7, packet: bytes }]);
    const station = { match: { dstMac: '02:00:00:00:01:20' }, priority: 9, action: tor.ingress.admission.admit() } as const;
    await own.table(tor.ingress.admission.stations).insert(station);
    await own.packetOut(bytes, { egressPort: 0, submitToIngress: true });
    await expect.poll(() => left.length).toBe(2);
    expect(seen(left)).toMatchObject([{ port: collectorPort }, { port: 2, frame: { tag: 20, ip: { ttl: 63 } } }]);
  });

  test('a rule that makes no sense is refused before it is sent, and an entry that refers to nothing by the switch', async () => {
    const { rules, drop } = tor.ingress.ingressAcl;
    const { ipv4, toNextHop } = tor.ingress.routing;
    const insert = (match: EntryKeyOf<typeof rules>['match']) => own.table(rules).insert({ match, priority: 1, action: drop() });
    await expect(insert({ dstPort: 53 })).rejects.toThrow(/dstPort::mask != 0 -> protocol == 6 \|\| protocol == 17/);
    await expect(insert({ isIpv4: true, isIpv6: true })).rejects.toThrow(/isIpv4/);
    await expect(insert({ arpTarget: '10.1.10.1' })).rejects.toThrow(/arpTarget::mask != 0 -> etherType == 0x806/);
    await insert({ etherType: EtherType.arp, arpTarget: '10.1.10.1' });
    const route = { match: { vrf: 0, dst: '10.0.0.0/8' }, action: toNextHop({ nextHop: 7 }) } as const;
    await expect(own.table(ipv4).insert(route)).rejects.toThrow(/NOT_FOUND.*next_hops with nextHop=7/);
  });

  test('other rules: only what differs is written', async () => {
    const difference = await atRack.update(rackRules.slice(1));
    expect(difference.changes.map(({ kind }) => kind)).toEqual(['delete', 'delete', 'delete']);
    expect((await atEdge.update(edgeRules)).changes).toEqual([]);
  });
});

/** The IPv4 packet of an untagged frame, damaged. */
function wrongChecksum(frame: Uint8Array): Uint8Array {
  const damaged = frame.slice();
  damaged[24] = (damaged[24] as number) ^ 0xff;
  return damaged;
}
