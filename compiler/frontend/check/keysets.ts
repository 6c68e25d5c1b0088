/** What a select case or a table entry matches (P4-16 §8.15). */
import type { Expr, KeySet } from '../ast.js';
import type { Checker } from './context.js';
import { accept, converts } from './convert.js';
import { checkExpr } from './expect.js';
import { commonType } from './operators.js';
import { fieldsOf, isNumber, prune, sameType, showType, type Type, underEnum } from './types.js';

/** The expressions of a key set. */
export function partsOf(set: KeySet) {
  return set.kind === 'value' ? [set.value] : set.kind === 'mask' ? [set.value, set.mask] : set.kind === 'range' ? [set.low, set.high] : [];
}

/** Takes a value where one of a type is matched: as an entry, with `accept`, or as a case, with `acceptLabel`. */
type Accept = (c: Checker, expr: Expr, type: Type) => boolean;

/** Checks one key set against the type of what it matches. */
function checkKeySet(c: Checker, set: KeySet, type: Type, take: Accept): void {
  const to = underEnum(type);
  if (set.kind === 'value') {
    const from = checkExpr(c, set.value);
    if (from.kind === 'set') {
      if (!sameType(from.element, type) && !isSetOf(from.element, type)) {
        c.report('type-mismatch', { got: showType(from), expected: showType(type) }, set.loc);
      }
    } else take(c, set.value, type);
    return;
  }
  if (set.kind === 'any') return;
  const [low, high] = set.kind === 'mask' ? [set.value, set.mask] : [set.low, set.high];
  const [a, b] = [checkExpr(c, low), checkExpr(c, high)];
  if (a.kind === 'unknown' || b.kind === 'unknown') return;
  const op = set.kind === 'mask' ? '&&&' : '..';
  if (!isNumber(underEnum(a)) || !isNumber(underEnum(b)) || !commonType(c, low, high)) {
    c.report('operand-type', { op, types: `${showType(a)} and ${showType(b)}` }, set.loc);
    return;
  }
  for (const part of [low, high]) if (!converts(c.typeOf(part), to)) return void accept(c, part, to);
  for (const part of [low, high]) accept(c, part, to);
}

/** Takes the label of a case of a select: values of the type, and numbers where it is an enum with an underlying type (P4-16 §8.11.2). */
export function acceptLabel(c: Checker, expr: Expr, type: Type): boolean {
  const from = c.typeOf(expr);
  return accept(c, expr, !sameType(from, type) && isNumber(underEnum(from)) ? underEnum(type) : type);
}

/** A value set of structs or tuples of one element. */
function isSetOf(element: Type, type: Type): boolean {
  const [only, ...others] = flat(element);
  return only !== undefined && others.length === 0 && sameType(only, type);
}

/** What is in a value set of this type, field by field. */
function flat(type: Type): readonly Type[] {
  const t = prune(type);
  if (t.kind === 'tuple') return t.elements.flatMap(flat);
  return t.kind === 'struct' ? fieldsOf(t).flatMap((f) => flat(f.type)) : [t];
}

/** Checks the key sets of a case or an entry against what it matches; `expected` in words, for another number of them. */
export function checkKeySets(c: Checker, sets: readonly KeySet[], types: readonly Type[], what: string, take: Accept): void {
  const [only] = sets;
  if (sets.length === 1 && only) {
    if (only.kind === 'any') return;
    // A list of one key.
    if (types.length === 1 && only.kind === 'value' && only.value.kind === 'list' && prune(types[0] as Type).kind !== 'tuple') {
      checkExpr(c, only.value);
      accept(c, only.value, { kind: 'tuple', elements: types });
      return;
    }
    if (types.length !== 1 && only.kind === 'value') {
      // A tuple, or a value set of tuples or structs.
      const whole: Type = { kind: 'tuple', elements: types };
      const from = checkExpr(c, only.value);
      if (from.kind === 'set') {
        const parts = flat(from.element);
        if (parts.length === types.length && parts.every((p, i) => sameType(p, types[i] as Type))) return;
      } else if (from.kind === 'unknown' || from.kind === 'list-value' || from.kind === 'tuple') {
        accept(c, only.value, whole);
        return;
      }
    }
  }
  if (sets.length !== types.length) {
    c.report('key-count', { what, got: sets.length, expected: types.length }, sets[0]?.loc ?? { file: '', line: 0, column: 0 });
    return;
  }
  for (const [i, set] of sets.entries()) checkKeySet(c, set, types[i] as Type, take);
}
