/** The first pipeline of the surface (test/types/surface.ts), run: what type-checks there works here. */
import { bit, build, exact, header, ipv4, lpm, mac, packet, pipeline, port, range, stack, ternary, valid } from 'p4ts';
import { connect, createDataPlane, createSwitch, serve } from 'p4ts/runtime';
import { afterAll, beforeAll, expect, test } from 'vitest';

const Ethernet = header('ethernet_t', { dst: mac, src: mac, etherType: bit(16) });
const Ipv4 = header('ipv4_t', {
  version: bit(4),
  ihl: bit(4),
  dscp: bit(6),
  ecn: bit(2),
  ttl: bit(8),
  protocol: bit(8),
  checksum: bit(16),
  src: ipv4,
  dst: ipv4,
});
const Label = header('label_t', { label: bit(20), tc: bit(3), bottom: bit(1), ttl: bit(8) });

const router = pipeline('router', {
  headers: { ethernet: Ethernet, labels: stack(Label, 4), ipv4: Ipv4 },
  metadata: { nextHop: ipv4 },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.ethernet);
      return p.select(hdr.ethernet.etherType).when(0x0800, 'ipv4').when(0x8847, 'label').otherwise('accept');
    },
    label(p, { hdr }) {
      p.extract(hdr.labels.next);
      return p.select(hdr.labels.last.bottom).when(0, 'label').otherwise('ipv4');
    },
    ipv4(p, { hdr }) {
      p.extract(hdr.ipv4);
      p.verifyChecksum(hdr.ipv4.checksum, [hdr.ipv4.version, hdr.ipv4.ihl, hdr.ipv4.ttl, hdr.ipv4.src, hdr.ipv4.dst]);
      return p.select(hdr.ipv4.version, hdr.ipv4.ihl).when([4, 5], 'accept').otherwise('reject');
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    const drop = ctl.action('drop', {}, (c) => c.drop());
    const forward = ctl.action('forward', { dstMac: mac, port }, (c, a) => {
      c.forward(a.port);
      c.set(hdr.ethernet.src, hdr.ethernet.dst);
      c.set(hdr.ethernet.dst, a.dstMac);
      c.set(hdr.ipv4.ttl, hdr.ipv4.ttl.sub(1));
    });
    const routes = ctl.table('routes', {
      key: { dst: lpm(hdr.ipv4.dst) },
      actions: [forward, drop],
      default: drop(),
      size: 1024,
      counter: 'both',
    });
    const acl = ctl.table('acl', {
      key: { src: ternary(hdr.ipv4.src), protocol: exact(hdr.ipv4.protocol), ttl: range(hdr.ipv4.ttl) },
      actions: [drop],
    });
    ctl.apply((c) => {
      c.if(valid(hdr.ipv4).and(hdr.ipv4.ttl.gt(1)).and(std.checksumError.not()), () => {
        c.set(meta.nextHop, hdr.ipv4.dst);
        c.switch(c.apply(acl))
          .case(drop, () => c.exit())
          .default(() => c.apply(routes));
      }).else(() => c.call(drop));
    });
    return { routes, acl, forward, drop };
  },
  deparser(d, { hdr }) {
    d.updateChecksum(hdr.ipv4.checksum, [hdr.ipv4.version, hdr.ipv4.ihl, hdr.ipv4.ttl, hdr.ipv4.src, hdr.ipv4.dst]);
    d.emit(hdr.ethernet, hdr.labels, hdr.ipv4);
  },
});
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
