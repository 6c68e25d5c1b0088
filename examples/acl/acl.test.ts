/** The lists: what each kind of key matches, the order of entries, logging, and new versions of a list. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EtherType, IpProtocol } from 'p4ts/headers';
import { type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ethernetFrame } from '../packets.js';
import { type AclController, control } from './controller.js';
import { ListError, parseLists } from './language.js';
import { acl } from './pipeline.js';
import {
  attachments,
  type Extensions,
  fragmented,
  fragmentHeader,
  icmp,
  icmp6,
  inside,
  monitor,
  optioned,
  outside,
  padding,
  tcp,
  tcp6,
  udp,
} from './traffic.js';

const text = readFileSync(fileURLToPath(new URL('lists.txt', import.meta.url)), 'utf8');

let sw: SimulatedSwitch<typeof acl>;
let lists: AclController;
beforeEach(async () => {
  sw = await simulate(acl);
  lists = await control(sw, attachments, monitor);
});
afterEach(() => sw.close());

/** Whether a packet from outside passes a list of these entries. */
async function passes(entries: string, bytes: Uint8Array): Promise<boolean> {
  await lists.update(parseLists(`list edge\n${entries}\nlist inside`));
  const out = await sw.send(outside, bytes);
  if (out.length > 0) expect(out).toEqual([{ port: inside, packet: bytes }]);
  return out.length > 0;
}

describe('what an entry matches', () => {
  const syn = tcp('198.51.100.7:40000', '192.0.2.80:443', 'syn');
  test.each([
    ['any', '10 permit ip any any', syn, true],
    ['a host', '10 permit ip 198.51.100.7 any', syn, true],
    ['another host', '10 permit ip 198.51.100.8 any', syn, false],
    ['a prefix', '10 permit ip any 192.0.2.64/26', syn, true],
    ['the prefix beside it', '10 permit ip any 192.0.2.128/25', syn, false],
    ['all of IPv4', '10 permit ip any 0.0.0.0/0', syn, true],
    ['a protocol', '10 permit tcp any any', syn, true],
    ['another protocol', '10 permit udp any any', syn, false],
    ['a protocol by its number', '10 permit 6 any any', syn, true],
    ['a port', '10 permit tcp any any port 443', syn, true],
    ['the first port of a range', '10 permit tcp any any port 443-444', syn, true],
    ['the last port of a range', '10 permit tcp any any port 1-443', syn, true],
    ['a range above', '10 permit tcp any any port 444-65535', syn, false],
    ['a range below', '10 permit tcp any any port 0-442', syn, false],
    ['a source port', '10 permit tcp any port 40000 any', syn, true],
    ['another source port', '10 permit tcp any port 443 any', syn, false],
    ['a SYN is not established', '10 permit tcp any any established', syn, false],
    ['an ACK is', '10 permit tcp any any established', tcp('198.51.100.7:443', '192.0.2.80:40000', 'ack'), true],
    ['so is an RST', '10 permit tcp any any established', tcp('198.51.100.7:443', '192.0.2.80:40000', 'rst'), true],
    ['a type of ICMP', '10 permit icmp any any type 8', icmp('198.51.100.7', '192.0.2.80', 8), true],
    ['another type', '10 permit icmp any any type 0', icmp('198.51.100.7', '192.0.2.80', 8), false],
    ['an IPv6 prefix', '10 permit tcp any 2001:db8::/32 port 443', tcp6('2001:db8:ffff::1', '2001:db8::80', 443, 'syn'), true],
    ['another IPv6 prefix', '10 permit ip any 2001:db8:1::/48', tcp6('2001:db8:ffff::1', '2001:db8::80', 443, 'syn'), false],
    ['an entry of IPv4 no IPv6', '10 permit ip 0.0.0.0/0 any', tcp6('2001:db8:ffff::1', '2001:db8::80', 443, 'syn'), false],
    ['icmp is ICMPv6 too', '10 permit icmp any any type 128', icmp6('2001:db8::1', '2001:db8::2', 128), true],
    ['UDP', '10 permit udp any port 53 192.0.2.0/24 port 1024-65535', udp('198.51.100.53:53', '192.0.2.9:1024'), true],
    ['nothing', '', syn, false],
  ])('%s', async (_, entries, bytes, expected) => {
    expect(await passes(entries, bytes)).toBe(expected);
  });

  test('the first entry that fits decides', async () => {
    expect(await passes('10 deny tcp any any port 443\n20 permit ip any any', syn)).toBe(false);
    expect(await passes('10 permit ip any any\n20 deny tcp any any port 443', syn)).toBe(true);
  });

  test('a fragment but the first has no ports and no type: an entry with one is not for it', async () => {
    const fragment = fragmented(syn, 3, false);
    for (const ports of ['443', '0-65535', '0']) expect(await passes(`10 permit tcp any any port ${ports}`, fragment)).toBe(false);
    expect(await passes('10 permit tcp any any', fragment)).toBe(true);
    const echo = fragmented(icmp('198.51.100.7', '192.0.2.80', 0), 3, false);
    expect(await passes('10 permit icmp any any type 0', echo)).toBe(false);
    expect(await passes('10 permit icmp any any', echo)).toBe(true);
    const six = tcp6('2001:db8::1', '2001:db8::2', 443, 'syn', [[IpProtocol.fragment, fragmentHeader(3)]]);
    expect(await passes('10 permit tcp any any port 0-65535', six)).toBe(false);
    expect(await passes('10 permit tcp any any', six)).toBe(true);
  });

  test('options and extension headers hide nothing', async () => {
    expect(await passes('10 deny tcp any any port 443\n20 permit ip any any', optioned(syn))).toBe(false);
    expect(await passes('10 permit tcp any any port 443', optioned(syn))).toBe(true);
    const { hopByHop, destinationOptions, fragment } = IpProtocol;
    const behind = (extensions: Extensions) => tcp6('2001:db8::1', '2001:db8::2', 443, 'syn', extensions);
    const inOrder = behind([
      [hopByHop, padding],
      [fragment, fragmentHeader(0)],
      [destinationOptions, padding],
    ]);
    expect(await passes('10 deny tcp any any port 443\n20 permit ip any any', inOrder)).toBe(false);
    expect(await passes('10 permit tcp any any port 443', inOrder)).toBe(true);
    const twice = behind([
      [destinationOptions, padding],
      [destinationOptions, padding],
    ]);
    expect(await passes('10 permit ip any any', twice)).toBe(false);
    expect((await lists.drops()).find(({ reason }) => reason === 'malformed')?.packets).toBe(1n);
  });

  test('RFC 3128: a fragment of TCP at offset 1 is dropped, whatever the list says', async () => {
    expect(await passes('10 permit ip any any', fragmented(syn, 1, false))).toBe(false);
    expect(await passes('10 permit ip any any', fragmented(syn, 0, true))).toBe(true);
    expect(await passes('10 permit ip any any', fragmented(udp('198.51.100.7:1', '192.0.2.9:2'), 1, false))).toBe(true);
  });
});

describe('logging', () => {
  test('a copy of 64 bytes goes to the monitor, whatever becomes of the packet', async () => {
    await lists.update(parseLists('list edge\n10 permit tcp any any port 80 log\n20 deny tcp any any log\nlist inside'));
    const web = new Uint8Array([...tcp('198.51.100.7:1', '192.0.2.80:80', 'syn'), ...new Uint8Array(100)]);
    const out = await sw.send(outside, web);
    expect(out).toHaveLength(2);
    expect(out).toContainEqual({ port: inside, packet: web });
    expect(out).toContainEqual({ port: monitor.port, packet: web.slice(0, 64) });
    const ssh = tcp('198.51.100.7:1', '192.0.2.80:22', 'syn');
    expect(await sw.send(outside, ssh)).toEqual([{ port: monitor.port, packet: ssh.slice(0, 64) }]);
  });
});

describe('counters', () => {
  test('each entry counts what it matched, in both versions of IP together', async () => {
    await lists.update(parseLists('list edge\n10 permit tcp any any port 443\n20 permit icmp any any\nlist inside'));
    const four = tcp('198.51.100.7:1', '192.0.2.80:443', 'syn');
    const six = tcp6('2001:db8::1', '2001:db8::2', 443, 'syn');
    await sw.send(outside, four);
    await sw.send(outside, six);
    const [first, second] = await lists.hits();
    expect(first).toMatchObject({ list: 'edge', packets: 2n, bytes: BigInt(four.length + six.length) });
    expect(second).toMatchObject({ list: 'edge', packets: 0n, bytes: 0n });
  });

  test('what no entry fits, and what no list is for', async () => {
    const syn = tcp('198.51.100.7:1', '192.0.2.80:443', 'syn');
    const [to, from] = ['02:00:00:00:00:01', '02:00:00:00:00:02'] as const;
    await lists.update(parseLists('list edge\nlist inside'));
    expect(await sw.send(outside, syn)).toEqual([]);
    expect(await sw.send(7, syn)).toEqual([]);
    expect(await sw.send(outside, ethernetFrame(to, from, 0x88cc, new Uint8Array(46)))).toEqual([]);
    expect((await lists.drops()).map((drop) => drop.packets)).toEqual([1n, 0n, 1n, 1n]);
    const arp = ethernetFrame(to, from, EtherType.arp, new Uint8Array(28));
    expect(await sw.send(outside, arp)).toEqual([{ port: inside, packet: arp }]);
  });

  test('packets that are cut off are dropped and counted', async () => {
    const syn = tcp('198.51.100.7:1', '192.0.2.80:443', 'syn');
    await lists.update(parseLists('list edge\n10 permit tcp any any port 443\nlist inside'));
    for (let length = 0; length < 54; length++) expect(await sw.send(outside, syn.subarray(0, length))).toEqual([]);
    const [malformed] = (await lists.drops()).filter(({ packets }) => packets > 0n);
    expect(malformed).toEqual({ reason: 'malformed', packets: 54n, bytes: BigInt((53 * 54) / 2) });
  });
});

describe('a new version of the lists', () => {
  test('changes only what differs, and the rest keeps its hits', async () => {
    const before = '10 permit tcp any any port 443\n20 deny tcp any any';
    expect(await passes(before, tcp('198.51.100.7:1', '192.0.2.80:443', 'syn'))).toBe(true);
    const after = parseLists('list edge\n10 permit tcp any any port 443\n15 permit tcp any any port 80\nlist inside');
    // One entry goes, one comes, each in both versions of IP.
    expect(await lists.update(after)).toEqual({ inserted: 2, modified: 0, deleted: 2 });
    expect((await lists.hits()).map((hit) => [hit.entry.number, hit.packets])).toEqual([
      [10, 1n],
      [15, 0n],
    ]);
    expect(await lists.update(after)).toEqual({ inserted: 0, modified: 0, deleted: 0 });
  });

  test('an entry that says deny from now on is changed in place, and goes on counting', async () => {
    const syn = tcp('198.51.100.7:1', '192.0.2.80:443', 'syn');
    expect(await passes('10 permit tcp any any port 443\n20 permit ip any any', syn)).toBe(true);
    const after = parseLists('list edge\n10 deny tcp any any port 443 log\n20 permit ip any any\nlist inside');
    expect(await lists.update(after)).toEqual({ inserted: 0, modified: 2, deleted: 0 });
    expect((await sw.send(outside, syn)).map(({ port }) => port)).toEqual([monitor.port]);
    expect((await lists.hits())[0]?.packets).toBe(2n);
  });

  test('a number may get another meaning', async () => {
    const syn = tcp('198.51.100.7:1', '192.0.2.80:443', 'syn');
    expect(await passes('10 permit tcp any any', syn)).toBe(true);
    expect(await passes('10 deny tcp any any', syn)).toBe(false);
    expect(await passes('10 permit udp any any', syn)).toBe(false);
    expect(await passes('10 permit tcp any 192.0.2.0/24', syn)).toBe(true);
  });

  test('without a list that is attached, nothing changes', async () => {
    const syn = tcp('198.51.100.7:1', '192.0.2.80:443', 'syn');
    expect(await passes('10 permit tcp any any', syn)).toBe(true);
    await expect(lists.update(parseLists('list edge'))).rejects.toThrow('there is no list inside');
    expect(await sw.send(outside, syn)).toHaveLength(1);
  });
});

test('the lists of the demo', async () => {
  await lists.update(parseLists(text));
  expect((await sw.send(outside, udp('198.51.100.53:53', '192.0.2.9:40000'))).map((sent) => sent.port)).toEqual([inside]);
  expect((await sw.send(inside, tcp('192.0.2.9:1', '198.51.100.7:25', 'syn'))).map((sent) => sent.port)).toEqual([monitor.port]);
  expect((await lists.hits()).filter((hit) => hit.packets > 0n).map((hit) => [hit.list, hit.entry.number])).toEqual([
    ['edge', 30],
    ['inside', 10],
  ]);
});

test.each([
  ['10 permit ip any any', 'line 1: "10 permit ip any any": an entry stands under a list'],
  ['list a b', 'line 1: "list a b": a list has one name'],
  ['list a\nlist a', 'line 2: "list a": there is a list of that name'],
  ['list a\n\npermit ip any any', 'line 3: "permit ip any any": "permit" is not a number up to 65535'],
  ['list a\n20 permit ip any any\n20 deny ip any any', 'line 3: "20 deny ip any any": the numbers of a list ascend from 1'],
  ['list a\n10 allow ip any any', 'line 2: "10 allow ip any any": an entry says permit or deny after its number'],
  ['list a\n10 permit ip any', 'line 2: "10 permit ip any": a destination is missing'],
  ['list a\n10 permit ip 10.0.0.0/33 any', 'line 2: "10 permit ip 10.0.0.0/33 any": "33" is not a number up to 32'],
  ['list a\n10 permit ip 10.0.0 any', 'line 2: "10 permit ip 10.0.0 any": "10.0.0" is neither a prefix nor any'],
  ['list a\n10 permit tcp any any port 9-8', 'line 2: "10 permit tcp any any port 9-8": "9-8" is no range of ports'],
  ['list a\n10 permit ip any any port 9', 'line 2: "10 permit ip any any port 9": only tcp and udp have ports'],
  ['list a\n10 permit udp any any established', 'line 2: "10 permit udp any any established": only tcp is established'],
  ['list a\n10 permit ip 10.0.0.1 ::1', 'line 2: "10 permit ip 10.0.0.1 ::1": source and destination are of different versions of IP'],
  ['list a\n10 permit ip any any please', 'line 2: "10 permit ip any any please": "please" does not belong here'],
])('a line that says something else is named: %j', (lines, message) => {
  expect(() => parseLists(lines)).toThrow(new ListError(message));
});
