import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { binary, bits, bitType, constant, field, name, named, unary } from '../../compiler/ir/build.js';
import type { BinaryOp, Expr, Type } from '../../compiler/ir/index.js';
import { Interpreter } from '../../runtime/interpreter/index.js';
import { toHex } from '../support/packets.js';
import { v1modelProgram } from '../support/v1model-runs.js';

const program = await v1modelProgram({ top: 'header wide_t { bit<136> value; }', headers: 'wide_t wide;', ingress: 'h.wide.setValid();' });
const wide = field(field(name('h', named('headers_t')), 'wide', named('wide_t')), 'value', bitType(136));

/** The value of an expression of up to 136 bits. It is put into the IR: in P4 the front end would compute what is constant. */
function evaluate(expr: Expr, width: number): bigint {
  const cast = (arg: Expr, to: number): Expr => ({ kind: 'cast', arg, type: bitType(to), loc: expr.loc });
  const assign = { kind: 'assign', target: wide, value: cast(cast(expr, width), 136), loc: expr.loc } as const;
  const controls = program.controls.map((c) => (c.name === 'ingress' ? { ...c, body: [...c.body, assign] } : c));
  const { outputs } = new Interpreter({ ...program, controls }).process({ port: 0, bytes: new Uint8Array() });
  return BigInt(`0x${toHex(outputs[0]?.bytes)}`);
}

const intType = (width: number): Type => ({ kind: 'int', width });
const mod = (value: bigint, width: number) => {
  const size = 2n ** BigInt(width);
  return ((value % size) + size) % size;
};
/** Two's complement, by its definition. */
const asSigned = (unsigned: bigint, width: number) => (unsigned >= 2n ** BigInt(width - 1) ? unsigned - 2n ** BigInt(width) : unsigned);
const clamp = (value: bigint, low: bigint, high: bigint) => (value < low ? low : value > high ? high : value);

const operands = fc
  .integer({ min: 1, max: 130 })
  .chain((width) => fc.tuple(fc.constant(width), fc.bigInt(0n, 2n ** BigInt(width) - 1n), fc.bigInt(0n, 2n ** BigInt(width) - 1n)));

const unsigned: Partial<Record<BinaryOp, (a: bigint, b: bigint, width: number) => bigint>> = {
  '+': (a, b, w) => mod(a + b, w),
  '-': (a, b, w) => mod(a - b, w),
  '*': (a, b, w) => mod(a * b, w),
  '|+|': (a, b, w) => clamp(a + b, 0n, 2n ** BigInt(w) - 1n),
  '|-|': (a, b, w) => clamp(a - b, 0n, 2n ** BigInt(w) - 1n),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b, w) => (b >= BigInt(w) ? 0n : mod(a * 2n ** b, w)),
  '>>': (a, b, w) => (b >= BigInt(w) ? 0n : a / 2n ** b),
  '/': (a, b) => (b === 0n ? 0n : a / b),
  '%': (a, b) => (b === 0n ? 0n : a % b),
};

describe('bit<W>', () => {
  test.each(Object.entries(unsigned))('%s', (op, formula) => {
    fc.assert(
      fc.property(operands, fc.bigInt(0n, 200n), ([width, a, b], shift) => {
        const right = op === '<<' || op === '>>' ? bits(shift, 8) : bits(b, width);
        expect(evaluate(binary(op as BinaryOp, bits(a, width), right), width)).toBe(
          formula(a, op.length === 2 && op !== '++' ? shift : b, width),
        );
      }),
      { numRuns: 60 },
    );
  });

  test('~ and -', () => {
    fc.assert(
      fc.property(operands, ([width, a]) => {
        expect(evaluate(unary('~', bits(a, width)), width)).toBe(2n ** BigInt(width) - 1n - a);
        expect(evaluate(unary('-', bits(a, width)), width)).toBe(mod(-a, width));
      }),
      { numRuns: 60 },
    );
  });

  test('concatenation and slices take each other apart', () => {
    fc.assert(
      fc.property(operands, ([width, a, b]) => {
        const joined = binary('++', bits(a, width), bits(b, width));
        const slice = (high: number, low: number): Expr => ({
          kind: 'slice',
          base: joined,
          high,
          low,
          type: bitType(high - low + 1),
          loc: joined.loc,
        });
        expect(evaluate(slice(2 * width - 1, width), width)).toBe(a);
        expect(evaluate(slice(width - 1, 0), width)).toBe(b);
      }),
      { numRuns: 60 },
    );
  });
});

describe('int<W>', () => {
  const signedFormulas: Partial<Record<BinaryOp, (a: bigint, b: bigint, width: number) => bigint>> = {
    '+': (a, b, w) => mod(a + b, w),
    '-': (a, b, w) => mod(a - b, w),
    '*': (a, b, w) => mod(a * b, w),
    '|+|': (a, b, w) => mod(clamp(a + b, -(2n ** BigInt(w - 1)), 2n ** BigInt(w - 1) - 1n), w),
    '|-|': (a, b, w) => mod(clamp(a - b, -(2n ** BigInt(w - 1)), 2n ** BigInt(w - 1) - 1n), w),
    '&': (a, b, w) => mod(a, w) & mod(b, w),
    '^': (a, b, w) => mod(a, w) ^ mod(b, w),
  };
  test.each(Object.entries(signedFormulas))('%s', (op, formula) => {
    fc.assert(
      fc.property(operands, ([width, x, y]) => {
        const [a, b] = [asSigned(x, width), asSigned(y, width)];
        const value = binary(op as BinaryOp, constant(a, intType(width)), constant(b, intType(width)));
        expect(evaluate(value, width)).toBe(formula(a, b, width));
      }),
      { numRuns: 60 },
    );
  });

  test('>> keeps the sign, also when everything is shifted out', () => {
    const shifted = (by: number) => evaluate(binary('>>', constant(-100, intType(8)), bits(by, 8)), 8);
    expect([shifted(1), shifted(7), shifted(8), shifted(255)]).toEqual([0xcen, 0xffn, 0xffn, 0xffn]);
  });

  test('comparison is signed, that of bit<W> is not', () => {
    const mux = (cond: Expr): Expr => ({ kind: 'mux', cond, yes: bits(1, 8), no: bits(0, 8), type: bitType(8), loc: cond.loc });
    expect(evaluate(mux(binary('<', constant(-1, intType(8)), constant(1, intType(8)))), 8)).toBe(1n);
    expect(evaluate(mux(binary('<', bits(255, 8), bits(1, 8))), 8)).toBe(0n);
  });
});

test('casts', () => {
  const cast = (arg: Expr, type: Type): Expr => ({ kind: 'cast', arg, type, loc: arg.loc });
  expect(evaluate(cast(bits(0x1234, 16), bitType(8)), 8)).toBe(0x34n);
  expect(evaluate(cast(constant(-2, intType(8)), intType(16)), 16)).toBe(0xfffen);
  expect(evaluate(cast(bits(0xfe, 8), bitType(16)), 16)).toBe(0xfen);
  expect(evaluate(cast(cast(bits(0xfe, 8), intType(8)), intType(16)), 16)).toBe(0xfffen);
  expect(evaluate(cast(binary('==', bits(1, 4), bits(1, 4)), bitType(1)), 1)).toBe(1n);
});

test('&&, || and ?: do not evaluate what they do not need', () => {
  // The name is declared nowhere: evaluating it would throw.
  const never = name('nowhere', { kind: 'bool' });
  const yes = binary('==', bits(1, 1), bits(1, 1));
  const no = binary('!=', bits(1, 1), bits(1, 1));
  const mux = (cond: Expr, a: Expr, b: Expr): Expr => ({ kind: 'mux', cond, yes: a, no: b, type: a.type, loc: cond.loc });
  expect(evaluate(mux(binary('||', yes, never), bits(1, 8), name('nowhere', bitType(8))), 8)).toBe(1n);
  expect(evaluate(mux(binary('&&', no, never), name('nowhere', bitType(8)), bits(2, 8)), 8)).toBe(2n);
});
