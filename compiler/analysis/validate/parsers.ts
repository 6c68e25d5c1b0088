/** Parser states: transitions, selects, states that cannot be reached, loops that would never end (P4-16 §13). */
import type { ParserDecl, SelectCase, StateDecl, Transition } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import { printExpr } from '../../ir/print.js';
import { isMatched } from '../../ir/rules.js';
import { sameType, type Type, typeName } from '../../ir/types.js';
import { visiting } from '../../ir/visit.js';
import type { Loc } from '../../support/location.js';
import type { Environment, Place } from './environment.js';
import { Scope } from './environment.js';
import { checkExpr, checkKeySet } from './expressions.js';
import { checkName } from './names.js';
import { checkStatements } from './statements.js';

export function checkStates(env: Environment, parser: ParserDecl, place: Place): void {
  const states = new Map<string, StateDecl>();
  for (const state of parser.states) {
    checkName(env, state.name, 'parser state', state.loc);
    // What the parser declares shares the names.
    const local = parser.locals.find(({ name }) => name === state.name);
    const other = states.get(state.name) ?? local;
    if (state.name === 'accept' || state.name === 'reject') env.report('reserved-state', { name: state.name }, state.loc);
    else if (other) {
      const notes = [{ message: `the other "${state.name}" is declared here`, loc: other.loc }];
      env.report('duplicate-name', { name: state.name, what: local ? local.kind : 'parser state' }, state.loc, { notes });
    } else states.set(state.name, state);
  }
  const next = new Set([...states.keys(), 'accept', 'reject']);
  for (const state of parser.states) {
    // Variables of a state live until its transition.
    const inner: Place = { ...place, scope: new Scope(place.scope) };
    checkStatements(env, state.body, inner);
    checkTransition(env, state.transition, next, inner);
    if (!env.isP4) checkNextElements(env, state);
  }
  if (!states.has('start')) env.report('missing-start', { parser: parser.name }, parser.loc);
  else checkReachable(env, states);
  if (!env.isP4) checkLoops(env, states);
}

/** Where a transition may go, with the place that says so. */
export const targetsOf = (transition: Transition): readonly { readonly next: string; readonly loc: Loc }[] =>
  transition.kind === 'goto' ? [transition] : transition.cases;

function checkTransition(env: Environment, transition: Transition, states: ReadonlySet<string>, place: Place): void {
  for (const { next, loc } of targetsOf(transition)) {
    if (!states.has(next)) env.unknown('parser state', next, states, loc);
  }
  if (transition.kind === 'goto') return;
  for (const on of transition.on) checkSelected(env, on, place);
  let all: Loc | undefined;
  for (const c of transition.cases) {
    if (all) {
      env.report('unreachable-case', {}, c.loc, { notes: [{ message: 'this matches everything', loc: all }] });
      break;
    }
    checkCase(env, c, transition.on, place);
    if (c.keys.every((key) => key.kind === 'any')) all = c.loc;
  }
  if (!all && !coversAll(env, transition.on, transition.cases)) {
    env.report('select-without-default', { end: env.arch.selectWithoutMatch ?? 'error' }, transition.loc);
  }
}

/** Whether the cases have every value of one small key. */
function coversAll(env: Environment, [on, ...others]: readonly Expr[], cases: readonly SelectCase[]): boolean {
  const base = on && env.underlying(on.type);
  if (!base || others.length > 0 || (base.kind !== 'bool' && base.kind !== 'bit')) return false;
  const values = new Set<bigint | boolean>();
  for (const [key] of cases.map((c) => c.keys)) {
    if (key?.kind === 'value' && (key.value.kind === 'const' || key.value.kind === 'bool')) values.add(key.value.value);
  }
  return BigInt(values.size) === 1n << BigInt(base.kind === 'bool' ? 1 : base.width);
}

function checkCase(env: Environment, { keys, loc }: SelectCase, on: readonly Expr[], place: Place): void {
  // One value set of a struct or tuple stands for all keys.
  const whole = keys.length === 1 && keys[0]?.kind === 'value-set' ? valueSetParts(env, keys[0].name, place) : undefined;
  if (keys.length !== on.length && whole?.length !== on.length)
    env.report('key-count', { what: 'The case', expected: on.length, got: keys.length }, loc);
  for (const [i, set] of keys.entries()) {
    const selected = on[i];
    if (selected && set.kind !== 'value-set') checkKeySet(env, set, selected.type, place);
    if (!selected || set.kind !== 'value-set') continue;
    const decl = env.lookup(set.name, place, 'value set', (e) => e.kind === 'value-set', loc)?.decl;
    const types = keys.length === on.length && decl?.kind === 'value-set' ? (leaves(env, decl.type) ?? [decl.type]) : (whole ?? []);
    for (const [j, type] of types.entries()) {
      const expected = on[i + j];
      if (expected && !sameType(type, expected.type))
        env.report('type-mismatch', { got: typeName(type), expected: typeName(expected.type) }, loc);
    }
  }
}

/** The types of the parts of a value set's members. */
function valueSetParts(env: Environment, name: string, place: Place): readonly Type[] | undefined {
  const decl = place.scope.find(name, (e) => e.kind === 'value-set')?.decl;
  if (decl?.kind !== 'value-set') return undefined;
  return leaves(env, decl.type);
}

/** What the members of a value set of structs or tuples are made of. */
function leaves(env: Environment, type: Type): readonly Type[] | undefined {
  const parts = type.kind === 'tuple' ? type.elements : env.fields(type)?.map((f) => f.type);
  return parts?.flatMap((part) => leaves(env, part) ?? [part]);
}

function checkSelected(env: Environment, on: Expr, place: Place): void {
  checkExpr(env, on, place);
  const base = env.underlying(on.type);
  if (!isMatched(env.declaration(base) ?? base)) env.report('operand-type', { op: 'select', types: typeName(on.type) }, on.loc);
}

function checkReachable(env: Environment, states: ReadonlyMap<string, StateDecl>): void {
  const reached = new Set(inOrder(states));
  for (const state of states.values()) if (!reached.has(state)) env.report('unreachable-state', { state: state.name }, state.loc);
}

/** The states that `start` leads to, each after all that lead to it, but for those that loops lead back to. */
export function inOrder(states: ReadonlyMap<string, StateDecl>): readonly StateDecl[] {
  const entered = new Set<StateDecl>();
  const left: StateDecl[] = [];
  // Depth first, with the path to where the search is.
  const path: { readonly state: StateDecl; readonly rest: string[] }[] = [];
  const enter = (name: string): void => {
    const state = states.get(name);
    if (!state || entered.has(state)) return;
    entered.add(state);
    path.push({ state, rest: targetsOf(state.transition).map((t) => t.next) });
  };
  enter('start');
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const next = step.rest.pop();
    if (next !== undefined) enter(next);
    else {
      left.push(step.state);
      path.pop();
    }
  }
  return left.reverse();
}

/** Reports cycles of states in which no bit of the packet is consumed. */
function checkLoops(env: Environment, states: ReadonlyMap<string, StateDecl>): void {
  const idle = new Map([...states].filter(([, state]) => !consumes(env, state)));
  const done = new Set<string>();
  for (const first of idle.keys()) {
    // Depth first, with the path to where the search is.
    const path: { readonly name: string; readonly rest: string[] }[] = [];
    const enter = (name: string): void => {
      const state = idle.get(name);
      if (!state || done.has(name)) return;
      const start = path.findIndex((step) => step.name === name);
      if (start < 0) path.push({ name, rest: targetsOf(state.transition).map((t) => t.next) });
      else {
        const cycle = [...path.slice(start).map((step) => step.name), name].join(' → ');
        env.report('parser-loop', { states: cycle }, state.loc);
      }
    };
    enter(first);
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const next = step.rest.pop();
      if (next !== undefined) enter(next);
      else {
        done.add(step.name);
        path.pop();
      }
    }
  }
}

/** Reports `next` of a stack where nothing is extracted into it: p4c has no value for it, and no field to assign to. */
function checkNextElements(env: Environment, state: StateDecl): void {
  const extracted = new Set<Expr>();
  const visitor = visiting({
    stmt: (stmt) => {
      if (stmt.kind !== 'call' || env.externMethod(stmt)?.role !== 'extract') return;
      for (let into: Expr | undefined = stmt.args[0]; into; into = into.kind === 'field' ? into.base : undefined) extracted.add(into);
    },
    expr: (expr) => {
      if (expr.kind === 'stack-member' && expr.member === 'next' && !extracted.has(expr))
        env.report('wrong-place', { what: `\`${printExpr(expr)}\``, where: 'outside of p.extract' }, expr.loc);
    },
  });
  visitor.state(state);
}

/** Whether a state may consume bits; only one that surely does not is idle. */
function consumes(env: Environment, state: StateDecl): boolean {
  let found = false;
  visiting({
    stmt: (stmt) => {
      if (stmt.kind !== 'call') return;
      const [arg] = stmt.args;
      if (stmt.callee.kind === 'block') found = true;
      const role = env.externMethod(stmt)?.role;
      if (!arg) return;
      if (role === 'advance') found ||= arg.kind !== 'const' || arg.value > 0n;
      if (role === 'extract') found ||= (env.fields(arg.type)?.length ?? 1) > 0;
    },
  }).block(state.body);
  return found;
}
