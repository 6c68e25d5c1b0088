/** The switch under its controller: floods, learns, follows and forgets stations, and keeps VLANs apart. */
import { build, dissect, type MacAddress, packet } from 'p4ts';
import { ArpOperation, Ethernet, EtherType, Vlan } from 'p4ts/headers';
import { type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ethernetFrame } from '../packets.js';
import { arp } from './arp.js';
import { type Change, configure, counters, keepStations } from './controller.js';
import { l2switch } from './pipeline.js';

const a: MacAddress = '02:00:00:00:00:0a';
const b: MacAddress = '02:00:00:00:00:0b';
const payload = Uint8Array.from({ length: 46 }, (_, i) => i);
const frame = (dst: MacAddress, src: MacAddress) => ethernetFrame(dst, src, EtherType.ipv4, payload);
const tagged = (vid: number, dst: MacAddress, src: MacAddress, pcp = 0) =>
  packet(build(Ethernet, { dst, src, etherType: EtherType.vlan }), build(Vlan, { pcp, dei: 0, vid, etherType: EtherType.ipv4 }), payload);
const second = 1_000_000_000n;

let sw: SimulatedSwitch<typeof l2switch>;
let changes: string[];
beforeEach(async () => {
  sw = await simulate(l2switch);
  await configure(sw, [
    { id: 10, untagged: [1, 2, 3], tagged: [8] },
    { id: 20, untagged: [4], tagged: [8] },
  ]);
  changes = [];
  const told = ({ what, station }: Change) => void changes.push(`${what} ${station.mac} ${station.vlan} ${station.port}`);
  void keepStations(sw, { agingNs: 300n * second, told });
});
afterEach(() => sw.close());

/** The ports that a frame leaves through, after the controller had its time. */
async function ports(port: number, bytes: Uint8Array, count = changes.length): Promise<number[]> {
  const out = await sw.send(port, bytes);
  await expect.poll(() => changes.length).toBe(count);
  return out.map((sent) => sent.port);
}

describe('stations', () => {
  test('an unknown destination is flooded to the VLAN, but for the port where it came from', async () => {
    expect(await ports(1, frame(b, a), 1)).toEqual([2, 3, 8]);
    expect(changes).toEqual([`learned ${a} 10 1`]);
  });

  test('a station that was heard gets its packets alone, and both directions work', async () => {
    await ports(1, frame('ff:ff:ff:ff:ff:ff', a), 1);
    expect(await ports(2, frame(a, b), 2)).toEqual([1]);
    expect(await ports(1, frame(b, a))).toEqual([2]);
    // Known sources are not reported again.
    expect(changes).toEqual([`learned ${a} 10 1`, `learned ${b} 10 2`]);
  });

  test('the same address in two VLANs is two stations', async () => {
    await ports(1, frame(b, a), 1);
    await ports(4, frame(b, a), 2);
    expect(changes).toEqual([`learned ${a} 10 1`, `learned ${a} 20 4`]);
    expect(await ports(2, frame(a, b), 3)).toEqual([1]);
    expect(await ports(8, tagged(20, a, b), 4)).toEqual([4]);
  });

  test('a station that moves is followed', async () => {
    await ports(1, frame(b, a), 1);
    await ports(3, frame(b, a), 2);
    expect(changes[1]).toBe(`moved ${a} 10 3`);
    expect(await ports(2, frame(a, b), 3)).toEqual([3]);
  });

  test('a packet for a station at the port where it came from goes nowhere', async () => {
    await ports(1, frame(b, a), 1);
    expect(await ports(1, frame(a, b), 2)).toEqual([]);
  });

  test('packets to a station are counted', async () => {
    await ports(1, frame(b, a), 1);
    await ports(2, frame(a, b), 2);
    await ports(2, frame(a, b));
    for await (const { match, counter } of sw.table(l2switch.ingress.stations).entries()) {
      expect(counter).toEqual(match.mac === a ? { packets: 2n, bytes: 120n } : { packets: 0n, bytes: 0n });
    }
  });
});

describe('aging', () => {
  test('a station is forgotten after 300 s of silence, and flooded to again', async () => {
    await ports(1, frame(b, a), 1);
    await sw.advanceTime(299n * second);
    expect(await ports(2, frame(a, b), 2)).toEqual([1]);
    await sw.advanceTime(2n * second);
    await expect.poll(() => changes.at(-1)).toBe(`forgotten ${a} 10 1`);
    expect(await ports(2, frame(a, b))).toEqual([1, 3, 8]);
  });

  test('a station that goes on sending is kept', async () => {
    await ports(1, frame(b, a), 1);
    for (let i = 0; i < 5; i++) {
      await sw.advanceTime(200n * second);
      await ports(1, frame(b, a));
    }
    expect(changes).toEqual([`learned ${a} 10 1`]);
  });

  test('a station that was forgotten is learned again', async () => {
    await ports(1, frame(b, a), 1);
    await sw.advanceTime(301n * second);
    await expect.poll(() => changes.length).toBe(2);
    await ports(3, frame(b, a), 3);
    expect(changes[2]).toBe(`learned ${a} 10 3`);
  });
});

describe('VLANs', () => {
  test('a tag is put on towards a trunk, and taken off towards an access port', async () => {
    const broadcast = 'ff:ff:ff:ff:ff:ff';
    const out = await sw.send(4, frame(broadcast, a));
    expect(out).toEqual([{ port: 8, packet: tagged(20, broadcast, a) }]);
    const back = await sw.send(8, tagged(20, broadcast, b));
    expect(back).toEqual([{ port: 4, packet: frame(broadcast, b) }]);
  });

  test('a priority tag, of VLAN 0, is of the port’s VLAN; its priority reaches the trunk', async () => {
    const out = await sw.send(4, tagged(0, b, a, 5));
    expect(out).toEqual([{ port: 8, packet: tagged(20, b, a, 5) }]);
  });

  test.each([
    ['a tag of a VLAN that the trunk has not', 8, tagged(30, b, a)],
    ['no tag on a trunk', 8, frame(b, a)],
    ['a tag on an access port', 1, tagged(20, b, a)],
    ['a port without VLANs', 7, frame(b, a)],
  ])('%s: dropped and counted', async (_, port, bytes) => {
    expect(await sw.send(port, bytes)).toEqual([]);
    expect((await counters(sw)).drops[0]).toEqual({ reason: 'not in the VLAN', packets: 1n });
    expect(changes).toEqual([]);
  });

  test('traffic is counted by VLAN', async () => {
    await sw.send(1, frame(b, a));
    await sw.send(8, tagged(20, b, a));
    expect((await counters(sw)).vlans).toEqual([
      { vlan: 10, packets: 1n, bytes: 60n },
      { vlan: 20, packets: 1n, bytes: 64n },
    ]);
  });
});

describe('what a bridge keeps to itself', () => {
  test('the reserved addresses of IEEE 802.1Q are not forwarded, those behind them are', async () => {
    expect(await sw.send(1, frame('01:80:c2:00:00:00', a))).toEqual([]);
    expect(await sw.send(1, frame('01:80:c2:00:00:0f', a))).toEqual([]);
    expect((await counters(sw)).drops[1]).toEqual({ reason: 'reserved address', packets: 2n });
    expect(await ports(1, frame('01:80:c2:00:00:10', a), 1)).toEqual([2, 3, 8]);
  });

  test('a group address is no station', async () => {
    expect(await sw.send(1, frame(b, '03:00:00:00:00:01'))).toEqual([]);
    expect((await counters(sw)).drops[2]).toEqual({ reason: 'group as source', packets: 1n });
    expect(changes).toEqual([]);
  });

  test('a frame without a whole header goes nowhere', async () => {
    for (let length = 0; length < 14; length++) expect(await sw.send(1, frame(b, a).subarray(0, length))).toEqual([]);
    expect(await sw.send(8, tagged(10, b, a).subarray(0, 17))).toEqual([]);
    expect(changes).toEqual([]);
  });
});

test('when there is no room, packets are flooded and the station is learned later', async () => {
  const { stations, forward } = l2switch.ingress;
  const macOf = (i: number): MacAddress =>
    `06:00:00:00:${Buffer.of(i >> 8, i & 255).toString('hex', 0, 1)}:${Buffer.of(i & 255).toString('hex')}`;
  const others = Array.from({ length: 4096 }, (_, i) => ({ match: { vlan: 10, mac: macOf(i) }, action: forward({ port: 2 }) }));
  await sw.table(stations).insert(...others);
  expect(await ports(1, frame(b, a), 1)).toEqual([2, 3, 8]);
  expect(changes).toEqual([`no room ${a} 10 1`]);
  await sw.table(stations).delete({ match: { vlan: 10, mac: macOf(0) } });
  await sw.advanceTime(2n * second);
  await ports(1, frame(b, a), 2);
  expect(changes[1]).toBe(`learned ${a} 10 1`);
});

test('an ARP exchange', async () => {
  const hostA = { mac: a, ip: '10.0.0.1' } as const;
  const hostB = { mac: b, ip: '10.0.0.2' } as const;
  expect(await ports(1, arp(ArpOperation.request, hostA, { ...hostB, mac: 'ff:ff:ff:ff:ff:ff' }), 1)).toEqual([2, 3, 8]);
  const [reply] = await sw.send(2, arp(ArpOperation.reply, hostB, hostA));
  expect(reply?.port).toBe(1);
  expect(dissect(Ethernet, reply?.packet as Uint8Array)?.[0]).toMatchObject({ dst: a, src: b });
});
