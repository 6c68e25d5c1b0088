/** Expressions of flat programs, with what is known of them folded. */
import { type ArithmeticOp, arithmetic, type CompareOp, compare, concatenate, negateOrInvert, slice, wrap } from '../ir/arithmetic.js';
import type { BinaryOp } from '../ir/expr.js';
import { givesBool } from '../ir/rules.js';
import { invariant } from '../support/invariant.js';
import type { FlatExpr, ScalarType, Slot } from './program.js';

export const boolScalar: ScalarType = { kind: 'bool' };
export const bitScalar = (width: number): ScalarType => ({ kind: 'bit', width });
export const widthOf = (type: ScalarType): number => (type.kind === 'bool' ? 1 : type.width);

export const constantOf = (value: bigint | number, type: ScalarType): FlatExpr => ({ kind: 'const', value: BigInt(value), type });
export const boolOf = (value: boolean): FlatExpr => constantOf(value ? 1n : 0n, boolScalar);
export const slotOf = (slot: Slot): FlatExpr => ({ kind: 'slot', slot, type: slot.type });

const isConst = (expr: FlatExpr): expr is FlatExpr & { readonly kind: 'const' } => expr.kind === 'const';
const isTrue = (expr: FlatExpr): boolean => expr.kind === 'const' && expr.type.kind === 'bool' && expr.value === 1n;
const isFalse = (expr: FlatExpr): boolean => expr.kind === 'const' && expr.type.kind === 'bool' && expr.value === 0n;

export function unaryOf(op: '-' | '~' | '!', arg: FlatExpr): FlatExpr {
  if (isConst(arg)) return constantOf(op === '!' ? 1n - arg.value : negateOrInvert(op, arg.value, arg.type), arg.type);
  if (op === '!' && arg.kind === 'unary' && arg.op === '!') return arg.arg;
  return { kind: 'unary', op, arg, type: arg.type };
}
export const notOf = (arg: FlatExpr): FlatExpr => unaryOf('!', arg);

export function binaryOf(op: BinaryOp, left: FlatExpr, right: FlatExpr): FlatExpr {
  const type = resultType(op, left, right);
  if (op === '&&') {
    if (isFalse(left) || isTrue(right)) return left;
    if (isTrue(left)) return right;
  } else if (op === '||') {
    if (isTrue(left) || isFalse(right)) return left;
    if (isFalse(left)) return right;
  } else if (isConst(left) && isConst(right)) {
    return constantOf(computed(op, left, right, type), type);
  }
  return { kind: 'binary', op, left, right, type };
}

function resultType(op: BinaryOp, left: FlatExpr, right: FlatExpr): ScalarType {
  if (givesBool(op)) return boolScalar;
  if (op !== '++') return left.type;
  invariant(left.type.kind !== 'bool', 'a concatenation of bools');
  return { kind: left.type.kind, width: left.type.width + widthOf(right.type) };
}

function computed(op: Exclude<BinaryOp, '&&' | '||'>, left: ConstExpr, right: ConstExpr, type: ScalarType): bigint {
  switch (op) {
    case '==':
      return left.value === right.value ? 1n : 0n;
    case '!=':
      return left.value === right.value ? 0n : 1n;
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(op satisfies CompareOp, left.value, right.value) ? 1n : 0n;
    case '++':
      return concatenate(left.value, right.value, widthOf(right.type), type);
    default:
      return arithmetic(op satisfies ArithmeticOp, left.value, right.value, type);
  }
}
type ConstExpr = FlatExpr & { readonly kind: 'const' };

export function muxOf(cond: FlatExpr, yes: FlatExpr, no: FlatExpr): FlatExpr {
  if (isConst(cond)) return cond.value === 1n ? yes : no;
  return { kind: 'mux', cond, yes, no, type: yes.type };
}

/** Also between bool and one bit. */
export function castOf(arg: FlatExpr, type: ScalarType): FlatExpr {
  if (sameScalar(arg.type, type)) return arg;
  if (isConst(arg)) return constantOf(type.kind === 'bool' ? arg.value & 1n : wrap(arg.value, type), type);
  return { kind: 'cast', arg, type };
}

export function sliceOf(arg: FlatExpr, high: number, low: number): FlatExpr {
  const type = bitScalar(high - low + 1);
  if (isConst(arg)) return constantOf(slice(arg.value, high, low), type);
  if (low === 0 && arg.type.kind === 'bit' && high === arg.type.width - 1) return arg;
  return { kind: 'slice', arg, high, low, type };
}

export const sameScalar = (a: ScalarType, b: ScalarType): boolean => a.kind === b.kind && widthOf(a) === widthOf(b);

/** The conjunction; true without any. */
export const allOf = (conds: readonly FlatExpr[]): FlatExpr => conds.reduce((all, cond) => binaryOf('&&', all, cond), boolOf(true));
export const anyOf = (conds: readonly FlatExpr[]): FlatExpr => conds.reduce((any, cond) => binaryOf('||', any, cond), boolOf(false));

/** Calls `f` with each slot that the expression reads; one that it reads twice, twice. */
export function eachSlot(expr: FlatExpr, f: (slot: Slot) => void): void {
  switch (expr.kind) {
    case 'slot':
      f(expr.slot);
      return;
    case 'binary':
      eachSlot(expr.left, f);
      eachSlot(expr.right, f);
      return;
    case 'mux':
      eachSlot(expr.cond, f);
      eachSlot(expr.yes, f);
      eachSlot(expr.no, f);
      return;
    case 'unary':
    case 'cast':
    case 'slice':
      eachSlot(expr.arg, f);
      return;
    case 'last':
      f(expr.stack.next);
      return;
    default:
  }
}

/** The expression with `f` applied to each part, from the inside out. */
export function mapExpr(expr: FlatExpr, f: (part: FlatExpr) => FlatExpr): FlatExpr {
  const inner = (part: FlatExpr): FlatExpr => mapExpr(part, f);
  switch (expr.kind) {
    case 'binary':
      return f({ ...expr, left: inner(expr.left), right: inner(expr.right) });
    case 'mux':
      return f({ ...expr, cond: inner(expr.cond), yes: inner(expr.yes), no: inner(expr.no) });
    case 'unary':
    case 'cast':
    case 'slice':
      return f({ ...expr, arg: inner(expr.arg) });
    default:
      return f(expr);
  }
}
