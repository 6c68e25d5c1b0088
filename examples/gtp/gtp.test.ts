/** The UPF: which rule a packet finds, what becomes of it, what was used, and the messages of the tunnels. */
import { readFileSync } from 'node:fs';
import { GtpuMessage } from 'p4ts/headers';
import { type SimulatedSwitch, simulate } from 'p4ts/runtime';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tcpPacket, udpPacket } from '../packets.js';
import { ManifestError } from '../service-proxy/reader.js';
import { settled } from '../support.js';
import { control, drops, type Event, type UpfController } from './controller.js';
import { upf } from './pipeline.js';
import { parseSdf } from './sdf.js';
import { parseSessions } from './sessions.js';
import { gtpuPacket } from './signalling.js';
import { arriving, gnbs, leaving, phone, server, site, sleeper, spent, tunnelled, udp6, voice } from './traffic.js';

const sessions = parseSessions(readFileSync(new URL('sessions.yaml', import.meta.url), 'utf8'), 'sessions.yaml');
const { n3, n6 } = site;
const page = { src: phone, dst: server, srcPort: 40000, dstPort: 443 };
const answer = { src: server, dst: phone, srcPort: 443, dstPort: 40000 };
const up = { src: gnbs[0], dst: n3.address, teid: 0x1001 };
const down = { src: n3.address, dst: gnbs[0], teid: 0x5001 };
const asks = { qfi: 9, uplink: true } as const;
const answers = { qfi: 9, uplink: false } as const;

let sw: SimulatedSwitch<typeof upf>;
let controller: UpfController;
let serving: Promise<void>;
let events: Event[];
let outputs: { port: number; packet: Uint8Array }[];
beforeEach(async () => {
  sw = await simulate(upf);
  events = [];
  outputs = [];
  sw.onOutput((sent) => void outputs.push(sent));
  controller = await control(sw, site, (event) => void events.push(event));
  serving = controller.serve();
  for (const session of sessions) await controller.establish(session);
});
afterEach(async () => {
  await sw.close();
  await serving;
});

/** What leaves when nothing is left for the controller to do. */
async function leaves() {
  await settled();
  return outputs.splice(0);
}
const fromAccess = async (ip: Uint8Array) => {
  await sw.send(n3.port, arriving.n3(ip));
  return leaves();
};
const fromCore = async (ip: Uint8Array) => {
  await sw.send(n6.port, arriving.n6(ip));
  return leaves();
};
const toCore = (ip: Uint8Array) => [{ port: n6.port, packet: leaving.n6(ip) }];
/** Base stations and the UPF differ in the identification and the flags of IPv4 only. */
const toAccess = (ip: Uint8Array) => {
  const bytes = leaving.n3(ip);
  bytes.fill(0, 18, 22);
  bytes.fill(0, 24, 26);
  const sum = bytes.subarray(14, 34).reduce((total, byte, i) => total + (i % 2 ? byte : byte << 8), 0);
  const checksum = ~((sum & 0xffff) + (sum >>> 16));
  bytes.set([(checksum >> 8) & 255, checksum & 255], 24);
  return [{ port: n3.port, packet: bytes }];
};
const dropped = async () => Object.fromEntries((await drops(sw)).filter((d) => d.packets > 0n).map((d) => [d.reason, d.packets]));

describe('uplink', () => {
  test.each([
    ['without optional fields', { ...up, teid: 0x1002 }, sleeper, {}],
    ['with a sequence number', { ...up, teid: 0x1002 }, sleeper, { sequenceNumber: 9 }],
    ['with a PDU session container', up, phone, asks],
  ])('%s: the user’s packet leaves as it was', async (_, tunnel, src, extra) => {
    const packet = udpPacket({ ...page, src });
    expect(await fromAccess(tunnelled(tunnel, packet, extra))).toEqual(toCore(packet));
    expect(await dropped()).toEqual({});
  });

  test('IPv6, of any address of the prefix', async () => {
    const packet = udp6('2001:db8:45:2:1::7', '2001:db8:80::1', 40000, 443);
    expect(await fromAccess(tunnelled(up, packet, asks))).toEqual(toCore(packet));
    expect(await fromAccess(tunnelled(up, udp6('2001:db8:45:3::7', '2001:db8:80::1', 1, 2), asks))).toEqual([]);
    expect(await dropped()).toEqual({ 'address of another': 1n });
  });

  test('with the address of another user, or of nobody', async () => {
    expect(await fromAccess(tunnelled(up, udpPacket({ ...page, src: sleeper }), asks))).toEqual([]);
    expect(await fromAccess(tunnelled(up, udpPacket({ ...page, src: '10.45.0.99' }), asks))).toEqual([]);
    expect(await dropped()).toEqual({ 'address of another': 2n });
  });

  test('through the tunnel of another address of the UPF, or to another MAC address', async () => {
    expect(await fromAccess(tunnelled({ ...up, dst: '192.0.2.11' }, udpPacket(page), asks))).toEqual([]);
    await sw.send(n3.port, arriving.n6(tunnelled(up, udpPacket(page), asks)));
    expect(await dropped()).toEqual({ 'not for this node': 2n });
    expect(events).toEqual([]);
  });

  test('the PDR of lowest precedence that fits: QFI, destination, protocol', async () => {
    expect(await fromAccess(tunnelled(up, udpPacket({ ...page, dst: voice }), { ...asks, qfi: 1 }))).toHaveLength(1);
    // On QFI 1 there is voice only.
    expect(await fromAccess(tunnelled(up, udpPacket(page), { ...asks, qfi: 1 }))).toEqual([]);
    expect(await fromAccess(tunnelled(up, tcpPacket({ ...page, dst: voice }), { ...asks, qfi: 1 }))).toEqual([]);
    expect(await fromAccess(tunnelled(up, udpPacket({ ...page, dst: '198.51.100.66' }), asks))).toEqual([]);
    expect(await fromAccess(tunnelled(up, udpPacket({ ...page, dst: '198.51.100.67' }), asks))).toHaveLength(1);
    expect(await dropped()).toEqual({ 'no PDR': 2n, 'FAR drops': 1n });
  });

  test('a closed gate', async () => {
    expect(await fromAccess(tunnelled({ ...up, teid: 0x1003 }, udpPacket({ ...page, src: spent })))).toEqual([]);
    expect(await dropped()).toEqual({ 'gate closed': 1n });
  });
});

describe('downlink', () => {
  test('goes into the tunnel with its QFI', async () => {
    expect(await fromCore(udpPacket(answer))).toEqual(toAccess(tunnelled(down, udpPacket(answer), answers)));
    const packet = udp6('2001:db8:80::1', '2001:db8:45:2::7', 443, 40000);
    expect(await fromCore(packet)).toEqual(toAccess(tunnelled(down, packet, answers)));
  });

  test('the bytes in front of a packet, written down by hand', async () => {
    // TS 29.281 figure 5.1-1, TS 38.415 §5.5.2.1.
    const [sent] = await fromCore(udpPacket({ ...answer, data: Uint8Array.of(1, 2, 3, 4) }));
    const hex = Buffer.from(sent?.packet.subarray(0, 58) ?? []).toString('hex');
    expect(hex).toBe(
      [
        '0200000003fe020000000301' + '0800',
        // 20 + 8 + 8 + 4 + 4 + 32 bytes are 76; 4500 + 004c + 4011 + c000 + 020a + c000 + 0215 are 097e.
        '4500004c000000004011' + 'f681' + 'c000020a' + 'c0000215',
        '08680868' + '0038' + '0000',
        // Version 1, GTP, E; G-PDU; 40 bytes.
        '34ff0028' + '00005001',
        '000000' + '85',
        '01' + '00' + '09' + '00',
      ].join(''),
    );
  });

  test.each([
    ['the first port', 5000, true],
    ['the last port', 5010, true],
    ['a port below', 4999, false],
    ['a port above', 5011, false],
  ])('voice by its SDF filter: %s', async (_, dstPort, isVoice) => {
    const packet = udpPacket({ ...answer, src: voice, dstPort });
    const tunnel = isVoice ? { ...down, dscp: 46 } : down;
    expect(await fromCore(packet)).toEqual(toAccess(tunnelled(tunnel, packet, { ...answers, qfi: isVoice ? 1 : 9 })));
  });

  test('for nobody, or for a user without a PDR', async () => {
    expect(await fromCore(udpPacket({ ...answer, dst: '10.45.0.99' }))).toEqual([]);
    expect(await fromCore(udpPacket({ ...answer, dst: spent }))).toEqual([]);
    expect(await dropped()).toEqual({ 'unknown user': 1n, 'no PDR': 1n });
  });

  test('nothing from the data network is a tunnel', async () => {
    expect(await fromCore(tunnelled(up, udpPacket(page), asks))).toEqual([]);
    const inside = tunnelled({ src: server, dst: phone, teid: 0x1002 }, udpPacket(page));
    expect(await fromCore(inside)).toEqual(toAccess(tunnelled(down, inside, answers)));
  });

  test('above the MBR, until time has passed', async () => {
    const full = udpPacket({ ...answer, data: new Uint8Array(1372) });
    const burst = async () => {
      let passed = 0;
      for (let i = 0; i < 40; i++) passed += (await sw.send(n6.port, arriving.n6(full))).length;
      return passed;
    };
    // 100 ms of 2 Mbit/s are 25000 bytes: 17 frames of 1414.
    expect(await burst()).toBe(17);
    await sw.advanceTime(57_000_000n);
    // 14250 bytes more, and 962 that were left.
    expect(await burst()).toBe(10);
    expect(await dropped()).toEqual({ 'over the MBR': 53n });
    // Voice has a QER of its own.
    expect(await sw.send(n6.port, arriving.n6(udpPacket({ ...answer, src: voice, dstPort: 5000 })))).toHaveLength(1);
  });
});

describe('sessions that change', () => {
  const sleeping = { src: server, dst: sleeper, srcPort: 1, dstPort: 2 };
  const reached = { id: 2, apply: 'access', tunnel: { gnb: gnbs[0], teid: 0x6001, dscp: 10 } } as const;
  const awake = { src: n3.address, dst: gnbs[0], teid: 0x6001, dscp: 10 };

  test('downlink data is kept and told of, and sent in order when the user is reached', async () => {
    const packets = [1, 2, 3].map((srcPort) => udpPacket({ ...sleeping, srcPort }));
    for (const packet of packets) expect(await fromCore(packet)).toEqual([]);
    expect(events).toEqual([1, 2, 3].map((count) => ({ what: 'kept', seid: 2, far: 2, packets: count })));
    await controller.update(2, reached);
    expect(await leaves()).toEqual(packets.flatMap((packet) => toAccess(tunnelled(awake, packet, { ...answers, qfi: 8 }))));
    expect(events.at(-1)).toEqual({ what: 'released', seid: 2, far: 2, packets: 3 });
    expect((await controller.usage())[2]?.downlink).toEqual({ packets: 3n, bytes: BigInt(3 * udpPacket(sleeping).length) });
    expect(await fromCore(udpPacket(sleeping))).toHaveLength(1);
  });

  test('16 packets are kept, more are not', async () => {
    for (let i = 0; i < 18; i++) await fromCore(udpPacket(sleeping));
    expect(events.filter((e) => e.what === 'no room')).toHaveLength(2);
    await controller.update(2, reached);
    expect(await leaves()).toHaveLength(16);
  });

  test('handover: all of its tunnels, and one end marker through the old one', async () => {
    await controller.handover(1, { gnb: gnbs[1], teid: 0x7001 });
    const marker = gtpuPacket({ src: n3.address, dst: gnbs[0] }, { type: GtpuMessage.endMarker, teid: 0x5001 });
    expect(await leaves()).toEqual([{ port: n3.port, packet: leaving.n3(marker) }]);
    expect(Buffer.from(marker.subarray(28)).toString('hex')).toBe('30fe000000005001');
    const moved = { src: n3.address, dst: gnbs[1], teid: 0x7001 };
    expect(await fromCore(udpPacket(answer))).toEqual(toAccess(tunnelled(moved, udpPacket(answer), answers)));
    const call = udpPacket({ ...answer, src: voice, dstPort: 5000 });
    expect(await fromCore(call)).toEqual(toAccess(tunnelled({ ...moved, dscp: 46 }, call, { ...answers, qfi: 1 })));
  });

  test('released: nothing of it is left, and another may come', async () => {
    await controller.release(1);
    expect(await fromCore(udpPacket(answer))).toEqual([]);
    expect(await dropped()).toEqual({ 'unknown user': 1n });
    expect((await controller.usage()).map((u) => u.seid)).toEqual([2]);
    await controller.establish(sessions[0] as (typeof sessions)[0]);
    expect(await fromCore(udpPacket(answer))).toHaveLength(1);
    expect((await controller.usage()).find((u) => u.seid === 1)?.downlink.packets).toBe(1n);
    await controller.release(2);
    await controller.release(3);
    await controller.release(1);
    const left = [];
    for await (const entry of sw.table(upf.ingress.pdrs).entries()) left.push(entry);
    for await (const entry of sw.table(upf.ingress.fars).entries()) left.push(entry);
    for await (const entry of sw.table(upf.ingress.qers).entries()) left.push(entry);
    expect(left).toEqual([]);
  });

  test('what is not there is said', async () => {
    await expect(controller.release(9)).rejects.toThrow('there is no session 9');
    await expect(controller.update(1, { id: 9, apply: 'drop' })).rejects.toThrow('session 1 has no FAR 9');
  });
});

test('usage is that of the user’s packets, whatever was around them', async () => {
  const packet = udpPacket({ ...page, src: sleeper });
  for (const extra of [{}, { sequenceNumber: 1 }, asks]) await fromAccess(tunnelled({ ...up, teid: 0x1002 }, packet, extra));
  await fromAccess(tunnelled(up, udpPacket(page), asks));
  await fromCore(udpPacket(answer));
  await fromCore(udpPacket({ ...answer, src: voice, dstPort: 5000, data: new Uint8Array(100) }));
  // What is dropped is not used.
  await fromAccess(tunnelled(up, udpPacket({ ...page, dst: '198.51.100.66' }), asks));
  const of = (packets: number, size: number) => ({ packets: BigInt(packets), bytes: BigInt(packets * size) });
  expect(await controller.usage()).toEqual([
    { seid: 1, urr: 1, uplink: of(1, 38), downlink: of(1, 38) },
    { seid: 1, urr: 2, uplink: of(0, 0), downlink: of(1, 128) },
    { seid: 2, urr: 1, uplink: of(3, 38), downlink: of(0, 0) },
  ]);
});

describe('messages of the tunnels', () => {
  test('an echo request is answered, from where it came to, with its number', async () => {
    const request = { type: GtpuMessage.echoRequest, teid: 0, sequenceNumber: 0x1234 };
    const [reply] = await fromAccess(gtpuPacket({ src: gnbs[0], dst: n3.address }, request));
    const body = Uint8Array.of(14, 0);
    const response = gtpuPacket({ src: n3.address, dst: gnbs[0] }, { ...request, type: GtpuMessage.echoResponse, body });
    expect(reply).toEqual({ port: n3.port, packet: leaving.n3(response) });
    expect(Buffer.from(response.subarray(28)).toString('hex')).toBe('3202000600000000123400000e00');
  });

  test('a packet through an unknown tunnel is told to its sender', async () => {
    const [reply] = await fromAccess(tunnelled({ ...up, teid: 0xdeadbeef }, udpPacket(page), asks));
    // TS 29.281 §7.3.1: TEID Data I, peer address.
    expect(Buffer.from(reply?.packet.subarray(42) ?? []).toString('hex')).toBe(
      '321a00100000000000000000' + '10deadbeef' + '850004c000020a',
    );
    expect(events).toEqual([{ what: 'unknown tunnel', teid: 0xdeadbeef, from: gnbs[0] }]);
    expect(await dropped()).toEqual({ 'unknown tunnel': 1n });
  });

  test('an error indication is passed on', async () => {
    const body = Uint8Array.of(16, 0, 0, 0x50, 1, 133, 0, 4, 192, 0, 2, 21);
    const indication = { type: GtpuMessage.errorIndication, teid: 0, sequenceNumber: 0, body };
    expect(await fromAccess(gtpuPacket({ src: gnbs[0], dst: n3.address }, indication))).toEqual([]);
    expect(events).toEqual([{ what: 'error indication', teid: 0x5001, from: gnbs[0] }]);
  });

  test.each([
    ['GTP version 2', 0x48, 'not supported'],
    ['GTP′', 0x20, 'not supported'],
  ])('%s', async (_, flags, reason) => {
    expect(await fromAccess(tunnelled(up, udpPacket(page)).with(28, flags))).toEqual([]);
    expect(await dropped()).toEqual({ [reason]: 1n });
  });

  test('an extension header that is not known, or no packet of IP inside', async () => {
    expect(await fromAccess(tunnelled(up, udpPacket(page), asks).with(39, 0xc0))).toEqual([]);
    expect(await fromAccess(tunnelled(up, new Uint8Array(40), asks))).toEqual([]);
    expect(await dropped()).toEqual({ 'not supported': 2n });
  });
});

test('packets that are cut off anywhere do nothing', async () => {
  for (const [port, whole] of [
    [n3.port, arriving.n3(tunnelled(up, udpPacket(page), asks))],
    [n6.port, arriving.n6(udpPacket(answer))],
  ] as const) {
    // The 4 bytes of the ports are the last that are parsed.
    for (let length = 0; length < whole.length - 14; length++) {
      await sw.send(port, whole.subarray(0, length));
      expect(await leaves()).toEqual([]);
    }
  }
  expect(events).toEqual([]);
});

describe('files', () => {
  test.each([
    [
      'permit out 17 from 203.0.113.0/24 53 to assigned',
      { protocol: 17, remote: { address: '203.0.113.0', length: 24 }, remotePort: { low: 53, high: 53 } },
    ],
    ['permit out ip from any to assigned 5000-5010', { userPort: { low: 5000, high: 5010 } }],
    ['permit out 6 from 2001:db8::/32 to any', { protocol: 6, remote: { address: '2001:db8::', length: 32 } }],
    ['permit out ip from 10.0.0.1 to assigned', { remote: { address: '10.0.0.1', length: 32 } }],
  ])('%s', (text, filter) => {
    expect(parseSdf(text)).toEqual(filter);
  });

  test.each([
    ['deny out ip from any to assigned', 'expected "permit out PROTOCOL from PREFIX [PORTS] to assigned [PORTS]"'],
    ['permit out 300 from any to assigned', '300 is no protocol'],
    ['permit out ip from 10.0.0.0/33 to assigned', '"10.0.0.0/33" is no prefix'],
    ['permit out ip from 10.0.0.256 to assigned', '"10.0.0.256" is no prefix'],
    ['permit out 17 from any 9-5 to assigned', 'ports are from 0 to 65535, as in 53 or 5000-5010'],
    ['permit out 17 from any to assigned 70000', 'ports are from 0 to 65535, as in 53 or 5000-5010'],
  ])('%s: a mistake', (text, mistake) => {
    expect(parseSdf(text)).toBe(mistake);
  });

  test('each mistake in the sessions, with its line', () => {
    const text = `- seid: 1
  user: 10.45.0
  teid: 0
  prefix: 2001:db8::/48
  pdrs:
    - { id: 1, precedence: 1, source: acces, far: 7, qer: 8, urr: 9 }
    - { id: 2, precedence: 70000, source: core, sdf: permit all, far: 1 }
  fars:
    - { id: 1, apply: access, teid: 5 }
  qers: []
  urrs: []
`;
    expect(() => parseSessions(text, 's.yaml')).toThrow(ManifestError);
    try {
      parseSessions(text, 's.yaml');
    } catch (error) {
      expect((error as ManifestError).message.split('\n').sort()).toEqual([
        's.yaml:2: [0].user: expected an IPv4 address, found "10.45.0"',
        's.yaml:3: [0].teid: expected a number from 1 to 4294967295, found 0',
        's.yaml:4: [0].prefix: "2001:db8::/48" is no prefix such as 2001:db8:45:2::/64',
        's.yaml:6: [0].pdrs[0].far: the session has no such FAR',
        's.yaml:6: [0].pdrs[0].qer: the session has no such QER',
        's.yaml:6: [0].pdrs[0].source: expected access or core, found "acces"',
        's.yaml:6: [0].pdrs[0].urr: the session has no such URR',
        's.yaml:7: [0].pdrs[1].precedence: expected a number from 0 to 65535, found 70000',
        's.yaml:7: [0].pdrs[1].sdf: "permit all": expected "permit out PROTOCOL from PREFIX [PORTS] to assigned [PORTS]"',
        's.yaml:9: [0].fars[0].gnb: expected an IPv4 address, found nothing',
      ]);
    }
    expect(() => parseSessions('- [', 's.yaml')).toThrow(/^s\.yaml:\d+: /);
    expect(() => parseSessions('seid: 1', 's.yaml')).toThrow('s.yaml:1: : expected a list');
  });
});

test('an interface on the wrong side is refused', async () => {
  const other = await simulate(upf);
  await expect(control(other, { ...site, n6: { ...n6, port: 2 } })).rejects.toThrow('ports up to 15 are on N3, the others on N6');
  await other.close();
});
