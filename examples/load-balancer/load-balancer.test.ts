/** The load balancer under its controller: which server each flow gets, and what a failure changes. */
import { dissect, internetChecksum } from 'p4ts';
import { Ethernet, Ipv4 } from 'p4ts/headers';
import { type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asFragment, type Datagram, ethernetFrame, ipv4Packet, tcpPacket, udpPacket, withOptions } from '../packets.js';
import { Balancer } from './controller.js';
import { loadBalancer } from './pipeline.js';
import { clientMac, frame, routerMac, servers, site, someFlows, tooLarge, virtualAddress } from './site.js';

let sw: SimulatedSwitch<typeof loadBalancer>;
let balancer: Balancer;
beforeEach(async () => {
  sw = await simulate(loadBalancer);
  balancer = await Balancer.install(sw, site);
});
afterEach(() => sw.close());

type Flow = Datagram & ReturnType<typeof someFlows>[number];
const flows: readonly Flow[] = someFlows(160);
const serverOn = (port: number | undefined) => servers.find((server) => server.port === port)?.name;
async function serverOf(flow: Flow): Promise<string | undefined> {
  const [out, ...more] = await sw.send(1, frame(tcpPacket(flow)));
  expect(more).toEqual([]);
  return serverOn(out?.port);
}
const serversOf = async (): Promise<(string | undefined)[]> => {
  const all: (string | undefined)[] = [];
  for (const flow of flows) all.push(await serverOf(flow));
  return all;
};

/** CRC-16/ARC, bit by bit from its definition: polynomial 0x8005, reflected, from 0. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return crc;
}
/** Four members a server; red's have weight 2, and the second place of each comes after all first places. */
const places = [...'bbbbggggrrrr', ...'rrrr'].map((initial) => servers.find((server) => server.name.startsWith(initial))?.name);
function expectedServer({ src, dst, srcPort, dstPort }: Flow): string | undefined {
  const address = (text: string) => text.split('.').map(Number);
  const bytes = [...address(src), ...address(dst), 6, srcPort >> 8, srcPort & 0xff, dstPort >> 8, dstPort & 0xff];
  return places[crc16(Uint8Array.from(bytes)) % 16];
}

describe('servers', () => {
  test('CRC-16/ARC is what this test computes: its check value is 0xbb3d', () => {
    expect(crc16(new TextEncoder().encode('123456789'))).toBe(0xbb3d);
  });

  test('a flow gets the server that the hash of its addresses, protocol and ports says', async () => {
    expect(await serversOf()).toEqual(flows.map(expectedServer));
  });

  test('a flow stays with its server, and servers are given flows by their weights', async () => {
    const first = await serversOf();
    expect(await serversOf()).toEqual(first);
    const count = (name: string) => first.filter((server) => server === name).length;
    expect(count('blue') + count('green') + count('red')).toBe(flows.length);
    expect(count('red')).toBeGreaterThan(count('blue') + count('green') - 25);
    expect(count('red')).toBeLessThan(count('blue') + count('green') + 25);
  });

  test('only MAC addresses, the TTL and the header checksum change', async () => {
    const sent = frame(tcpPacket({ ...(flows[0] as Flow), data: Uint8Array.of(1, 2, 3) }));
    const [out] = await sw.send(1, sent);
    const got = out?.packet as Uint8Array;
    const server = servers.find(({ port }) => port === out?.port);
    expect(dissect(Ethernet, got)?.[0]).toEqual({ dst: server?.mac, src: routerMac, etherType: 0x0800 });
    const [before] = dissect(Ipv4, sent.subarray(14)) ?? [];
    const [after] = dissect(Ipv4, got.subarray(14)) ?? [];
    expect(after).toEqual({ ...before, ttl: 63, checksum: after?.checksum });
    expect(internetChecksum(got.subarray(14, 34))).toBe(0);
    expect(got.subarray(34)).toEqual(sent.subarray(34));
  });

  test('an ICMP error goes to the server whose packet it quotes', async () => {
    for (const flow of flows) {
      const [out] = await sw.send(1, tooLarge(flow));
      expect(serverOn(out?.port)).toBe(expectedServer(flow));
      expect(out?.packet.subarray(34)).toEqual(tooLarge(flow).subarray(34));
    }
  });

  test('a packet with options goes where the others of its flow go, its checksum right', async () => {
    for (const flow of flows.slice(0, 20)) {
      const [out] = await sw.send(1, frame(withOptions(tcpPacket(flow))));
      expect(serverOn(out?.port)).toBe(expectedServer(flow));
      const got = out?.packet ?? new Uint8Array(38);
      expect(got[22]).toBe(63);
      expect(internetChecksum(got.subarray(14, 38))).toBe(0);
    }
  });

  test('all fragments of a datagram go to one server, ports or no ports', async () => {
    const [flow] = flows as [Flow];
    const whole = udpPacket({ ...flow, data: new Uint8Array(64) });
    const fragment = (offset: number, more: boolean, body: Uint8Array) => frame(asFragment(ipv4Packet(flow, 17, body), offset, more));
    const first = await sw.send(1, fragment(0, true, whole.subarray(20, 60)));
    const last = await sw.send(1, fragment(5, false, whole.subarray(60)));
    expect(first).toHaveLength(1);
    expect(last.map(({ port }) => port)).toEqual(first.map(({ port }) => port));
  });
});

describe('a server fails', () => {
  test('its flows go to the others, all other flows stay, and it gets its own back', async () => {
    const before = await serversOf();
    await balancer.fail('green');
    const during = await serversOf();
    expect(during).not.toContain('green');
    expect(during.filter((_, i) => before[i] !== 'green')).toEqual(before.filter((server) => server !== 'green'));
    const moved = during.filter((_, i) => before[i] === 'green');
    expect(new Set(moved)).toEqual(new Set(['blue', 'red']));
    await balancer.recover('green');
    expect(await serversOf()).toEqual(before);
  });

  test('a second failure moves flows of the second server only', async () => {
    await balancer.fail('green');
    const before = await serversOf();
    await balancer.fail('blue');
    const after = await serversOf();
    expect(after).toEqual(before.map(() => 'red'));
    await balancer.recover('blue');
    const again = await serversOf();
    // What red took over from green stays with red.
    expect(again.filter((_, i) => before[i] === 'red')).toEqual(before.filter((server) => server === 'red'));
  });

  test('without any server left packets are dropped and counted, until one works again', async () => {
    for (const { name } of servers) await balancer.fail(name);
    expect(await serverOf(flows[0] as Flow)).toBeUndefined();
    expect((await balancer.drops()).find(({ reason }) => reason === 'no server left')?.packets).toBe(1n);
    await balancer.recover('blue');
    expect(new Set(await serversOf())).toEqual(new Set(['blue']));
  });

  test('only members of the server that failed are written; the group stays as it is', async () => {
    const group = sw.profile(loadBalancer.ingress.servers).group(1);
    const before = await group.read();
    await balancer.fail('red');
    expect(await group.read()).toEqual(before);
    expect(before?.map(({ weight }) => weight)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2]);
  });

  test('a server that does not exist is named', async () => {
    await expect(balancer.fail('yellow')).rejects.toThrow('there is no server yellow');
  });
});

test('servers are counted by packets and bytes', async () => {
  const before = await serversOf();
  const { length } = frame(tcpPacket(flows[0] as Flow));
  for (const { server, packets, bytes } of await balancer.given()) {
    const count = before.filter((name) => name === server.name).length;
    expect({ packets, bytes }).toEqual({ packets: BigInt(count), bytes: BigInt(count * length) });
  }
});

describe('other packets', () => {
  test('answers of the servers are routed to the clients', async () => {
    const answer = tcpPacket({ src: virtualAddress, dst: '198.51.100.7', srcPort: 443, dstPort: 40000 });
    const [out] = await sw.send(3, ethernetFrame(routerMac, '02:00:00:00:00:03', 0x0800, answer));
    expect(out?.port).toBe(1);
    expect(dissect(Ethernet, out?.packet as Uint8Array)?.[0].dst).toBe(clientMac);
  });

  const ip = tcpPacket(flows[0] as Flow);
  const damaged = ip.slice();
  damaged[10] = (damaged[10] ?? 0) ^ 1;
  test.each([
    ['not IPv4', ethernetFrame(routerMac, clientMac, 0x0806, new Uint8Array(46))],
    ['bad checksum', frame(damaged)],
    ['TTL expired', frame(tcpPacket({ ...(flows[0] as Flow), ttl: 1 }))],
    ['TTL expired', frame(tcpPacket({ ...(flows[0] as Flow), ttl: 0 }))],
    ['malformed', frame(ip).subarray(0, 50)],
    ['no route', frame(tcpPacket({ ...(flows[0] as Flow), dst: '192.0.2.1' }))],
  ] as const)('%s: dropped and counted', async (reason, bytes) => {
    expect(await sw.send(1, bytes)).toEqual([]);
    const drops = (await balancer.drops()).filter(({ packets }) => packets > 0n);
    expect(drops).toEqual([{ reason, packets: 1n, bytes: BigInt(bytes.length) }]);
  });

  test('a packet cut off anywhere never goes to a server half', async () => {
    const whole = frame(ip);
    for (let length = 0; length < whole.length; length++) {
      const outputs = await sw.send(1, whole.subarray(0, length));
      expect(outputs).toEqual([]);
    }
  });
});
