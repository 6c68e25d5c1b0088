/** Expressions and l-values. Evaluating gives aggregates by reference; whoever stores one copies it. */
import { arithmetic, compare, concatenate, negateOrInvert, slice } from '../../compiler/ir/arithmetic.js';
import type { BinaryExpr, Expr, KeySet, Type } from '../../compiler/ir/index.js';
import type { OfKind } from '../../compiler/ir/visit.js';
import { truncate } from '../../compiler/support/bits.js';
import { InternalError, invariant } from '../../compiler/support/invariant.js';
import { PacketIn } from './core.js';
import { ParserStop, type Scope } from './scope.js';
import { clone, equal, type HeaderValue, overwrite, type StackValue, type StructValue, type Value } from './values.js';

export function evaluate(expr: Expr, scope: Scope): Value {
  return (evaluators[expr.kind] as (e: Expr, scope: Scope) => Value)(expr, scope);
}

export function evaluateBits(expr: Expr, scope: Scope): bigint {
  const value = evaluate(expr, scope);
  if (typeof value !== 'bigint') throw new InternalError(`a number was expected, not ${typeof value}`);
  return value;
}

export function evaluateBool(expr: Expr, scope: Scope): boolean {
  const value = evaluate(expr, scope);
  if (typeof value !== 'boolean') throw new InternalError(`a bool was expected, not ${typeof value}`);
  return value;
}

const evaluators: { readonly [K in Expr['kind']]: (e: OfKind<Expr, K>, scope: Scope) => Value } = {
  const: (e) => e.value,
  bool: (e) => e.value,
  string: (e) => e.value,
  member: (e, scope) => (e.type.kind === 'error' ? e.name : scope.types.member(e.type, e.name)),
  name: (e, scope) => scope.get(e.name),
  field: (e, scope) => fieldsOf(evaluate(e.base, scope)).get(e.name) as Value,
  index: (e, scope) => elementsOf(evaluate(e.base, scope))[indexOf(e.index, scope)] ?? scope.types.default(e.type),
  'stack-member': (e, scope) => {
    const stack = stackOf(evaluate(e.base, scope));
    switch (e.member) {
      case 'size':
        return BigInt(stack.elements.length);
      case 'lastIndex':
        return truncate(BigInt(stack.next - 1), 32);
      case 'next':
      case 'last':
        return stackElement(stack, e.member, e);
    }
  },
  slice: (e, scope) => slice(evaluateBits(e.base, scope), e.high, e.low),
  unary: (e, scope) => {
    const value = evaluate(e.arg, scope);
    if (e.op === '!') return value !== true;
    invariant(typeof value === 'bigint', `${e.op} of ${typeof value}`);
    return negateOrInvert(e.op, value, scope.types.resolve(e.type) as typeof e.type);
  },
  binary: (e, scope) => binary(e, scope),
  mux: (e, scope) => evaluate(evaluateBool(e.cond, scope) ? e.yes : e.no, scope),
  cast: (e, scope) => scope.types.cast(evaluate(e.arg, scope), e.type),
  'is-valid': (e, scope) => isValid(evaluate(e.header, scope)),
  lookahead: (e, scope) => packetOf(e.packet, scope).lookahead(e.type, scope.types, e.loc),
  'packet-length': (e, scope) => packetOf(e.packet, scope).length,
  struct: (e, scope) => {
    const value = scope.types.default(e.type);
    for (const f of e.fields) fieldsOf(value).set(f.name, evaluateCopy(f.value, scope));
    if (typeof value === 'object' && value.kind === 'header') value.valid = true;
    return value;
  },
  list: (e, scope) => ({ kind: 'tuple', elements: e.elements.map((element) => evaluateCopy(element, scope)) }),
  invalid: (e, scope) => scope.types.default(e.type),
  default: (e, scope) => scope.types.default(e.type),
};

/** A value that shares nothing with any variable. */
export const evaluateCopy = (expr: Expr, scope: Scope): Value => clone(evaluate(expr, scope));

function binary(e: BinaryExpr, scope: Scope): Value {
  if (e.op === '&&') return evaluateBool(e.left, scope) && evaluateBool(e.right, scope);
  if (e.op === '||') return evaluateBool(e.left, scope) || evaluateBool(e.right, scope);
  const left = evaluate(e.left, scope);
  const right = evaluate(e.right, scope);
  if (e.op === '==') return equal(left, right);
  if (e.op === '!=') return !equal(left, right);
  if (typeof left !== 'bigint' || typeof right !== 'bigint') throw new InternalError(`${e.op} of ${typeof left} and ${typeof right}`);
  const type = scope.types.resolve(e.left.type) as Expr['type'];
  switch (e.op) {
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compare(e.op, left, right);
    case '++':
      return concatenate(left, right, scope.types.width(e.right.type), e.type);
    default:
      return arithmetic(e.op, left, right, type);
  }
}

function packetOf(packet: Expr, scope: Scope): PacketIn {
  const value = evaluate(packet, scope);
  invariant(value instanceof PacketIn, 'a packet was expected');
  return value;
}

function isValid(value: Value): boolean {
  invariant(typeof value === 'object', 'isValid of a scalar');
  if (value.kind === 'header') return value.valid;
  invariant(value.kind === 'union', `isValid of a ${value.kind}`);
  return [...value.fields.values()].some((header) => header.valid);
}

export function fieldsOf(value: Value): Map<string, Value> {
  invariant(typeof value === 'object' && 'fields' in value, 'a field of something without fields');
  return value.fields as Map<string, Value>;
}

function elementsOf(value: Value): Value[] {
  invariant(typeof value === 'object' && 'elements' in value, 'an element of something without elements');
  return value.elements;
}

export function stackOf(value: Value): StackValue {
  invariant(typeof value === 'object' && value.kind === 'stack', 'a header stack was expected');
  return value;
}

export function headerOf(value: Value): HeaderValue {
  invariant(typeof value === 'object' && value.kind === 'header', 'a header was expected');
  return value;
}

/** -1 for an index that is too large for any stack. */
function indexOf(index: Expr, scope: Scope): number {
  const value = evaluateBits(index, scope);
  return value <= 0xffff_ffffn ? Number(value) : -1;
}

function stackElement(stack: StackValue, which: 'next' | 'last', at: Expr): Value {
  const element = stack.elements[which === 'next' ? stack.next : stack.next - 1];
  if (element === undefined) throw new ParserStop({ kind: 'error', error: 'StackOutOfBounds' }, at.loc);
  return element;
}

// ── l-values ──

/** A place that holds a value. What it refers to is settled when it is made. */
export interface LValue {
  get(): Value;
  set(value: Value): void;
  /** Within an invalid header: writing has no effect. */
  readonly ignored: boolean;
  /** The struct and the field in it, for a field of a struct or a part of one. */
  readonly member: { readonly struct: StructValue; readonly field: string } | undefined;
}

export function lvalue(expr: Expr, scope: Scope): LValue {
  switch (expr.kind) {
    case 'name':
      return { get: () => scope.get(expr.name), set: (value) => scope.set(expr.name, value), ignored: false, member: undefined };
    case 'field': {
      const outer = lvalue(expr.base, scope);
      const base = outer.get();
      const fields = fieldsOf(base);
      const ignored = outer.ignored || (typeof base === 'object' && base.kind === 'header' && !base.valid);
      return {
        get: () => fields.get(expr.name) as Value,
        set: (value) => {
          if (!ignored) fields.set(expr.name, overwrite(fields.get(expr.name) as Value, value));
        },
        ignored,
        member: typeof base === 'object' && base.kind === 'struct' ? { struct: base, field: expr.name } : undefined,
      };
    }
    case 'index': {
      const outer = lvalue(expr.base, scope);
      return element(elementsOf(outer.get()), indexOf(expr.index, scope), outer.ignored, () => scope.types.default(expr.type));
    }
    case 'stack-member': {
      const outer = lvalue(expr.base, scope);
      const stack = stackOf(outer.get());
      const found = stackElement(stack, expr.member === 'last' ? 'last' : 'next', expr);
      return element(stack.elements, stack.elements.indexOf(found), outer.ignored, () => found);
    }
    case 'slice': {
      const whole = lvalue(expr.base, scope);
      const width = expr.high - expr.low + 1;
      const bits = () => whole.get() as bigint;
      return {
        get: () => truncate(bits() >> BigInt(expr.low), width),
        set: (value) => {
          const cleared = bits() & ~(truncate(-1n, width) << BigInt(expr.low));
          whole.set(scope.types.cast(cleared | ((value as bigint) << BigInt(expr.low)), expr.base.type));
        },
        ignored: whole.ignored,
        member: whole.member,
      };
    }
    default: {
      // Arguments for `in` parameters and temporaries: nothing to write back to.
      const value = evaluate(expr, scope);
      return { get: () => value, set: () => undefined, ignored: true, member: undefined };
    }
  }
}

/** An index out of range reads as the default and ignores writes; BMv2 stops there. */
function element(elements: Value[], index: number, ignored: boolean, missing: () => Value): LValue {
  const outside = index < 0 || index >= elements.length;
  return {
    get: () => (outside ? missing() : (elements[index] as Value)),
    set: (value) => {
      if (!outside && !ignored) elements[index] = overwrite(elements[index] as Value, value);
    },
    ignored: ignored || outside,
    member: undefined,
  };
}

// ── sets ──

/** Whether `value` is in the set (P4-16 §8.15). */
export function matches(set: KeySet, value: Value, scope: Scope): boolean {
  switch (set.kind) {
    case 'any':
      return true;
    case 'value-set':
      return matchesValueSet(set.name, [value], scope);
    case 'value':
      return equal(value, evaluate(set.value, scope));
    case 'mask': {
      const mask = evaluateBits(set.mask, scope);
      return ((value as bigint) & mask) === (evaluateBits(set.value, scope) & mask);
    }
    case 'range':
      return (value as bigint) >= evaluateBits(set.low, scope) && (value as bigint) <= evaluateBits(set.high, scope);
  }
}

/** Whether a member of the value set matches the values, one for each of its fields. */
export function matchesValueSet(name: string, values: readonly Value[], scope: Scope): boolean {
  const valueSet = scope.block?.valueSets.get(name);
  invariant(valueSet, `no value set ${name}`);
  return valueSet.set.has(values.map((value, i) => scope.types.toBits(value, valueSet.fields[i] as Type)));
}
