/** Operators on values that are known when a program is compiled (P4-16 §18.1). A result is undefined where the operator has none. */
import { signed } from '../support/bits.js';
import { arithmetic, compare, concatenate, type NumberType, negateOrInvert, wrap } from './arithmetic.js';
import type { BinaryOp, UnaryOp } from './expr.js';

export type Scalar = bigint | boolean | string;

/** The largest size of a constant: bits of a number and of the shift of one, characters of a string. */
export const maxConstantSize = 65_536;

/** A cast to `type` (P4-16 §8.11). Newtypes and enums stand for what they are made of. */
export function castConstant(value: Scalar, type: NumberType): Scalar {
  if (typeof value === 'boolean') return type.kind === 'bool' ? value : value ? 1n : 0n;
  if (typeof value === 'string') return value;
  return type.kind === 'bool' ? value !== 0n : wrap(value, type);
}

export function unaryConstant(op: UnaryOp, value: Scalar, type: NumberType): Scalar | undefined {
  if (op === '!') return typeof value === 'boolean' ? !value : undefined;
  return typeof value === 'bigint' ? negateOrInvert(op, value, type) : undefined;
}

/** The types of the left operand, and of the result; the width of the right operand. */
export interface BinaryTypes {
  readonly operand: NumberType;
  readonly result: NumberType;
  readonly rightWidth: number;
}

/** `&&` and `||` are known with one side that decides. */
export function binaryConstant(op: BinaryOp, a: Scalar | undefined, b: Scalar | undefined, types: BinaryTypes): Scalar | undefined {
  if (op === '&&' || op === '||') {
    const decides = op === '||';
    return a === decides ? decides : a === undefined ? undefined : b;
  }
  if (a === undefined || b === undefined) return undefined;
  if (op === '==') return a === b;
  if (op === '!=') return a !== b;
  if (typeof a === 'string' && typeof b === 'string') return op === '++' && a.length + b.length <= maxConstantSize ? a + b : undefined;
  if (typeof a !== 'bigint' || typeof b !== 'bigint') return undefined;
  switch (op) {
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(op, a, b);
    case '++':
      return concatenate(a, b, types.rightWidth, types.result);
    case '/':
    case '%':
      return b === 0n ? undefined : arithmetic(op, a, b, types.operand);
    case '>>':
      return b < 0n ? undefined : arithmetic(op, a, b, types.operand);
    case '<<':
      if (b < 0n || (b > maxConstantSize && !('width' in types.operand))) return undefined;
      return bounded(arithmetic(op, a, b, types.operand), types.operand);
    default:
      return bounded(arithmetic(op, a, b, types.operand), types.operand);
  }
}

/** Numbers of any size have a limit too. */
const bounded = (value: bigint, type: NumberType): bigint | undefined =>
  'width' in type || signed(value, maxConstantSize + 1) === value ? value : undefined;
