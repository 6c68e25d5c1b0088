/** The router under its controller: every captured packet, what it became, and what was counted. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dissect, internetChecksum } from 'p4ts';
import { allEvents, defaultCpuPort, readPcap, type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { answer } from './answers.js';
import { counters, install, serve } from './controller.js';
import { describePacket } from './describe.js';
import { Ethernet, Ipv4, Ipv6, Vlan } from './headers.js';
import { type Network, NetworkFileError, parseNetwork } from './network.js';
import { router } from './pipeline.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const network: Network = parseNetwork(readFileSync(here('network.txt'), 'utf8'));
const captured = [1, 2].map((port) => readPcap(here(`traffic/port${port}.pcap`)).map(({ bytes }) => bytes));
const packetsOf = (port: 1 | 2) => captured[port - 1] as readonly Uint8Array[];
/** A packet of port 1 by its number in traffic/README.md. */
const packet = (number: number): Uint8Array => packetsOf(1)[number - 1] as Uint8Array;

let sw: SimulatedSwitch<typeof router>;
beforeEach(async () => {
  sw = await simulate(router);
  await install(sw, network);
});
afterEach(() => sw.close());

const h1 = '02:00:00:00:00:11';
const h2 = '02:00:00:00:00:22';

describe('forwarding', () => {
  test('an IPv4 packet leaves through the route’s port, one hop older, with a right checksum and the rest untouched', async () => {
    const [out, ...more] = await sw.send(1, packet(4));
    expect(more).toEqual([]);
    expect(out?.port).toBe(2);
    const sent = out?.packet as Uint8Array;
    expect(dissect(Ethernet, sent)?.[0]).toMatchObject({ dst: h2, src: '02:00:00:00:00:02', etherType: 0x0800 });
    const [before] = dissect(Ipv4, packet(4).subarray(14)) ?? [];
    const [after] = dissect(Ipv4, sent.subarray(14)) ?? [];
    expect(after).toEqual({ ...before, ttl: (before?.ttl ?? 0) - 1, checksum: after?.checksum });
    expect(internetChecksum(sent.subarray(14, 34))).toBe(0);
    expect(sent.subarray(34)).toEqual(packet(4).subarray(34));
  });

  test('an IPv6 packet loses one hop, nothing else', async () => {
    const [out] = await sw.send(1, packet(33));
    const sent = out?.packet as Uint8Array;
    const [before] = dissect(Ipv6, packet(33).subarray(14)) ?? [];
    const [after] = dissect(Ipv6, sent.subarray(14)) ?? [];
    expect(out?.port).toBe(2);
    expect(after).toEqual({ ...before, hopLimit: (before?.hopLimit ?? 0) - 1 });
    expect(sent.subarray(54)).toEqual(packet(33).subarray(54));
  });

  test('a tag is taken off towards an untagged next hop, and put on towards VLAN 10', async () => {
    const [out] = await sw.send(1, packet(39));
    expect(out?.port).toBe(2);
    expect(dissect(Ethernet, out?.packet as Uint8Array)?.[0].etherType).toBe(0x0800);
    expect(out?.packet.length).toBe(packet(39).length - 4);

    const back = packetsOf(2).find((bytes) => describePacket(bytes) === 'ICMP echo reply 10.0.2.10 → 10.0.10.10') as Uint8Array;
    const [tagged] = await sw.send(2, back);
    expect(tagged?.port).toBe(1);
    const [ethernet, rest] = dissect(Ethernet, tagged?.packet as Uint8Array) ?? [];
    expect(ethernet).toMatchObject({ dst: h1, etherType: 0x8100 });
    expect(dissect(Vlan, rest as Uint8Array)?.[0]).toEqual({ priority: 0, dropEligible: 0, id: 10, etherType: 0x0800 });
    expect(tagged?.packet.length).toBe(back.length + 4);
  });

  test('of all captured packets, each is forwarded, sent up or dropped as its kind asks for', async () => {
    const fates = new Map<string, number>();
    for (const port of [1, 2] as const) {
      for (const bytes of packetsOf(port)) {
        const { trace } = await sw.sendTraced(port, bytes);
        const sent = [...allEvents(trace.events)].flatMap((event) => (event.kind === 'send' ? [event.port] : []));
        const fate = sent.map((to) => (to === defaultCpuPort ? 'controller' : `port ${to}`)).join() || 'dropped';
        fates.set(fate, (fates.get(fate) ?? 0) + 1);
      }
    }
    // Counted by hand from the table in traffic/README.md: 34 + 11 + 6 packets of port 1, 31 + 4 + 1 of port 2.
    expect(Object.fromEntries(fates)).toEqual({ 'port 2': 34, 'port 1': 31, controller: 11 + 4, dropped: 6 + 1 });
  });
});

describe('what is dropped', () => {
  const fates: readonly (readonly [string, number, string])[] = [
    ['no route, IPv4', 43, 'no route'],
    ['no route, IPv6', 44, 'no route'],
    ['an IPv4 option', 45, 'not routable'],
    ['a wrong checksum', 48, 'bad checksum'],
    ['half an IPv4 header', 49, 'malformed'],
    ['less than an Ethernet header', 51, 'malformed'],
  ];
  test.each(fates)('%s: counted by its reason', async (_, number, reason) => {
    expect(await sw.send(1, packet(number))).toEqual([]);
    const { drops } = await counters(sw);
    expect(drops.filter((drop) => drop.packets > 0n)).toEqual([{ reason, packets: 1n, bytes: BigInt(packet(number).length) }]);
  });

  test('a packet for another MAC address, and one on an interface that the router does not have', async () => {
    const other = packet(4).slice();
    other.set([2, 9, 9, 9, 9, 9]);
    expect(await sw.send(1, other)).toEqual([]);
    expect(await sw.send(7, packet(4))).toEqual([]);
    const { drops } = await counters(sw);
    expect(drops.find((drop) => drop.reason === 'not for this router')?.packets).toBe(2n);
  });

  test('a route whose next hop was taken away', async () => {
    await sw.table(router.ingress.nextHops).delete({ match: { id: 3 } });
    expect(await sw.send(1, packet(4))).toEqual([]);
    expect((await counters(sw)).drops.find((drop) => drop.reason === 'no next hop')?.packets).toBe(1n);
  });
});

test('routes count packets and bytes, also over several packets', async () => {
  for (const number of [4, 5, 6, 7]) await sw.send(1, packet(number));
  const { routes } = await counters(sw);
  expect(routes.find((route) => route.prefix === '10.0.2.0/24')).toMatchObject({ packets: 4n, bytes: BigInt(3 * 98 + 1514) });
});

describe('the controller', () => {
  /** What leaves after the controller answered what `number` sent up. */
  async function answered(number: number): Promise<Uint8Array> {
    const left: Uint8Array[] = [];
    sw.onOutput(({ packet }) => left.push(packet));
    const told = new Promise<void>((resolve) => void serve(sw, network, () => resolve()));
    await sw.send(1, packet(number));
    await told;
    await expect.poll(() => left.length).toBe(1);
    return left[0] as Uint8Array;
  }

  test.each([
    [1, 'ARP 10.0.1.1 is at 02:00:00:00:00:01'],
    [2, 'ICMP echo reply 10.0.1.1 → 10.0.1.10'],
    [9, 'ICMPv6 neighbour advertisement 2001:db8:1::1 → 2001:db8:1::10'],
    [31, 'ICMPv6 echo reply 2001:db8:1::1 → 2001:db8:1::10'],
    [37, 'VLAN 10: ICMP echo reply 10.0.10.1 → 10.0.10.10'],
    [41, 'ICMP time exceeded 10.0.1.1 → 10.0.1.10'],
    [42, 'ICMPv6 time exceeded 2001:db8:1::1 → 2001:db8:1::10'],
  ])('answers packet %i: %s', async (number, what) => {
    const bytes = await answered(number);
    expect(describePacket(bytes)).toBe(what);
    expect(dissect(Ethernet, bytes)?.[0].dst).toBe(h1);
  });

  test('an echo reply carries the data of the request, and both of its checksums are right', async () => {
    const reply = await answered(2);
    expect(internetChecksum(reply.subarray(14, 34))).toBe(0);
    expect(internetChecksum(reply.subarray(34))).toBe(0);
    expect(reply.subarray(42)).toEqual(packet(2).subarray(42));
  });

  test('damaged requests to the router itself get no answer, and do not stop it', () => {
    const iface = network.interfaces[0] as Network['interfaces'][number];
    for (let length = 0; length < packet(2).length; length++) {
      const cut = packet(2).subarray(0, length);
      expect(() => answer(cut, iface, false)).not.toThrow();
      expect(() => answer(cut, iface, true)).not.toThrow();
    }
  });
});

test('a line of the network file that says something else is named', () => {
  expect(() => parseNetwork('interface 1 02:00:00:00:00:01 10.0.1.1\nroute 10.0.0.0/8 through 1')).toThrow(NetworkFileError);
  expect(() => parseNetwork('\n\nroute 10.0.0.0/8 through 1')).toThrow(/line 3: "route 10\.0\.0\.0\/8 through 1"/);
});
