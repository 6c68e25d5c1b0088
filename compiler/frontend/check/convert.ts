/** From one type to another: inference, implicit casts and explicit ones (P4-16 §8.11, §8.17). */

import { wrap } from '../../ir/arithmetic.js';
import { castsScalar, isSized } from '../../ir/rules.js';
import { misfit } from '../../support/bits.js';
import type { Loc } from '../../support/location.js';
import type { Expr } from '../ast.js';
import type { Checker } from './context.js';
import {
  type BlockType,
  type Field,
  fieldsOf,
  type Hole,
  isStruct,
  type ParamInfo,
  prune,
  type StructType,
  sameType,
  showType,
  substituteParams,
  substitutionOf,
  type Type,
  underEnum,
  unknown,
} from './types.js';
import { knownValue, underlying } from './values.js';

/** Binds the holes in `formal` so that `actual` goes with it, as far as it can. */
export function infer(formal: Type, actual: Type): void {
  const a = prune(actual);
  if (formal.kind === 'hole') {
    bind(formal, a);
    return;
  }
  const f = prune(formal);
  const each = (p: readonly Type[], q: readonly Type[]): void => {
    for (const [i, t] of p.entries()) if (q[i]) infer(t, q[i]);
  };
  if (a.kind === 'hole') {
    if (f !== a && !occurs(a, f)) a.bound = f;
    return;
  }
  switch (f.kind) {
    case 'struct':
    case 'header':
    case 'header_union':
      if (a.kind === 'list-value')
        each(
          fieldsOf(f).map((x) => x.type),
          a.elements,
        );
      else if (a.kind === 'struct-value') {
        for (const field of fieldsOf(f)) {
          const given = a.fields.find((x) => x.name === field.name);
          if (given) infer(field.type, given.type);
        }
      } else if (a.kind === f.kind && a.info === f.info) each(f.args, a.args);
      return;
    case 'extern':
      if (a.kind === 'extern' && a.info === f.info) each(f.args, a.args);
      return;
    case 'package':
      if (a.kind === 'package' && a.info === f.info) each(f.args, a.args);
      return;
    case 'parser':
    case 'control':
      if (a.kind === f.kind) {
        if (a.info === f.info) each(f.args, a.args);
        else each(blockParams(f), blockParams(a));
      }
      return;
    case 'tuple':
      if (a.kind === 'tuple' || a.kind === 'list-value') each(f.elements, a.elements);
      return;
    case 'list':
    case 'stack':
      if (a.kind === 'list-value') for (const e of a.elements) infer(f.element, e);
      else if (a.kind === f.kind) infer(f.element, a.element);
      return;
    case 'set':
      infer(f.element, a.kind === 'set' ? a.element : a);
      return;
    default:
  }
}

const blockParams = (t: Type & { kind: 'parser' | 'control' }): readonly Type[] => paramsOf(t).map((p) => p.type);

/** The parameters of a block, with the type's arguments in place of its type parameters. */
export function paramsOf(type: BlockType): readonly ParamInfo[] {
  return substituteParams(type.info.params, substitutionOf(type.info.typeParams, type.args));
}

function bind(hole: Hole, actual: Type): void {
  if (actual === hole || actual.kind === 'default' || actual.kind === 'invalid') return;
  const bound = hole.bound && prune(hole.bound);
  if (bound?.kind === 'hole') bind(bound, actual);
  else if (!bound) {
    if (!occurs(hole, actual)) hole.bound = actual;
  } else if (bound.kind === 'integer' && isSized(underEnum(actual))) hole.bound = actual;
  else if ((bound.kind === 'list-value' || bound.kind === 'struct-value') && actual.kind !== 'list-value' && actual.kind !== 'struct-value')
    hole.bound = actual;
  else infer(bound, actual);
}

/** Whether the type has the hole in it. */
export function occurs(hole: Hole, type: Type): boolean {
  const t = prune(type);
  if (t === hole) return true;
  if ('args' in t) return t.args.some((x) => occurs(hole, x));
  if ('elements' in t) return t.elements.some((x) => occurs(hole, x));
  return 'element' in t ? occurs(hole, t.element) : false;
}

/** Whether a value of one type is taken where another is expected, without a cast being written. */
export function converts(from: Type, to: Type): boolean {
  const [f, t] = [prune(from), prune(to)];
  if (f.kind === 'hole' || t.kind === 'hole') {
    infer(t, f);
    return true;
  }
  if (f.kind === 'unknown' || t.kind === 'unknown' || sameType(f, t)) return true;
  if (t.kind === 'set') return converts(f.kind === 'set' ? f.element : f, t.element);
  switch (f.kind) {
    case 'integer':
      return isSized(t);
    case 'bit':
    case 'int':
      return t.kind === 'integer';
    case 'enum':
      return f.base !== undefined && converts(f.base, t);
    case 'default':
      return hasDefault(t);
    case 'invalid':
      return t.kind === 'header' || t.kind === 'header_union';
    case 'list-value':
      return listConverts(f.elements, f.partial, t, converts);
    case 'struct-value':
      return isStruct(t) && t.kind !== 'header_union' && structConverts(f.fields, f.partial, t, converts);
    case 'struct':
    case 'header':
    case 'extern':
    case 'package':
      return f.kind === t.kind && f.info === t.info && f.args.every((a, i) => same(a, (t.args as readonly Type[])[i]));
    case 'tuple':
      return t.kind === 'tuple' && f.elements.length === t.elements.length && f.elements.every((e, i) => same(e, t.elements[i]));
    case 'stack':
      return t.kind === 'stack' && f.size === t.size && same(f.element, t.element);
    case 'list':
      return t.kind === 'list' && same(f.element, t.element);
    case 'parser':
    case 'control':
      return t.kind === f.kind && blockFits(f, t);
    default:
      return false;
  }
}

/** The same, once holes are bound. */
export function same(a: Type, b: Type | undefined): boolean {
  if (!b) return false;
  infer(b, a);
  infer(a, b);
  return sameType(a, b);
}

/** A block goes where a block type is expected when its parameters are those of the type (P4-16 §17). */
function blockFits(block: BlockType, type: BlockType): boolean {
  const [given, expected] = [paramsOf(block), paramsOf(type)];
  const isType = type.info.decl.kind === 'control-type' || type.info.decl.kind === 'parser-type';
  if (!isType && block.info !== type.info) return false;
  for (const [i, p] of expected.entries()) {
    const q = given[i];
    if (!q) {
      if (!p.optional) return false;
      continue;
    }
    if (p.direction !== q.direction || !same(q.type, p.type)) return false;
  }
  return given.length <= expected.length;
}

type Rule = (from: Type, to: Type) => boolean;

function listConverts(elements: readonly Type[], partial: boolean, to: Type, rule: Rule): boolean {
  const fits = (types: readonly Type[]): boolean =>
    (partial ? elements.length <= types.length && types.slice(elements.length).every(hasDefault) : elements.length === types.length) &&
    elements.every((e, i) => rule(e, types[i] as Type));
  switch (to.kind) {
    case 'tuple':
      return fits(to.elements);
    case 'struct':
    case 'header':
      return fits(fieldsOf(to).map((f) => f.type));
    case 'list':
      return !partial && elements.every((e) => rule(e, to.element));
    case 'stack':
      return (partial ? elements.length <= to.size : elements.length === to.size) && elements.every((e) => rule(e, to.element));
    case 'list-value':
      return fits(to.elements);
    default:
      return false;
  }
}

function structConverts(given: readonly Field[], partial: boolean, to: StructType, rule: Rule): boolean {
  const fields = fieldsOf(to);
  if (!partial && given.length !== fields.length) return false;
  return given.every((g) => {
    const field = fields.find((f) => f.name === g.name);
    return field !== undefined && rule(g.type, field.type);
  });
}

/** Whether the type has a default value, for `...` (P4-16 §7.3). */
function hasDefault(type: Type): boolean {
  const t = prune(type);
  switch (t.kind) {
    case 'bool':
    case 'bit':
    case 'int':
    case 'varbit':
    case 'integer':
    case 'string':
    case 'error':
    case 'enum':
    case 'header':
    case 'header_union':
    case 'unknown':
    case 'var':
    case 'hole':
      return true;
    case 'newtype':
      return hasDefault(t.base);
    case 'struct':
      return fieldsOf(t).every((f) => hasDefault(f.type));
    case 'tuple':
      return t.elements.every(hasDefault);
    case 'stack':
      return hasDefault(t.element);
    default:
      return false;
  }
}

/** Whether `(to) value` may be written (P4-16 §8.11.1). */
export function casts(from: Type, to: Type, asIs = false): boolean {
  const [f, t] = [prune(from), prune(to)];
  if (converts(f, t)) return true;
  // Between a type and what it is made of, the width stays.
  if (asIs && isSized(f) && isSized(t)) return false;
  switch (f.kind) {
    case 'bool':
    case 'bit':
    case 'int':
    case 'integer':
      if (castsScalar(f, t)) return true;
      if (t.kind === 'enum') return f.kind !== 'bool' && t.base !== undefined && casts(f, t.base, isSized(f));
      return t.kind === 'newtype' && casts(f, t.base, isSized(f));
    case 'enum':
      if (t.kind === 'newtype') return casts(f, t.base, true);
      return f.base !== undefined && casts(f.base, t, true);
    case 'newtype':
      return casts(f.base, t, true);
    case 'list-value':
      return listConverts(f.elements, f.partial, t, converts);
    default:
      return t.kind === 'newtype' && f.kind === prune(t.base).kind && casts(f, t.base);
  }
}

/** Gives the expression, and what is in it, the type that its place asks for. */
export function settle(c: Checker, expr: Expr, to: Type): void {
  const from = c.typeOf(expr);
  let t = prune(to);
  while (t.kind === 'set') t = prune(t.element);
  if (sameType(from, t) && from.kind !== 'unknown') return;
  const before = c.casts.get(expr);
  if (before && sameType(before, t)) return;
  c.setCast(expr, t);
  // Of a choice, each side is one.
  if (from.kind === 'integer' && expr.kind !== 'mux') warnOfRange(c, expr, t);
  if (expr.kind === 'list') {
    const types = elementTypes(t, expr.elements.length);
    for (const [i, e] of expr.elements.entries()) if (types[i] && e.kind !== 'default') settle(c, e, types[i] as Type);
  } else if (expr.kind === 'struct' && isStruct(t)) {
    const fields = fieldsOf(t);
    for (const f of expr.fields) {
      const field = fields.find((x) => x.name === f.name.text);
      if (field) settle(c, f.value, field.type);
    }
  } else if (expr.kind === 'mux') {
    settle(c, expr.yes, t);
    settle(c, expr.no, t);
  }
}

/** Warns where a number without a width, whose value is known, is not one of the type that it is cast to (P4-16 §8.11). */
export function warnOfRange(c: Checker, expr: Expr, to: Type): void {
  const value = knownValue(c, expr);
  if (typeof value === 'bigint') warnOfValue(c, value, to, expr.loc);
}

/** The same, of a value. */
export function warnOfValue(c: Checker, value: bigint, to: Type, loc: Loc): void {
  const type = underlying(to);
  const problem = isSized(type) ? misfit(value, type, showType(to)) : undefined;
  if (problem) c.report('literal-overflow', { ...problem, becomes: `${wrap(value, type)}` }, loc);
}

/** The type of the expression as an operand: where it is an enum with an underlying type, it is cast to that (P4-16 §8.11.2). */
export function asNumber(c: Checker, expr: Expr): Type {
  const from = c.typeOf(expr);
  const to = underEnum(from);
  if (to !== from) settle(c, expr, to);
  return to;
}

function elementTypes(t: Type, count: number): readonly Type[] {
  if (isStruct(t)) return fieldsOf(t).map((f) => f.type);
  if (t.kind === 'tuple' || t.kind === 'list-value') return t.elements;
  return t.kind === 'list' || t.kind === 'stack' ? Array.from({ length: count }, () => t.element) : [];
}

/**
 * As `accept`, for what is assigned, initialised or returned: p4c takes a number without a width there for a type that
 * `type` makes of numbers with one, which the specification does not say and programs rely on.
 */
export function acceptAssigned(c: Checker, expr: Expr, to: Type): boolean {
  const type = prune(to);
  if (c.typeOf(expr).kind !== 'integer' || type.kind !== 'newtype' || !isSized(prune(type.base))) return accept(c, expr, to);
  settle(c, expr, type);
  return true;
}

/** The expression is taken where `to` is expected; reports it where it is not. */
export function accept(c: Checker, expr: Expr, to: Type): boolean {
  const from = c.typeOf(expr);
  if (!converts(from, to)) {
    c.report('type-mismatch', { got: showType(from), expected: showType(to) }, expr.loc);
    c.setType(expr, unknown);
    return false;
  }
  settle(c, expr, to);
  return true;
}
