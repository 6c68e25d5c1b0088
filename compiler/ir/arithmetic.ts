/** Operators on numbers (P4-16 §8.5-8.9). Constants and packets have the same arithmetic. */
import { rangeOf, type Sized, signed, truncate } from '../support/bits.js';
import { invariant } from '../support/invariant.js';
import type { BinaryOp, UnaryOp } from './expr.js';
import { isSized } from './rules.js';

/** `bit<W>`, `int<W>`, or `int`: a number of any size. Every other type holds numbers as they are. */
export type NumberType = Sized | { readonly kind: Exclude<string, Sized['kind']> };

export type ArithmeticOp = Exclude<BinaryOp, CompareOp | '==' | '!=' | '&&' | '||' | '++'>;
export type CompareOp = '<' | '<=' | '>' | '>=';

/** The value of the type that `value` wraps to. */
export function wrap(value: bigint, type: NumberType): bigint {
  if (!isSized(type)) return value;
  return type.kind === 'bit' ? truncate(value, type.width) : signed(value, type.width);
}

function saturate(value: bigint, type: NumberType): bigint {
  if (!isSized(type)) return value;
  const [low, high] = rangeOf(type);
  return value < low ? low : value > high ? high : value;
}

/** Both operands and the result have `type`; the right operand of a shift is not negative. */
export function arithmetic(op: ArithmeticOp, left: bigint, right: bigint, type: NumberType): bigint {
  switch (op) {
    case '+':
      return wrap(left + right, type);
    case '-':
      return wrap(left - right, type);
    case '*':
      return wrap(left * right, type);
    // P4-16 divides only constants, by what is not 0. BMv2's result for a divisor of 0 is 0.
    case '/':
      return right === 0n ? 0n : wrap(left / right, type);
    case '%':
      return right === 0n ? 0n : wrap(left % right, type);
    case '|+|':
      return saturate(left + right, type);
    case '|-|':
      return saturate(left - right, type);
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<<':
      return wrap(left << shift(right, type), type);
    case '>>':
      return left >> shift(right, type);
  }
}

/** A shift by the width or more shifts everything out. */
function shift(by: bigint, type: NumberType): bigint {
  if (!isSized(type)) return by;
  return by < BigInt(type.width) ? by : BigInt(type.width);
}

export function compare(op: CompareOp, left: bigint, right: bigint): boolean {
  switch (op) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** `left ++ right`, where `right` has `width` bits and the result has `type`. */
export const concatenate = (left: bigint, right: bigint, width: number, type: NumberType): bigint =>
  wrap((left << BigInt(width)) | truncate(right, width), type);

/** `value[high:low]`. */
export const slice = (value: bigint, high: number, low: number): bigint => truncate(value >> BigInt(low), high - low + 1);

export function negateOrInvert(op: UnaryOp, value: bigint, type: NumberType): bigint {
  invariant(op !== '!', '! of a number');
  if (op === '+') return value;
  return wrap(op === '-' ? -value : ~value, type);
}
