/** Values that are known when a program is compiled (P4-16 §18.1). */

import { slice, wrap } from '../../ir/arithmetic.js';
import { binaryConstant, castConstant, type Scalar, unaryConstant } from '../../ir/constants.js';
import { isSized } from '../../ir/rules.js';
import type { BinaryOp, CallExpr, Expr } from '../ast.js';
import type { Checker } from './context.js';
import { isSizeMethod, sizeOf } from './size-methods.js';
import { isStruct, type Type, underEnum } from './types.js';

export type Value =
  | Scalar
  /** `error.Name`, `Enum.Name` without a value, a match kind. */
  | { readonly kind: 'member'; readonly name: string }
  | { readonly kind: 'list'; readonly elements: readonly Value[] }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, Value> };

const isScalar = (value: Value | undefined): value is Scalar => value !== undefined && typeof value !== 'object';

/** The value of an expression that was checked, as its own type holds it; undefined where it is not known yet, or is a mistake. */
export function knownValue(c: Checker, expr: Expr): Value | undefined {
  if (c.typeOf(expr).kind === 'unknown') return undefined;
  const known = c.values.get(expr);
  if (known !== undefined) return known;
  const value = compute(c, expr);
  if (value === undefined) return undefined;
  c.values.set(expr, value);
  return value;
}

/** The same, with the cast that its place gives it. */
export function valueInPlace(c: Checker, expr: Expr): Value | undefined {
  const value = knownValue(c, expr);
  const type = c.casts.get(expr);
  return typeof value === 'bigint' && type ? wrap(value, underlying(type)) : value;
}

export function integerOf(c: Checker, expr: Expr): bigint | undefined {
  const value = valueInPlace(c, expr);
  return typeof value === 'bigint' ? value : undefined;
}

function compute(c: Checker, expr: Expr): Value | undefined {
  switch (expr.kind) {
    case 'integer':
      return wrap(expr.value, c.typeOf(expr));
    case 'bool':
    case 'string':
      return expr.value;
    case 'name': {
      const entity = c.entities.get(expr.path);
      if (!entity && c.typeOf(expr).kind === 'match_kind') return { kind: 'member', name: expr.path.name.text };
      return entity?.kind === 'constant' || entity?.kind === 'member' ? entity.value : undefined;
    }
    case 'member':
      return member(c, expr.base, expr.member.text);
    case 'cast': {
      const value = valueInPlace(c, expr.arg);
      return isScalar(value) ? castConstant(value, underlying(c.typeOf(expr))) : value;
    }
    case 'unary': {
      const value = valueInPlace(c, expr.arg);
      return isScalar(value) ? unaryConstant(expr.op, value, c.typeOf(expr)) : undefined;
    }
    case 'binary':
      return binary(c, expr.op, expr.left, expr.right, c.typeOf(expr));
    case 'mux': {
      const cond = knownValue(c, expr.cond);
      return typeof cond === 'boolean' ? valueInPlace(c, cond ? expr.yes : expr.no) : undefined;
    }
    case 'slice': {
      const [value, high, low] = [valueInPlace(c, expr.base), integerOf(c, expr.high), integerOf(c, expr.low)];
      if (typeof value !== 'bigint' || high === undefined || low === undefined || high < low) return undefined;
      return slice(value, Number(high), Number(low));
    }
    case 'plus-slice': {
      const [value, low, width] = [valueInPlace(c, expr.base), integerOf(c, expr.low), integerOf(c, expr.width)];
      if (typeof value !== 'bigint' || low === undefined || width === undefined) return undefined;
      return slice(value, Number(low + width) - 1, Number(low));
    }
    case 'call':
      return sizeMethod(c, expr);
    case 'list': {
      const elements = expr.elements.map((e) => valueInPlace(c, e));
      return elements.some((e) => e === undefined) ? undefined : { kind: 'list', elements: elements as Value[] };
    }
    case 'struct': {
      const fields = new Map<string, Value>();
      for (const f of expr.fields) {
        const value = valueInPlace(c, f.value);
        if (value === undefined) return undefined;
        fields.set(f.name.text, value);
      }
      return { kind: 'struct', fields };
    }
    case 'index': {
      const [list, index] = [knownValue(c, expr.base), integerOf(c, expr.index)];
      return typeof list === 'object' && list.kind === 'list' && index !== undefined ? list.elements[Number(index)] : undefined;
    }
    default:
      return undefined;
  }
}

/** `e.minSizeInBits()` and its like. */
function sizeMethod(c: Checker, expr: CallExpr): Value | undefined {
  const call = c.calls.get(expr);
  if (call?.kind !== 'builtin' || !isSizeMethod(call.name) || expr.callee.kind !== 'member') return undefined;
  return sizeOf(c.typeOf(expr.callee.base), call.name);
}

/** What newtypes and serializable enums are made of; other types themselves. */
export function underlying(type: Type): Type {
  const t = underEnum(type);
  return t.kind === 'newtype' ? underlying(t.base) : t;
}

function member(c: Checker, base: Expr, name: string): Value | undefined {
  const type = c.typeOf(base);
  if (base.kind === 'type' || (base.kind === 'name' && c.entities.get(base.path)?.kind === 'type')) {
    if (type.kind === 'error') return { kind: 'member', name };
    if (type.kind !== 'enum') return undefined;
    const at = type.decl.members.find((m) => m.name.text === name);
    if (!type.base) return at && { kind: 'member', name };
    return at?.value && valueInPlace(c, at.value);
  }
  if (type.kind === 'stack' && name === 'size') return BigInt(type.size);
  const value = knownValue(c, base);
  if (typeof value !== 'object') return undefined;
  if (value.kind === 'struct') return value.fields.get(name);
  if (value.kind === 'list' && isStruct(type)) return value.elements[type.info.fields.findIndex((f) => f.name === name)];
  return undefined;
}

function binary(c: Checker, op: BinaryOp, left: Expr, right: Expr, type: Type): Value | undefined {
  const [a, b] = [valueInPlace(c, left), valueInPlace(c, right)];
  if (typeof a === 'object' && typeof b === 'object' && a.kind === 'member' && b.kind === 'member')
    return op === '==' ? a.name === b.name : op === '!=' ? a.name !== b.name : undefined;
  if (typeof a === 'object' || typeof b === 'object') return undefined;
  const low = underEnum(c.typeOf(right));
  // Both operands of arithmetic have the type of its result; comparisons do not wrap.
  return binaryConstant(op, a, b, { operand: type, result: type, rightWidth: isSized(low) ? low.width : 0 });
}

/**
 * Whether the value of an expression that was checked is known when the program is compiled, if perhaps only in each
 * instance of the block that it is in.
 */
export function isKnown(c: Checker, expr: Expr): boolean {
  if (c.typeOf(expr).kind === 'unknown' || knownValue(c, expr) !== undefined) return true;
  switch (expr.kind) {
    case 'name': {
      const entity = c.entities.get(expr.path);
      if (!entity) return true;
      return (
        entity.kind === 'constant' ||
        entity.kind === 'member' ||
        entity.kind === 'instance' ||
        (entity.kind === 'parameter' && (entity.of === 'constructor' || !isData(entity.type)))
      );
    }
    case 'member':
      return isKnown(c, expr.base);
    case 'cast':
    case 'unary':
      return isKnown(c, expr.arg);
    case 'binary':
      return isKnown(c, expr.left) && isKnown(c, expr.right);
    case 'mux':
      return isKnown(c, expr.cond) && isKnown(c, expr.yes) && isKnown(c, expr.no);
    case 'list':
      return expr.elements.every((e) => isKnown(c, e));
    case 'struct':
      return expr.fields.every((f) => isKnown(c, f.value));
    case 'slice':
      return isKnown(c, expr.base);
    case 'plus-slice':
      return isKnown(c, expr.base) && isKnown(c, expr.low);
    case 'index':
      return isKnown(c, expr.base) && isKnown(c, expr.index);
    case 'construct':
    case 'this':
    case 'invalid':
    case 'default':
      return true;
    case 'call': {
      const call = c.calls.get(expr);
      // Sizes of types, and extern functions of known values, such as static_assert or one that makes an object.
      if (call?.kind === 'builtin') return isSizeMethod(call.name);
      return call?.kind === 'constructor' || (call?.decl?.kind === 'extern-function' && call.params.every((p) => !p.direction));
    }
    default:
      return false;
  }
}

const isData = (type: Type): boolean =>
  type.kind !== 'extern' && type.kind !== 'control' && type.kind !== 'parser' && type.kind !== 'package';
