import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binary, bits, bitType, bool, boolType, constant, name, named, not, unary } from '../../compiler/ir/build.js';
import type { BinaryOp, Expr, KeySet } from '../../compiler/ir/index.js';
import { nowhere } from '../../compiler/support/location.js';
import { ExpressionPrinter } from '../../targets/p4/expressions.js';
import { printed } from '../../targets/p4/layout.js';
import { parenthesised } from '../support/p4-expressions.js';

const printer = new ExpressionPrinter([
  { kind: 'enum', name: 'Kind', base: bitType(8), members: [{ name: 'one', value: 1n }], loc: nowhere },
  { kind: 'newtype', name: 'Port', type: bitType(9), loc: nowhere },
]);
const typed = (expr: Expr): string => printed(printer.typed(expr));
const untyped = (expr: Expr): string => printed(printer.untyped(expr));
const keySet = (set: KeySet): string => printed(printer.keySet(set));
const x = name('x', bitType(8));
const loc = nowhere;

describe('numbers', () => {
  test.each<[Expr, string, string]>([
    [bits(5, 8), '5', '8w5'],
    [bits(0x0800, 16), '0x0800', '16w0x0800'],
    [bits(53, 16), '53', '16w53'],
    [bits(0x0a000001, 32), '0x0a000001', '32w0x0a000001'],
    [bits(0x080000000111, 48), '0x080000000111', '48w0x080000000111'],
    [bits(255, 8), '0xff', '8w0xff'],
    [constant(-5, { kind: 'int', width: 8 }), '-5', '-8s5'],
    [constant(-128, { kind: 'int', width: 8 }), '-128', '(int<8>)(-128)'],
    [constant(1, named('Kind')), 'Kind.one', 'Kind.one'],
    [constant(7, named('Kind')), '(Kind)8w7', '(Kind)8w7'],
    [constant(7, named('Port')), '(Port)9w7', '(Port)9w7'],
  ])('%#: %o', (expr, withContext, alone) => {
    expect(typed(expr)).toBe(withContext);
    expect(untyped(expr)).toBe(alone);
  });

  test('say their width where nothing else does', () => {
    expect(typed(binary('+', x, bits(200, 8)))).toBe('x + 200');
    expect(typed(binary('+', bits(200, 8), bits(100, 8)))).toBe('8w200 + 8w100');
    expect(typed(binary('++', bits(2, 4), x))).toBe('4w2 ++ x');
    expect(typed(binary('<<', bits(1, 8), x))).toBe('8w1 << x');
    expect(typed(binary('<<', x, bits(1, 8)))).toBe('x << 1');
    expect(typed(unary('~', bits(1, 8)))).toBe('~8w1');
    expect(typed({ kind: 'mux', cond: bool(true), yes: bits(1, 8), no: bits(2, 8), type: bitType(8), loc })).toBe('true ? 8w1 : 8w2');
  });

  test('are hexadecimal in masks', () => {
    expect(typed(binary('&', x, bits(15, 8)))).toBe('x & 0x0f');
    expect(keySet({ kind: 'mask', value: bits(0, 8), mask: bits(15, 8) })).toBe('0x00 &&& 0x0f');
  });
});

describe('parentheses', () => {
  test.each<[Expr, string]>([
    [binary('==', binary('&', x, x), x), '(x & x) == x'],
    [binary('-', x, binary('-', x, x)), 'x - (x - x)'],
    [binary('-', binary('-', x, x), x), 'x - x - x'],
    [not(binary('==', x, x)), '!(x == x)'],
    [{ kind: 'cast', arg: binary('+', x, x), type: bitType(4), loc }, '(bit<4>)(x + x)'],
    [{ kind: 'slice', base: binary('+', x, x), high: 3, low: 0, type: bitType(4), loc }, '(x + x)[3:0]'],
    [{ kind: 'slice', base: unary('~', x), high: 3, low: 0, type: bitType(4), loc }, '(~x)[3:0]'],
  ])('%#: %s', (expr, text) => expect(typed(expr)).toBe(text));

  const arithmetic: readonly BinaryOp[] = ['+', '-', '*', '|+|', '|-|', '&', '|', '^', '<<', '>>'];
  const comparisons: readonly BinaryOp[] = ['==', '!=', '<', '<=', '>', '>='];
  const { number, condition } = fc.letrec<{ number: Expr; condition: Expr }>((tie) => ({
    number: fc.oneof(
      { maxDepth: 6 },
      fc.constantFrom('x', 'y', 'z').map((n) => name(n, bitType(8))),
      fc.tuple(fc.constantFrom(...arithmetic), tie('number'), tie('number')).map(([op, a, b]) => binary(op, a, b)),
      tie('number').map((a): Expr => ({ kind: 'cast', arg: a, type: bitType(8), loc })),
      fc.tuple(fc.constantFrom('~', '-'), tie('number')).map(([op, a]) => unary(op, a)),
      tie('number').map((base): Expr => ({ kind: 'slice', base, high: 7, low: 0, type: bitType(8), loc })),
      fc
        .tuple(tie('condition'), tie('number'), tie('number'))
        .map(([cond, yes, no]): Expr => ({ kind: 'mux', cond, yes, no, type: bitType(8), loc })),
    ),
    condition: fc.oneof(
      { maxDepth: 6 },
      fc.constant(name('p', boolType)),
      fc.tuple(fc.constantFrom(...comparisons), tie('number'), tie('number')).map(([op, a, b]) => binary(op, a, b)),
      fc.tuple(fc.constantFrom<BinaryOp>('&&', '||', '=='), tie('condition'), tie('condition')).map(([op, a, b]) => binary(op, a, b)),
      tie('condition').map((a) => not(a)),
    ),
  }));

  test("never change what an expression means, by P4's precedence", () => {
    fc.assert(
      fc.property(fc.oneof(number, condition), (expr) => {
        expect(parenthesised(typed(expr))).toBe(structure(expr));
      }),
      { numRuns: 500 },
    );
  });
});

/** The expression with parentheses everywhere. */
function structure(expr: Expr): string {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'binary':
      return `(${structure(expr.left)} ${expr.op} ${structure(expr.right)})`;
    case 'unary':
      return `(${expr.op}${structure(expr.arg)})`;
    case 'cast':
      return `(bit<8> ${structure(expr.arg)})`;
    case 'slice':
      return `(${structure(expr.base)}[7:0])`;
    case 'mux':
      return `(${structure(expr.cond)} ? ${structure(expr.yes)} : ${structure(expr.no)})`;
    default:
      throw new Error(expr.kind);
  }
}
