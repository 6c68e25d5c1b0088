/** Expressions of the program as trees. What has to be settled before is added to the code. */
import type { Expr, KeySet } from '../ir/expr.js';
import type { Type } from '../ir/types.js';
import { partsOf } from '../ir/visit.js';
import { bitLength, maxUnsigned, truncate } from '../support/bits.js';
import { invariant } from '../support/invariant.js';
import type { Loc } from '../support/location.js';
import { StateEmitter } from './emitter.js';
import { binaryOf, bitScalar, boolOf, castOf, constantOf, notOf, sliceOf, slotOf, unaryOf, widthOf } from './exprs.js';
import type { Frame } from './frame.js';
import { checkEnd, type Place, placeOf, read, settledScalar, store, validityAt } from './places.js';
import type { FlatExpr, KeyRange, ScalarType } from './program.js';
import { equalTo, type Fields, numbered, scalar, scalarOf, type Tree } from './trees.js';

type OfKind<K extends Expr['kind']> = Extract<Expr, { readonly kind: K }>;

export function evaluate(expr: Expr, frame: Frame): Tree {
  return (evaluators[expr.kind] as (e: Expr, frame: Frame) => Tree)(expr, frame);
}

export const evaluateScalar = (expr: Expr, frame: Frame): FlatExpr => scalarOf(evaluate(expr, frame));

const readPlace = (expr: Expr, frame: Frame): Tree => read(placeOf(expr, frame), expr.type, expr.loc, frame);

const evaluators: { readonly [K in Expr['kind']]: (e: OfKind<K>, frame: Frame) => Tree } = {
  const: (e, { layout }) => scalar(constantOf(e.value, layout.scalarType(e.type) ?? integerType(e.value))),
  bool: (e) => scalar(boolOf(e.value)),
  string: (e) => ({ kind: 'text', text: e.value }),
  member: (e, frame) => scalar(memberNumber(e, frame)),
  name: readPlace,
  field: (e, frame) => lastField(e, frame) ?? readPlace(e, frame),
  index: readPlace,
  'stack-member': (e, frame) => {
    if (e.member === 'next' || e.member === 'last') return readPlace(e, frame);
    const { type } = e.base;
    if (e.member === 'size') return scalar(constantOf(type.kind === 'stack' ? type.size : 0, bitScalar(32)));
    const stack = evaluate(e.base, frame);
    invariant(stack.kind === 'stack', 'lastIndex of what is no stack');
    return scalar(binaryOf('-', slotOf(stack.stack.next), constantOf(1, bitScalar(32))));
  },
  slice: readPlace,
  unary: (e, frame) => {
    const arg = evaluateScalar(e.arg, frame);
    return scalar(e.op === '+' ? arg : unaryOf(e.op, arg));
  },
  binary: (e, frame) => {
    if (e.op === '&&' && canFail(e.right, frame)) return chosen(e.left, e.right, { ...e, kind: 'bool', value: false }, frame);
    if (e.op === '||' && canFail(e.right, frame)) return chosen(e.left, { ...e, kind: 'bool', value: true }, e.right, frame);
    const [left, right] = [evaluate(e.left, frame), evaluate(e.right, frame)];
    if (e.op === '==') return scalar(equalTo(left, right));
    if (e.op === '!=') return scalar(notOf(equalTo(left, right)));
    return scalar(binaryOf(e.op, scalarOf(left), scalarOf(right)));
  },
  mux: (e, frame) => {
    if (canFail(e.yes, frame) || canFail(e.no, frame)) return chosen(e.cond, e.yes, e.no, frame);
    const cases: Place = {
      kind: 'chosen',
      cases: [{ cond: evaluateScalar(e.cond, frame), place: { kind: 'known', tree: evaluate(e.yes, frame) } }],
      missing: evaluate(e.no, frame),
    };
    return read(cases, e.type, e.loc, frame);
  },
  cast: (e, frame) => frame.layout.cast(evaluate(e.arg, frame), e.type),
  'is-valid': (e, frame) => scalar(validityAt(placeOf(e.header, frame), e.loc, frame)),
  lookahead: (e, frame) => lookedAt(e.type, e.loc, frame),
  'packet-length': () => scalar({ kind: 'packet-length', type: bitScalar(32) }),
  struct: (e, frame) => {
    const value = frame.layout.default(e.type);
    invariant('fields' in value, 'fields of what has none');
    const fields: Fields = new Map([...value.fields, ...e.fields.map((f) => [f.name, evaluate(f.value, frame)] as const)]);
    return value.kind === 'header-value' ? { ...value, valid: boolOf(true), fields } : ({ ...value, fields } as Tree);
  },
  list: (e, frame) => numbered(e.elements.map((element) => evaluate(element, frame))),
  invalid: (e, { layout }) => layout.default(e.type),
  default: (e, { layout }) => layout.default(e.type),
};

/** Whether reading it can end a parser with an error: then it is read only where its value is needed (P4-16 §8.5). */
const canFail = (expr: Expr, frame: Frame): boolean =>
  frame.out instanceof StateEmitter &&
  (expr.kind === 'lookahead' ||
    (expr.kind === 'stack-member' && (expr.member === 'next' || expr.member === 'last')) ||
    partsOf(expr).some((part) => canFail(part, frame)));

/** One of two values, in slots of its own; the other one is not evaluated. */
function chosen(cond: Expr, yes: Expr, no: Expr, frame: Frame): Tree {
  const { layout, out } = frame;
  const target = layout.place(yes.type, 'chosen');
  const take = (expr: Expr) => (): void => store(target, evaluate(expr, frame), expr.loc, frame);
  out.branch(evaluateScalar(cond, frame), take(yes), take(no), cond.loc);
  return target;
}

/** A number of any size has as many bits as it takes. */
const integerType = (value: bigint): ScalarType =>
  value < 0n ? { kind: 'int', width: bitLength(-value) + 1 } : bitScalar(Math.max(1, bitLength(value)));

/** Errors and members without a value are counted from 0. */
export function memberNumber({ type, name }: OfKind<'member'>, { info, layout }: Pick<Frame, 'info' | 'layout'>): FlatExpr {
  const scalarType = layout.scalarType(type) as ScalarType;
  if (type.kind === 'error') return constantOf(info.errors.indexOf(name), scalarType);
  const decl = info.declaration(type);
  invariant(decl?.kind === 'enum', `${name} is of no enum`);
  return constantOf(info.memberValue(type, name) ?? decl.members.findIndex((member) => member.name === name), scalarType);
}

/** A field of `last`, which is read without looking at all elements. */
function lastField({ base, name, type }: OfKind<'field'>, frame: Frame): Tree | undefined {
  const member = base.kind === 'field' ? base : undefined;
  const last = member ? member.base : base;
  if (last.kind !== 'stack-member' || last.member !== 'last') return undefined;
  const stack = evaluate(last.base, frame);
  const scalarType = frame.layout.scalarType(type);
  if (stack.kind !== 'stack' || !scalarType) return undefined;
  const { element } = last.base.type as Extract<Type, { kind: 'stack' }>;
  const index = (of: Type, field: string): number => {
    const decl = frame.info.declaration(of);
    if (decl?.kind === 'header') return frame.info.flatFields(decl).findIndex((f) => f.name === field);
    return (frame.info.fields(of) ?? []).findIndex((f) => f.name === field);
  };
  // A field of a struct in the header is read as any other.
  if (member && !frame.info.isUnion(element)) return undefined;
  checkEnd('last', stack.stack, base.loc, frame);
  if (!member) return scalar({ kind: 'last', stack: stack.stack, field: index(element, name), type: scalarType });
  return scalar({
    kind: 'last',
    stack: stack.stack,
    member: index(element, member.name),
    field: index(member.type, name),
    type: scalarType,
  });
}

/** The parts of an aggregate are slices of its bits: without all of them, nothing is read. */
function lookedAt(type: Type, loc: Loc, frame: Frame): Tree {
  const { layout, info } = frame;
  const known = layout.scalarType(type);
  if (known) return scalar({ kind: 'lookahead', type: known });
  let left = info.width(type);
  const bits = settledScalar({ kind: 'lookahead', type: bitScalar(left) }, 'lookahead', loc, frame);
  const next = (of: Type): Tree => {
    const scalarType = layout.scalarType(of);
    if (scalarType) {
      const high = left - 1;
      left -= widthOf(scalarType);
      return scalar(castOf(sliceOf(bits, high, left), scalarType));
    }
    const resolved = info.resolve(of);
    const parts = (fields: readonly { readonly name: string; readonly type: Type }[]): Fields =>
      new Map(fields.map((f) => [f.name, next(f.type)]));
    switch (resolved.kind) {
      case 'header':
        return { kind: 'header-value', decl: resolved, valid: boolOf(true), fields: parts(resolved.fields) };
      case 'struct':
        return { kind: 'parts', type: { kind: 'named', name: resolved.name }, fields: parts(resolved.fields) };
      case 'tuple':
        return numbered(resolved.elements.map(next));
      case 'stack':
        return numbered(Array.from({ length: resolved.size }, () => next(resolved.element)));
      default:
        invariant(false, 'a lookahead of what has no bits');
    }
  };
  return next(type);
}

// ── sets ──

/** The numbers that a key may be; `_` is any. */
export function rangeOf(set: KeySet, width: number, frame: Frame): KeyRange {
  const number = (expr: Expr): bigint => {
    const value = evaluateScalar(expr, frame);
    invariant(value.kind === 'const', 'a set whose bounds are not constant');
    return truncate(value.value, width);
  };
  switch (set.kind) {
    case 'any':
      return { kind: 'mask', value: 0n, mask: 0n };
    case 'value':
      return { kind: 'mask', value: number(set.value), mask: maxUnsigned(width) };
    case 'mask': {
      const mask = number(set.mask);
      return { kind: 'mask', value: number(set.value) & mask, mask };
    }
    case 'range':
      return { kind: 'range', low: number(set.low), high: number(set.high) };
    case 'value-set': {
      const found = frame.instance?.valueSets.get(set.name);
      invariant(found, `no value set ${set.name}`);
      return { kind: 'set', set: found };
    }
  }
}
