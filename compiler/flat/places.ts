/** Places: what can be assigned to, and how. */
import type { Expr } from '../ir/expr.js';
import type { Type } from '../ir/types.js';
import { maxUnsigned } from '../support/bits.js';
import { invariant } from '../support/invariant.js';
import type { Loc } from '../support/location.js';
import { binaryOf, bitScalar, castOf, constantOf, muxOf, sliceOf, slotOf, widthOf } from './exprs.js';
import type { Frame } from './frame.js';
import type { FlatExpr, Header, Stack } from './program.js';
import {
  childrenOf,
  disjoint,
  fieldOf,
  type HeaderTree,
  isConstant,
  isHeader,
  scalar,
  scalarOf,
  slotsOf,
  type Tree,
  validityOf,
} from './trees.js';

export type Place =
  /** A tree of slots; or a value, to which nothing is assigned. */
  | { readonly kind: 'known'; readonly tree: Tree }
  /** The first for which the condition holds. Without any, it reads as `missing`, and writes have no effect. */
  | { readonly kind: 'chosen'; readonly cases: readonly Choice[]; readonly missing: Tree }
  | { readonly kind: 'slice'; readonly base: Place; readonly high: number; readonly low: number };
interface Choice {
  readonly cond: FlatExpr;
  readonly place: Place;
}

/** The place that an expression stands for, settled now: what is computed in it is not computed again. */
export function placeOf(expr: Expr, frame: Frame): Place {
  switch (expr.kind) {
    case 'name':
      return { kind: 'known', tree: frame.scope.get(expr.name) };
    case 'field':
      return mapped(placeOf(expr.base, frame), (tree) => fieldOf(tree, expr.name));
    case 'index':
      return elementAt(placeOf(expr.base, frame), scalarOf(frame.evaluate(expr.index, frame)), expr, frame);
    case 'stack-member':
      return expr.member === 'next' || expr.member === 'last'
        ? endOfStack(expr.member, placeOf(expr.base, frame), expr, frame)
        : computed(expr, frame);
    case 'slice':
      return { kind: 'slice', base: placeOf(expr.base, frame), high: expr.high, low: expr.low };
    default:
      return computed(expr, frame);
  }
}

const computed = (expr: Expr, frame: Frame): Place => ({ kind: 'known', tree: frame.evaluate(expr, frame) });

/** A part of what is there. */
export function mapped(place: Place, part: (tree: Tree) => Tree): Place {
  switch (place.kind) {
    case 'known':
      return { kind: 'known', tree: part(place.tree) };
    case 'chosen':
      return {
        kind: 'chosen',
        cases: place.cases.map(({ cond, place: inner }) => ({ cond, place: mapped(inner, part) })),
        missing: part(place.missing),
      };
    case 'slice':
      invariant(false, 'a part of a slice');
  }
}

function elementAt(base: Place, index: FlatExpr, of: Pick<Expr, 'type' | 'loc'>, frame: Frame): Place {
  const { type, loc } = of;
  if (base.kind === 'chosen')
    return {
      ...base,
      cases: base.cases.map(({ cond, place }) => ({ cond, place: elementAt(place, index, of, frame) })),
      missing: frame.layout.default(type),
    };
  invariant(base.kind === 'known', 'an element of a slice');
  const elements = childrenOf(base.tree);
  const missing = frame.layout.default(type);
  if (index.kind === 'const') {
    const found = elements[Number(index.value)];
    return found ? { kind: 'known', tree: found } : { kind: 'chosen', cases: [], missing };
  }
  const settled = settledScalar(index, 'index', loc, frame);
  const most = maxUnsigned(widthOf(settled.type));
  const cases = elements.flatMap((tree, i): Choice[] =>
    BigInt(i) > most ? [] : [{ cond: binaryOf('==', settled, constantOf(i, settled.type)), place: { kind: 'known', tree } }],
  );
  return { kind: 'chosen', cases, missing };
}

/** `next` and `last`: error.StackOutOfBounds where there is none. */
function endOfStack(member: 'next' | 'last', base: Place, expr: Expr, frame: Frame): Place {
  invariant(base.kind === 'known' && base.tree.kind === 'stack', `${member} of what is no stack`);
  const { stack, elements } = base.tree;
  checkEnd(member, stack, expr.loc, frame);
  const next = settledScalar(slotOf(stack.next), 'nextIndex', expr.loc, frame);
  const place = (tree: Tree, i: number): Choice => ({
    cond: binaryOf('==', next, constantOf(member === 'next' ? i : i + 1, next.type)),
    place: { kind: 'known', tree },
  });
  return { kind: 'chosen', cases: elements.map(place), missing: frame.layout.default(expr.type) };
}

export function checkEnd(member: 'next' | 'last', { elements, next }: Stack, loc: Loc, { info, out }: Frame): void {
  const limit = constantOf(member === 'next' ? elements.length : 0, next.type);
  const error = constantOf(info.errors.indexOf('StackOutOfBounds'), bitScalar(32));
  out.add({ kind: 'verify', cond: binaryOf('!=', slotOf(next), limit), error, loc });
}

/** A value that stays as it is while the statement runs. */
export function settledScalar(value: FlatExpr, name: string, loc: Loc, { layout, out }: Frame): FlatExpr {
  if (value.kind === 'const') return value;
  const target = layout.slot(name, value.type);
  out.add({ kind: 'assign', target, value, loc });
  return slotOf(target);
}

// ── reading ──

export function read(place: Place, type: Type, loc: Loc, frame: Frame): Tree {
  switch (place.kind) {
    case 'known':
      return place.tree;
    case 'slice':
      return scalar(sliceOf(scalarOf(read(place.base, type, loc, frame)), place.high, place.low));
    case 'chosen': {
      const parts = place.cases.map((c) => ({ cond: c.cond, tree: read(c.place, type, loc, frame) }));
      if (place.missing.kind === 'scalar')
        return scalar(parts.reduceRight((no, { cond, tree }) => muxOf(cond, scalarOf(tree), no), place.missing.value));
      const target = frame.layout.place(type, 'element');
      store(target, place.missing, loc, frame);
      choose(place.cases, (c) => store(target, read(c.place, type, loc, frame), loc, frame), loc, frame);
      return target;
    }
  }
}

/** The validity of a header at the place. */
export const validityAt = (place: Place, loc: Loc, frame: Frame): FlatExpr =>
  scalarOf(
    read(
      mapped(place, (tree) => scalar(validityOf(tree))),
      { kind: 'bool' },
      loc,
      frame,
    ),
  );

function choose(cases: readonly Choice[], then: (choice: Choice) => void, loc: Loc, frame: Frame): void {
  const [first, ...rest] = cases;
  if (!first) return;
  frame.out.branch(
    first.cond,
    () => then(first),
    () => choose(rest, then, loc, frame),
    loc,
  );
}

// ── writing ──

/** Calls `change` with each tree that the place may be, where it is that one. */
export function eachTree(place: Place, change: (tree: Tree) => void, loc: Loc, frame: Frame): void {
  if (place.kind === 'known') change(place.tree);
  else if (place.kind === 'chosen') choose(place.cases, (c) => eachTree(c.place, change, loc, frame), loc, frame);
  else invariant(false, 'a slice is no header');
}

/** Assigns a value, which is settled where it would be computed several times. */
export function assign(place: Place, value: Tree, type: Type, loc: Loc, frame: Frame): void {
  switch (place.kind) {
    case 'known':
      storeAtOnce(place.tree, value, type, loc, frame);
      return;
    case 'chosen': {
      const settled = settledTree(value, type, loc, frame);
      eachTree(place, (tree) => store(tree, settled, loc, frame), loc, frame);
      return;
    }
    case 'slice':
      assignBits(place.base, place.high, place.low, scalarOf(value), loc, frame);
  }
}

/** `value` becomes the bits `high` to `low` of what is there. */
function assignBits(base: Place, high: number, low: number, value: FlatExpr, loc: Loc, frame: Frame): void {
  if (base.kind === 'slice') {
    assignBits(base.base, base.low + high, base.low + low, value, loc, frame);
    return;
  }
  const settled = base.kind === 'known' ? value : settledScalar(value, 'bits', loc, frame);
  eachTree(
    base,
    (tree) => {
      const whole = scalarOf(tree);
      const width = widthOf(whole.type);
      const bits = bitScalar(width);
      const mask = constantOf(maxUnsigned(width) ^ (maxUnsigned(high - low + 1) << BigInt(low)), bits);
      const kept = binaryOf('&', castOf(whole, bits), mask);
      const wide = castOf(settled, bits);
      const moved = low === 0 ? wide : binaryOf('<<', wide, constantOf(low, bitScalar(32)));
      store(tree, scalar(castOf(binaryOf('|', kept, moved), whole.type)), loc, frame);
    },
    loc,
    frame,
  );
}

/** As `store`, where the value may read what is written: a struct or a computed header is stored in several statements. */
function storeAtOnce(target: Tree, value: Tree, type: Type, loc: Loc, frame: Frame): void {
  const safe = target.kind === 'scalar' || !['parts', 'header-value'].includes(value.kind) || disjoint(slotsOf(target), slotsOf(value));
  store(target, safe ? value : settledTree(value, type, loc, frame), loc, frame);
}

/** The value in slots of its own, unless it is constant. */
export function settledTree(value: Tree, type: Type, loc: Loc, frame: Frame): Tree {
  if (isConstant(value)) return value;
  const target = frame.layout.place(type, 'value');
  store(target, value, loc, frame);
  return target;
}

/** Makes the slots of `target` those of the value. Nothing that is written is read by what comes after it. */
export function store(target: Tree, value: Tree, loc: Loc, frame: Frame): void {
  if (target === value) return;
  switch (target.kind) {
    case 'scalar':
      if (target.value.kind === 'slot') frame.out.add({ kind: 'assign', target: target.value.slot, value: scalarOf(value), loc });
      return;
    case 'header':
      storeHeader(target, value, loc, frame);
      clearSiblings(target.header, loc, frame);
      return;
    case 'union': {
      const members = childrenOf(value);
      childrenOf(target).forEach((member, i) => {
        storeHeader(member as HeaderTree, members[i] as Tree, loc, frame);
      });
      return;
    }
    case 'stack': {
      if (value.kind === 'stack') {
        if (value.stack !== target.stack) frame.out.add({ kind: 'copy-stack', target: target.stack, source: value.stack, loc });
        return;
      }
      // The elements are invalid then, and nextIndex is 0.
      frame.out.add({ kind: 'pop', stack: target.stack, count: target.elements.length, loc });
      const elements = childrenOf(value);
      target.elements.forEach((element, i) => {
        store(element, elements[i] as Tree, loc, frame);
      });
      return;
    }
    case 'parts': {
      const parts = childrenOf(value);
      childrenOf(target).forEach((part, i) => {
        store(part, parts[i] as Tree, loc, frame);
      });
      return;
    }
    default:
      invariant(false, `an assignment to a ${target.kind}`);
  }
}

/** The header alone. */
function storeHeader(target: HeaderTree, value: Tree, loc: Loc, frame: Frame): void {
  invariant(isHeader(value), `a ${value.kind} is assigned to a header`);
  const { header } = target;
  if (value.kind === 'header') {
    if (value.header !== header) frame.out.add({ kind: 'copy-header', target: header, source: value.header, loc });
    return;
  }
  const makeValid = (): void => {
    frame.out.add({ kind: 'validity', header, valid: true, loc });
    const fields = childrenOf(value);
    childrenOf(target).forEach((field, i) => {
      store(field, fields[i] as Tree, loc, frame);
    });
  };
  frame.out.branch(value.valid, makeValid, () => frame.out.add({ kind: 'validity', header, valid: false, loc }), loc);
}

/** At most one member of a union is valid (P4-16 §8.21). */
export function clearSiblings({ union, id }: Header, loc: Loc, { out }: Frame): void {
  for (const sibling of union?.members ?? []) if (sibling.id !== id) out.add({ kind: 'validity', header: sibling, valid: false, loc });
}
