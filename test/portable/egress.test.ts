/** What egress sees, how the packet came, and what goes with copies: rows E, W and M5 of docs/portable.md. */
import { bit, Path } from 'p4ts';
import { defaultCpuPort, simulate } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { make, packet, printed, read } from './lab.js';

test('M5: copies to the controller have the packet-in metadata that egress gives them, and their whole packet', async () => {
  const p = make(
    (ctl, { hdr, meta }) =>
      ctl.apply((c) => {
        c.set(meta.y, hdr.h.a);
        c.mirror(5, { keep: [meta.y] });
        c.forward(2);
      }),
    (ctl, { meta, std }) => ctl.apply((c) => c.if(std.path.eq(Path.mirrored), () => c.packetIn({ reason: meta.y }))),
  );
  await using sw = await simulate(p);
  await sw.cloneSession(5).set([{ port: defaultCpuPort }, { port: 7 }]);
  const told = sw.packetIns()[Symbol.asyncIterator]();
  const sent = packet(1, 9, 3);
  const outputs = await sw.send(0, sent);
  expect(outputs.map(({ port, packet: bytes }) => [port, [...bytes]])).toEqual([
    [7, [...sent]],
    [2, [...sent]],
  ]);
  const { value } = await told.next();
  expect([value.reason, [...value.payload]]).toEqual([9, [...sent]]);
});

test('E1: headers and metadata are as ingress left them', async () => {
  const p = make(
    (ctl, { hdr, meta }) =>
      ctl.apply((c) => {
        c.set(meta.x, hdr.h.a.as(bit(32)).add(1));
        c.set(hdr.h.a, 7);
        c.setValid(hdr.other);
        c.forward(2);
      }),
    (ctl, { hdr, meta }) =>
      ctl.apply((c) => {
        c.set(hdr.h.b, meta.x.bits(0, 16));
        c.set(hdr.other.a, hdr.h.a);
      }),
  );
  await using sw = await simulate(p);
  const [out] = await sw.send(0, packet(1, 200));
  // h: kind 1, a 7, b 201; other: made valid by ingress, a copied; the payload.
  expect([...(out?.packet ?? [])]).toEqual([1, 7, 0, 201, 0, 7, 0, 0, 0xee]);
});

test('E2, E3, W4: each replica has its port, its instance and the path `replicated`; metadata survives', async () => {
  const p = make(
    (ctl, { hdr, meta }) =>
      ctl.apply((c) => {
        c.set(meta.y, 40);
        c.if(hdr.h.kind.eq(1), () => c.multicast(1)).else(() => c.forward(5));
      }),
    (ctl, { hdr, meta, std }) =>
      ctl.apply((c) => {
        c.set(hdr.h.a, std.egressPort.bits(0, 8));
        c.set(hdr.h.b, std.replica);
        c.if(std.path.eq(Path.replicated), () => c.set(hdr.h.kind, meta.y));
      }),
  );
  await using sw = await simulate(p);
  await sw.multicast(1).set([
    { port: 3, instance: 9 },
    { port: 4, instance: 300 },
  ]);
  const out = (await sw.send(0, packet(1))).map(read).toSorted((a, b) => a.port - b.port);
  expect(out).toMatchObject([
    { port: 3, kind: 40, a: 3, b: 9 },
    { port: 4, kind: 40, a: 4, b: 300 },
  ]);
  expect((await sw.send(0, packet(3))).map(read)).toMatchObject([{ port: 5, kind: 3, a: 5, b: 0 }]);
});

test('E4: the length in bytes when the packet enters egress, whatever egress does to it, and without what came from the controller', async () => {
  const p = make(
    (ctl) =>
      ctl.apply((c) => {
        c.forward(2);
        c.mirror(5);
      }),
    (ctl, { hdr, std }) =>
      ctl.apply((c) => {
        c.setInvalid(hdr.other);
        c.set(hdr.h.b, std.packetLength.bits(0, 16));
      }),
  );
  expect(printed(p)).toContain('standard_metadata.packet_length');
  await using sw = await simulate(p);
  await sw.cloneSession(5).set([{ port: 3 }]);
  const left: number[][] = [];
  sw.onOutput(({ packet }) => left.push([...packet]));
  const bytes = Uint8Array.of(2, 0, 0, 0, 1, 2, 3, 4, 9, 9, 9);
  await sw.send(0, bytes);
  await sw.packetOut(bytes, { egressPort: 2 });
  await expect.poll(() => left.length).toBe(4);
  expect(left).toEqual(Array(4).fill([2, 0, 0, 11, 9, 9, 9]));
});

test('E5, E6: depth and delay of the queue, the delay in nanoseconds', async () => {
  const p = make(
    (ctl) => ctl.apply((c) => c.forward(2)),
    (ctl, { hdr, std }) =>
      ctl.apply((c) => {
        c.set(hdr.h.a, std.queueDepth.bits(0, 8));
        c.set(hdr.h.b, std.queueDelayNs.bits(0, 16));
      }),
  );
  const text = printed(p);
  expect(text).toContain('standard_metadata.enq_qdepth');
  expect(text).toMatch(/standard_metadata\.deq_timedelta \* 1000/);
  await using sw = await simulate(p);
  // The interpreter has no queues.
  expect((await sw.send(0, packet(1, 5, 5))).map(read)).toMatchObject([{ a: 0, b: 0 }]);
});

test('W2: of the metadata of a mirrored packet only `keep` survives; its ingress port is 0', async () => {
  const p = make(
    (ctl, { meta }) =>
      ctl.apply((c) => {
        c.set(meta.x, 77);
        c.set(meta.y, 5);
        c.mirror(3, { keep: [meta.x] });
        c.drop();
      }),
    (ctl, { hdr, meta, std }) =>
      ctl.apply((c) =>
        c.if(std.path.eq(Path.mirrored), () => {
          c.set(hdr.h.kind, meta.x.bits(0, 8));
          c.set(hdr.h.a, meta.y);
          c.set(hdr.h.b, std.ingressPort.as(bit(16)));
        }),
      ),
  );
  await using sw = await simulate(p);
  await sw.cloneSession(3).set([{ port: 8 }]);
  expect((await sw.send(6, packet(1, 9, 9))).map(read)).toEqual([{ port: 8, kind: 77, a: 0, b: 0, size: 5 }]);
});

test('W3: of the metadata of a recirculated packet only `keep` survives; its ingress port is 0', async () => {
  const p = make((ctl, { hdr, meta, std }) =>
    ctl.apply((c) =>
      c
        .if(std.path.eq(Path.recirculated), () => {
          c.set(hdr.h.kind, meta.x.bits(0, 8));
          c.set(hdr.h.a, meta.y);
          c.set(hdr.h.b, std.ingressPort.as(bit(16)));
          c.forward(4);
        })
        .else(() => {
          c.set(meta.x, 77);
          c.set(meta.y, 5);
          c.recirculate({ keep: [meta.x] });
        }),
    ),
  );
  await using sw = await simulate(p);
  expect((await sw.send(6, packet(1, 9, 9))).map(read)).toEqual([{ port: 4, kind: 77, a: 0, b: 0, size: 5 }]);
});
