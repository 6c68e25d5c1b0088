/** A pipeline of the surface, run: what type-checks in test/types/surface.ts works here. */
import { build, packet } from 'p4ts';
import { connect, createDataPlane, createSwitch, serve } from 'p4ts/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ethernet, Ipv4, Label, router } from '../support/label-router.js';

const { routes, acl, forward, drop } = router.ingress;

const core = createSwitch({ dataPlane: createDataPlane() });
let server: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  server = await serve(core, { address: '127.0.0.1:0' });
  const r1 = await connect(router, { address: server.address });
  await r1.table(routes).insert({ match: { dst: '10.0.0.0/8' }, action: forward({ dstMac: '08:00:00:00:02:22', port: 1 }) });
  await r1.table(acl).insert({ match: { protocol: 6, ttl: { low: 0, high: 3 } }, priority: 10, action: drop() });
  await r1.close();
});
afterAll(async () => {
  await server.close();
  await core.close();
});

/** 16 bits of each field that the checksum covers, added in ones' complement by hand. */
function checksum(ttl: number): number {
  // version 4, ihl 5, ttl, 10.1.1.1 and 10.2.2.2, packed: 45 | ttl | 0a01 0101 0a02 0202
  const words = [0x4500 | ttl, 0x0a01, 0x0101, 0x0a02, 0x0202];
  const sum = words.reduce((a, b) => a + b, 0);
  return ~((sum & 0xffff) + (sum >> 16)) & 0xffff;
}
const ip = (ttl: number, protocol: number, version = 4, sum = checksum(ttl)) =>
  build(Ipv4, { version, ihl: 5, dscp: 0, ecn: 0, ttl, protocol, checksum: sum, src: '10.1.1.1', dst: '10.2.2.2' } as never);
const ethernet = (etherType: number, dst = '08:00:00:00:01:00', src = '08:00:00:00:01:11') =>
  build(Ethernet, { dst, src, etherType } as never);
const label = (value: number, bottom: number) => build(Label, { label: value, tc: 0, bottom, ttl: 64 });
const send = async (bytes: Uint8Array) => (await core.processPacket(0, bytes)).outputs;

test('a packet is routed by an entry that came over gRPC', async () => {
  expect(await send(packet(ethernet(0x0800), ip(64, 17)))).toEqual([
    { port: 1, bytes: packet(ethernet(0x0800, '08:00:00:00:02:22', '08:00:00:00:01:00'), ip(63, 17)) },
  ]);
});

test('labels in front of it are kept, up to the depth of the stack', async () => {
  const labels = [label(1, 0), label(2, 0), label(3, 0), label(4, 1)];
  const [out] = await send(packet(ethernet(0x8847), ...labels, ip(64, 17)));
  expect(out?.bytes.subarray(14, 30)).toEqual(packet(...labels));
  // The fifth label does not fit: a parser error, which the portable architecture drops.
  expect(await send(packet(ethernet(0x8847), label(0, 0), ...labels, ip(64, 17)))).toEqual([]);
});

test.each([
  ['the acl drops TCP with a low TTL', packet(ethernet(0x0800), ip(3, 6))],
  ['a TTL that is over', packet(ethernet(0x0800), ip(1, 17))],
  ['a wrong checksum', packet(ethernet(0x0800), ip(64, 17, 4, 0x1234))],
  ['another version: the parser rejects', packet(ethernet(0x0800), ip(64, 17, 6))],
  ['no IPv4', packet(ethernet(0x0806))],
  ['half a header', packet(ethernet(0x0800), ip(64, 17).subarray(0, 9))],
])('dropped: %s', async (_, bytes) => {
  expect(await send(bytes)).toEqual([]);
});
