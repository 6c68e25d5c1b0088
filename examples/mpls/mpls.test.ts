/** Label switched paths through five routers, and the packets at which one router gives up. */
import { build, dissect, type Ipv4Address, internetChecksum, packet } from 'p4ts';
import { Ethernet, EtherType, Ipv4, Mpls } from 'p4ts/headers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ethernetFrame, udpFrame, udpPacket } from '../packets.js';
import { makePath, protect } from './controller.js';
import { createNetwork, customerMac, describeFrame, macOf, type Network, provision } from './network.js';

let network: Network;
beforeEach(async () => {
  network = await createNetwork();
});
afterEach(() => network.close());

const src = '10.1.0.10';
const frame = (dst: Ipv4Address, more: { ttl?: number; dscp?: number } = {}) =>
  udpFrame(macOf('pe1', 1), customerMac, { src, dst, ...more });
const label = (value: number, bottomOfStack: number, ttl = 64) => build(Mpls, { label: value, trafficClass: 0, bottomOfStack, ttl });
const labelled = (...parts: Uint8Array[]) => ethernetFrame(macOf('p1', 1), macOf('pe1', 2), EtherType.mpls, ...parts);
const walk = async (bytes: Uint8Array) => (await network.carry(bytes)).map((s) => `${s.router}.${s.port}: ${describeFrame(s.bytes)}`);

describe('paths', () => {
  test('a service inside a tunnel: two labels are pushed, the outer one is swapped, then popped one hop early', async () => {
    const { service, tunnel } = await provision(network);
    expect([service, tunnel]).toEqual([16, [16, 16, undefined]]);
    expect(await walk(frame('10.2.0.10'))).toEqual([
      'pe1.2: 16/63 | 16/63 | IPv4 10.1.0.10 → 10.2.0.10 ttl 63',
      'p1.2: 16/62 | 16/63 | IPv4 10.1.0.10 → 10.2.0.10 ttl 63',
      'p2.2: 16/61 | IPv4 10.1.0.10 → 10.2.0.10 ttl 63',
      'pe2.1: IPv4 10.1.0.10 → 10.2.0.10 ttl 60',
    ]);
  });

  test('a plain path: the last router sees the packet without labels', async () => {
    const { plain } = await provision(network);
    expect(plain).toEqual([17, 17, undefined]);
    expect(await walk(frame('10.3.0.10'))).toEqual([
      'pe1.2: 17/63 | IPv4 10.1.0.10 → 10.3.0.10 ttl 63',
      'p1.2: 17/62 | IPv4 10.1.0.10 → 10.3.0.10 ttl 63',
      'p2.2: IPv4 10.1.0.10 → 10.3.0.10 ttl 61',
      'pe2.1: IPv4 10.1.0.10 → 10.3.0.10 ttl 60',
    ]);
  });

  test('what comes out is what went in, four hops older, with a right checksum and the last link’s addresses', async () => {
    await provision(network);
    const sent = frame('10.2.0.10', { dscp: 46 });
    const out = (await network.carry(sent)).at(-1)?.bytes as Uint8Array;
    expect(dissect(Ethernet, out)?.[0]).toEqual({ dst: customerMac, src: macOf('pe2', 1), etherType: EtherType.ipv4 });
    const [before] = dissect(Ipv4, sent.subarray(14)) ?? [];
    const [after] = dissect(Ipv4, out.subarray(14)) ?? [];
    expect(after).toEqual({ ...before, ttl: 60, checksum: after?.checksum });
    expect(internetChecksum(out.subarray(14, 34))).toBe(0);
    expect(out.subarray(34)).toEqual(sent.subarray(34));
  });

  test('the class of traffic goes from the DSCP into every label', async () => {
    await provision(network);
    const [step] = await network.carry(frame('10.2.0.10', { dscp: 46 }));
    const stack = step?.bytes.subarray(14) as Uint8Array;
    // Expedited forwarding is 46 = 0b101110, of which 0b101 is left.
    expect(dissect(Mpls, stack)?.[0]).toEqual({ label: 16, trafficClass: 5, bottomOfStack: 0, ttl: 63 });
    expect(dissect(Mpls, stack.subarray(4))?.[0]).toEqual({ label: 16, trafficClass: 5, bottomOfStack: 1, ttl: 63 });
  });

  test('a bypass adds a third label, which is gone where the paths meet again', async () => {
    const { tunnel } = await provision(network);
    const { routers, link } = network;
    const bypass = await makePath(
      [
        { router: routers.p1, link: link('p1', 3) },
        { router: routers.p3, link: link('p3', 2) },
      ],
      { prefixes: [] },
    );
    await protect(routers.p1, tunnel[0] as number, tunnel[1] as number, bypass[0] as number, link('p1', 3));
    expect(await walk(frame('10.2.0.10'))).toEqual([
      'pe1.2: 16/63 | 16/63 | IPv4 10.1.0.10 → 10.2.0.10 ttl 63',
      'p1.3: 16/62 | 16/62 | 16/63 | IPv4 10.1.0.10 → 10.2.0.10 ttl 63',
      'p3.2: 16/61 | 16/63 | IPv4 10.1.0.10 → 10.2.0.10 ttl 63',
      'p2.2: 16/60 | IPv4 10.1.0.10 → 10.2.0.10 ttl 63',
      'pe2.1: IPv4 10.1.0.10 → 10.2.0.10 ttl 59',
    ]);
  });

  test('routers count packets by label and by prefix', async () => {
    await provision(network);
    for (const dst of ['10.2.0.10', '10.2.0.11', '10.3.0.10'] as const) await network.carry(frame(dst));
    const { pe1, p1, pe2 } = network.routers;
    expect((await pe1.counted()).classes).toEqual(
      new Map([
        ['10.2.0.0/16', 2n],
        ['10.3.0.0/16', 1n],
      ]),
    );
    expect((await p1.counted()).labels).toEqual(
      new Map([
        [16, 2n],
        [17, 1n],
      ]),
    );
    expect(await pe2.counted()).toEqual({
      labels: new Map([[16, 2n]]),
      classes: new Map([
        ['10.2.0.0/16', 2n],
        ['10.3.0.0/16', 1n],
      ]),
    });
  });
});

describe('one router', () => {
  test('two labels of its own: it looks twice and is one hop', async () => {
    const { pe2 } = network.routers;
    const labels = [await pe2.addService(), await pe2.addService()];
    await pe2.addRoute('10.2.0.0/16', network.link('pe2', 1));
    const inside = udpPacket({ src, dst: '10.2.0.10' });
    const [out] = await network.switches.pe2.send(
      2,
      labelled(label(labels[0] as number, 0, 40), label(labels[1] as number, 1, 50), inside),
    );
    expect(describeFrame(out?.packet as Uint8Array)).toBe('IPv4 10.1.0.10 → 10.2.0.10 ttl 39');
  });

  const inside = udpPacket({ src, dst: '10.2.0.10' });
  const wrong = inside.slice();
  wrong[10] = (wrong[10] as number) ^ 1;
  const stackOf = (count: number) => Array.from({ length: count }, (_, i) => label(16, i === count - 1 ? 1 : 0));
  test.each([
    ['no route', frame('192.0.2.1')],
    ['TTL expired', frame('10.2.0.10', { ttl: 1 })],
    ['TTL expired', labelled(label(16, 1, 1), inside)],
    ['unknown label', labelled(label(4711, 1), inside)],
    ['too many labels', labelled(...stackOf(8), inside)],
    ['too many labels', labelled(...stackOf(9), inside)],
    ['malformed', labelled(label(16, 0))],
    ['malformed', labelled(label(16, 1), inside.subarray(0, 19))],
    ['bad checksum', ethernetFrame(macOf('pe1', 1), customerMac, EtherType.ipv4, wrong)],
    ['not routable', ethernetFrame(macOf('pe1', 1), customerMac, EtherType.arp, new Uint8Array(28))],
    // A service label with no IP packet after it.
    ['not routable', labelled(label(16, 1), packet(Uint8Array.of(0x60), new Uint8Array(39)))],
  ] as const)('drops and counts: %s', async (reason, bytes) => {
    const { pe1 } = network.routers;
    await pe1.addService();
    expect(await network.switches.pe1.send(1, bytes)).toEqual([]);
    expect(await pe1.dropped()).toEqual({ [reason]: 1n });
  });

  test('seven labels pass', async () => {
    const { p1 } = network.routers;
    await makePath(
      [
        { router: network.routers.pe1, link: network.link('pe1', 2) },
        { router: p1, link: network.link('p1', 2) },
      ],
      { prefixes: [] },
    );
    const [out] = await network.switches.p1.send(1, labelled(...stackOf(7), inside));
    expect(out?.packet.length).toBe(14 + 6 * 4 + inside.length);
  });
});
