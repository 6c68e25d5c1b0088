import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialTables } from '../../compiler/control/initial-tables.js';
import type { MatchValue } from '../../compiler/control/match.js';
import type { TableEntry } from '../../runtime/data-plane/messages.js';
import { Interpreter } from '../../runtime/interpreter/index.js';
import { fromHex, random } from '../support/packets.js';
import { v1modelProgram } from '../support/v1model-runs.js';

/** A program whose only table sends to the port of the entry that matched; without one, the packet is dropped. */
const program = (keys: string, more = '') =>
  v1modelProgram({
    top: 'header pair_t { bit<16> a; bit<16> b; }',
    headers: 'pair_t pair; pair_t other;',
    start: 'p.extract(h.pair); transition accept;',
    locals: `
      action to(bit<9> port) { std.egress_spec = port; }
      action deny() { mark_to_drop(std); }
      table t { key = { ${keys} } actions = { to; deny; } default_action = deny(); ${more} }`,
    ingress: 't.apply();',
  });
const lookup = async (keys: string, more?: string) => new Interpreter(await program(keys, more));
const to = (port: number) => ({ name: 'ingress.to', args: [BigInt(port)] });
const insert = (target: Interpreter, port: number, matches: readonly MatchValue[], priority = 0) =>
  target.state.write([{ kind: 'insert', table: 'ingress.t', entry: { matches, priority, action: to(port) } }]);
/** The port that a packet with these keys leaves through. */
const port = (target: Interpreter, hex: string): number | undefined => target.process({ port: 1, bytes: fromHex(hex) }).outputs[0]?.port;

const exact = (value: bigint): MatchValue => ({ kind: 'exact', value });
const prefix = (value: bigint, prefixLength: number): MatchValue => ({ kind: 'lpm', value, prefixLength });
const ternary = (value: bigint, mask: bigint): MatchValue => ({ kind: 'ternary', value, mask });
const range = (low: bigint, high: bigint): MatchValue => ({ kind: 'range', low, high });
const optional = (value: bigint): MatchValue => ({ kind: 'optional', value });
const anything: MatchValue = { kind: 'any' };

describe('match kinds', () => {
  test('exact', async () => {
    const t = await lookup('h.pair.a: exact;');
    insert(t, 7, [exact(0x1234n)]);
    expect([port(t, '12340000'), port(t, '12350000')]).toEqual([7, undefined]);
  });

  test('lpm: the longest prefix wins, whatever the order of insertion', async () => {
    const t = await lookup('h.pair.a: lpm;');
    insert(t, 1, [prefix(0x1200n, 8)]);
    insert(t, 3, [prefix(0x1234n, 16)]);
    insert(t, 2, [prefix(0x1230n, 12)]);
    expect(['1234', '1235', '12ff', '1300'].map((hex) => port(t, `${hex}0000`))).toEqual([3, 2, 1, undefined]);
    insert(t, 4, [anything]);
    expect(port(t, '13000000')).toBe(4);
  });

  test('lpm beside exact', async () => {
    const t = await lookup('h.pair.b: exact; h.pair.a: lpm;');
    insert(t, 1, [exact(1n), prefix(0x1200n, 8)]);
    insert(t, 2, [exact(2n), prefix(0x1200n, 9)]);
    expect(['12000001', '12000002', '12800002', '12000003'].map((hex) => port(t, hex))).toEqual([1, 2, undefined, undefined]);
  });

  test('ternary: the highest priority wins; among equals the first inserted', async () => {
    const t = await lookup('h.pair.a: ternary;');
    insert(t, 1, [ternary(0x1200n, 0xff00n)], 10);
    insert(t, 2, [ternary(0x0034n, 0x00ffn)], 20);
    insert(t, 3, [anything], 1);
    insert(t, 4, [ternary(0x0030n, 0x00f0n)], 20);
    expect(['1234', '1235', '12ff', '0000'].map((hex) => port(t, `${hex}0000`))).toEqual([2, 4, 1, 3]);
  });

  test('range: both ends belong to it', async () => {
    const t = await lookup('h.pair.a: range;');
    insert(t, 1, [range(10n, 20n)], 1);
    expect(['0009', '000a', '0014', '0015'].map((hex) => port(t, `${hex}0000`))).toEqual([undefined, 1, 1, undefined]);
  });

  test('optional', async () => {
    const t = await lookup('h.pair.a: optional; h.pair.b: optional;');
    insert(t, 1, [optional(5n), anything], 1);
    insert(t, 2, [anything, optional(6n)], 2);
    expect(['00050000', '00050006', '00000006', '00000000'].map((hex) => port(t, hex))).toEqual([1, 2, 2, undefined]);
  });

  test('lpm beside ternary: the priority decides, not the length of the prefix', async () => {
    const t = await lookup('h.pair.a: lpm; h.pair.b: ternary;');
    insert(t, 1, [prefix(0x1234n, 16), anything], 1);
    insert(t, 2, [prefix(0x1200n, 8), anything], 2);
    expect(port(t, '12340000')).toBe(2);
  });

  test('a table without keys always runs its default action', async () => {
    const t = await lookup('');
    expect(port(t, '00000000')).toBe(undefined);
    t.state.write([{ kind: 'default-action', table: 'ingress.t', action: to(9) }]);
    expect(port(t, '00000000')).toBe(9);
    t.state.write([{ kind: 'default-action', table: 'ingress.t' }]);
    expect(port(t, '00000000')).toBe(undefined);
  });

  test('a key in an invalid header is 0', async () => {
    const t = await lookup('h.other.a: exact;');
    insert(t, 3, [exact(0n)]);
    expect(port(t, 'ffffffff')).toBe(3);
  });

  test('errors and bools are keys too', async () => {
    const t = await lookup('std.parser_error: exact; h.pair.a == 1: exact @name("one");');
    insert(t, 4, [exact(1n), exact(0n)]); // error.PacketTooShort is the second of core.p4
    insert(t, 5, [exact(0n), exact(1n)]);
    expect([port(t, '0001'), port(t, '00010000'), port(t, '00020000')]).toEqual([4, 5, undefined]);
  });
});

describe('entries', () => {
  test('are changed and deleted by their key, however its don’t-cares are written', async () => {
    const t = await lookup('h.pair.a: ternary; h.pair.b: range;');
    insert(t, 1, [ternary(0x12ffn, 0xff00n), anything], 5);
    t.state.write([
      {
        kind: 'modify',
        table: 'ingress.t',
        entry: { matches: [ternary(0x1200n, 0xff00n), range(0n, 0xffffn)], priority: 5, action: to(2) },
      },
    ]);
    expect(port(t, '12000000')).toBe(2);
    t.state.write([{ kind: 'delete', table: 'ingress.t', entry: { matches: [ternary(0x1234n, 0xff00n), anything], priority: 5 } }]);
    expect(port(t, '12000000')).toBe(undefined);
  });

  test('that the program declares: without priorities the first wins', async () => {
    const t = await lookup('h.pair.a: ternary;', 'entries = { 0x1200 &&& 0xff00: to(1); _: to(2); 0x1300 &&& 0xff00: to(3); }');
    expect(['1234', '1334', '1434'].map((hex) => port(t, `${hex}0000`))).toEqual([1, 2, 2]);
  });

  test('that the program declares are known by name, with priorities in their order', async () => {
    const named = await v1modelProgram({
      locals: `
        @name(".send") action to(bit<9> port) { std.egress_spec = port; }
        @name("routes") table t {
          key = { h.k.a ++ h.k.b: lpm @name("a"); h.k.b ++ h.k.a: range @name("b"); }
          actions = { to; NoAction; }
          entries = { (0x1234 &&& 0xff00, 1 .. 2): to(1); (7, 8): to(2); }
        }`,
      ingress: 't.apply();',
    });
    const expected: TableEntry[] = [
      { matches: [prefix(0x1200n, 8), range(1n, 2n)], priority: 2, action: { name: 'send', args: [1n] } },
      { matches: [prefix(7n, 16), range(8n, 8n)], priority: 1, action: { name: 'send', args: [2n] } },
    ];
    expect([...initialTables(named)]).toEqual([['ingress.routes', { entries: expected, defaultAction: { name: 'NoAction', args: [] } }]]);
  });
});

const width = 16;
const anyMatch: Readonly<Record<string, fc.Arbitrary<MatchValue>>> = {
  lpm: fc.tuple(fc.bigInt(0n, 0xffffn), fc.integer({ min: 1, max: width })).map(([value, length]) => prefix(value, length)),
  ternary: fc.tuple(fc.bigInt(0n, 0xffffn), fc.bigInt(1n, 0xffffn)).map(([value, mask]) => ternary(value & mask, mask)),
  range: fc.tuple(fc.bigInt(0n, 0xffffn), fc.bigInt(0n, 0xffffn)).map(([x, y]) => (x < y ? range(x, y) : range(y, x))),
};
const covers = (match: MatchValue, value: bigint): boolean => {
  if (match.kind === 'lpm') return value >> BigInt(width - match.prefixLength) === match.value >> BigInt(width - match.prefixLength);
  if (match.kind === 'ternary') return ((value ^ match.value) & match.mask) === 0n;
  return match.kind === 'range' && match.low <= value && value <= match.high;
};

test.each(Object.keys(anyMatch))('%s agrees with a search through all entries', async (kind) => {
  const searched = await program(`h.pair.a: ${kind};`);
  fc.assert(
    fc.property(
      fc.array(anyMatch[kind]!, { maxLength: 20 }),
      fc.array(fc.bigInt(0n, 0xffffn), { minLength: 1, maxLength: 10 }),
      (list, values) => {
        const t = new Interpreter(searched);
        const ranked: { match: MatchValue; rank: number; port: number }[] = [];
        list.forEach((match, i) => {
          // Priorities repeat, and prefixes of one length: then the first stays.
          const rank = match.kind === 'lpm' ? match.prefixLength : 1 + (i % 5);
          const same = (x: MatchValue) =>
            x.kind === 'lpm' && match.kind === 'lpm' ? covers(match, x.value) : JSON.stringify(x, text) === JSON.stringify(match, text);
          if (ranked.some((r) => r.rank === rank && same(r.match))) return;
          insert(t, i + 1, [match], kind === 'lpm' ? 0 : rank);
          ranked.push({ match, rank, port: i + 1 });
        });
        for (const value of values) {
          const best = ranked.filter((r) => covers(r.match, value)).sort((x, y) => y.rank - x.rank || x.port - y.port)[0];
          expect(port(t, `${value.toString(16).padStart(4, '0')}0000`)).toBe(best?.port);
        }
      },
    ),
    { numRuns: 100 },
  );
});
const text = (_: string, v: unknown) => (typeof v === 'bigint' ? `${v}` : v);

test('a hundred thousand prefixes', async () => {
  const t = await lookup('h.pair.a ++ h.pair.b: lpm @name("dst");');
  // A /24 for the even ones, one address (that nobody asks for) for the odd ones.
  const prefixes = Array.from({ length: 100_000 }, (_, i) => BigInt(i) << 8n);
  t.state.write(
    prefixes
      .filter((_, i) => i % 2 === 0)
      .map((value, i) => ({
        kind: 'insert',
        table: 'ingress.t',
        entry: { matches: [prefix(value, 24)], priority: 0, action: to(i % 500) },
      })),
  );
  t.state.write(
    prefixes
      .filter((_, i) => i % 2 === 1)
      .map((value) => ({ kind: 'insert', table: 'ingress.t', entry: { matches: [prefix(value, 32)], priority: 0, action: to(501) } })),
  );
  const next = random(3);
  for (let n = 0; n < 5_000; n++) {
    const i = next() % 100_000;
    const host = 1 + (next() % 255);
    const address = ((i << 8) | host).toString(16).padStart(8, '0');
    expect(port(t, address)).toBe(i % 2 === 0 ? (i / 2) % 500 : undefined);
  }
});
