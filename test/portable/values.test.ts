/** Headers and values: rows H and the rows P6 and P7 of docs/portable.md. */
import { bit, header, int, Path, pipeline, stack, valid, valueSet } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { make, packet, printed, read } from './lab.js';

test('H1: a field of an invalid header reads as 0, and a write to it is lost', async () => {
  const p = make((ctl, { hdr }) =>
    ctl.apply((c) => {
      c.set(hdr.other.a, 9);
      c.set(hdr.h.a, hdr.other.a.add(1));
      c.setValid(hdr.other);
      c.set(hdr.h.b, hdr.other.a.as(bit(16)));
      c.setInvalid(hdr.other);
      c.forward(2);
    }),
  );
  await using sw = await simulate(p);
  expect((await sw.send(0, packet(1, 5, 5))).map(read)).toMatchObject([{ a: 1, b: 0, size: 5 }]);
});

test('H2: setValid makes the fields 0 when the header was not valid, and leaves them otherwise', async () => {
  const p = make((ctl, { hdr }) =>
    ctl.apply((c) => {
      c.setValid(hdr.other);
      c.forward(2);
    }),
  );
  await using sw = await simulate(p);
  expect((await sw.send(0, packet(1)))[0]?.packet).toEqual(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xee));
  const two = Uint8Array.of(2, 0, 0, 0, 4, 3, 2, 1, 0xee);
  expect((await sw.send(0, two))[0]?.packet).toEqual(two);
});

test('H3: metadata is 0 when a packet arrives, and when one arrives again', async () => {
  const p = make((ctl, { hdr, meta, std }) =>
    ctl.apply((c) => {
      c.set(hdr.h.b, meta.x.bits(0, 16));
      c.set(meta.x, 77);
      c.forward(2);
      c.if(std.path.eq(Path.normal).and(hdr.h.kind.eq(3)), () => c.recirculate());
    }),
  );
  await using sw = await simulate(p);
  expect((await sw.send(0, packet(1, 0, 9))).map(read)).toMatchObject([{ b: 0 }]);
  expect((await sw.send(0, packet(1, 0, 9))).map(read)).toMatchObject([{ b: 0 }]);
  expect((await sw.send(0, packet(3, 0, 9))).map(read)).toMatchObject([{ b: 0 }]);
});

const Item = header('item_t', { value: bit(8) });
const items = (ingress: (c: any, hdr: any) => void) =>
  pipeline('items', {
    headers: { head: Item, items: stack(Item, 2) },
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.head, hdr.items.next, hdr.items.next);
        return p.accept();
      },
    },
    ingress: (ctl, { hdr }) =>
      ctl.apply((c) => {
        ingress(c, hdr);
        c.forward(1);
      }),
    deparser: (d, { hdr }) => d.emit(hdr.head, hdr.items),
  });

test('H4: an index out of range, known at run time only, reads 0 and writes nothing', async () => {
  const p = items((c, hdr) => {
    const at = c.let('at', hdr.head.value.as(bit(32)));
    c.set(hdr.items.at(at).value, hdr.items.at(at).value.add(1));
    c.set(hdr.head.value, hdr.items.at(at).value);
  });
  await using sw = await simulate(p);
  const send = async (...bytes: number[]) => [...((await sw.send(0, Uint8Array.from(bytes)))[0]?.packet ?? [])];
  expect(await send(1, 10, 20)).toEqual([21, 10, 21]);
  expect(await send(2, 10, 20)).toEqual([0, 10, 20]);
  expect(await send(255, 10, 20)).toEqual([0, 10, 20]);
});

test('H5: a shift by the width or more gives 0, of a signed number its sign', async () => {
  const p = make((ctl, { hdr, meta }) =>
    ctl.apply((c) => {
      c.set(meta.y, hdr.h.a);
      c.set(hdr.h.kind, hdr.h.kind.shl(meta.y).or(hdr.h.kind.shr(meta.y)));
      c.set(hdr.h.b, hdr.h.b.as(int(16)).shr(meta.y).as(bit(16)));
      c.forward(2);
    }),
  );
  await using sw = await simulate(p);
  const shifted = async (a: number) => (await sw.send(0, packet(0x81, a, 0x8000))).map(read).map(({ kind, b }) => [kind, b]);
  expect(await shifted(1)).toEqual([[0x42, 0xc000]]);
  expect(await shifted(8)).toEqual([[0, 0xff80]]);
  expect(await shifted(16)).toEqual([[0, 0xffff]]);
  expect(await shifted(255)).toEqual([[0, 0xffff]]);
});

test('H6: arithmetic is modulo 2^W; satAdd and satSub stop at the limits, of signed numbers at theirs', async () => {
  const p = make((ctl, { hdr }) =>
    ctl.apply((c) => {
      const [a, b] = [c.let('a0', hdr.h.a), c.let('b0', hdr.h.b)];
      c.set(hdr.h.kind, a.add(200).add(a.mul(2)));
      c.set(hdr.h.a, a.satAdd(100));
      c.set(hdr.h.b, b.as(int(16)).satSub(1).as(bit(16)));
      c.forward(2);
    }),
  );
  expect(printed(p)).toMatch(/\|\+\| 100/);
  await using sw = await simulate(p);
  // 100 + 200 + 200 = 500 = 244 modulo 256; 200; -32768 stays.
  expect((await sw.send(0, packet(1, 100, 0x8000))).map(read)).toMatchObject([{ kind: 244, a: 200, b: 0x8000 }]);
  expect((await sw.send(0, packet(1, 200, 1))).map(read)).toMatchObject([{ kind: 32, a: 255, b: 0 }]);
});

test('P6: lookahead gives the next bits or a header of them, and takes none', async () => {
  const H2 = header('h2_t', { x: bit(4), y: bit(12) });
  const p = pipeline('ahead', {
    headers: { h: H2 },
    metadata: { seen: bit(4), more: bit(12) },
    parser: {
      start(p, { hdr, meta }) {
        p.set(meta.seen, p.lookahead(bit(4)));
        p.set(meta.more, p.lookahead(H2).y);
        p.extract(hdr.h);
        return p.accept();
      },
    },
    ingress: (ctl, { hdr, meta }) =>
      ctl.apply((c) => {
        c.if(meta.seen.eq(hdr.h.x).and(meta.more.eq(hdr.h.y)), () => c.forward(1));
        c.set(hdr.h.y, 0);
      }),
    deparser: (d, { hdr }) => d.emit(hdr.h),
  });
  expect(printed(p)).toContain('packet.lookahead<bit<4>>()');
  await using sw = await simulate(p);
  expect(await sw.send(0, Uint8Array.of(0xab, 0xcd))).toEqual([{ port: 1, packet: Uint8Array.of(0xa0, 0) }]);
});

test('P6: lookahead is what comes where it is called, however late it is used', async () => {
  const Four = header('four_t', { a: bit(8), b: bit(8), c: bit(8), d: bit(8) });
  /** In no packet: it is looked at only. */
  const Shape = header('shape_t', { first: bit(4), second: bit(12) });
  const p = pipeline('ahead', {
    headers: { h: Four, out: Four },
    metadata: { a: bit(8), b: bit(8), c: bit(8), d: bit(12) },
    parser: {
      start(p, { meta }) {
        const first = p.lookahead(bit(8));
        const next = first.add(1);
        p.advance(8);
        const second = p.lookahead(bit(8));
        const shape = p.lookahead(Shape);
        p.advance(8);
        p.set(meta.a, first);
        p.set(meta.b, next);
        p.set(meta.c, second);
        p.set(meta.d, shape.second);
        return p
          .select(p.lookahead(bit(8)), second)
          .when([0x33, 0x22], 'body')
          .otherwise('reject');
      },
      body(p, { hdr }) {
        p.extract(hdr.h);
        return p.accept();
      },
    },
    ingress: (ctl, { hdr, meta }) =>
      ctl.apply((c) => {
        c.forward(1);
        c.setValid(hdr.out);
        c.set(hdr.out.a, meta.a);
        c.set(hdr.out.b, meta.b);
        c.set(hdr.out.c, meta.c);
        c.set(hdr.out.d, meta.d.bits(4, 8));
      }),
    deparser: (d, { hdr }) => d.emit(hdr.out, hdr.h),
  });
  await using sw = await simulate(p);
  const rest = [0x33, 0x44, 0x55, 0x66];
  expect((await sw.send(0, Uint8Array.of(0x11, 0x22, ...rest)))[0]?.packet).toEqual(Uint8Array.of(0x11, 0x12, 0x22, 0x23, ...rest));
  expect(await sw.send(0, Uint8Array.of(0x11, 0x23, ...rest))).toEqual([]);
});

test('P7: select on a value set takes the members that the control plane gave', async () => {
  const p = pipeline('sets', {
    headers: { first: Item, second: Item },
    valueSets: { known: valueSet(bit(8), 2) },
    parser: {
      start(p, { hdr, sets }) {
        p.extract(hdr.first);
        return p.select(hdr.first.value).when(sets.known, 'second').otherwise('accept');
      },
      second(p, { hdr }) {
        p.extract(hdr.second);
        return p.accept();
      },
    },
    ingress: (ctl, { hdr }) => ctl.apply((c) => c.if(valid(hdr.second), () => c.forward(1)).else(() => c.forward(2))),
    deparser: (d, { hdr }) => d.emit(hdr.first, hdr.second),
  });
  expect(printed(p)).toContain('value_set<bit<8>>(2) known;');
  await using sw = await simulate(p);
  const ports = async (value: number) => (await sw.send(0, Uint8Array.of(value, 0))).map((o) => o.port);
  expect(await ports(5)).toEqual([2]);
  await sw.valueSet(p.sets.known).set([5, 6]);
  expect([await ports(5), await ports(7)]).toEqual([[1], [2]]);
  await sw.valueSet(p.sets.known).set([7]);
  expect([await ports(5), await ports(7)]).toEqual([[2], [1]]);
});
