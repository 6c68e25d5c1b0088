/** Values of expressions of the IR that are known when a program is compiled (P4-16 §18.1). */
import { slice } from '../../ir/arithmetic.js';
import { binaryConstant, castConstant, type Scalar, unaryConstant } from '../../ir/constants.js';
import type { BinaryExpr, Expr } from '../../ir/expr.js';

type Lookup = (name: string) => Expr | undefined;

/** `lookup`: the values of constants, and of members of enums that are numbers, as `Enum.member`. Undefined where the value is not known. */
export function known(expr: Expr, lookup: Lookup = () => undefined): Scalar | undefined {
  const inner = (e: Expr): Scalar | undefined => known(e, lookup);
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
      return value === undefined ? undefined : castConstant(value, expr.type);
    }
    case 'unary': {
      const value = inner(expr.arg);
      return value === undefined ? undefined : unaryConstant(expr.op, value, expr.type);
    }
    case 'binary':
      return binary(expr, inner);
    case 'mux': {
      const cond = inner(expr.cond);
      return typeof cond === 'boolean' ? inner(cond ? expr.yes : expr.no) : undefined;
    }
    case 'slice': {
      const value = inner(expr.base);
      return typeof value === 'bigint' ? slice(value, expr.high, expr.low) : undefined;
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

function binary({ op, left, right, type }: BinaryExpr, inner: (e: Expr) => Scalar | undefined): Scalar | undefined {
  const rightWidth = 'width' in right.type ? right.type.width : 0;
  return binaryConstant(op, inner(left), inner(right), { operand: left.type, result: type, rightWidth });
}

/** The expression, or a literal of its value where that is known. */
export function folded(expr: Expr, lookup?: Lookup): Expr {
  const value = known(expr, lookup);
  const { type, loc } = expr;
  if (typeof value === 'bigint') return expr.kind === 'member' ? expr : { kind: 'const', value, type, loc };
  if (typeof value === 'boolean') return { kind: 'bool', value, type, loc };
  return typeof value === 'string' ? { kind: 'string', value, type, loc } : expr;
}
