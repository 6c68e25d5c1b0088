/** Statements: types, where each may stand, and what can never be reached. */
import { boolType } from '../../ir/build.js';
import type { Block, Stmt } from '../../ir/stmt.js';
import { typeName } from '../../ir/types.js';
import type { OfKind } from '../../ir/visit.js';
import type { Loc } from '../../support/location.js';
import { checkCall } from './calls.js';
import { type Environment, inWords, type Place, Scope } from './environment.js';
import { checkExpr, checkKeySet, checkLvalue, checkTyped, expectType, isConstant } from './expressions.js';
import { declareName } from './names.js';
import { checkType } from './types.js';

/** Checks a block of statements in a scope of its own; whether its end can be reached. */
export function checkBlock(env: Environment, block: Block, outer: Place): boolean {
  const place: Place = { ...outer, scope: new Scope(outer.scope) };
  return checkStatements(env, block, place);
}

/** Checks statements in the place's own scope; whether their end can be reached. */
export function checkStatements(env: Environment, block: Block, place: Place): boolean {
  let ended: Stmt | undefined;
  let warned = false;
  for (const stmt of block) {
    if (ended && !warned) {
      env.report('unreachable-statement', { after: enderName(ended) }, stmt.loc, {
        notes: [{ message: 'this ends the block', loc: ended.loc }],
      });
      warned = true;
    }
    const goesOn = (rules[stmt.kind] as (s: Stmt, env: Environment, place: Place) => boolean)(stmt, env, place);
    if (!goesOn) ended ??= stmt;
  }
  return ended === undefined;
}

const enders: ReadonlySet<string> = new Set(['exit', 'return', 'break', 'continue']);
function enderName(stmt: Stmt): string {
  if (stmt.kind === 'call' && stmt.callee.kind === 'function') return stmt.callee.name;
  return enders.has(stmt.kind) ? stmt.kind : 'statement';
}

/** For each kind, its rule: whether what follows the statement can be reached. */
const rules: { readonly [K in Stmt['kind']]: (s: OfKind<Stmt, K>, env: Environment, place: Place) => boolean } = {
  declare(s, env, place) {
    if (checkType(env, s.type, s.loc)) {
      if (env.extern(s.type) || ['void', 'integer', 'string', 'match_kind', 'set'].includes(s.type.kind))
        env.report('variable-type', { what: `The variable ${s.name}`, type: typeName(s.type) }, s.loc);
      if (s.init) checkTyped(env, s.init, s.type, place);
    }
    declareName(env, place.scope, s.name, 'variable', { kind: 'variable', type: s.type, writable: true, loc: s.loc });
    return true;
  },
  assign(s, env, place) {
    checkLvalue(env, s.target, place);
    checkTyped(env, s.value, s.target.type, place);
    return true;
  },
  call(s, env, place) {
    checkCall(env, s, place);
    return s.callee.kind !== 'function' || !env.functions.get(s.callee.name)?.[0]?.ends;
  },
  if(s, env, place) {
    checkTyped(env, s.cond, boolType, place);
    const then = checkBlock(env, s.then, place);
    const otherwise = s.else ? checkBlock(env, s.else, place) : true;
    return then || otherwise;
  },
  switch(s, env, place) {
    checkExpr(env, s.on, place);
    const seen = new Set<string>();
    let complete = false;
    let goesOn = false;
    for (const c of s.cases) {
      for (const label of c.labels) {
        if (label === 'default') complete = true;
        else {
          checkTyped(env, label, s.on.type, place);
          if (!isConstant(label, place)) env.report('not-constant', { what: 'The label of a case' }, label.loc);
        }
        const key =
          label === 'default' ? label : label.kind === 'const' ? label.value.toString() : label.kind === 'member' ? label.name : undefined;
        if (key !== undefined && seen.has(key)) env.report('duplicate-case', { label: key }, c.loc);
        if (key !== undefined) seen.add(key);
      }
      if (checkBlock(env, c.body, place)) goesOn = true;
    }
    return goesOn || !complete;
  },
  apply: checkApply,
  'set-validity'(s, env, place) {
    checkLvalue(env, s.header, place);
    if (!env.isHeader(s.header.type))
      env.report('operand-type', { op: s.valid ? 'setValid' : 'setInvalid', types: typeName(s.header.type) }, s.loc);
    return true;
  },
  push: checkStack,
  pop: checkStack,
  exit: (_s, env, place) => {
    if (place.kind !== 'apply' && place.kind !== 'action') env.report('wrong-place', { what: 'exit', where: inWords(place) }, _s.loc);
    return false;
  },
  return(s, env, place) {
    if (place.kind === 'parser') env.report('wrong-place', { what: 'return', where: inWords(place) }, s.loc);
    if (s.value) {
      checkExpr(env, s.value, place);
      if (place.returns) expectType(env, s.value, place.returns);
      else env.report('return-with-value', {}, s.loc);
    } else if (place.returns && place.returns.kind !== 'void') {
      env.report('return-without-value', { type: typeName(place.returns) }, s.loc);
    }
    return false;
  },
  block: (s, env, place) => checkBlock(env, s.body, place),
  target(s, env, place) {
    const { target } = place;
    if (target && (target.name === s.target) !== target.is)
      env.report('target-never', { target: s.target, around: target.name, is: target.is }, s.loc);
    const then = checkBlock(env, s.body, { ...place, target: { name: s.target, is: true } });
    const otherwise = s.otherwise ? checkBlock(env, s.otherwise, { ...place, target: target ?? { name: s.target, is: false } }) : true;
    return otherwise || then;
  },
  for(s, env, outer) {
    const place: Place = { ...outer, scope: new Scope(outer.scope), inLoop: true };
    checkStatements(env, s.init, place);
    checkTyped(env, s.cond, boolType, place);
    checkStatements(env, s.update, place);
    checkBlock(env, s.body, place);
    return true;
  },
  'for-in'(s, env, outer) {
    checkType(env, s.type, s.loc);
    const place: Place = { ...outer, scope: new Scope(outer.scope), inLoop: true };
    if (s.over.kind === 'range' && env.isP4) {
      checkTyped(env, s.over.low, s.type, outer);
      checkTyped(env, s.over.high, s.type, outer);
    } else if (s.over.kind === 'range') checkKeySet(env, s.over, s.type, outer);
    else {
      checkExpr(env, s.over, outer);
      const { type } = s.over;
      const element = type.kind === 'stack' || type.kind === 'list' ? type.element : type.kind === 'tuple' ? type.elements[0] : undefined;
      if (!element || typeName(element) !== typeName(s.type))
        env.report('type-mismatch', { got: typeName(type), expected: `a list of ${typeName(s.type)}` }, s.loc);
    }
    declareName(env, place.scope, s.name, 'variable', { kind: 'variable', type: s.type, writable: env.isP4, loc: s.loc });
    checkBlock(env, s.body, place);
    return true;
  },
  break: checkJump,
  continue: checkJump,
};

function checkApply(s: OfKind<Stmt, 'apply'>, env: Environment, place: Place): boolean {
  if (place.kind === 'action') env.report('apply-in-action', { table: s.table }, s.loc);
  else if (place.kind !== 'apply') env.report('wrong-place', { what: `The table ${s.table}`, where: inWords(place) }, s.loc);
  const decl = env.lookup(s.table, place, 'table', (e) => e.kind === 'table', s.loc)?.decl;
  const table = decl?.kind === 'table' ? decl : undefined;
  if (s.cases && (s.hit || s.miss))
    env.report('switch-not-on-apply', {}, s.loc, { help: 'depend on hit or miss, or on the action that ran' });
  let complete = false;
  let goesOn = false;
  const seen = new Set<string>();
  for (const c of s.cases ?? []) {
    for (const action of c.actions) {
      if (action === 'default') complete = true;
      else if (table && !table.actions.some((ref) => ref.action === action)) {
        env.report('action-not-in-table', { action, table: s.table, actions: table.actions.map((ref) => ref.action) }, c.loc);
      }
      if (seen.has(action)) env.report('duplicate-case', { label: action }, c.loc);
      seen.add(action);
    }
    if (checkBlock(env, c.body, place)) goesOn = true;
  }
  if (s.cases) return goesOn || !complete;
  const hit = s.hit ? checkBlock(env, s.hit, place) : true;
  const miss = s.miss ? checkBlock(env, s.miss, place) : true;
  return hit || miss;
}

function checkStack(s: OfKind<Stmt, 'push' | 'pop'>, env: Environment, place: Place): boolean {
  checkLvalue(env, s.stack, place);
  const op = s.kind === 'push' ? 'push_front' : 'pop_front';
  if (s.stack.type.kind !== 'stack') env.report('operand-type', { op, types: typeName(s.stack.type) }, s.loc);
  if (s.count < 1) env.report('bad-operand', { got: String(s.count), expected: 'a number of headers from 1' }, s.loc);
  return true;
}

function checkJump(s: { readonly kind: 'break' | 'continue'; readonly loc: Loc }, env: Environment, place: Place): boolean {
  if (!place.inLoop) env.report('jump-outside-loop', { what: s.kind }, s.loc);
  return false;
}
