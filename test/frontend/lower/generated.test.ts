/** Generated statements and expressions, well typed: what is printed of them is read as them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assign, binary, bits, bitType, boolType, constant, field, name, named, not, unary } from '../../../compiler/ir/build.js';
import type { BinaryOp, Expr, Program, Stmt, Type } from '../../../compiler/ir/index.js';
import { nowhere } from '../../../compiler/support/location.js';
import { printP4 } from '../../../targets/p4/printer.js';
import { canonical, load } from './load.js';

const frame = `#include <v1model.p4>
header h_t { bit<8> v; }
struct H { h_t h; h_t[4] s; }
struct M { bit<8> a; bit<8> b; bit<16> w; int<8> i; bool p; bool q; }
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) { state start { transition accept; } }
control C(inout H h, inout M m) { apply {} }
control I(inout H hdr, inout M meta, inout standard_metadata_t std) { apply {} }
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply {} }
V1Switch(P(), C(), I(), E(), C(), D()) main;`;

const loc = nowhere;
const int8: Type = { kind: 'int', width: 8 };
const meta = name('meta', named('M'));
const hdr = name('hdr', named('H'));
const header = field(hdr, 'h', named('h_t'));
const stack = field(hdr, 's', { kind: 'stack', element: named('h_t'), size: 4 });

type Arb<T> = fc.Arbitrary<T>;
const byte = fc.integer({ min: 0, max: 255 });
const op = <O extends BinaryOp>(...ops: readonly O[]): Arb<O> => fc.constantFrom(...ops);

const { number, wide, signed, truth, block } = fc.letrec<{
  number: Expr;
  wide: Expr;
  signed: Expr;
  truth: Expr;
  block: readonly Stmt[];
  stmt: Stmt;
}>((tie) => {
  const leaf: Arb<Expr> = fc.constantFrom(
    field(meta, 'a', bitType(8)),
    field(meta, 'b', bitType(8)),
    field(header, 'v', bitType(8)),
    field({ kind: 'index', base: stack, index: bits(2, 32), type: named('h_t'), loc }, 'v', bitType(8)),
  );
  const two = (ops: Arb<BinaryOp>, a: Arb<Expr>, b: Arb<Expr>): Arb<Expr> => fc.tuple(ops, a, b).map(([o, x, y]) => binary(o, x, y));
  const mux = (arm: Arb<Expr>): Arb<Expr> =>
    fc.tuple(tie('truth'), arm, arm).map(([cond, yes, no]) => ({ kind: 'mux', cond, yes, no, type: yes.type, loc }));
  const cast = (arg: Arb<Expr>, type: Type): Arb<Expr> =>
    arg.filter((e) => e.kind !== 'const').map((e) => ({ kind: 'cast', arg: e, type, loc }));
  const either = (first: Arb<Expr>, ...more: readonly Arb<Expr>[]): Arb<Expr> =>
    fc.oneof({ maxDepth: 4, withCrossShrink: true }, first, ...more);
  return {
    number: either(
      leaf,
      byte.map((v) => bits(v, 8)),
      two(op('+', '-', '*', '|+|', '|-|', '&', '|', '^'), tie('number'), tie('number')),
      two(
        op('/', '%'),
        tie('number'),
        byte.filter((v) => v > 0).map((v) => bits(v, 8)),
      ),
      two(
        op('<<', '>>'),
        tie('number'),
        fc.nat({ max: 9 }).map((v) => bits(v, 8)),
      ),
      two(op('<<', '>>'), tie('number'), leaf),
      tie('number').map((e) => unary('~', e)),
      mux(tie('number')),
      cast(tie('wide'), bitType(8)),
      fc
        .nat({ max: 8 })
        .chain((low) => tie('wide').map((base): Expr => ({ kind: 'slice', base, high: low + 7, low, type: bitType(8), loc }))),
    ),
    wide: either(fc.constant(field(meta, 'w', bitType(16))), two(op('++'), tie('number'), tie('number')), cast(tie('number'), bitType(16))),
    signed: either(
      fc.constant(field(meta, 'i', int8)),
      fc.integer({ min: -128, max: 127 }).map((v) => constant(v, int8)),
      two(op('+', '-', '*', '&', '|', '^'), tie('signed'), tie('signed')),
      cast(tie('number'), int8),
      mux(tie('signed')),
    ),
    truth: either(
      fc.constantFrom(field(meta, 'p', boolType), field(meta, 'q', boolType), { kind: 'is-valid', header, type: boolType, loc } as const),
      two(op('==', '!=', '<', '<=', '>', '>='), tie('number'), tie('number')),
      two(op('==', '!=', '<', '>'), tie('signed'), tie('signed')),
      two(op('&&', '||'), tie('truth'), tie('truth')),
      tie('truth').map((e) => not(e)),
    ),
    block: fc.array(tie('stmt'), { maxLength: 4 }),
    stmt: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.tuple(leaf, tie('number')).map(([target, value]) => assign(target, value)),
      tie('wide').map((value) => assign(field(meta, 'w', bitType(16)), value)),
      tie('signed').map((value) => assign(field(meta, 'i', int8), value)),
      tie('truth').map((value) => assign(field(meta, 'p', boolType), value)),
      fc.constantFrom(true, false).map((valid): Stmt => ({ kind: 'set-validity', header, valid, loc })),
      fc
        .tuple(tie('truth'), tie('block'), fc.option(tie('block'), { nil: undefined }))
        .map(([cond, then, otherwise]): Stmt => ({ kind: 'if', cond, then, ...(otherwise?.length ? { else: otherwise } : {}), loc })),
      fc.tuple(tie('number'), tie('block'), tie('block')).map(
        ([on, one, rest]): Stmt => ({
          kind: 'switch',
          on,
          cases: [
            { labels: [bits(1, 8), bits(2, 8)], body: one, loc },
            { labels: ['default'], body: rest, loc },
          ],
          loc,
        }),
      ),
      tie('block').map((body): Stmt => ({ kind: 'block', body, loc })),
    ),
  };
});

it('100 programs', { timeout: 60_000 }, async () => {
  const base = await load(frame);
  const withBody = (body: readonly Stmt[]): Program => ({
    ...base,
    controls: base.controls.map((c) => (c.name === 'I' ? { ...c, body } : c)),
  });
  const bodies = fc
    .tuple(block, number, wide, signed, truth)
    .map(([stmts, n, w, s, t]): readonly Stmt[] => [
      ...stmts,
      assign(field(meta, 'a', bitType(8)), n),
      assign(field(meta, 'w', bitType(16)), w),
      assign(field(meta, 'i', int8), s),
      assign(field(meta, 'q', boolType), t),
    ]);
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const program = withBody(body);
      expect(canonical(await load(printP4(program)))).toEqual(canonical(program));
    }),
    { numRuns: 100, seed: 20_260_201 },
  );
});
