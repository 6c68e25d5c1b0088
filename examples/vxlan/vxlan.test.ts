/** The gateway between VLANs and VXLAN segments. */
import { internetChecksum } from 'p4ts';
import { EtherType } from 'p4ts/headers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ethernetFrame, udpPacket } from '../packets.js';
import {
  broadcast,
  createGateway,
  describeFrame,
  far,
  h1,
  h2,
  parts,
  peers,
  router,
  taggedFrame,
  tunnelled,
  underlay,
  vni,
} from './network.js';

let lab: Awaited<ReturnType<typeof createGateway>>;
beforeEach(async () => {
  lab = await createGateway();
});
afterEach(() => lab.sw.close());

const data = udpPacket({ src: '10.0.0.1', dst: '10.0.0.2' });
const plain = (dst: typeof h1, src: typeof h1) => ethernetFrame(dst, src, EtherType.ipv4, data);
const send = async (port: number, bytes: Uint8Array) =>
  (await lab.sw.send(port, bytes)).map((out) => `${out.port}: ${describeFrame(out.packet)}`).sort();

describe('encapsulation', () => {
  test('a frame for a host behind another gateway loses its tag and gets four headers', async () => {
    const [out, ...more] = await lab.sw.send(1, taggedFrame(far, h1, EtherType.ipv4, data));
    expect(more).toEqual([]);
    expect(out?.port).toBe(underlay.port);
    const bytes = out?.packet as Uint8Array;
    const { ethernet, ip, udp, vxlan, frame } = parts(bytes);
    expect(ethernet).toEqual({ dst: router, src: underlay.mac, etherType: EtherType.ipv4 });
    expect(ip).toMatchObject({ src: underlay.ip, dst: peers[0], protocol: 17, ttl: 64, flags: 2, totalLength: bytes.length - 14 });
    expect(internetChecksum(bytes.subarray(14, 34))).toBe(0);
    expect(udp).toMatchObject({ dstPort: 4789, checksum: 0, length: bytes.length - 34 });
    expect(udp?.srcPort).toBeGreaterThanOrEqual(49152);
    expect(vxlan).toEqual({ flags: 8, reserved: 0, vni, reserved2: 0 });
    expect(frame).toEqual(plain(far, h1));
  });

  test('an untagged frame goes in as it is', async () => {
    const [out] = await lab.sw.send(2, plain(far, h2));
    const { ip, frame } = parts(out?.packet as Uint8Array);
    expect(frame).toEqual(plain(far, h2));
    expect(ip?.totalLength).toBe(36 + frame.length);
  });
});

describe('decapsulation', () => {
  test('a frame for a host on an access port comes out, with the tag of that port', async () => {
    const [out, ...more] = await lab.sw.send(underlay.port, tunnelled('192.0.2.2', vni, plain(h1, far)));
    expect(more).toEqual([]);
    expect(out).toEqual({ port: 1, packet: taggedFrame(h1, far, EtherType.ipv4, data) });
  });

  test('and without one on a port that has none', async () => {
    expect(await lab.sw.send(underlay.port, tunnelled('192.0.2.2', vni, plain(h2, far)))).toEqual([{ port: 2, packet: plain(h2, far) }]);
  });
});

describe('flooding', () => {
  const size = 14 + data.length;
  test('from a host: to the other access ports and to each gateway', async () => {
    expect(await send(1, taggedFrame(broadcast, h1, EtherType.ipv4, data))).toEqual([
      `2: ${h1} → ${broadcast}, ${size} bytes`,
      `3: ${h1} → ${broadcast}, ${size} bytes`,
      `9: VXLAN 5001 192.0.2.1 → 192.0.2.2 | ${h1} → ${broadcast}, ${size} bytes`,
      `9: VXLAN 5001 192.0.2.1 → 192.0.2.3 | ${h1} → ${broadcast}, ${size} bytes`,
    ]);
  });

  test('from a gateway: to the access ports, not to the other gateways', async () => {
    expect(await send(underlay.port, tunnelled('192.0.2.3', vni, plain(broadcast, far)))).toEqual([
      `1: VLAN 10 ${far} → ${broadcast}, ${size + 4} bytes`,
      `2: ${far} → ${broadcast}, ${size} bytes`,
      `3: ${far} → ${broadcast}, ${size} bytes`,
    ]);
  });

  test('a host that says it is a gateway stays in its segment', async () => {
    const forged = tunnelled('192.0.2.2', vni, plain(h1, far));
    expect((await send(2, forged)).every((out) => out.includes(`${router} → ${underlay.mac}`))).toBe(true);
  });
});

describe('what is dropped', () => {
  const good = tunnelled('192.0.2.2', vni, plain(h1, far));
  const damaged = good.slice();
  damaged[24] = (damaged[24] as number) ^ 1;
  test.each([
    ['no segment', 7, plain(h1, h2)],
    ['no segment', 1, plain(h1, h2)],
    ['unknown gateway', underlay.port, tunnelled('198.51.100.9', vni, plain(h1, far))],
    ['unknown gateway', underlay.port, tunnelled('192.0.2.2', 6001, plain(h1, far))],
    ['not VXLAN', underlay.port, tunnelled('192.0.2.2', vni, plain(h1, far), 0)],
    ['not VXLAN', underlay.port, ethernetFrame(underlay.mac, router, EtherType.ipv4, data)],
    ['bad checksum', underlay.port, damaged],
  ] as const)('%s, on port %i', async (reason, port, bytes) => {
    expect(await lab.sw.send(port, bytes)).toEqual([]);
    expect(await lab.gateway.dropped()).toEqual({ [reason]: 1n });
  });

  test('what is cut off anywhere in front of the inner frame', async () => {
    for (let length = 0; length < 64; length++) expect(await lab.sw.send(underlay.port, good.subarray(0, length))).toEqual([]);
  });
});
