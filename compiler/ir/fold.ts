/** Values of expressions of the IR that are known when a program is compiled (P4-16 §18.1). */
import { slice } from './arithmetic.js';
import { binaryConstant, castConstant, type Scalar, unaryConstant } from './constants.js';
import type { BinaryExpr, Expr, FieldExpr, StructExpr } from './expr.js';

export type Lookup = (name: string) => Expr | undefined;

/** `lookup`: the values of constants, and of members of enums and errors, as `Enum.member` and `error.name`. Undefined where the value is not known. */
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
      const value = lookup(`${expr.type.kind === 'named' ? expr.type.name : expr.type.kind}.${expr.name}`);
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
      const value = fieldOf(expr, lookup);
      return value && inner(value);
    }
    case 'stack-member':
      return expr.member === 'size' && expr.base.type.kind === 'stack' ? BigInt(expr.base.type.size) : undefined;
    default:
      return undefined;
  }
}

const fieldOf = ({ base, name }: FieldExpr, lookup: Lookup): Expr | undefined =>
  structure(base, lookup)?.fields.find((f) => f.name === name)?.value;

function structure(expr: Expr, lookup: Lookup): StructExpr | undefined {
  if (expr.kind === 'struct') return expr;
  const value = expr.kind === 'name' ? lookup(expr.name) : expr.kind === 'field' ? fieldOf(expr, lookup) : undefined;
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
