/** Values of expressions of the IR that are known when a program is compiled (P4-16 §18.1). */
import type { BinaryExpr, Expr } from '../../ir/expr.js';
import type { Type } from '../../ir/types.js';
import { arithmetic } from '../check/values.js';

export type Known = bigint | boolean | string;
type Lookup = (name: string) => Expr | undefined;

/** `lookup`: the values of constants, and of members of enums that are numbers, as `Enum.member`. Undefined where the value is not known. */
export function known(expr: Expr, lookup: Lookup = () => undefined): Known | undefined {
  const inner = (e: Expr): Known | undefined => known(e, lookup);
  switch (expr.kind) {
    case 'const':
    case 'bool':
    case 'string':
      return expr.value;
    case 'name': {
      const value = lookup(expr.name);
      return value && inner(value);
    }
    case 'member': {
      const value = expr.type.kind === 'named' ? lookup(`${expr.type.name}.${expr.name}`) : undefined;
      return value && inner(value);
    }
    case 'cast': {
      const value = inner(expr.arg);
      if (typeof value === 'boolean') return expr.type.kind === 'bool' ? value : value ? 1n : 0n;
      if (typeof value !== 'bigint') return value;
      return expr.type.kind === 'bool' ? value !== 0n : wrapped(value, expr.type);
    }
    case 'unary': {
      const value = inner(expr.arg);
      if (expr.op === '!') return typeof value === 'boolean' ? !value : undefined;
      if (typeof value !== 'bigint') return undefined;
      return wrapped(expr.op === '-' ? -value : expr.op === '~' ? ~value : value, expr.type);
    }
    case 'binary':
      return binary(expr, inner);
    case 'mux': {
      const cond = inner(expr.cond);
      return typeof cond === 'boolean' ? inner(cond ? expr.yes : expr.no) : undefined;
    }
    case 'slice': {
      const value = inner(expr.base);
      return typeof value === 'bigint' ? BigInt.asUintN(expr.high - expr.low + 1, value >> BigInt(expr.low)) : undefined;
    }
    case 'field': {
      const field = structure(expr.base, lookup)?.fields.find((f) => f.name === expr.name);
      return field && inner(field.value);
    }
    default:
      return undefined;
  }
}

function structure(expr: Expr, lookup: Lookup): (Expr & { readonly kind: 'struct' }) | undefined {
  if (expr.kind === 'struct') return expr;
  const value = expr.kind === 'name' ? lookup(expr.name) : undefined;
  return value && structure(value, lookup);
}

function binary({ op, left, right, type }: BinaryExpr, inner: (e: Expr) => Known | undefined): Known | undefined {
  const [a, b] = [inner(left), inner(right)];
  if (op === '&&' && a === false) return false;
  if (op === '||' && a === true) return true;
  if (a === undefined || b === undefined) return undefined;
  if (op === '==') return a === b;
  if (op === '!=') return a !== b;
  if (op === '&&' || op === '||') return b;
  if (typeof a === 'string' && typeof b === 'string' && op === '++') return a + b;
  if (typeof a !== 'bigint' || typeof b !== 'bigint') return undefined;
  if (op === '++') {
    const width = 'width' in right.type ? right.type.width : 0;
    return wrapped((a << BigInt(width)) | BigInt.asUintN(width, b), type);
  }
  const value = arithmetic(op, a, b, left.type.kind === 'bit' || left.type.kind === 'int' ? left.type : { kind: 'integer' });
  return typeof value === 'bigint' || typeof value === 'boolean' ? value : undefined;
}

function wrapped(value: bigint, type: Type): bigint {
  if (type.kind === 'bit') return BigInt.asUintN(type.width, value);
  return type.kind === 'int' ? BigInt.asIntN(type.width, value) : value;
}

/** The expression, or a literal of its value where that is known. */
export function folded(expr: Expr, lookup?: Lookup): Expr {
  const value = known(expr, lookup);
  const { type, loc } = expr;
  if (typeof value === 'bigint') return expr.kind === 'member' ? expr : { kind: 'const', value, type, loc };
  if (typeof value === 'boolean') return { kind: 'bool', value, type, loc };
  return typeof value === 'string' ? { kind: 'string', value, type, loc } : expr;
}
