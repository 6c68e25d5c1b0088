/** Constructs of the language from the source to the packet: what p4c takes, and what the interpreter makes of them. */
import {
  type ActionRef,
  bind,
  bit,
  bool,
  build,
  type Ctl,
  concat,
  defaultOnly,
  dissect,
  exact,
  type Headers,
  header,
  type IngressBody,
  inout,
  input,
  int,
  type Meta,
  output,
  pipeline,
  port,
  struct,
  tableOnly,
  ternary,
  tuple,
} from 'p4ts';
import { P4RuntimeError, simulate } from 'p4ts/runtime';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { compileWithP4c, p4c } from '../support/p4c.js';

const found = typeof (await findTool(p4c)) === 'string';
const H = header('h_t', { a: bit(8), b: bit(8), c: bit(16), level: int(8) });
const Huge = header('huge_t', { a: bit(2048), b: bit(2048) });
const Inner = struct('inner_t', { x: bit(8), y: bit(16) });
const Outer = struct('outer_t', { inner: Inner, flag: bool });
const headers = { h: H, huge: Huge };
const metadata = { outer: Outer, other: Outer, pair: tuple(bit(8), bool), spare: tuple(bit(8), bool) };
type V = { hdr: Headers<typeof headers>; meta: Meta<typeof metadata> };

const make = <R>(ingress: (ctl: Ctl<IngressBody>, v: V) => R, isHuge = false) =>
  pipeline('p', {
    headers,
    metadata,
    parser: {
      start(p, { hdr }) {
        p.extract(isHuge ? hdr.huge : hdr.h);
        return p.accept();
      },
    },
    ingress: (ctl, v) => ingress(ctl, v),
    deparser: (d, { hdr }) => d.emit(hdr.h, hdr.huge),
  });

/** Compiled for BMv2 without a mistake, and taken by p4c where it is found. */
async function printed(source: unknown): Promise<string> {
  const { ir, diagnostics } = programOf(source) as NonNullable<ReturnType<typeof programOf>>;
  const result = compile(ir, bmv2);
  expect([...diagnostics, ...result.diagnostics].filter((d) => d.severity === 'error')).toEqual([]);
  const text = result.compiled?.files.find((f) => f.suffix === '.p4')?.contents as string;
  if (found) expect(await compileWithP4c(text)).not.toHaveProperty('code');
  return text;
}
const h = (a: number, b = 0, c = 0, level = 0) => build(H, { a, b, c, level });
const read = (packet: Uint8Array | undefined) => packet && dissect(H, packet)?.[0];
const timeout = 60_000;

describe('2048 bits', () => {
  test('arithmetic, shifts, slices and concatenation are exact', { timeout }, async () => {
    const p = make((ctl, { hdr: { huge } }) => {
      ctl.apply((c) => {
        c.forward(1);
        const sum = c.let('sum', huge.a.add(huge.b));
        c.set(huge.b, huge.a.satAdd(huge.b).xor(huge.a.sub(huge.b).shr(3)));
        c.set(huge.a, concat(bit(2048), sum.bits(0, 1024), sum.bits(1024, 1024)));
        c.set(huge.a.bits(2040, 8), 0x5a);
        c.set(huge.b.bits(1000, 24), huge.b.shl(2000).shr(2020).bits(0, 24));
      });
    }, true);
    // p4c shifts by 256 at most.
    expect(
      (await printed(p)).match(/(<<|>>) (256|\d{3,})\b/g)?.every((shift) => shift.endsWith(' 256') || Number(shift.slice(3)) < 256),
    ).toBe(true);
    await using sw = await simulate(p);
    const modulus = 1n << 2048n;
    const values = [1n, modulus - 1n, (1n << 1024n) + 7n, (modulus - 1n) / 3n, 0xfeedn << 2000n];
    for (const a of values) {
      for (const b of values) {
        const sum = (a + b) % modulus;
        const swapped = ((sum << 1024n) | (sum >> 1024n)) % modulus;
        const saturated = a + b < modulus ? a + b : modulus - 1n;
        const [sent] = await sw.send(1, build(Huge, { a, b }));
        const mixed = saturated ^ (((a - b + modulus) % modulus) >> 3n);
        const low = (((mixed << 2000n) % modulus) >> 2020n) & 0xffffffn;
        expect(dissect(Huge, sent?.packet ?? new Uint8Array())?.[0]).toEqual({
          a: (swapped & ((1n << 2040n) - 1n)) | (0x5an << 2040n),
          b: mixed - (((mixed >> 1000n) & 0xffffffn) << 1000n) + (low << 1000n),
        });
      }
    }
  });

  test('one bit more is none', () => {
    expect(() => bit(2049)).toThrow('2049');
    expect(() => int(2049)).toThrow('2049');
  });
});

describe('actions', () => {
  test('a table gives what the program knows, entries the rest', { timeout }, async () => {
    const p = make((ctl, { hdr }) => {
      const adjust = ctl.action(
        'adjust',
        { by: input(bit(8)), total: inout(bit(16)), last: output(bit(8)), to: port, extra: bit(8) },
        (c, a) => {
          c.set(a.total, a.total.add(a.by.as(bit(16))).add(a.extra.as(bit(16))));
          c.set(a.last, a.extra);
          c.forward(a.to);
        },
      );
      const bound = bind(adjust, { by: hdr.h.a.add(1), total: hdr.h.c, last: hdr.h.b });
      const t = ctl.table('t', { key: { a: exact(hdr.h.a) }, actions: [bound] });
      ctl.apply((c) => c.apply(t));
      return { t, adjust };
    });
    expect(await printed(p)).toMatch(/adjust\(hdr\.h\.a \+ 1, hdr\.h\.c, hdr\.h\.b\);/);
    await using sw = await simulate(p);
    const { t, adjust } = p.ingress;
    await sw.table(t).insert({ match: { a: 9 }, action: adjust({ to: 7, extra: 200 }) });
    const [sent] = await sw.send(1, h(9, 5, 1000));
    expect([sent?.port, read(sent?.packet)]).toEqual([7, { a: 9, b: 200, c: 1210, level: 0 }]);
    const read_ = [];
    for await (const entry of sw.table(t).entries()) read_.push(entry.action);
    expect(read_).toMatchObject([{ call: 'adjust', args: { to: 7, extra: 200 } }]);
  });

  test('return ends the action; in apply, the control', { timeout }, async () => {
    const p = make((ctl, { hdr }) => {
      const mark = ctl.action('mark', {}, (c) => {
        c.set(hdr.h.b, 1);
        c.if(hdr.h.a.eq(1), () => c.return());
        c.set(hdr.h.b, 2);
      });
      ctl.apply((c) => {
        c.forward(1);
        c.call(mark);
        c.set(hdr.h.c, 3);
        c.if(hdr.h.a.le(2), () => c.return());
        c.set(hdr.h.c, 4);
      });
    });
    await printed(p);
    await using sw = await simulate(p);
    const sent = async (a: number) => read((await sw.send(1, h(a)))[0]?.packet);
    expect(await sent(1)).toMatchObject({ b: 1, c: 3 });
    expect(await sent(2)).toMatchObject({ b: 2, c: 3 });
    expect(await sent(3)).toMatchObject({ b: 2, c: 4 });
  });

  test('negative arguments are written and read as they are', { timeout }, async () => {
    const p = make((ctl, { hdr }) => {
      const set = ctl.action('set', { level: int(8), to: port }, (c, a) => {
        c.set(hdr.h.level, a.level);
        c.forward(a.to);
      });
      const t = ctl.table('t', { key: { a: exact(hdr.h.a) }, actions: [set] });
      ctl.apply((c) => c.apply(t));
      return { t, set };
    });
    await printed(p);
    await using sw = await simulate(p);
    const { t, set } = p.ingress;
    for (const level of [-128, -1, 0, 127]) {
      const entry = { match: { a: level & 0xff }, action: set({ level, to: 1 }) };
      await sw.table(t).insert(entry);
      expect(read((await sw.send(1, h(level & 0xff)))[0]?.packet)?.level).toBe(level);
    }
    const levels = [];
    for await (const { action } of sw.table(t).entries()) levels.push((action as unknown as { args: { level: number } }).args.level);
    expect(levels.sort((a, b) => a - b)).toEqual([-128, -1, 0, 127]);
    for (const level of [128, -129])
      await expect(sw.table(t).insert({ match: { a: 5 }, action: set({ level, to: 1 }) })).rejects.toThrow(
        `${level} does not fit int<8>, which holds -128 to 127`,
      );
    expect(() => h(0, 0, 0, 128)).toThrow('128 does not fit int<8>');
  });
});

describe('tables', () => {
  test('default-only and table-only actions', { timeout }, async () => {
    const p = make((ctl, { hdr }) => {
      const mark = ctl.action('mark', { value: bit(8) }, (c, a) => {
        c.set(hdr.h.b, a.value);
        c.forward(1);
      });
      const none = ctl.action('none', {}, (c) => c.forward(2));
      const t = ctl.table('t', { key: { a: exact(hdr.h.a) }, actions: [tableOnly(mark), defaultOnly(none)], default: none() });
      ctl.apply((c) => c.apply(t));
      return { t, mark, none };
    });
    const text = await printed(p);
    expect(text).toMatch(/@tableonly\s+mark;/);
    expect(text).toMatch(/@defaultonly\s+none;/);
    await using sw = await simulate(p);
    const { t, mark, none } = p.ingress;
    await sw.table(t).insert({ match: { a: 1 }, action: mark({ value: 9 }) });
    await expect(sw.table(t).insert({ match: { a: 2 }, action: none() })).rejects.toThrow(P4RuntimeError);
    await expect(sw.table(t).setDefault(mark({ value: 8 }))).rejects.toThrow(P4RuntimeError);
    expect((await sw.send(1, h(1))).map((o) => [o.port, read(o.packet)?.b])).toEqual([[1, 9]]);
    expect((await sw.send(1, h(2))).map((o) => [o.port, read(o.packet)?.b])).toEqual([[2, 0]]);
  });

  test('signed keys', { timeout }, async () => {
    const p = make((ctl, { hdr }) => {
      const send = ctl.action('send', { to: port }, (c, a) => c.forward(a.to));
      const exactly = ctl.table('exactly', { key: { level: exact(hdr.h.level) }, actions: [send] });
      const masked = ctl.table('masked', { key: { level: ternary(hdr.h.level) }, actions: [send] });
      ctl.apply((c) => {
        c.apply(exactly);
        c.apply(masked);
      });
      return { exactly, masked, send };
    });
    await printed(p);
    await using sw = await simulate(p);
    const { exactly, masked, send } = p.ingress;
    await sw.table(exactly).insert({ match: { level: -3 }, action: send({ to: 3 }) }, { match: { level: 3 }, action: send({ to: 4 }) });
    await sw.table(masked).insert({ match: { level: -128 }, priority: 1, action: send({ to: 5 }) });
    const portOf = async (level: number) => (await sw.send(1, h(0, 0, 0, level))).map((o) => o.port);
    expect([await portOf(-3), await portOf(3), await portOf(-128), await portOf(5)]).toEqual([[3], [4], [5], []]);
    const keys = [];
    for await (const { match } of sw.table(exactly).entries()) keys.push(match.level);
    expect(keys.sort()).toEqual([-3, 3]);
    await expect(sw.table(exactly).insert({ match: { level: 128 }, action: send({ to: 1 }) })).rejects.toThrow('128 does not fit int<8>');
  });

  test('annotations and comments reach the P4 and the P4Info', { timeout }, async () => {
    const p = make((ctl, { hdr }) => {
      /** Sends a packet on. */
      const send = ctl.action('send', { to: port }, (c, a) => c.forward(a.to), { annotations: { brief: 'sends', mine: true } });
      /** Where packets go. */
      const t = ctl.table('t', { key: { a: exact(hdr.h.a) }, actions: [send], annotations: { owner: 'routing' } });
      ctl.apply((c) => c.apply(t));
    });
    const text = await printed(p);
    expect(text).toContain('@owner("routing")');
    expect(text).toContain('@mine');
    expect(text).toMatch(/Sends a packet on\.[\s\S]*action send/);
    const { ir } = programOf(p) as NonNullable<ReturnType<typeof programOf>>;
    const { p4info } = compile(ir, bmv2).compiled as NonNullable<ReturnType<typeof compile>['compiled']>;
    expect(p4info.tables[0]?.preamble).toMatchObject({ annotations: ['@owner("routing")'], doc: { brief: 'Where packets go.' } });
    expect(p4info.actions.find((a) => a.preamble.alias === 'send')?.preamble.annotations).toContain('@mine');
  });
});

describe('structs within structs, and tuples', () => {
  test('are set, copied and read field by field', { timeout }, async () => {
    const p = make((ctl, { hdr, meta }) => {
      ctl.apply((c) => {
        c.forward(1);
        c.set(meta.outer.inner.x, hdr.h.a);
        c.set(meta.outer.inner.y, 0x1234);
        c.set(meta.outer.flag, hdr.h.a.gt(1));
        c.copy(meta.other, meta.outer);
        c.set(meta.outer.inner.x, 0);
        c.copy(meta.pair, [meta.other.inner.x.add(1), meta.other.flag.not()]);
        c.copy(meta.spare, meta.pair);
        c.copy(meta.pair, [0xff, false]);
        c.set(hdr.h.b, meta.spare.at(0));
        c.if(meta.spare.at(1), () => c.set(hdr.h.c, meta.other.inner.y));
      });
    });
    await printed(p);
    await using sw = await simulate(p);
    const sent = async (a: number) => read((await sw.send(1, h(a, 0, 7)))[0]?.packet);
    expect(await sent(1)).toMatchObject({ b: 2, c: 0x1234 });
    expect(await sent(8)).toMatchObject({ b: 9, c: 7 });
  });
});

test('elements of a tuple are not set, and all of them are given', () => {
  const p = make((ctl, { meta }) => {
    ctl.apply((c) => {
      // @ts-expect-error they cannot be assigned to
      c.set(meta.pair.at(0), 1);
    });
  });
  const { ir } = programOf(p) as NonNullable<ReturnType<typeof programOf>>;
  expect(compile(ir, bmv2).diagnostics.map((d) => d.code)).toContain('not-assignable');
  const few = make((ctl, { meta }) => {
    ctl.apply((c) => {
      // @ts-expect-error two elements
      c.copy(meta.pair, [1]);
    });
  });
  expect(programOf(few)?.diagnostics.map((d) => d.message)).toEqual(['Expected 2 values, got 1 values.']);
});

test('an action that is not bound is not the table’s', () => {
  const p = make((ctl, { hdr }) => {
    const adjust = ctl.action('adjust', { by: input(bit(8)) }, (c, a) => c.set(hdr.h.b, a.by));
    const t = ctl.table('t', { key: { a: exact(hdr.h.a) }, actions: [adjust as ActionRef<'adjust'>] });
    ctl.apply((c) => c.apply(t));
  });
  const { diagnostics, ir } = programOf(p) as NonNullable<ReturnType<typeof programOf>>;
  expect([...diagnostics, ...compile(ir, bmv2).diagnostics].filter((d) => d.severity === 'error').map((d) => [d.code, d.message])).toEqual([
    ['missing-argument', expect.stringContaining('by')],
  ]);
});
