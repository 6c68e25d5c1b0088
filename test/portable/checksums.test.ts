/** Row P4 of docs/portable.md: which packets are verified, wherever a parser says so. */
import { bit, bool, concat, enumeration, header, int, internetChecksum, newtype, pipeline, stack, union, varbit } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { diagnosticsOf } from 'p4ts/testing';
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { printed } from './lab.js';

const A = header('a_t', { kind: bit(16), sum: bit(16), data: bit(16) });
const B = header('b_t', { kind: bit(16), sum: bit(16), data: bit(16) });

/** Packets with a wrong checksum leave through port 9, the others through port 1. */
const verifying = (parser: any, more: Record<string, unknown> = {}) =>
  pipeline('verifying', {
    headers: { a: A, b: B },
    metadata: { on: bit(8) },
    parser,
    ingress: (ctl: any, { std }: any) => ctl.apply((c: any) => c.if(std.checksumError, () => c.forward(9)).else(() => c.forward(1))),
    deparser: (d: any, { hdr }: any) => d.emit(hdr.a, hdr.b),
    ...more,
  } as never);

const words = (...values: number[]): Uint8Array => Uint8Array.from(values.flatMap((v) => [v >> 8, v & 255]));
const right = (data: number): number => internetChecksum(words(data));

async function ports(p: any, packets: readonly Uint8Array[]): Promise<readonly number[]> {
  await using sw = await simulate(p);
  const found: number[] = [];
  for (const packet of packets) found.push(...(await sw.send(0, packet)).map((out) => out.port));
  return found;
}

describe('only packets that pass the state are verified', () => {
  test('a state that is beside the path', async () => {
    const p = verifying({
      start(p: any, { hdr }: any) {
        p.extract(hdr.a);
        return p.select(hdr.a.kind).when(1, 'withSum').otherwise('accept');
      },
      withSum(p: any, { hdr }: any) {
        p.verifyChecksum(hdr.a.sum, [hdr.a.data]);
        return p.accept();
      },
    });
    expect(await ports(p, [words(1, right(5), 5), words(1, 0, 5), words(2, 0, 5)])).toEqual([1, 9, 1]);
  });

  test('a header that two states take, of which one verifies', async () => {
    const p = verifying({
      start: (p: any) =>
        p
          .select(p.lookahead(bit(16)))
          .when(1, 'strict')
          .otherwise('lax'),
      strict(p: any, { hdr }: any) {
        p.extract(hdr.a);
        p.verifyChecksum(hdr.a.sum, [hdr.a.data]);
        return p.accept();
      },
      lax(p: any, { hdr }: any) {
        p.extract(hdr.a);
        return p.accept();
      },
    });
    expect(await ports(p, [words(1, right(5), 5), words(1, 0, 5), words(2, 0, 5)])).toEqual([1, 9, 1]);
  });

  test('two states that verify over other data', async () => {
    const p = verifying({
      start(p: any, { hdr }: any) {
        p.extract(hdr.a);
        return p.select(hdr.a.kind).when(1, 'data').when(2, 'both').otherwise('accept');
      },
      data(p: any, { hdr }: any) {
        p.verifyChecksum(hdr.a.sum, [hdr.a.data]);
        return p.accept();
      },
      both(p: any, { hdr }: any) {
        p.verifyChecksum(hdr.a.sum, [hdr.a.kind, hdr.a.data]);
        return p.accept();
      },
    });
    const both = internetChecksum(words(2, 5));
    expect(await ports(p, [words(1, right(5), 5), words(1, both, 5), words(2, both, 5), words(2, right(5), 5)])).toEqual([1, 9, 1, 9]);
  });

  test('with a condition', async () => {
    const p = verifying({
      start(p: any, { hdr, meta }: any) {
        p.extract(hdr.a);
        p.set(meta.on, hdr.a.kind.bits(0, 8));
        return p.select(hdr.a.kind.bits(8, 8)).when(1, 'sum').otherwise('accept');
      },
      sum(p: any, { hdr, meta }: any) {
        p.verifyChecksum(hdr.a.sum, [hdr.a.data], meta.on.eq(7));
        return p.accept();
      },
    });
    expect(await ports(p, [words(0x107, 0, 5), words(0x106, 0, 5), words(7, 0, 5), words(0x107, right(5), 5)])).toEqual([9, 1, 1, 1]);
  });

  test('in a subparser that not every state runs', async () => {
    const p = verifying(
      {
        start(p: any, { hdr }: any) {
          p.extract(hdr.a);
          return p.select(hdr.a.kind).when(1, 'checked').otherwise('unchecked');
        },
        checked(p: any) {
          p.call('tail');
          return p.accept();
        },
        unchecked(p: any, { hdr }: any) {
          p.extract(hdr.b);
          return p.accept();
        },
      },
      {
        subparsers: {
          tail: {
            start(p: any, { hdr }: any) {
              p.extract(hdr.b);
              p.verifyChecksum(hdr.b.sum, [hdr.b.data]);
              return p.accept();
            },
          },
        },
      },
    );
    const b = (sum: number): Uint8Array => words(0, sum, 5);
    const packet = (kind: number, sum: number): Uint8Array => Uint8Array.of(...words(kind, 0, 0), ...b(sum));
    expect(await ports(p, [packet(1, right(5)), packet(1, 0), packet(2, 0)])).toEqual([1, 9, 1]);
  });

  test('in a state that is passed again, about what the loop leaves alone', async () => {
    const p = verifying({
      start(p: any, { hdr }: any) {
        p.extract(hdr.a);
        return p.goto('skip');
      },
      skip(p: any) {
        const next = p.lookahead(bit(8));
        p.advance(8);
        return p.select(next).when(0, 'skip').when(1, 'sum').otherwise('accept');
      },
      sum(p: any, { hdr }: any) {
        p.verifyChecksum(hdr.a.sum, [hdr.a.data]);
        return p.goto('skip');
      },
    });
    const packet = (sum: number, ...rest: number[]): Uint8Array => Uint8Array.of(...words(0, sum, 5), ...rest);
    expect(await ports(p, [packet(0, 0, 2), packet(0, 0, 1, 2), packet(0, 1, 1, 2), packet(right(5), 1, 2)])).toEqual([1, 9, 9, 1]);
  });
});

test('P4, S9: fields of every type that has bits are covered', async () => {
  const Kind = enumeration('kind_t', bit(16), { a: 1, b: 0x1234 });
  const Port = newtype('port_t', bit(16));
  const Fixed = header('fixed_t', { sum: bit(16), kind: Kind, signed: int(16), port: Port });
  const Variable = header('variable_t', { data: varbit(320) });
  const p = pipeline('typed', {
    headers: { f: Fixed, v: Variable },
    parser: {
      start(p, { hdr }) {
        p.extract(hdr.f);
        p.extractVar(hdr.v, 32);
        p.verifyChecksum(hdr.f.sum, [hdr.f.kind, hdr.f.signed, hdr.f.port, hdr.v.data]);
        return p.accept();
      },
    },
    ingress: (ctl, { hdr, std }) =>
      ctl.apply((c) => {
        c.if(std.checksumError, () => c.forward(9)).else(() => c.forward(1));
        c.set(hdr.f.signed, hdr.f.signed.add(-1));
      }),
    deparser(d, { hdr }) {
      // Casts leave the bits as they are.
      d.updateChecksum(hdr.f.sum, [hdr.f.kind.as(bit(16)), hdr.f.signed.as(bit(16)), hdr.f.port.as(bit(16)), hdr.v.data]);
      d.emit(hdr.f, hdr.v);
    },
  });
  const covered = (signed: number): Uint8Array => words(0x1234, signed & 0xffff, 7, 0xdead, 0xbeef);
  const packet = (signed: number, sum = internetChecksum(covered(signed))): Uint8Array => Uint8Array.of(...words(sum), ...covered(signed));
  expect(printed(p)).toContain('hdr.v.data');
  await using sw = await simulate(p);
  expect(await sw.send(0, packet(-3))).toEqual([{ port: 1, packet: packet(-4) }]);
  expect(await sw.send(0, packet(-3, 1))).toEqual([{ port: 9, packet: packet(-4) }]);
});

test('an enum without values has no bits to cover', () => {
  const Mode = enumeration('mode_t', ['on', 'off']);
  const p = pipeline('names', {
    headers: { a: A },
    metadata: { mode: Mode },
    parser: {
      start(p, { hdr, meta }) {
        p.extract(hdr.a);
        p.verifyChecksum(hdr.a.sum, [meta.mode]);
        return p.accept();
      },
    },
    ingress: (ctl) => ctl.apply((c) => c.forward(1)),
    deparser: (d, { hdr }) => d.emit(hdr.a),
  });
  expect(compile(programOf(p)?.ir as never, bmv2).diagnostics.map((d) => d.message)).toEqual([
    'Expected fields of bits, got meta.mode, an enum of names.',
  ]);
});

test('no flag is needed where the state alone takes the header', () => {
  const p = verifying({
    start(p: any, { hdr }: any) {
      p.extract(hdr.a);
      p.verifyChecksum(hdr.a.sum, [hdr.a.data]);
      return p.accept();
    },
  });
  expect(printed(p)).toMatch(/verify_checksum\(\s*hdr\.a\.isValid\(\),/);
  expect(printed(p)).not.toContain('verify_start');
});

describe('what is verified is what was there when the packet passed the state', () => {
  const refusals = (p: any) => {
    const recorded = programOf(p);
    expect(recorded?.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    return compile(recorded?.ir as never, bmv2)
      .diagnostics.filter((d) => d.severity === 'error')
      .map((d) => d.message);
  };
  const packets = [words(1, right(5), 5), words(1, 0, 5), words(0, 0, 5)];

  test('a condition and data that a later state writes', async () => {
    const p = verifying({
      start(p: any, { hdr, meta }: any) {
        p.extract(hdr.a);
        p.verifyChecksum(hdr.a.sum, [hdr.a.data], hdr.a.kind.eq(1).and(meta.on.eq(0)));
        return p.goto('next');
      },
      next(p: any, { hdr, meta }: any) {
        p.set(meta.on, 1);
        p.set(hdr.a.data, 0);
        return p.accept();
      },
    });
    expect(await ports(p, packets)).toEqual([1, 9, 1]);
  });

  test('a checksum that the same state writes, and a header that it takes away', async () => {
    const p = verifying({
      start(p: any, { hdr }: any) {
        p.extract(hdr.a);
        p.verifyChecksum(hdr.a.sum, [hdr.a.data], hdr.a.kind.eq(1));
        p.set(hdr.a.sum, 7);
        p.setInvalid(hdr.a);
        return p.accept();
      },
    });
    expect(await ports(p, packets)).toEqual([1, 9, 1]);
  });

  test('values of the parser, computed values, and those of a branch', async () => {
    const p = verifying({
      start(p: any, { hdr }: any) {
        p.extract(hdr.a);
        const less = p.let('less', hdr.a.data.sub(1));
        p.if(hdr.a.kind.ne(0), () => p.verifyChecksum(hdr.a.sum, [less.add(1)]));
        p.set(less, 0);
        return p.accept();
      },
    });
    expect(await ports(p, packets)).toEqual([1, 9, 1]);
  });

  test('nothing is kept of what stays the same', () => {
    const p = verifying({
      start(p: any, { hdr }: any) {
        p.set(hdr.b.data, 1);
        p.extract(hdr.a);
        p.if(hdr.a.kind.eq(1), () => p.verifyChecksum(hdr.a.sum, [hdr.a.data])).else(() => p.set(hdr.a.data, 0));
        return p.accept();
      },
    });
    expect(printed(p)).toContain('bit<1> verify_start;');
    expect(printed(p)).not.toContain('verify_start_');
  });

  test('after the call of a subparser', async () => {
    const p = verifying(
      {
        start(p: any, { hdr }: any) {
          p.call('head');
          p.set(hdr.a.data, 0);
          return p.accept();
        },
      },
      {
        subparsers: {
          head: {
            start(p: any, { hdr }: any) {
              p.extract(hdr.a);
              p.verifyChecksum(hdr.a.sum, [hdr.a.data], hdr.a.kind.eq(1));
              return p.accept();
            },
          },
        },
      },
    );
    expect(await ports(p, packets)).toEqual([1, 9, 1]);
  });

  test('not in a loop that takes the header again', () => {
    const p = verifying({
      start(p: any, { hdr }: any) {
        p.extract(hdr.a);
        p.verifyChecksum(hdr.a.sum, [hdr.a.data]);
        return p.select(hdr.a.kind).when(1, 'start').otherwise('accept');
      },
    });
    expect(refusals(p)).toEqual(['A checksum over `hdr.a.data`, which the parser writes after this, is not supported yet.']);
  });
});

describe('S9: what a checksum covers', () => {
  const Start = header('start_t', { kind: bit(16), sum: bit(16) });
  const Short = header('short_t', { a: bit(8) });
  const Long = header('long_t', { b: bit(16), c: bit(8) });
  const Either = union('either_t', { short: Short, long: Long });
  const covering = (data: (v: any) => any[]) =>
    pipeline('covered', {
      headers: { start: Start, one: Either, many: stack(Either, 2) },
      metadata: { length: bit(16), on: bool },
      parser: {
        start(p, { hdr, meta }) {
          p.extract(hdr.start);
          p.set(meta.length, p.lookahead(bit(16)));
          p.advance(16);
          return p.select(hdr.start.kind).when(0, 'accept').when(1, 'long').otherwise('many');
        },
        long(p, { hdr }) {
          p.extract(hdr.one.long);
          return p.accept();
        },
        many(p, { hdr }) {
          p.extract(hdr.many.next.short);
          p.extract(hdr.many.next.long);
          return p.accept();
        },
      },
      ingress: (ctl, { hdr, meta }) =>
        ctl.apply((c) => {
          c.forward(1);
          c.set(meta.on, hdr.start.kind.ne(3));
        }),
      deparser(d, { hdr, meta }) {
        d.updateChecksum(hdr.start.sum, data({ hdr, meta }), meta.on);
        d.emit(hdr.start, hdr.one, hdr.many);
      },
    });

  test('metadata, and the headers of unions and stacks that are valid', async () => {
    await using sw = await simulate(covering(({ hdr, meta }) => [meta.length, hdr.start.kind.as(bit(32)), hdr.one, hdr.many]));
    const sums = async (kind: number, ...rest: number[]) => {
      const [out] = await sw.send(0, Uint8Array.of(...words(kind, 0x9999, 0x1234), ...rest));
      return Buffer.from(out?.packet ?? [])
        .subarray(2, 4)
        .toString('hex');
    };
    const sum = (...bytes: number[]) => internetChecksum(Uint8Array.from(bytes)).toString(16).padStart(4, '0');
    expect(await sums(0)).toBe(sum(0x12, 0x34, 0, 0, 0, 0));
    expect(await sums(1, 1, 2, 3)).toBe(sum(0x12, 0x34, 0, 0, 0, 1, 1, 2, 3));
    expect(await sums(2, 7, 1, 2, 3)).toBe(sum(0x12, 0x34, 0, 0, 0, 2, 7, 1, 2, 3));
    expect(await sums(3, 7, 1, 2, 3)).toBe('9999');
  });

  test('values that BMv2 would have to compute are refused, those that are only put together are not', () => {
    const codes = (data: (v: any) => any[]) =>
      compile(programOf(covering(data))?.ir as never, bmv2)
        .diagnostics.filter((d) => d.severity === 'error')
        .map((d) => d.code);
    expect(codes(({ hdr, meta }) => [concat(bit(48), hdr.start.kind, meta.length.as(bit(32)))])).toEqual([]);
    expect(codes(({ hdr }) => [hdr.start.kind.add(1)])).toEqual(['bmv2-checksum-data']);
    expect(codes(({ hdr }) => [hdr.start.kind.bits(0, 8)])).toEqual(['bmv2-checksum-data']);
    expect(codes(({ hdr }) => [hdr.start.kind.as(bit(8)).as(bit(16))])).toEqual(['bmv2-checksum-data']);
  });

  test('the deparser does not write metadata', () => {
    const p = pipeline('p', {
      headers: { start: Start },
      metadata: { sum: bit(16) },
      parser: {
        start(p, { hdr }) {
          p.extract(hdr.start);
          return p.accept();
        },
      },
      ingress: (ctl) => ctl.apply((c) => c.forward(1)),
      deparser(d, { hdr, meta }) {
        d.updateChecksum(meta.sum, [hdr.start.kind]);
        d.emit(hdr.start);
      },
    });
    expect(diagnosticsOf(p).map(({ message }) => message)).toEqual(['`meta.sum` cannot be assigned to.']);
  });
});
