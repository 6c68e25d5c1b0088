/** What egress sees, how the packet came, and what goes with copies: rows E, W and M5 of docs/portable.md. */
import { bit, bool, build, dissect, header, Path, pipeline } from 'p4ts';
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

test('E4: in ingress, the length in bytes as the packet arrived', async () => {
  const p = make((ctl, { hdr, std }) =>
    ctl.apply((c) => {
      c.forward(2);
      c.setValid(hdr.other);
      c.set(hdr.h.b, std.packetLength.bits(0, 16));
    }),
  );
  expect(printed(p)).toContain('standard_metadata.packet_length');
  await using sw = await simulate(p);
  expect((await sw.send(0, packet(1))).map(read)).toMatchObject([{ b: packet(1).length }]);
});

test('E5, E6, E7: depths and delay of the queue, the delay in nanoseconds', async () => {
  const p = make(
    (ctl) => ctl.apply((c) => c.forward(2)),
    (ctl, { hdr, std }) =>
      ctl.apply((c) => {
        c.set(hdr.h.kind, std.queueDepth.bits(0, 8));
        c.set(hdr.h.a, std.dequeueDepth.bits(0, 8));
        c.set(hdr.h.b, std.queueDelayNs.bits(0, 16));
      }),
  );
  const text = printed(p);
  expect(text).toContain('standard_metadata.enq_qdepth');
  expect(text).toContain('standard_metadata.deq_qdepth');
  expect(text).toMatch(/standard_metadata\.deq_timedelta \* 1000/);
  await using sw = await simulate(p);
  // The interpreter has no queues.
  expect((await sw.send(0, packet(1, 5, 5))).map(read)).toMatchObject([{ kind: 0, a: 0, b: 0 }]);
  expect((await sw.send(0, packet(1), { queueDepth: 7, dequeueDepth: 3, queueDelayNs: 12_345 })).map(read)).toMatchObject([
    { kind: 7, a: 3, b: 12_000 },
  ]);
});

const Times = header('times_t', { ingress: bit(48), enqueue: bit(48), egress: bit(48), path: bit(8) });
/** Egress writes what it knows of the time. `path`: 1 is mirrored in ingress, 2 recirculated once, 3 multicast. */
const times = pipeline('times', {
  headers: { times: Times },
  metadata: { again: bool },
  parser: {
    start(p, { hdr }) {
      p.extract(hdr.times);
      return p.accept();
    },
  },
  ingress(ctl, { hdr, meta, std }) {
    ctl.apply((c) => {
      c.forward(2);
      c.if(hdr.times.path.eq(1), () => c.mirror(4));
      c.if(hdr.times.path.eq(2).and(meta.again.not()), () => {
        c.set(meta.again, true);
        c.recirculate({ keep: [meta.again] });
      });
      c.if(hdr.times.path.eq(3), () => c.multicast(1));
      c.set(hdr.times.ingress, std.timestampNs);
    });
  },
  egress(ctl, { hdr, std }) {
    ctl.apply((c) => {
      c.if(std.path.eq(Path.mirrored), () => c.set(hdr.times.ingress, 1)).else(() =>
        c.set(hdr.times.ingress, std.ingressTimestampNs.sub(hdr.times.ingress)),
      );
      c.set(hdr.times.enqueue, std.enqueueTimestampNs);
      c.set(hdr.times.egress, std.timestampNs);
    });
  },
  deparser: (d, { hdr }) => d.emit(hdr.times),
});
const arriving = (path: number) => build(Times, { ingress: 0, enqueue: 0, egress: 0, path });
const timesOf = (sent: readonly { readonly port: number; readonly packet: Uint8Array }[]) =>
  sent.map(({ port, packet: bytes }) => ({ port, ...dissect(Times, bytes)?.[0] }));

test('E8, E9: the times of ingress and of the queue', async () => {
  await using sw = await simulate(times);
  await sw.cloneSession(4).set([{ port: 9 }]);
  await sw.multicast(1).set([{ port: 3 }, { port: 4 }]);
  const waits = { queueDelayNs: 40_000, residenceNs: 100_000 };
  expect(timesOf(await sw.send(1, arriving(0)))).toEqual([{ port: 2, ingress: 0, enqueue: 0, egress: 0, path: 0 }]);
  expect(timesOf(await sw.send(1, arriving(0), { ...waits, timestampNs: 5_000_000 }))).toEqual([
    { port: 2, ingress: 0, enqueue: 5_060_000, egress: 5_100_000, path: 0 },
  ]);
  // All of the residence is in the queue where no more is said.
  expect(timesOf(await sw.send(1, arriving(0), { queueDelayNs: 7_000 }))).toEqual([
    { port: 2, ingress: 0, enqueue: 5_000_000, egress: 5_007_000, path: 0 },
  ]);
  // Each copy waits; a packet that starts again waits twice, and has no time of ingress then.
  expect(timesOf(await sw.send(1, arriving(1), waits))).toEqual([
    { port: 9, ingress: 1, enqueue: 5_060_000, egress: 5_100_000, path: 1 },
    { port: 2, ingress: 0, enqueue: 5_060_000, egress: 5_100_000, path: 1 },
  ]);
  expect(timesOf(await sw.send(1, arriving(3), waits)).map(({ egress }) => egress)).toEqual([5_100_000, 5_100_000]);
  expect(timesOf(await sw.send(1, arriving(2), waits))).toEqual([{ port: 2, ingress: 0, enqueue: 5_160_000, egress: 5_200_000, path: 2 }]);
});

test('E9: the time of the queue is right when v1model’s 32 bits of microseconds have run out', async () => {
  await using sw = await simulate(times);
  const day = 86_400_000_000_000;
  expect(timesOf(await sw.send(1, arriving(0), { timestampNs: day, queueDelayNs: 3_000_000 }))).toEqual([
    { port: 2, ingress: 0, enqueue: day, egress: day + 3_000_000, path: 0 },
  ]);
});

test('D10, E10: what ingress says of the priority', async () => {
  const p = make(
    (ctl, { hdr }) =>
      ctl.apply((c) => {
        c.forward(2);
        c.if(hdr.h.kind.eq(1), () => c.setPriority(hdr.h.a.bits(0, 3)));
      }),
    (ctl, { hdr, std }) => ctl.apply((c) => c.set(hdr.h.b, std.priority.as(bit(16)))),
  );
  expect(printed(p)).toContain('standard_metadata.priority = hdr.h.a[2:0];');
  await using sw = await simulate(p);
  expect((await sw.send(0, packet(1, 5))).map(read)).toMatchObject([{ b: 5 }]);
  expect((await sw.send(0, packet(3, 5))).map(read)).toMatchObject([{ b: 0 }]);
});

test('M5: a replica of a multicast group and a packet that started again have the metadata as mirrored ones do', async () => {
  const p = make(
    (ctl, { hdr, meta }) =>
      ctl.apply((c) => {
        c.set(meta.y, hdr.h.a);
        c.switch(hdr.h.kind)
          .case(1, () => c.multicast(1))
          .case(3, () => {
            c.if(meta.flag.not(), () => {
              c.set(meta.flag, true);
              c.recirculate({ keep: [meta.flag] });
            }).else(() => c.forward(defaultCpuPort));
          })
          // What is decided at first must not be left over.
          .case(4, () => {
            c.toController({ reason: 99 });
            c.if(meta.flag.not(), () => {
              c.set(meta.flag, true);
              c.recirculate({ keep: [meta.flag] });
            });
          })
          .default(() => c.forward(2));
      }),
    (ctl, { meta, std }) => ctl.apply((c) => c.if(std.path.eq(Path.replicated).or(meta.flag), () => c.packetIn({ reason: meta.y }))),
  );
  await using sw = await simulate(p);
  await sw.multicast(1).set([{ port: 7 }, { port: defaultCpuPort }]);
  const told = sw.packetIns()[Symbol.asyncIterator]();
  const next = async () => {
    const { value } = await told.next();
    return [value.reason, [...value.payload]];
  };
  expect((await sw.send(0, packet(1, 9))).map(({ port, packet: bytes }) => [port, [...bytes]])).toEqual([[7, [...packet(1, 9)]]]);
  expect(await next()).toEqual([9, [...packet(1, 9)]]);
  expect(await sw.send(0, packet(3, 8))).toEqual([]);
  expect(await next()).toEqual([8, [...packet(3, 8)]]);
  expect(await sw.send(0, packet(4, 7))).toEqual([]);
  expect(await next()).toEqual([7, [...packet(4, 7)]]);
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
