/**
 * The order of evaluation (P4-16 §6.8, §8.1): operands from left to right. Calls become statements before the statement
 * that has them, so an operand whose value such a statement may change is saved in a variable before it. All places that
 * have more than one operand evaluate them here.
 */
import type { Expr } from '../../ir/expr.js';
import type { Body } from './body.js';
import { type Change, mayChange } from './reads-and-writes.js';

export interface Operand {
  readonly lower: () => Expr;
  /** What the operands after it must not change: the value, the place that it stands for, both, or neither of an object. */
  readonly keep: 'value' | 'place' | 'both' | 'nothing';
}
export interface Evaluated {
  readonly expr: Expr;
  /** Of `both`, where the value had to be saved: the place that `expr` has to be stored in afterwards. */
  readonly place?: Expr;
}

export const value = (lower: () => Expr): Operand => ({ lower, keep: 'value' });
export const place = (lower: () => Expr): Operand => ({ lower, keep: 'place' });

/** The operands, evaluated from left to right. */
export const inOrder = (b: Body, ...operands: readonly Operand[]): readonly Expr[] =>
  evaluated(b, operands, () => undefined).operands.map((o) => o.expr);

/** The operands, evaluated from left to right, and then `rest`, which does not change them either. */
export function evaluated<T>(
  b: Body,
  operands: readonly Operand[],
  rest: () => T,
): { readonly operands: readonly Evaluated[]; readonly rest: T } {
  const lowered = operands.map((operand) => {
    const { made, result } = b.collect(operand.lower);
    return { made, expr: result, behind: b.changes.length, keep: operand.keep };
  });
  const last = b.collect(rest);
  const kept = lowered.map(({ made, expr, behind, keep }): Evaluated => {
    b.append(made);
    return saved(b, expr, keep, b.changes.slice(behind));
  });
  b.append(last.made);
  return { operands: kept, rest: last.result };
}

/** What the changes do not reach. */
function saved(b: Body, expr: Expr, keep: Operand['keep'], changes: readonly Change[]): Evaluated {
  if (keep === 'nothing' || changes.length === 0) return { expr };
  if (keep === 'value') return { expr: savedValue(b, expr, changes) };
  const at = settled(b, expr, changes);
  if (keep === 'place' || !mayChange(b, changes, expr)) return { expr: at };
  return { expr: variable(b, at), place: at };
}

/** The value, which the changes do not reach. */
export function savedValue(b: Body, expr: Expr, changes: readonly Change[]): Expr {
  if (!mayChange(b, changes, expr)) return expr;
  const inner = (e: Expr): Expr => savedValue(b, e, changes);
  switch (expr.kind) {
    case 'list':
      return { ...expr, elements: expr.elements.map(inner) };
    case 'struct':
      return { ...expr, fields: expr.fields.map((f) => ({ ...f, value: inner(f.value) })) };
    case 'cast':
      return expr.arg.kind === 'list' ? { ...expr, arg: inner(expr.arg) } : variable(b, expr);
    default:
      return variable(b, expr);
  }
}

/** The l-value, of which the changes do not reach the indices. */
export function settled(b: Body, expr: Expr, changes: readonly Change[]): Expr {
  switch (expr.kind) {
    case 'field':
    case 'slice':
    case 'stack-member':
      return { ...expr, base: settled(b, expr.base, changes) };
    case 'index':
      return { ...expr, base: settled(b, expr.base, changes), index: savedValue(b, expr.index, changes) };
    default:
      return expr;
  }
}

const variable = (b: Body, expr: Expr): Expr => b.declare('tmp', expr.type, expr.loc, expr);
