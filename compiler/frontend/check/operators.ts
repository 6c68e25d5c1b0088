/** What operators take and give (P4-16 §8.5 to §8.10). */
import { wrap } from '../../ir/arithmetic.js';
import { maxConstantSize } from '../../ir/constants.js';
import { divisionProblem, isComparable, isEquality, isOrder, isSized, shiftProblem, takesOperand, takesUnary } from '../../ir/rules.js';
import type { BinaryExpr, BinaryOp, Expr, UnaryExpr } from '../ast.js';
import type { Checker } from './context.js';
import { asNumber, converts, settle } from './convert.js';
import { checkExpr, expectExpr } from './expect.js';
import { maxWidth } from './type-refs.js';
import { bool, fieldsOf, isNumber, isStruct, prune, sameType, showType, string, type Type, underEnum, unknown } from './types.js';
import { integerOf, isKnown, knownValue } from './values.js';

export function checkUnary(c: Checker, expr: UnaryExpr): Type {
  checkExpr(c, expr.arg);
  const type = asNumber(c, expr.arg);
  if (type.kind === 'unknown') return unknown;
  if (takesUnary(expr.op, type)) return type;
  c.report('operand-type', { op: expr.op, types: showType(type) }, expr.loc);
  return unknown;
}

export function checkBinary(c: Checker, expr: BinaryExpr): Type {
  const { op, left, right } = expr;
  if (op === '&&' || op === '||') {
    const fine = [expectExpr(c, left, bool), expectExpr(c, right, bool)];
    const given = [left, right].find((e) => c.typeOf(e).kind === 'default');
    if (given) c.report('operand-type', { op, types: '...' }, given.loc);
    return fine.every(Boolean) && !given ? bool : unknown;
  }
  const [a, b] = [checkExpr(c, left), checkExpr(c, right)];
  if (a.kind === 'unknown' || b.kind === 'unknown') return isComparison(op) ? bool : unknown;
  const type = apply(c, expr, a, b);
  if (type) return overflows(c, expr, type) ? unknown : type;
  c.report('operand-type', { op, types: `${showType(a)} and ${showType(b)}` }, expr.opLoc);
  return isComparison(op) ? bool : unknown;
}

/** Numbers of any size, and texts, are computed here: they have a limit. */
function overflows(c: Checker, expr: BinaryExpr, type: Type): boolean {
  if (type.kind !== 'integer' && type.kind !== 'string') return false;
  c.setType(expr, type);
  if (knownValue(c, expr) !== undefined || knownValue(c, expr.left) === undefined || knownValue(c, expr.right) === undefined) return false;
  // What has no value otherwise is reported already.
  if (['/', '%'].includes(expr.op)) return false;
  c.report(
    'value-too-large',
    { what: type.kind === 'string' ? 'the characters of a text are' : 'the bits of a number are', limit: maxConstantSize },
    expr.opLoc,
  );
  return true;
}

const isComparison = (op: BinaryOp): boolean => isEquality(op) || isOrder(op);

/** The type of the result; undefined where the operator does not take such operands. */
function apply(c: Checker, { op, left, right }: BinaryExpr, a: Type, b: Type): Type | undefined {
  switch (op) {
    case '==':
    case '!=': {
      const type = commonType(c, left, right);
      return type && isComparable(type, comparedParts) ? bool : undefined;
    }
    case '<<':
    case '>>':
      return shift(c, op, left, right);
    case '++': {
      if (a.kind === 'string' && b.kind === 'string') return string;
      const [x, y] = [asNumber(c, left), asNumber(c, right)];
      if (!takesOperand(op, x) || !takesOperand(op, y) || !isSized(x) || !isSized(y)) return undefined;
      if (x.width + y.width <= maxWidth) return { kind: x.kind, width: x.width + y.width };
      c.report('value-too-large', { what: 'the bits of a value are', limit: maxWidth }, right.loc);
      return unknown;
    }
    default: {
      const type = commonNumber(underEnum(a), underEnum(b));
      if (!type || !takesOperand(op, type)) return undefined;
      if ((op === '/' || op === '%') && !isDivision(c, op, left, right, type)) return type;
      settle(c, left, type);
      settle(c, right, type);
      return isComparison(op) ? bool : type;
    }
  }
}

function shift(c: Checker, op: '<<' | '>>', left: Expr, right: Expr): Type | undefined {
  const [a, b] = [asNumber(c, left), asNumber(c, right)];
  if (!isNumber(a) || !isNumber(b)) return undefined;
  const by = integerOf(c, right);
  const problem = shiftProblem(b, by);
  if (problem) {
    c.report(problem, { by: `${by}`, type: showType(b) }, right.loc);
    return a;
  }
  if (a.kind === 'integer' && by !== undefined && by > maxConstantSize) {
    c.report('shift-too-far', { by: `${by}`, limit: maxConstantSize }, right.loc);
    return unknown;
  }
  if (isSized(a) && by !== undefined && by >= a.width) {
    c.report('shift-overflow', { op, by: `${by}`, type: showType(a), width: a.width }, right.loc);
  }
  if (a.kind === 'integer' && !isKnown(c, right)) c.report('shift-of-integer', {}, right.loc);
  return a;
}

/** Reports a division by 0, and one of numbers without a width that are negative. */
function isDivision(c: Checker, op: '/' | '%', left: Expr, right: Expr, type: Type): boolean {
  const [dividend, divisor] = [integerOf(c, left), integerOf(c, right)];
  const problem = divisionProblem(dividend, divisor !== undefined && wrap(divisor, type) === 0n ? 0n : divisor);
  if (problem) c.report(problem, { op }, problem === 'negative-division' && (divisor ?? 0n) >= 0n ? left.loc : right.loc);
  return !problem;
}

/** The type of numbers that both operands have or are implicitly cast to. */
function commonNumber(a: Type, b: Type): Type | undefined {
  if (!isNumber(a) || !isNumber(b)) return undefined;
  if (a.kind === 'integer') return b;
  return b.kind === 'integer' || sameType(a, b) ? a : undefined;
}

/** The type of one of the operands that the other has, or is implicitly cast to. */
export function commonType(c: Checker, left: Expr, right: Expr): Type | undefined {
  const [a, b] = [c.typeOf(left), c.typeOf(right)];
  const type = common(a, b);
  if (!type) return undefined;
  settle(c, left, type);
  settle(c, right, type);
  return type;
}

function common(a: Type, b: Type): Type | undefined {
  if (sameType(a, b)) return a.kind === 'unknown' ? b : a;
  // Numbers of any size take the size of others, and enums of numbers are compared as these.
  const [x, y] = [underEnum(a), underEnum(b)];
  if (isNumber(x) && isNumber(y)) {
    if (x.kind === 'integer') return y;
    return y.kind === 'integer' || sameType(x, y) ? x : undefined;
  }
  if (a.kind === 'list-value' && b.kind === 'list-value') {
    if (a.elements.length !== b.elements.length) return undefined;
    const elements = a.elements.map((e, i) => common(prune(e), prune(b.elements[i] as Type)));
    return elements.some((e) => !e) ? undefined : { kind: 'list-value', elements: elements as Type[], partial: false };
  }
  return converts(a, b) ? b : converts(b, a) ? a : undefined;
}

/** The types of the parts of a value that `==` compares one by one. */
function comparedParts(t: Type): readonly Type[] | undefined {
  if (isStruct(t)) return fieldsOf(t).map((f) => prune(f.type));
  switch (t.kind) {
    case 'stack':
      return [prune(t.element)];
    case 'newtype':
      return [prune(t.base)];
    case 'tuple':
    case 'list-value':
      return t.elements.map(prune);
    default:
      return undefined;
  }
}
