/**
 * The rules of P4-16 for operators, casts, slices and keys. The recorder of the DSL, the checker of P4 source and the
 * validator ask them here. A rule looks only at the kind and the width of a type, so that types of the front end and types of
 * the IR both fit.
 */
import { maxUnsigned, type Sized, truncate } from '../support/bits.js';
import type { BinaryOp, KeySet, UnaryOp } from './expr.js';

/** A type. Where a rule is about numbers, the caller has replaced newtypes and enums with values by the types below them. */
interface Shape {
  readonly kind: string;
  readonly width?: number;
}

export const isSized = (type: Shape): type is Sized => type.kind === 'bit' || type.kind === 'int';
export const isNumber = (type: Shape): boolean => isSized(type) || type.kind === 'integer';

export const isOrder = (op: BinaryOp): boolean => op === '<' || op === '<=' || op === '>' || op === '>=';
export const isEquality = (op: BinaryOp): boolean => op === '==' || op === '!=';
export const isShift = (op: BinaryOp): op is '<<' | '>>' => op === '<<' || op === '>>';
/** Whether the result of a binary operator is a bool. */
export const givesBool = (op: BinaryOp): boolean => isEquality(op) || isOrder(op) || op === '&&' || op === '||';

/** Whether a unary operator takes a value of the type (§8.5 to §8.8). */
export function takesUnary(op: UnaryOp, type: Shape): boolean {
  if (op === '!') return type.kind === 'bool';
  return op === '~' ? isSized(type) : isNumber(type);
}

/** Whether a binary operator takes a value of the type; for `==` and `!=` see `isComparable`. */
export function takesOperand(op: BinaryOp, type: Shape): boolean {
  switch (op) {
    case '&&':
    case '||':
      return type.kind === 'bool';
    case '|+|':
    case '|-|':
    case '++':
      return isSized(type);
    case '/':
    case '%':
      return type.kind === 'bit' || type.kind === 'integer';
    default:
      return isNumber(type);
  }
}

const comparable = ['bool', 'bit', 'int', 'varbit', 'integer', 'string', 'error', 'match_kind', 'enum', 'unknown'];

/** Whether `==` compares values of the type: it compares all parts of a value with parts. */
export function isComparable<T extends Shape>(type: T, partsOf: (type: T) => readonly T[] | undefined): boolean {
  const parts = partsOf(type);
  return parts ? parts.every((part) => isComparable(part, partsOf)) : comparable.includes(type.kind);
}

/** What the rules of fields ask of a type: the name of a declared type says nothing, its declaration does. */
export interface FieldShape<T> {
  readonly kind: string;
  /** The type below a newtype, or of the values of an enum. */
  readonly base?: T | undefined;
  /** The types of the fields of a struct, or of the elements of a stack or array. */
  readonly parts?: readonly T[] | undefined;
}

/** Kinds that no value of a packet or of its metadata has. */
const notData = new Set(['extern', 'parser', 'control', 'package', 'void', 'set', 'integer', 'string', 'match_kind', 'list']);
/** Kinds of types that are not known yet: whatever they become, their field has it. */
const open = new Set(['var', 'hole', 'unknown']);

/** Whether a field of a header, a struct or a header union may have the type (§7.2). */
export function mayBeField<T>(of: 'header' | 'struct' | 'header_union', type: T, shapeOf: (type: T) => FieldShape<T>): boolean {
  const { kind, base, parts = [] } = shapeOf(type);
  if (open.has(kind)) return true;
  if (of === 'struct') return !notData.has(kind);
  if (of === 'header_union') return kind === 'header';
  switch (kind) {
    case 'bit':
    case 'int':
    case 'varbit':
    case 'bool':
      return true;
    case 'enum':
      return base !== undefined;
    case 'newtype':
      return base !== undefined && mayBeField(of, base, shapeOf);
    case 'struct':
    case 'stack':
      return parts.every((part) => shapeOf(part).kind !== 'varbit' && mayBeField(of, part, shapeOf));
    default:
      return false;
  }
}

/** What is wrong with the amount of a shift, whose value `by` may be known (§8.5). */
export function shiftProblem(amount: Shape, by: bigint | undefined): 'bad-shift' | 'shift-by-signed' | undefined {
  if (by !== undefined) return by < 0n ? 'bad-shift' : undefined;
  return amount.kind === 'int' ? 'shift-by-signed' : undefined;
}

/** What is wrong with a division, whose operands may be known (§8.8). */
export function divisionProblem(left: bigint | undefined, right: bigint | undefined): 'division-by-zero' | 'negative-division' | undefined {
  if (right === 0n) return 'division-by-zero';
  return (left ?? 0n) < 0n || (right ?? 0n) < 0n ? 'negative-division' : undefined;
}

/** Whether `[high:low]` is a slice of `width` bits (§8.5). */
export const isSlice = (high: number | bigint, low: number | bigint, width: number): boolean => low >= 0 && high >= low && high < width;

/** Whether a cast makes a number or truth value one of another type (§8.11.1). */
export function castsScalar(from: Shape, to: Shape): boolean {
  if (from.kind === 'bool') return to.kind === 'bool' || (to.kind === 'bit' && to.width === 1);
  if (to.kind === 'bool') return from.kind === 'integer' || (from.kind === 'bit' && from.width === 1);
  if (from.kind === 'integer') return isNumber(to);
  return isSized(from) && (to.kind === 'integer' || to.kind === from.kind || (isSized(to) && to.width === from.width));
}

/** Whether a select or an exact key takes values of the type, which has no parts. */
export const isMatched = (type: Shape): boolean => ['bit', 'int', 'bool', 'enum', 'error'].includes(type.kind);

/** The forms of key sets that a match kind takes (§8.15); a program may declare other match kinds. */
export const keySetForms: ReadonlyMap<string, readonly KeySet['kind'][]> = new Map([
  ['exact', ['value']],
  ['lpm', ['value', 'mask', 'any']],
  ['ternary', ['value', 'mask', 'any']],
  ['range', ['value', 'range', 'any']],
  ['optional', ['value', 'any']],
]);

/** Whether the mask is ones followed by zeros, as a key of kind lpm needs it. */
export function isPrefixMask(mask: bigint, width: number): boolean {
  const zeros = maxUnsigned(width) - truncate(mask, width);
  return (zeros & (zeros + 1n)) === 0n;
}
