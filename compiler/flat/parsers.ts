/** Parsers as states. A parser that another one calls is inlined between two of its states. */
import type { ParserDecl, SelectCase, Transition } from '../ir/decl.js';
import type { KeySet } from '../ir/expr.js';
import { maxUnsigned, truncate } from '../support/bits.js';
import { invariant } from '../support/invariant.js';
import type { Loc } from '../support/location.js';
import { type OpenState, StateEmitter } from './emitter.js';
import { evaluate, rangeOf } from './expressions.js';
import { widthOf } from './exprs.js';
import { copyAllOut, type Frame, inner } from './frame.js';
import type { FlatCase, FlatExpr, FlatSet, KeyRange, NextState } from './program.js';
import { leavesOf } from './trees.js';
import { declareVariables } from './variables.js';

/** Adds the states; what is added afterwards follows `accept`. */
export function runParser(decl: ParserDecl, frame: Frame, loc: Loc): void {
  const { out, instance } = frame;
  invariant(out instanceof StateEmitter && instance, 'a parser outside of a parser');
  declareVariables(instance, frame);
  const prefix = frame.pending.length > 0 ? `${out.current.name}_` : '';
  const states = new Map(decl.states.map((state) => [state.name, out.state(`${prefix}${state.name}`, state.loc)]));
  const accept = out.ownState(`${prefix}accepted`, loc);
  const next = (name: string): NextState => {
    if (name === 'accept') return accept;
    if (name === 'reject') return rejecting(frame, loc);
    const state = states.get(name);
    invariant(state, `${decl.name} has no state ${name}`);
    return state;
  };
  out.goto(next('start'));
  for (const state of decl.states) {
    out.enter(states.get(state.name) as OpenState);
    const within = inner({ ...frame, repeats: true });
    frame.execute(state.body, within);
    leave(state.transition, next, within);
  }
  out.enter(accept);
}

/** What the callers of a parser get when it rejects the packet, they get before. */
function rejecting(frame: Frame, loc: Loc): NextState {
  const { out, pending } = frame;
  if (pending.length === 0 || !(out instanceof StateEmitter)) return 'reject';
  const { current } = out;
  const state = out.ownState(`${current.name}_reject`, loc);
  out.enter(state);
  copyAllOut(frame, loc);
  out.goto('reject');
  out.enter(current);
  return state.body.length === 0 ? 'reject' : state;
}

function leave(transition: Transition, next: (name: string) => NextState, frame: Frame): void {
  const out = frame.out as StateEmitter;
  if (transition.kind === 'goto') {
    out.goto(next(transition.next));
    return;
  }
  const on = transition.on.map((expr) => leavesOf(evaluate(expr, frame)));
  const cases = transition.cases.map((c): FlatCase => ({ set: setOf(c, on, frame), next: next(c.next), loc: c.loc }));
  const last = cases.findIndex(({ set }) => set.kind === 'keys' && set.keys.every((key) => key.kind === 'mask' && key.mask === 0n));
  out.current.transition = {
    kind: 'select',
    on: on.flat(),
    cases: last < 0 ? cases : cases.slice(0, last),
    otherwise: cases[last]?.next,
  };
}

function setOf({ keys }: SelectCase, on: readonly (readonly FlatExpr[])[], frame: Frame): FlatSet {
  const [first] = keys;
  if (keys.length === 1 && first?.kind === 'value-set' && on.flat().length > 1) {
    const found = rangeOf(first, 0, frame);
    invariant(found.kind === 'set', 'a value set');
    return { kind: 'value-set', set: found.set };
  }
  return {
    kind: 'keys',
    keys: on.flatMap((leaves, i) => keysOf(keys[keys.length === 1 ? 0 : i] as KeySet, leaves, keys.length < on.length, frame)),
  };
}

/** One for each scalar of the value selected on. */
function keysOf(set: KeySet, leaves: readonly FlatExpr[], isForAll: boolean, frame: Frame): readonly KeyRange[] {
  if (isForAll) invariant(set.kind === 'any', 'one key for several values');
  if (leaves.length === 1 || set.kind === 'any') return leaves.map((leaf) => rangeOf(set, widthOf(leaf.type), frame));
  invariant(set.kind === 'value', 'a set of structs');
  return leavesOf(evaluate(set.value, frame)).map((leaf): KeyRange => {
    invariant(leaf.kind === 'const', 'a case that is not constant');
    const width = widthOf(leaf.type);
    return { kind: 'mask', value: truncate(leaf.value, width), mask: maxUnsigned(width) };
  });
}
