/** The firewall under its policy: what opens a connection, what belongs to one, how long it lives, and what it drops. */

import { crc32 } from 'node:zlib';
import type { Ipv4Address } from 'p4ts';
import { ArpOperation, EtherType, IcmpType, IpProtocol } from 'p4ts/headers';
import { type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ethernetFrame, ipv4Packet, tcpPacket } from '../packets.js';
import { counters, type Denied, filterState, flush, install, watch } from './controller.js';
import { filterSize, firewall } from './pipeline.js';
import {
  client,
  dns,
  fragmented,
  frame,
  page,
  pair,
  ping,
  reversed,
  rules,
  stranger,
  tcp,
  timeExceeded,
  udp,
  web,
  webServer,
} from './traffic.js';

const second = 1_000_000_000n;

let sw: SimulatedSwitch<typeof firewall>;
beforeEach(async () => {
  sw = await simulate(firewall);
  await install(sw, [pair], rules);
});
afterEach(() => sw.close());

const fromInside = (bytes: Uint8Array) => sw.send(pair.inside, bytes);
const fromOutside = (bytes: Uint8Array) => sw.send(pair.outside, bytes);
const outside = (bytes: Uint8Array) => [{ port: pair.outside, packet: bytes }];
const inside = (bytes: Uint8Array) => [{ port: pair.inside, packet: bytes }];
const dropped = async () => Object.fromEntries((await counters(sw)).drops.filter((d) => d.packets > 0n).map((d) => [d.reason, d.packets]));

describe('connections', () => {
  test('TCP from inside: its packets pass unchanged, both ways', async () => {
    expect(await fromInside(tcp(page, 'syn'))).toEqual(outside(tcp(page, 'syn')));
    expect(await fromOutside(tcp(reversed(page), 'syn', 'ack'))).toEqual(inside(tcp(reversed(page), 'syn', 'ack')));
    expect(await fromInside(tcp(page, 'ack'))).toEqual(outside(tcp(page, 'ack')));
    expect(await dropped()).toEqual({});
  });

  test('TCP from outside to the server that the policy names', async () => {
    expect(await fromOutside(tcp(web, 'syn'))).toHaveLength(1);
    expect(await fromInside(tcp(reversed(web), 'syn', 'ack'))).toHaveLength(1);
    expect(await fromOutside(tcp(web, 'ack'))).toHaveLength(1);
  });

  test.each([
    ['another source port', { ...page, srcPort: 40002 }],
    ['another destination port', { ...page, dstPort: 81 }],
    ['another source', { ...page, src: '10.0.0.11' as Ipv4Address }],
    ['another destination', { ...page, dst: '198.51.100.8' as Ipv4Address }],
  ])('a segment with %s belongs to no connection, from either side', async (_, flow) => {
    await fromInside(tcp(page, 'syn'));
    expect(await fromOutside(tcp(reversed(flow), 'ack'))).toEqual([]);
    expect(await fromInside(tcp(flow, 'ack'))).toEqual([]);
    expect(await dropped()).toEqual({ 'no connection': 2n });
  });

  test('a connection of one protocol is none of another', async () => {
    await fromInside(udp(page));
    expect(await fromOutside(tcp(reversed(page), 'ack'))).toEqual([]);
  });

  test('what the policy denied opened nothing', async () => {
    const mail = { ...page, dstPort: 25 };
    expect(await fromInside(tcp(mail, 'syn'))).toEqual([]);
    expect(await fromOutside(tcp(reversed(mail), 'syn', 'ack'))).toEqual([]);
    expect(await dropped()).toEqual({ policy: 1n, 'no connection': 1n });
  });

  test('a ping and its answer; not an answer that nobody asked for', async () => {
    expect(await fromInside(ping(client, stranger, 7))).toHaveLength(1);
    expect(await fromOutside(ping(stranger, client, 7, IcmpType.echoReply))).toHaveLength(1);
    expect(await fromOutside(ping(stranger, client, 8, IcmpType.echoReply))).toEqual([]);
    expect(await fromOutside(ping(stranger, client, 9))).toEqual([]);
    expect(await dropped()).toEqual({ 'no connection': 1n, policy: 1n });
  });

  test('the cell of a connection is where CRC-32 says, and holds the time with a bit above it', async () => {
    await fromInside(udp(dns));
    const tuple = Uint8Array.of(10, 0, 0, 10, 192, 0, 2, 53, 40000 >> 8, 40000 & 255, 0, 53, 17);
    expect(await sw.register(firewall.ingress.first).read(crc32(tuple) % filterSize)).toBe(2 ** 18);
    await sw.advanceTime(5.5 * 2 ** 30);
    await fromOutside(udp(reversed(dns)));
    expect(await sw.register(firewall.ingress.first).read(crc32(tuple) % filterSize)).toBe(2 ** 18 + 5);
  });

  test('no connection of many is lost', async () => {
    const flows = Array.from({ length: 500 }, (_, i) => ({ ...dns, srcPort: 20000 + 7 * i }));
    for (const flow of flows) await fromInside(udp(flow));
    for (const flow of flows) expect(await fromOutside(udp(reversed(flow)))).toHaveLength(1);
    const { connections, falsePositive } = await filterState(sw);
    expect(Math.abs(connections - 500)).toBeLessThan(25);
    expect(falsePositive).toBeLessThan(0.002);
  });

  test('the controller can end all of them', async () => {
    await fromInside(udp(dns));
    await flush(sw);
    expect(await fromOutside(udp(reversed(dns)))).toEqual([]);
    expect(await filterState(sw)).toEqual({ filled: [0, 0], connections: 0, falsePositive: 0 });
  });
});

describe('time', () => {
  test.each([
    ['UDP', 300n, udp(dns), udp(reversed(dns))],
    ['TCP', 7440n, tcp(page, 'syn'), tcp(reversed(page), 'ack')],
    ['ICMP', 60n, ping(client, stranger, 7), ping(stranger, client, 7, IcmpType.echoReply)],
  ])('%s: a connection ends after %i s of silence', async (_, timeout, there, back) => {
    await fromInside(there);
    await sw.advanceTime(timeout * second);
    expect(await fromOutside(back)).toHaveLength(1);
    // The filter's unit of time is 1.07 s.
    await sw.advanceTime((timeout + 3n) * second);
    expect(await fromOutside(back)).toEqual([]);
  });

  test('a connection outlives the moment at which the 48 bits of the time begin anew', async () => {
    await sw.advanceTime(2n ** 48n - 100n * second);
    await fromInside(udp(dns));
    await sw.advanceTime(200n * second);
    expect(await fromOutside(udp(reversed(dns)))).toHaveLength(1);
    await sw.advanceTime(303n * second);
    expect(await fromOutside(udp(reversed(dns)))).toEqual([]);
  });

  test('packets from either side keep it alive', async () => {
    await fromInside(udp(dns));
    for (let i = 0; i < 4; i++) {
      await sw.advanceTime(250n * second);
      expect(await fromOutside(udp(reversed(dns)))).toHaveLength(1);
    }
  });
});

describe('ICMP errors', () => {
  test('about a packet of a connection pass, about anything else not', async () => {
    await fromInside(tcp(page, 'syn'));
    const about = timeExceeded('203.0.113.1', client, tcp(page, 'syn'));
    expect(await fromOutside(about)).toEqual(inside(about));
    expect(await fromOutside(timeExceeded('203.0.113.1', client, tcp({ ...page, srcPort: 1 }, 'syn')))).toEqual([]);
    // Nor about a packet that went the other way.
    expect(await fromInside(timeExceeded(client, stranger, tcp(page, 'syn')))).toEqual([]);
    expect(await dropped()).toEqual({ 'no connection': 2n });
  });

  test('about a ping too: this is how traceroute sees the way', async () => {
    await fromInside(ping(client, stranger, 7));
    expect(await fromOutside(timeExceeded('203.0.113.1', client, ping(client, stranger, 7)))).toHaveLength(1);
    expect(await fromOutside(timeExceeded('203.0.113.1', client, ping(client, stranger, 8)))).toEqual([]);
  });

  test('what they quote has the checksum that it likes', async () => {
    await fromInside(tcp(page, 'syn'));
    const sent = tcp(page, 'syn');
    // Routers decrement the TTL before they find that they cannot forward, and not all of them tell the checksum.
    sent[22] = 1;
    expect(await fromOutside(timeExceeded('203.0.113.1', client, sent))).toHaveLength(1);
  });

  test('do not keep a connection alive', async () => {
    await fromInside(udp(dns));
    await sw.advanceTime(200n * second);
    expect(await fromOutside(timeExceeded('203.0.113.1', client, udp(dns)))).toHaveLength(1);
    await sw.advanceTime(200n * second);
    expect(await fromOutside(udp(reversed(dns)))).toEqual([]);
  });
});

describe('policy', () => {
  test('the first rule that fits decides, and is counted', async () => {
    await fromInside(tcp({ ...page, dstPort: 25 }, 'syn'));
    await fromInside(tcp({ ...page, dstPort: 24 }, 'syn'));
    await fromInside(tcp({ ...page, dstPort: 26 }, 'syn'));
    await fromOutside(tcp(web, 'syn'));
    expect((await counters(sw)).rules.map((rule) => rule.packets)).toEqual([1n, 2n, 1n]);
    expect(await dropped()).toEqual({ policy: 1n });
  });

  test('sources outside the prefix may not begin', async () => {
    expect(await fromInside(udp({ ...dns, src: '10.0.1.10' }))).toEqual([]);
    expect(await dropped()).toEqual({ policy: 1n });
  });

  test('denials are told to the controller, the same once in a second', async () => {
    const told: Denied[] = [];
    void watch(sw, (denied) => void told.push(denied));
    const ssh = tcp({ ...web, dstPort: 22 }, 'syn');
    await fromOutside(ssh);
    await fromOutside(ssh);
    await expect.poll(() => told.length).toBe(1);
    await sw.advanceTime(2n * second);
    await fromOutside(ssh);
    await expect.poll(() => told.length).toBe(2);
    expect(told[0]).toEqual({ port: pair.outside, src: stranger, dst: webServer, protocol: IpProtocol.tcp, dstPort: 22 });
  });
});

describe('what is not judged', () => {
  test('ARP passes', async () => {
    const arp = ethernetFrame('ff:ff:ff:ff:ff:ff', '02:00:00:00:00:02', EtherType.arp, Uint8Array.of(0, ArpOperation.request));
    expect(await fromOutside(arp)).toEqual(inside(arp));
  });

  const changed = (bytes: Uint8Array, at: number, value: number) => bytes.with(at, value);
  const syn = tcpPacket({ ...page, flags: ['syn'] });
  test.each([
    ['IPv6', 'not supported', ethernetFrame('02:00:00:00:00:01', '02:00:00:00:00:02', EtherType.ipv6, new Uint8Array(40))],
    ['another protocol', 'not supported', frame(ipv4Packet({ src: client, dst: stranger }, IpProtocol.gre, new Uint8Array(8)))],
    ['a first fragment', 'fragment', fragmented(frame(syn), 0, true)],
    ['a later fragment', 'fragment', fragmented(frame(syn), 3, false)],
    ['a TCP header cut off', 'malformed', frame(syn).subarray(0, 50)],
    ['a wrong checksum', 'bad checksum', changed(frame(syn), 14 + 8, 3)],
  ])('%s: dropped and counted', async (_, reason, bytes) => {
    expect(await fromInside(bytes)).toEqual([]);
    expect(await dropped()).toEqual({ [reason]: 1n });
  });

  test('a port that is on no side', async () => {
    expect(await sw.send(5, tcp(page, 'syn'))).toEqual([]);
    expect(await dropped()).toEqual({ 'unknown port': 1n });
  });

  test('packets that are cut off anywhere open nothing', async () => {
    const whole = tcp(page, 'syn');
    for (let length = 0; length < 14 + 20 + 20; length++) expect(await fromInside(whole.subarray(0, length))).toEqual([]);
    expect((await filterState(sw)).connections).toBe(0);
  });
});
