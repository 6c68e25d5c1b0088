/** Parsers: states and where they go (P4-16 §13). */
import { isMatched } from '../../ir/rules.js';
import type { Expr, KeySet, Name, ParserDecl, StateDecl, Transition, ValueSetDecl } from '../ast.js';
import { checkAnnotations } from './annotations.js';
import { type Checker, unique } from './context.js';
import { checkExpr } from './expect.js';
import { declareInstance } from './instances.js';
import { acceptLabel, checkKeySets, partsOf } from './keysets.js';
import { declareParams } from './params.js';
import { Scope } from './scope.js';
import { checkBody, declareConstant, declareVariable } from './statements.js';
import { checkSize, resolveType } from './type-refs.js';
import { type BlockInfo, prune, showType, type Type } from './types.js';
import { isKnown } from './values.js';

const builtIn = ['accept', 'reject'];

export function checkParser(c: Checker, decl: ParserDecl, info: BlockInfo): void {
  c.within(
    () => {
      declareParams(c, info.params, 'block');
      declareParams(c, info.constructorParams, 'constructor');
      c.scope = new Scope(c.scope);
      for (const local of decl.locals) {
        checkAnnotations(c, local.annotations);
        if (local.kind === 'constant') declareConstant(c, local);
        else if (local.kind === 'variable') declareVariable(c, local);
        else if (local.kind === 'instance') declareInstance(c, local);
        else declareValueSet(c, local);
      }
      const names = decl.states.map((s) => s.name);
      unique(c, names, 'state');
      for (const name of names) {
        if (builtIn.includes(name.text)) c.report('reserved-state', { name: name.text }, name.loc);
      }
      if (!names.some((n) => n.text === 'start')) c.report('missing-start', { parser: decl.name.text }, decl.name.loc);
      const known = new Set([...names.map((n) => n.text), ...builtIn]);
      for (const state of decl.states) checkAnnotations(c, state.annotations);
      for (const state of decl.states) checkState(c, state, known);
      if (names.some((n) => n.text === 'start') && !ends(decl)) c.report('p4-no-end', { name: decl.name.text }, decl.name.loc);
    },
    { in: 'parser', loops: 0, owner: decl },
  );
}

function declareValueSet(c: Checker, decl: ValueSetDecl): void {
  const type = prune(resolveType(c, decl.type));
  const fits = type.kind === 'struct' || type.kind === 'tuple' || isMatchable(type);
  if (!fits) c.report('element-type', { what: 'A value set', type: showType(type), expected: 'values that keys have' }, decl.loc);
  checkSize(c, decl.size, 'The size of a value set', 0);
  c.declare({ kind: 'value-set', name: decl.name, decl, type });
}

function checkState(c: Checker, state: StateDecl, known: ReadonlySet<string>): void {
  c.within(
    () => {
      checkBody(c, state.body);
      const { transition } = state;
      if (transition?.kind === 'goto') checkNext(c, transition.next, known);
      else if (transition) checkSelect(c, transition, known);
    },
    { in: 'state' },
  );
}

function checkNext(c: Checker, next: Name, known: ReadonlySet<string>): void {
  if (!known.has(next.text))
    c.report('unknown-name', { what: 'state', name: next.text, suggestion: c.suggest(next.text, known) }, next.loc);
}

function checkSelect(c: Checker, select: Transition & { kind: 'select' }, known: ReadonlySet<string>): void {
  let types = select.on.map((e) => checkExpr(c, e));
  const [only] = types;
  // A list or a tuple is selected on as its elements are.
  if (types.length === 1 && only && (only.kind === 'tuple' || only.kind === 'list-value')) types = only.elements.map(prune);
  for (const [i, t] of types.entries()) {
    if (!isMatchable(t)) c.report('operand-type', { op: 'select', types: showType(t) }, (select.on[i] ?? select).loc);
  }
  for (const one of select.cases) {
    if (types.every((t) => isMatchable(t))) {
      checkKeySets(c, one.keys, types, 'The case', acceptLabel);
      for (const set of one.keys) for (const part of partsOf(set)) checkCaseKey(c, set, part);
    }
    checkNext(c, one.next, known);
  }
}

function checkCaseKey(c: Checker, set: KeySet, part: Expr): void {
  if (c.typeOf(part).kind === 'unknown') return;
  const called = part.kind === 'call' && c.calls.get(part)?.kind !== 'builtin';
  if (called || (set.kind !== 'value' && !isKnown(c, part))) c.report('not-constant', { what: 'A key of a case' }, part.loc);
}

/** Whether values of the type can be selected on. */
export function isMatchable(type: Type): boolean {
  const t = prune(type);
  if (t.kind === 'newtype') return isMatchable(t.base);
  if (t.kind === 'tuple' || t.kind === 'list-value') return t.elements.every(isMatchable);
  return isMatched(t) || t.kind === 'unknown' || t.kind === 'var';
}

/** Whether the parser can come to an end at all. */
function ends(decl: ParserDecl): boolean {
  const seen = new Set<string>();
  const todo = ['start'];
  const states = new Map(decl.states.map((s) => [s.name.text, s]));
  for (let name = todo.pop(); name !== undefined; name = todo.pop()) {
    if (builtIn.includes(name)) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    const state = states.get(name);
    if (!state) return true;
    const { transition } = state;
    // Without a transition to reject; a select without a default may find no match.
    if (!transition) return true;
    if (transition.kind === 'goto') todo.push(transition.next.text);
    else {
      if (!transition.cases.some((k) => k.keys.every((s) => s.kind === 'any'))) return true;
      todo.push(...transition.cases.map((k) => k.next.text));
    }
  }
  return false;
}
