/** What select cases and entries match (P4-16 §8.15). */
import type { KeySet } from '../../ir/expr.js';
import type { Type } from '../../ir/types.js';
import type * as ast from '../ast.js';
import type { Body } from './body.js';
import { converted, lowerExpr } from './expressions.js';

/** For each thing that is matched its set; one for all where that is a value set or `_`. */
export function lowerKeySets(b: Body, sets: readonly ast.KeySet[], types: readonly Type[]): readonly KeySet[] {
  const [only] = sets;
  if (sets.length === 1 && only?.kind === 'value' && !valueSetOf(b, only.value)) {
    const value = lowerExpr(b, only.value);
    if (value.kind === 'list' && value.elements.length === types.length)
      return value.elements.map((e): KeySet => ({ kind: 'value', value: e }));
  }
  return sets.map((set, i) => lowerKeySet(b, set, types[i]));
}

function lowerKeySet(b: Body, set: ast.KeySet, type: Type | undefined): KeySet {
  const part = (e: ast.Expr) => {
    const value = lowerExpr(b, e);
    return value.type.kind === 'integer' && type ? converted(b, value, type) : value;
  };
  switch (set.kind) {
    case 'any':
      return { kind: 'any' };
    case 'mask':
      return { kind: 'mask', value: part(set.value), mask: part(set.mask) };
    case 'range':
      return { kind: 'range', low: part(set.low), high: part(set.high) };
    case 'value': {
      const name = valueSetOf(b, set.value);
      return name === undefined ? { kind: 'value', value: part(set.value) } : { kind: 'value-set', name };
    }
  }
}

function valueSetOf(b: Body, e: ast.Expr): string | undefined {
  const entity = e.kind === 'name' ? b.program.findings.entities.get(e.path) : undefined;
  return entity?.kind === 'value-set' ? b.nameOf(entity.decl) : undefined;
}
