/** Operators on numbers (P4-16 §8.5-8.9). */
import type { BinaryOp, Type, UnaryOp } from '../../compiler/ir/index.js';
import { maxUnsigned, signed, truncate } from '../../compiler/support/bits.js';
import { InternalError } from '../../compiler/support/invariant.js';

type Arithmetic = Exclude<BinaryOp, '==' | '!=' | '<' | '<=' | '>' | '>=' | '&&' | '||' | '++'>;

/** The value of `type` (bit, int, or integer of any size) that `value` wraps to. */
export function wrap(value: bigint, type: Type): bigint {
  if (type.kind === 'bit') return truncate(value, type.width);
  return type.kind === 'int' ? signed(value, type.width) : value;
}

function saturate(value: bigint, type: Type): bigint {
  if (type.kind !== 'bit' && type.kind !== 'int') return value;
  const top = type.kind === 'bit' ? maxUnsigned(type.width) : maxUnsigned(type.width - 1);
  const bottom = type.kind === 'bit' ? 0n : -top - 1n;
  if (value > top) return top;
  return value < bottom ? bottom : value;
}

/** Both operands and the result have `type`; the right one of a shift is unsigned. */
export function arithmetic(op: Arithmetic, left: bigint, right: bigint, type: Type): bigint {
  switch (op) {
    case '+':
      return wrap(left + right, type);
    case '-':
      return wrap(left - right, type);
    case '*':
      return wrap(left * right, type);
    // P4-16 divides only numbers known to the compiler; both give 0 for a divisor of 0.
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

/** Shifting by the width or more shifts everything out. */
function shift(by: bigint, type: Type): bigint {
  if (type.kind !== 'bit' && type.kind !== 'int') return by;
  return by < BigInt(type.width) ? by : BigInt(type.width);
}

export function compare(op: '<' | '<=' | '>' | '>=', left: bigint, right: bigint): boolean {
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

export function negateOrInvert(op: UnaryOp, value: bigint, type: Type): bigint {
  switch (op) {
    case '-':
      return wrap(-value, type);
    case '~':
      return wrap(~value, type);
    case '+':
      return value;
    case '!':
      throw new InternalError('! of a number');
  }
}
