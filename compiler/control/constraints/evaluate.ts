/** Conditions of constraints as functions, made once: an entry is checked without looking at the tree again. */
import { type Condition, type ConstraintType, type MatchKind, type Part, partsOf, type Value } from '../../analysis/constraints/ast.js';
import { maxUnsigned, truncate } from '../../support/bits.js';
import { unreachable } from '../../support/invariant.js';
import type { MatchValue } from '../match.js';

/** What is checked: an entry, or a call of an action, whose arguments are matches of one value. */
export interface Subject {
  /** Of the keys of the table or the parameters of the action, in their order, as the control plane has them. */
  readonly values: readonly MatchValue[];
  /** 0 where there is none. */
  readonly priority: number;
}

export type Predicate = (subject: Subject) => boolean;
type NumberOf = (subject: Subject) => bigint;

export function compileCondition(condition: Condition): Predicate {
  switch (condition.kind) {
    case 'bool': {
      const { value } = condition;
      return () => value;
    }
    case 'not': {
      const arg = compileCondition(condition.arg);
      return (s) => !arg(s);
    }
    case 'and': {
      const args = condition.args.map(compileCondition);
      return (s) => args.every((arg) => arg(s));
    }
    case 'or': {
      const args = condition.args.map(compileCondition);
      return (s) => args.some((arg) => arg(s));
    }
    case 'implies':
    case 'same':
    case 'differ': {
      const [left, right] = [compileCondition(condition.left), compileCondition(condition.right)];
      if (condition.kind === 'implies') return (s) => !left(s) || right(s);
      return condition.kind === 'same' ? (s) => left(s) === right(s) : (s) => left(s) !== right(s);
    }
    case 'compare':
      return comparison(condition);
  }
}

function comparison({ op, left, right }: Condition & { readonly kind: 'compare' }): Predicate {
  const [a, b] = [numbersOf(left), numbersOf(right)];
  const pairs = a.map((one, i) => [one, b[i] as NumberOf] as const);
  const [first, second] = pairs;
  const [x, y] = first as readonly [NumberOf, NumberOf];
  switch (op) {
    case '==':
      return second ? (s) => x(s) === y(s) && second[0](s) === second[1](s) : (s) => x(s) === y(s);
    case '!=':
      return second ? (s) => x(s) !== y(s) || second[0](s) !== second[1](s) : (s) => x(s) !== y(s);
    case '<':
      return (s) => x(s) < y(s);
    case '<=':
      return (s) => x(s) <= y(s);
    case '>':
      return (s) => x(s) > y(s);
    case '>=':
      return (s) => x(s) >= y(s);
    default:
      return unreachable(op);
  }
}

/** The parts of the match, or the number alone. */
function numbersOf(value: Value): readonly NumberOf[] {
  const { type } = value;
  if (type.kind === 'bool' || type.kind === 'int' || type.kind === 'bit') return [numberOf(value)];
  if (value.kind === 'convert') {
    const number = numberOf(value.arg);
    return partsOf[type.kind].map((part) => {
      const rest = type.kind === 'lpm' ? BigInt(type.width) : maxUnsigned(type.width);
      return part === 'mask' || part === 'prefix_length' ? () => rest : number;
    });
  }
  const { index } = value as Value & { readonly kind: 'name' };
  return partsOf[type.kind].map((part) => partOf(index, type.kind as MatchKind, part, type.width));
}

function numberOf(value: Value): NumberOf {
  switch (value.kind) {
    case 'int': {
      const number = value.value;
      return () => number;
    }
    case 'priority':
      return (s) => BigInt(s.priority);
    case 'negate': {
      const arg = numberOf(value.arg);
      return (s) => -arg(s);
    }
    case 'name':
      return partOf(value.index, 'exact', 'value', 0);
    case 'part':
      return partOf(value.index, value.of, value.part, widthOf(value));
    case 'convert': {
      const arg = numberOf(value.arg);
      const width = widthOf(value);
      if (value.arg.kind !== 'int') return (s) => truncate(arg(s), width);
      const number = truncate(value.arg.value, width);
      return () => number;
    }
  }
}

const widthOf = ({ type }: { readonly type: ConstraintType }): number => ('width' in type ? type.width : 0);

/** A key that is left out matches everything: its mask is 0, its prefix is empty, its range is whole. */
function partOf(index: number, of: MatchKind, part: Part, width: number): NumberOf {
  const all = maxUnsigned(width);
  const read =
    (get: (match: MatchValue) => bigint): NumberOf =>
    (s) =>
      get(s.values[index] as MatchValue);
  switch (part) {
    case 'value':
      return read((m) => ('value' in m ? m.value : 0n));
    case 'mask':
      return of === 'optional' ? read((m) => (m.kind === 'any' ? 0n : all)) : read((m) => (m.kind === 'ternary' ? m.mask : 0n));
    case 'prefix_length':
      return read((m) => (m.kind === 'lpm' ? BigInt(m.prefixLength) : 0n));
    case 'low':
      return read((m) => (m.kind === 'range' ? m.low : 0n));
    case 'high':
      return read((m) => (m.kind === 'range' ? m.high : all));
  }
}
