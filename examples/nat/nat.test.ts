/** The NAT: mappings and their ports, what is translated and what it becomes, what is dropped, and how mappings end. */
import { type Ipv4Address, internetChecksum, packet } from 'p4ts';
import { EtherType, IcmpType, IpProtocol } from 'p4ts/headers';
import { type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ethernetFrame, ipv4Packet } from '../packets.js';
import { settled, until } from '../support.js';
import { control, counters, type Event, type Site } from './controller.js';
import { ForwardingsError, parseForwardings } from './forwardings.js';
import { nat } from './pipeline.js';
import { PortPool } from './ports.js';
import { insidePort, macs, outsidePort, site } from './site.js';
import { alice, arriving, bob, icmpError, leaving, ping, resolver, reversed, stranger, tcp, udp, webServer } from './traffic.js';

const second = 1_000_000_000n;
const [one, two] = site.pool.addresses as [Ipv4Address, Ipv4Address];
const forwardings = parseForwardings(`tcp ${one}:443 -> ${webServer}:8443`, site.pool.addresses);
const query = { src: alice, dst: resolver, srcPort: 40000, dstPort: 53 };
const page = { src: alice, dst: stranger, srcPort: 40001, dstPort: 80 };

let sw: SimulatedSwitch<typeof nat>;
let events: Event[];
let outputs: { port: number; packet: Uint8Array }[];
let serving: Promise<void>;
const begin = async (changed: Partial<Site['pool']> = {}) => {
  sw = await simulate(nat);
  events = [];
  outputs = [];
  sw.onOutput((sent) => void outputs.push(sent));
  const controller = await control(sw, { ...site, pool: { ...site.pool, ...changed } }, forwardings, (event) => void events.push(event));
  serving = controller.serve();
};
beforeEach(() => begin());
afterEach(async () => {
  await sw.close();
  await serving;
});

/** What leaves when nothing is left for the controller to do. */
async function leaves(): Promise<typeof outputs> {
  await settled();
  return outputs.splice(0);
}
const fromInside = async (ip: Uint8Array) => {
  await sw.send(insidePort, arriving.inside(ip));
  return leaves();
};
const fromOutside = async (ip: Uint8Array) => {
  await sw.send(outsidePort, arriving.outside(ip));
  return leaves();
};
/** One hop more: the packets are built with the TTL that they arrive with. */
const outside = (ip: Uint8Array) => [{ port: outsidePort, packet: leaving.outside(ip) }];
const inside = (ip: Uint8Array) => [{ port: insidePort, packet: leaving.inside(ip) }];
const dropped = async () => Object.fromEntries((await counters(sw)).drops.filter((d) => d.packets > 0n).map((d) => [d.reason, d.packets]));
const later = <T extends object>(datagram: T) => ({ ...datagram, ttl: 63 });

describe('what becomes of packets: as if they were built anew, checksums included', () => {
  test('UDP, there and back', async () => {
    expect(await fromInside(udp(query))).toEqual(outside(udp(later({ ...query, src: one }))));
    const answer = { ...reversed(query), dst: one };
    expect(await fromOutside(udp(answer))).toEqual(inside(udp(later({ ...answer, dst: alice }))));
    expect(await fromInside(udp(query))).toEqual(outside(udp(later({ ...query, src: one }))));
    expect(await dropped()).toEqual({});
  });

  test('the bytes of one, computed by hand', async () => {
    // 10.0.0.10:40000 → 192.0.2.53:53, 2 bytes of data; UDP: 0a00 000a c000 0235 0011 000a 9c40 0035 000a 6869.
    const question = udp({ ...query, data: Uint8Array.of(0x68, 0x69) });
    expect(Buffer.from(question.subarray(20)).toString('hex')).toBe('9c400035000a2ebc6869');
    const [sent] = await fromInside(question);
    // c633 640a instead of 0a00 000a: 2ebc + 0a00 + 000a − c633 − 640a = 0e88 in ones' complement.
    expect(Buffer.from(sent?.packet.subarray(34) ?? []).toString('hex')).toBe('9c400035000a0e886869');
  });

  test('a UDP checksum of 0 stays 0, and one that becomes 0 is written as ffff', async () => {
    const without = udp(query);
    without.fill(0, 26, 28);
    const [sent] = await fromInside(without);
    expect([...(sent?.packet.subarray(40, 42) ?? [])]).toEqual([0, 0]);

    // Two bytes of data that make the sum of the translated datagram ffff.
    const probe = udp(later({ ...query, src: one, data: Uint8Array.of(0, 0) }));
    const data = probe.slice(26, 28);
    const [zero] = await fromInside(udp({ ...query, data }));
    expect([...(zero?.packet.subarray(40, 42) ?? [])]).toEqual([0xff, 0xff]);
    expect(outside(udp(later({ ...query, src: one, data })))).toEqual([zero]);
  });

  test('TCP, and a wrong checksum stays wrong', async () => {
    expect(await fromInside(tcp(page, 'syn'))).toEqual(outside(tcp(later({ ...page, src: one }), 'syn')));
    const back = { ...reversed(page), dst: one };
    expect(await fromOutside(tcp(back, 'syn', 'ack'))).toEqual(inside(tcp(later({ ...back, dst: alice }), 'syn', 'ack')));
    const wrong = tcp(page, 'ack');
    wrong[36] = (wrong[36] as number) ^ 0x40;
    const expected = tcp(later({ ...page, src: one }), 'ack');
    const [sent] = await fromInside(wrong);
    const word = (bytes: Uint8Array | undefined, at: number) => ((bytes?.[at] ?? 0) << 8) | (bytes?.[at + 1] ?? 0);
    const error = (a: number, b: number) => (((a - b) % 0xffff) + 0xffff) % 0xffff;
    expect(error(word(sent?.packet, 50), word(expected, 36))).toBe(error(word(wrong, 36), word(tcp(page, 'ack'), 36)));
  });

  test('another port where the own one is taken', async () => {
    await begin({ addresses: [one] });
    await fromInside(udp(query));
    expect(await fromInside(udp({ ...query, src: bob }))).toEqual(outside(udp(later({ ...query, src: one, srcPort: 40002 }))));
    const answer = { ...reversed(query), dst: one, dstPort: 40002 };
    expect(await fromOutside(udp(answer))).toEqual(inside(udp(later({ ...answer, dst: bob, dstPort: 40000 }))));
  });

  test('pings, by their identifier', async () => {
    await begin({ addresses: [one] });
    const there = { src: alice, dst: stranger };
    expect(await fromInside(ping(there, 7))).toEqual(outside(ping(later({ ...there, src: one }), 7)));
    expect(await fromInside(ping({ ...there, src: bob }, 7))).toEqual(outside(ping(later({ ...there, src: one }), 8)));
    const back = { src: stranger, dst: one };
    expect(await fromOutside(ping(back, 8, IcmpType.echoReply))).toEqual(inside(ping(later({ ...back, dst: bob }), 7, IcmpType.echoReply)));
    expect(await fromOutside(ping(back, 9, IcmpType.echoReply))).toEqual([]);
    // Nobody asked: a host inside has nothing to answer.
    expect(await fromInside(ping({ src: alice, dst: stranger }, 7, IcmpType.echoReply))).toEqual([]);
    expect(await dropped()).toEqual({ 'no mapping': 2n });
  });

  test('a forwarding, both ways, without the controller', async () => {
    const there = { src: stranger, dst: one, srcPort: 50000, dstPort: 443 };
    expect(await fromOutside(tcp(there, 'syn'))).toEqual(inside(tcp(later({ ...there, dst: webServer, dstPort: 8443 }), 'syn')));
    const back = { ...reversed(there), src: webServer, srcPort: 8443 };
    expect(await fromInside(tcp(back, 'syn', 'ack'))).toEqual(outside(tcp(later({ ...back, src: one, srcPort: 443 }), 'syn', 'ack')));
    expect(events).toEqual([]);
  });

  test('hairpinning: from the public endpoint of one host to that of another', async () => {
    await fromInside(udp(query));
    const there = { src: bob, dst: one, srcPort: 5000, dstPort: 40000 };
    expect(await fromInside(udp(there))).toEqual(inside(udp(later({ ...there, src: two, dst: alice }))));
    expect(await fromInside(udp(there))).toEqual(inside(udp(later({ ...there, src: two, dst: alice }))));
    expect(await fromInside(udp({ ...there, dstPort: 40001 }))).toEqual([]);
    expect(await dropped()).toEqual({ 'no mapping': 1n });
  });

  test('between hosts inside nothing is translated', async () => {
    const there = { ...query, dst: bob };
    expect(await fromInside(udp(there))).toEqual(inside(udp(later(there))));
    expect(events).toEqual([]);
  });
});

describe('ICMP errors', () => {
  const router = '203.0.113.9';
  test.each([
    ['TCP', tcp(page, 'syn'), (src: Ipv4Address) => tcp({ ...page, src }, 'syn'), 8],
    ['UDP', udp(query), (src: Ipv4Address) => udp({ ...query, src }), 8],
    ['UDP, quoted wholly', udp(query), (src: Ipv4Address) => udp({ ...query, src }), 18],
    ['a ping', ping({ src: alice, dst: stranger }, 7), (src: Ipv4Address) => ping({ src, dst: stranger }, 7), 8],
  ])('from outside, about %s: inside it quotes what was sent', async (_, sent, as, quoted) => {
    await fromInside(sent);
    for (const type of [IcmpType.destinationUnreachable, IcmpType.timeExceeded, IcmpType.parameterProblem]) {
      const arrives = icmpError({ src: router, dst: one }, as(one), { type, quoted });
      const leaves = icmpError({ src: router, dst: alice, ttl: 63 }, as(alice), { type, quoted });
      expect(await fromOutside(arrives)).toEqual(inside(leaves));
    }
  });

  test('about a datagram without a checksum', async () => {
    await fromInside(udp(query));
    const unsummed = (src: Ipv4Address) => {
      const bytes = udp({ ...query, src });
      return bytes.fill(0, 26, 28);
    };
    expect(await fromOutside(icmpError({ src: router, dst: one }, unsummed(one)))).toEqual(
      inside(icmpError({ src: router, dst: alice, ttl: 63 }, unsummed(alice))),
    );
  });

  test('from a host inside, or a router before it, about what came from outside', async () => {
    await fromInside(udp(query));
    const came = { ...reversed(query), dst: alice };
    for (const src of [alice, '10.0.9.1' as Ipv4Address]) {
      expect(await fromInside(icmpError({ src, dst: resolver }, udp(came)))).toEqual(
        outside(icmpError({ src: one, dst: resolver, ttl: 63 }, udp({ ...came, dst: one }))),
      );
    }
  });

  test('about a hairpinned packet', async () => {
    await fromInside(udp(query));
    const there = { src: bob, dst: one, srcPort: 5000, dstPort: 40000 };
    await fromInside(udp(there));
    const came = { ...there, src: two, dst: alice };
    expect(await fromInside(icmpError({ src: alice, dst: two }, udp(came)))).toEqual(
      inside(icmpError({ src: one, dst: bob, ttl: 63 }, udp(there))),
    );
  });

  test('about nothing known, or to another than who sent it, open nothing', async () => {
    await fromInside(udp(query));
    expect(await fromOutside(icmpError({ src: router, dst: one }, udp({ ...query, src: one, srcPort: 1 })))).toEqual([]);
    expect(await fromOutside(icmpError({ src: router, dst: two }, udp({ ...query, src: one })))).toEqual([]);
    expect(await fromInside(icmpError({ src: alice, dst: stranger }, udp({ ...reversed(page), dst: alice })))).toEqual([]);
    expect(await dropped()).toEqual({ 'no mapping': 2n, malformed: 1n });
    expect(events).toHaveLength(1);
  });
});

describe('mappings', () => {
  const mapped = () => events.flatMap((e) => (e.what === 'mapped' ? [`${e.mapping.outside.address}:${e.mapping.outside.port}`] : []));

  test('are for an endpoint inside, whoever it talks to, and open to everybody', async () => {
    await fromInside(udp(query));
    await fromInside(udp({ ...query, dst: stranger, dstPort: 99 }));
    expect(mapped()).toEqual([`${one}:40000`]);
    expect(await fromOutside(udp({ src: '203.0.113.77', dst: one, srcPort: 1, dstPort: 40000 }))).toHaveLength(1);
  });

  test('each protocol has ports of its own; a host keeps its address; hosts share the addresses', async () => {
    await fromInside(udp(query));
    await fromInside(tcp({ ...page, srcPort: 40000 }, 'syn'));
    await fromInside(udp({ ...query, src: bob }));
    await fromInside(udp({ ...query, srcPort: 41000 }));
    expect(mapped()).toEqual([`${one}:40000`, `${one}:40000`, `${two}:40000`, `${one}:41000`]);
  });

  test('packets that come together get one mapping, and all leave', async () => {
    await Promise.all([1, 2, 3].map(() => sw.send(insidePort, arriving.inside(udp(query)))));
    expect(await leaves()).toHaveLength(3);
    expect(mapped()).toHaveLength(1);
  });

  test('TCP begins with a SYN', async () => {
    expect(await fromInside(tcp(page, 'ack'))).toEqual([]);
    expect(await fromInside(tcp(page, 'syn', 'ack'))).toEqual([]);
    expect(await dropped()).toEqual({ 'no mapping': 2n });
    expect(events).toEqual([]);
  });

  test('a host has as many as it may, others have theirs; the packet is not sent', async () => {
    await begin({ hostLimit: 2 });
    await fromInside(udp(query));
    await fromInside(tcp(page, 'syn'));
    expect(await fromInside(udp({ ...query, srcPort: 1 }))).toEqual([]);
    expect(events.at(-1)).toEqual({
      what: 'refused',
      protocol: IpProtocol.udp,
      inside: { address: alice, port: 1 },
      why: 'the host has all the mappings that it may have',
    });
    expect(await fromInside(udp({ ...query, src: bob }))).toHaveLength(1);
    expect((await counters(sw)).mappings).toHaveLength(4);
  });

  test('the ports come to an end, and one that is given back is given again', async () => {
    await begin({ addresses: [one], ports: [2000, 2001] });
    await fromInside(tcp(page, 'syn'));
    await fromInside(tcp({ ...page, src: bob }, 'syn'));
    expect(await fromInside(tcp({ ...page, src: '10.0.0.12' }, 'syn'))).toEqual([]);
    expect(events.at(-1)).toMatchObject({ what: 'refused', why: 'no port is free' });
    await sw.advanceTime(7441n * second);
    await until(() => events.filter((e) => e.what === 'released').length === 2);
    expect(await fromInside(tcp({ ...page, src: '10.0.0.12' }, 'syn'))).toHaveLength(1);
    expect(mapped()).toEqual([`${one}:2000`, `${one}:2001`, `${one}:2000`]);
  });

  test.each([
    ['UDP', 300n, udp(query), udp({ ...reversed(query), dst: one })],
    ['TCP', 7440n, tcp(page, 'syn'), tcp({ ...reversed(page), dst: one }, 'ack')],
    ['a ping', 60n, ping({ src: alice, dst: stranger }, 7), ping({ src: stranger, dst: one }, 7, IcmpType.echoReply)],
  ])('%s: ends after %i s without a packet from inside, both entries', async (_, timeout, there, back) => {
    await fromInside(there);
    await sw.advanceTime((timeout - 1n) * second);
    expect(await fromInside(there)).toHaveLength(1);
    await sw.advanceTime((timeout - 1n) * second);
    expect(await fromOutside(back)).toHaveLength(1);
    await sw.advanceTime(2n * second);
    await until(() => events.some((e) => e.what === 'released'));
    expect(await fromOutside(back)).toEqual([]);
    expect((await counters(sw)).mappings.map((m) => m.inside.address)).toEqual([webServer]);
  });

  test('are counted both ways', async () => {
    await fromInside(udp(query));
    await fromInside(udp(query));
    await fromOutside(udp({ ...reversed(query), dst: one }));
    const [, mapping] = (await counters(sw)).mappings;
    expect(mapping).toMatchObject({ packetsOut: 2n, packetsIn: 1n, bytesIn: BigInt(14 + udp(query).length) });
  });
});

describe('what is not translated', () => {
  const changed = (bytes: Uint8Array, at: number, ...values: number[]) => {
    const copy = bytes.slice();
    copy.set(values, at);
    return copy;
  };
  /** With the header's checksum right again. */
  const summed = (ip: Uint8Array) => {
    const bytes = changed(ip, 10, 0, 0);
    const sum = internetChecksum(bytes.subarray(0, 20));
    return changed(bytes, 10, sum >> 8, sum & 0xff);
  };

  test.each<[string, string, Uint8Array]>([
    ['a first fragment', 'fragment', summed(changed(udp(query), 6, 0x20, 0))],
    ['a later fragment', 'fragment', summed(changed(udp(query), 6, 0, 5))],
    ['another protocol', 'not supported', ipv4Packet({ src: alice, dst: stranger }, IpProtocol.gre, new Uint8Array(8))],
    ['options', 'not supported', changed(udp(query), 0, 0x46)],
    ['a wrong checksum', 'bad checksum', changed(udp(query), 10, 0, 1)],
    ['a version that is not 4', 'malformed', changed(udp(query), 0, 0x65)],
    [
      'an error about an error',
      'not supported',
      icmpError({ src: alice, dst: stranger }, icmpError({ src: stranger, dst: alice }, udp(query))),
    ],
    ['an error that quotes less than ports', 'malformed', icmpError({ src: alice, dst: stranger }, udp(query), { quoted: 7 })],
  ])('%s is dropped and counted', async (_, reason, ip) => {
    expect(await fromInside(ip)).toEqual([]);
    expect(await dropped()).toEqual({ [reason]: 1n });
    expect(events).toEqual([]);
  });

  test('a frame to another MAC address, or at another port', async () => {
    await sw.send(outsidePort, arriving.inside(udp(query)));
    await sw.send(9, arriving.inside(udp(query)));
    expect(await dropped()).toEqual({ 'not for this router': 2n });
  });

  test('a packet from outside to an address inside', async () => {
    expect(await fromOutside(udp({ src: stranger, dst: alice }))).toEqual([]);
    expect(await fromOutside(udp({ src: stranger, dst: resolver }))).toEqual([]);
    expect(await dropped()).toEqual({ 'no mapping': 2n });
  });

  test('packets that are cut off anywhere open nothing', async () => {
    const whole = arriving.inside(tcp(page, 'syn'));
    for (let length = 0; length < whole.length; length++) {
      await sw.send(insidePort, whole.subarray(0, length));
      expect(await leaves()).toEqual([]);
    }
    expect(events).toEqual([]);
  });

  test('the NAT answers for itself: ARP, pings, TTL', async () => {
    const request = (senderMac: string, target: readonly number[]) =>
      packet(
        Uint8Array.of(0, 1, 8, 0, 6, 4, 0, 1),
        Uint8Array.from(Buffer.from(senderMac.replaceAll(':', ''), 'hex')),
        Uint8Array.of(10, 0, 0, 10, 0, 0, 0, 0, 0, 0, ...target),
      );
    await sw.send(
      outsidePort,
      ethernetFrame('ff:ff:ff:ff:ff:ff', macs.provider, EtherType.arp, request(macs.provider, [198, 51, 100, 11])),
    );
    const [reply] = await leaves();
    expect(Buffer.from(reply?.packet.subarray(20, 32) ?? []).toString('hex')).toBe('0002020000000002c633640b');
    await sw.send(insidePort, ethernetFrame('ff:ff:ff:ff:ff:ff', macs.hosts, EtherType.arp, request(macs.hosts, [198, 51, 100, 11])));
    expect(await leaves()).toEqual([]);

    expect(await fromOutside(ping({ src: stranger, dst: two }, 3))).toHaveLength(1);
    const [expired] = await fromInside(udp({ ...query, ttl: 1 }));
    expect([...(expired?.packet.subarray(26, 36) ?? [])]).toEqual([10, 0, 0, 1, ...alice.split('.').map(Number), 11, 0]);
    expect(await dropped()).toEqual({ 'TTL expired': 1n });
    expect(events.map((e) => e.what)).toEqual(['answered', 'answered', 'answered']);
  });
});

describe('ports', () => {
  const inside = (port: number, address: Ipv4Address = alice) => ({ address, port });
  const pool = (ports: readonly [number, number]) => new PortPool({ addresses: [one], ports, hostLimit: 1e9 });

  test('UDP keeps parity, and each its side of 1024', () => {
    const ports = pool([1000, 1030]);
    expect(ports.allocate(17, inside(500))).toEqual({ address: one, port: 1000 });
    expect(ports.allocate(17, inside(501))).toEqual({ address: one, port: 1001 });
    expect(ports.allocate(17, inside(1026))).toEqual({ address: one, port: 1026 });
    expect(ports.allocate(17, inside(1026, bob))).toEqual({ address: one, port: 1028 });
    expect(ports.allocate(17, inside(5001))).toEqual({ address: one, port: 1025 });
  });

  test('all are given, none twice', () => {
    const ports = pool([1024, 1400]);
    const given = new Set<number>();
    for (let i = 0; i < 377; i++) {
      const endpoint = ports.allocate(6, inside(60000 - i));
      if (typeof endpoint === 'string') throw new Error(endpoint);
      given.add(endpoint.port);
    }
    expect([given.size, Math.min(...given), Math.max(...given)]).toEqual([377, 1024, 1400]);
    expect(ports.allocate(6, inside(1))).toBe('no port is free');
    ports.release(6, inside(60000), { address: one, port: 1200 });
    expect(ports.allocate(6, inside(1))).toEqual({ address: one, port: 1200 });
  });
});

describe('the file of forwardings', () => {
  test('says what is wrong, line by line', () => {
    const text = `# comment
      tcp ${one}:443 -> 10.0.0.80:8443
      tcp ${one}:443 -> 10.0.0.81:8443
      tcp ${two}:443 -> 10.0.0.80:8443
      udp 192.0.2.1:53 -> 10.0.0.53:53
      sctp ${one}:1 -> 10.0.0.1:1
      tcp ${one}:0 -> 10.0.0.1:1
      tcp ${one}:70000 -> 10.0.0.1:1`;
    const expected = 'expected "tcp|udp ADDRESS:PORT -> ADDRESS:PORT", with IPv4 addresses and ports from 1 to 65535';
    expect(() => parseForwardings(text, site.pool.addresses)).toThrow(
      new ForwardingsError(
        [
          `line 3: "tcp ${one}:443 -> 10.0.0.81:8443": ${one}:443 is in line 2 already`,
          `line 4: "tcp ${two}:443 -> 10.0.0.80:8443": 10.0.0.80:8443 is in line 2 already`,
          'line 5: "udp 192.0.2.1:53 -> 10.0.0.53:53": 192.0.2.1 is no address of the pool',
          `line 6: "sctp ${one}:1 -> 10.0.0.1:1": ${expected}`,
          `line 7: "tcp ${one}:0 -> 10.0.0.1:1": ${expected}`,
          `line 8: "tcp ${one}:70000 -> 10.0.0.1:1": ${expected}`,
        ].join('\n'),
      ),
    );
  });
});
