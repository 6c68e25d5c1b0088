/**
 * Expressions as BMv2 evaluates them: with integers of any size, which are cut off only where a field is written. So every
 * operation whose result may have more bits than its type is followed by what makes it that type's.
 */

import { widthOf } from '../../../compiler/flat/exprs.js';
import type { FlatExpr, ScalarType, Slot } from '../../../compiler/flat/index.js';
import { maxUnsigned } from '../../../compiler/support/bits.js';
import { InternalError, invariant } from '../../../compiler/support/invariant.js';
import type { FieldRef, Json, Operation } from './format.js';
import { isOfUnions, lastField } from './union-stacks.js';

/** Where slots are. */
export interface Fields {
  /** The field of a header or of metadata. */
  fieldOf(slot: Slot): FieldRef;
  /** The number of a parameter of the action whose code it is. */
  parameter(slot: Slot): number | undefined;
  /** The stack that a slot is nextIndex of. */
  stackOf(slot: Slot): string | undefined;
  /** The field of the last element of a stack. */
  lastOf(expr: FlatExpr & { readonly kind: 'last' }): FieldRef;
}

/** Bytes as BMv2 reads them; a negative number has a sign. */
export function hex(value: bigint, width: number): string {
  const digits = (value < 0n ? -value : value).toString(16).padStart(Math.max(1, Math.ceil(width / 8)) * 2, '0');
  return `${value < 0n ? '-' : ''}0x${digits}`;
}

const hexstr = (value: bigint | number, width = 8): Json => ({ type: 'hexstr', value: hex(BigInt(value), width) });
const operation = (op: string, left: Json | null, right: Json, cond?: Json): Json => {
  const value: Operation = { op, left, right, ...(cond ? { cond } : {}) };
  return { type: 'expression', value };
};

/** An argument of a primitive. */
export function argument(expr: FlatExpr, fields: Fields): Json {
  if (expr.kind === 'const') return number(expr, fields);
  if (expr.kind === 'slot' && fields.stackOf(expr.slot) === undefined) {
    const parameter = fields.parameter(expr.slot);
    if (parameter === undefined) return { type: 'field', value: fields.fieldOf(expr.slot) };
    if (expr.type.kind !== 'int') return { type: 'runtime_data', value: parameter };
  }
  return { type: 'expression', value: number(expr, fields) };
}

/** A number; a bool is 0 or 1. */
export function number(expr: FlatExpr, fields: Fields): Json {
  const { type } = expr;
  switch (expr.kind) {
    case 'const':
      return hexstr(expr.value, widthOf(type));
    case 'slot': {
      const parameter = fields.parameter(expr.slot);
      // Data of entries are bits without a sign.
      if (parameter !== undefined) return signed({ type: 'local', value: parameter }, type);
      const stack = fields.stackOf(expr.slot);
      if (stack === undefined) return fromField({ type: 'field', value: fields.fieldOf(expr.slot) }, type);
      // Of an empty stack, BMv2 has 2^64 - 1.
      return wrapped(operation('+', operation('last_stack_index', null, { type: 'header_stack', value: stack }), hexstr(1)), type);
    }
    case 'last':
      if (isOfUnions(expr.stack)) return number(lastField(expr), fields);
      return fromField({ type: 'stack_field', value: fields.lastOf(expr) }, type);
    case 'mux':
      return operation('?', number(expr.yes, fields), number(expr.no, fields), bool(expr.cond, fields));
    case 'slice': {
      const { arg, high, low } = expr;
      const whole = unsigned(arg, fields);
      const shifted = low === 0 ? whole : operation('>>', whole, hexstr(low));
      return masked(shifted, high - low + 1);
    }
    case 'cast':
      if (type.kind !== 'bool') return cast(expr.arg, type, fields);
      break;
    case 'unary': {
      if (expr.op === '!') break;
      const arg = number(expr.arg, fields);
      return wrapped(expr.op === '-' ? operation('-', hexstr(0), arg) : operation('~', null, arg), type);
    }
    case 'binary':
      if (type.kind !== 'bool') return arithmetic(expr, fields);
      break;
    case 'lookahead':
    case 'packet-length':
      throw new InternalError(`${expr.kind} inside an expression`);
  }
  return operation('b2d', null, bool(expr, fields));
}

/** A truth value, which BMv2 tells from a number. */
export function bool(expr: FlatExpr, fields: Fields): Json {
  invariant(expr.type.kind === 'bool', 'a condition that is a number');
  switch (expr.kind) {
    case 'const':
      return { type: 'bool', value: expr.value === 1n };
    case 'unary':
      return operation('not', null, bool(expr.arg, fields));
    case 'binary': {
      const { op, left, right } = expr;
      if (op === '&&' || op === '||') return operation(op === '&&' ? 'and' : 'or', bool(left, fields), bool(right, fields));
      return operation(op, number(left, fields), number(right, fields));
    }
    case 'cast':
      return operation('d2b', null, number(expr.arg, fields));
    default:
      return operation('d2b', null, number(expr, fields));
  }
}

const masked = (value: Json, width: number): Json => operation('&', value, hexstr(maxUnsigned(width), width));

/** The number that the type's bits stand for. */
function wrapped(value: Json, type: ScalarType): Json {
  return type.kind === 'int' ? operation('two_comp_mod', value, hexstr(type.width)) : masked(value, widthOf(type));
}

/** The number that bits without a sign stand for. */
export const signed = (value: Json, type: ScalarType): Json => (type.kind === 'int' ? wrapped(value, type) : value);

/** A field has its sign, but for one of a single bit. */
const fromField = (field: Json, type: ScalarType): Json => (widthOf(type) === 1 ? signed(field, type) : field);

/** The bits of a number as one without a sign. */
const unsigned = (expr: FlatExpr, fields: Fields): Json =>
  expr.type.kind === 'int' ? masked(number(expr, fields), expr.type.width) : number(expr, fields);

function cast(arg: FlatExpr, type: ScalarType, fields: Fields): Json {
  const value = number(arg, fields);
  const [from, to] = [widthOf(arg.type), widthOf(type)];
  const fits = arg.type.kind === 'int' ? type.kind === 'int' && from <= to : type.kind === 'int' ? from < to : from <= to;
  return fits ? value : wrapped(value, type);
}

function arithmetic({ op, left, right, type }: FlatExpr & { readonly kind: 'binary' }, fields: Fields): Json {
  const [a, b] = [number(left, fields), number(right, fields)];
  switch (op) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return wrapped(operation(op, a, b), type);
    case '|+|':
    case '|-|':
      return operation(type.kind === 'int' ? 'sat_cast' : 'usat_cast', operation(op === '|+|' ? '+' : '-', a, b), hexstr(widthOf(type)));
    case '<<':
      return shifted(op, a, left, right, type, fields);
    case '>>':
      return shifted(op, a, left, right, type, fields);
    case '++': {
      const joined = operation('|', operation('<<', unsigned(left, fields), hexstr(widthOf(right.type), 32)), unsigned(right, fields));
      return type.kind === 'int' ? wrapped(joined, type) : joined;
    }
    default:
      return operation(op, a, b);
  }
}

/** BMv2 shifts by any number, and takes the memory for it. All bits are out where the number is as large as the width. */
function shifted(op: '<<' | '>>', value: Json, of: FlatExpr, by: FlatExpr, type: ScalarType, fields: Fields): Json {
  const width = BigInt(widthOf(of.type));
  const shift = (amount: Json): Json => (op === '<<' ? wrapped(operation('<<', value, amount), type) : operation('>>', value, amount));
  if (by.kind === 'const') return shift(hexstr(by.value < width ? by.value : width, 32));
  const amount = number(by, fields);
  if (maxUnsigned(widthOf(by.type)) <= width || widthOf(by.type) <= 8) return shift(amount);
  const most = hexstr(width, 32);
  return shift(operation('?', most, amount, operation('>', amount, most)));
}
