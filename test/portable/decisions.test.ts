/** Where a packet goes: rows D and M of docs/portable.md. D6, D7, M1, M2 and M4 are in test/lower/lower-services.test.ts. */
import { exact } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { make, packet, printed, read } from './lab.js';

test('D1: a packet without a decision is dropped', async () => {
  const p = make((ctl, { hdr }) => ctl.apply((c) => c.if(hdr.h.kind.eq(1), () => c.forward(0))));
  expect(printed(p)).toMatch(/mark_to_drop\(standard_metadata\);\s+if \(hdr\.h\.kind == 1\)/);
  await using sw = await simulate(p);
  // Port 0 is a port like others: it must be decided.
  expect((await sw.send(5, packet(1))).map(read)).toMatchObject([{ port: 0 }]);
  expect(await sw.send(5, packet(3))).toEqual([]);
});

test('D2, D3, D4: the last of forward, drop and multicast wins and undoes the earlier ones', async () => {
  const p = make((ctl, { hdr }) => {
    ctl.apply((c) => {
      c.switch(hdr.h.kind)
        .case(1, () => {
          c.drop();
          c.forward(3);
        })
        .case(3, () => {
          c.forward(3);
          c.drop();
        })
        .case(4, () => {
          c.forward(3);
          c.multicast(1);
        })
        .case(5, () => {
          c.multicast(1);
          c.forward(4);
        })
        .case(6, () => {
          c.multicast(1);
          c.drop();
        })
        .case(7, () => c.multicast(2))
        .default(() => {});
    });
  });
  expect(printed(p)).toMatch(/mark_to_drop\(standard_metadata\);[^}]*standard_metadata\.mcast_grp = 1;/);
  await using sw = await simulate(p);
  await sw.multicast(1).set([
    { port: 7, instance: 0 },
    { port: 8, instance: 0 },
  ]);
  const ports = async (kind: number) => (await sw.send(0, packet(kind))).map((o) => o.port).toSorted();
  expect(await ports(1)).toEqual([3]);
  expect(await ports(3)).toEqual([]);
  expect(await ports(4)).toEqual([7, 8]);
  expect(await ports(5)).toEqual([4]);
  expect(await ports(6)).toEqual([]);
  // D4: none for an unknown group.
  expect(await ports(7)).toEqual([]);
});

test('D5: to the controller, with its metadata; a later decision undoes it', async () => {
  const p = make((ctl, { hdr }) =>
    ctl.apply((c) => {
      c.toController({ reason: hdr.h.a });
      c.if(hdr.h.kind.eq(1), () => c.forward(2));
    }),
  );
  await using sw = await simulate(p);
  expect((await sw.send(0, packet(1, 9))).map(read)).toEqual([{ port: 2, kind: 1, a: 9, b: 0, size: 5 }]);
  expect(await sw.send(0, packet(3, 8))).toEqual([]);
  for await (const { reason, payload } of sw.packetIns()) {
    expect([reason, payload]).toEqual([8, packet(3, 8)]);
    break;
  }
});

test('D8: egress drops', async () => {
  const p = make(
    (ctl) => ctl.apply((c) => c.forward(2)),
    (ctl, { hdr }) => ctl.apply((c) => c.if(hdr.h.a.gt(5), () => c.drop())),
  );
  await using sw = await simulate(p);
  expect((await sw.send(0, packet(1, 5))).map(read)).toMatchObject([{ port: 2 }]);
  expect(await sw.send(0, packet(1, 6))).toEqual([]);
});

test('D9: exit ends the block, from an action too; the decision stands, and egress runs', async () => {
  const p = make(
    (ctl, { hdr }) => {
      const stop = ctl.action('stop', {}, (c) => {
        c.set(hdr.h.a, 1);
        c.exit();
        c.set(hdr.h.a, 2);
      });
      const t = ctl.table('t', { key: { kind: exact(hdr.h.kind) }, actions: [stop], default: stop() });
      ctl.apply((c) => {
        c.forward(2);
        c.apply(t);
        c.drop();
      });
    },
    (ctl, { hdr }) => ctl.apply((c) => c.set(hdr.h.b, 3)),
  );
  await using sw = await simulate(p);
  expect((await sw.send(0, packet(1, 5))).map(read)).toEqual([{ port: 2, kind: 1, a: 1, b: 3, size: 5 }]);
});

test('M3: an unknown session gives no copy, and the packet goes its way', async () => {
  const p = make((ctl) =>
    ctl.apply((c) => {
      c.mirror(9);
      c.forward(2);
    }),
  );
  await using sw = await simulate(p);
  expect((await sw.send(0, packet(1))).map((o) => o.port)).toEqual([2]);
  await sw.cloneSession(9).set([{ port: 6 }]);
  expect((await sw.send(0, packet(1))).map((o) => o.port).toSorted()).toEqual([2, 6]);
});
