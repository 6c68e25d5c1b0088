/** Statements (P4-16 §12). */
import type { Expr } from '../../ir/expr.js';
import type { SwitchStmt } from '../../ir/stmt.js';
import { sameType, type Type } from '../../ir/types.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import type * as ast from '../ast.js';
import { appliedTable, applyCases } from './applies.js';
import type { Body } from './body.js';
import { callOf, hasEffects, lowerCall } from './calls.js';
import { converted, lowerExpr, lowerPlace, settledPlace } from './expressions.js';
import { known } from './fold.js';

export function lowerStmts(b: Body, list: readonly ast.Stmt[]): void {
  for (const stmt of list) lowerStmt(b, stmt);
}

function lowerStmt(b: Body, stmt: ast.Stmt): void {
  const before = b.out.length;
  lower(b, stmt);
  const last = b.out.at(-1);
  if (stmt.doc && last && b.out.length > before) b.out[b.out.length - 1] = { ...last, doc: stmt.doc };
}

/** A statement as a block; that of a block has no braces of its own. */
function blockOf(b: Body, stmt: ast.Stmt) {
  return b.inner(() => (stmt.kind === 'block' && stmt.annotations.length === 0 ? lowerStmts(b, stmt.body) : lowerStmt(b, stmt)));
}

function lower(b: Body, stmt: ast.Stmt): void {
  const { loc } = stmt;
  switch (stmt.kind) {
    case 'assign':
      assign(b, stmt);
      return;
    case 'call-statement':
      lowerCall(b, stmt.call);
      return;
    case 'if':
      lowerIf(b, stmt);
      return;
    case 'block':
      b.emit({ kind: 'block', ...b.program.annotations.of(stmt.annotations), body: b.inner(() => lowerStmts(b, stmt.body)), loc });
      return;
    case 'empty':
      return;
    case 'return':
      b.emit({ kind: 'return', ...(stmt.value ? { value: lowerExpr(b, stmt.value) } : {}), loc });
      return;
    case 'exit':
    case 'break':
    case 'continue':
      b.emit({ kind: stmt.kind, loc });
      return;
    case 'switch':
      lowerSwitch(b, stmt);
      return;
    case 'for':
      lowerFor(b, stmt);
      return;
    case 'for-in':
      lowerForIn(b, stmt);
      return;
    case 'constant':
      b.frame.bind(stmt, { kind: 'value', value: b.program.constantOf(b, stmt) });
      return;
    case 'variable':
      variable(b, stmt);
      return;
    case 'instance':
      invariant(false, 'an instance among statements');
  }
}

function variable(b: Body, decl: ast.VariableDecl): void {
  const type = b.type(b.program.typeOf(decl.type));
  const { loc } = decl;
  const { init } = decl;
  // The variable is in scope behind its initial value only.
  const direct = init?.kind === 'call' && isDirect(b, init, type);
  const value = init && !direct ? lowerExpr(b, init) : undefined;
  const target = b.declare(decl.name.text, type, loc, value);
  invariant(target.kind === 'name', 'a variable has no name');
  if (direct) lowerCall(b, init, target);
  b.frame.bind(decl, { kind: 'name', name: target.name, type });
}

/** Whether the call returns the very type that is needed, by a statement. */
function isDirect(b: Body, e: ast.CallExpr, type: Type): boolean {
  const call = callOf(b.program, e);
  return hasEffects(b, e) && call.kind !== 'builtin' && call.kind !== 'table' && sameType(b.type(call.returns), type);
}

function assign(b: Body, stmt: ast.AssignStmt): void {
  const { loc, target: to } = stmt;
  if (to.kind === 'plus-slice') {
    const low = lowerExpr(b, to.low);
    if (known(low, b.program.constantValue) === undefined) {
      assignMoved(b, stmt, to, low);
      return;
    }
  }
  const place = lowerPlace(b, to);
  const target = hasEffects(b, stmt.value) ? settledPlace(b, place, [stmt.value]) : place;
  if (!stmt.op && stmt.value.kind === 'call' && isDirect(b, stmt.value, target.type)) {
    lowerCall(b, stmt.value, target);
    return;
  }
  b.emit({ kind: 'assign', target, value: converted(b, assigned(b, stmt, target), target.type), loc });
}

/** With the operator of `+=` and its like. */
function assigned(b: Body, stmt: ast.AssignStmt, target: Expr): Expr {
  const { op, loc } = stmt;
  if (!op) return lowerExpr(b, stmt.value);
  const type = b.program.types.underlying(target.type);
  const left = hasEffects(b, stmt.value) ? b.settled(target) : target;
  return { kind: 'binary', op, left: converted(b, left, type), right: lowerExpr(b, stmt.value), type, loc };
}

/** `base[low+:width] = value`, where `low` is not known: the bits around it stay. */
function assignMoved(b: Body, stmt: ast.AssignStmt, to: ast.PlusSliceExpr, low: Expr): void {
  const { loc } = stmt;
  const base = lowerPlace(b, to.base);
  const width = Number(known(lowerExpr(b, to.width), b.program.constantValue));
  const type = b.program.types.underlying(base.type);
  invariant(type.kind === 'bit' || type.kind === 'int', 'a slice of something without bits');
  const bits = { kind: 'bit' as const, width: type.width };
  const binary = (op: '<<' | '&' | '|' | '>>', left: Expr, right: Expr): Expr => ({ kind: 'binary', op, left, right, type: bits, loc });
  const whole = converted(b, base, bits);
  const ones: Expr = { kind: 'const', value: (1n << BigInt(width)) - 1n, type: bits, loc };
  const kept: Expr = { kind: 'unary', op: '~', arg: binary('<<', ones, low), type: bits, loc };
  const old: Expr = { kind: 'slice', base: binary('>>', whole, low), high: width - 1, low: 0, type: { kind: 'bit', width }, loc };
  const part = converted(b, assigned(b, stmt, old), { kind: 'bit', width });
  const value = binary('|', binary('&', whole, kept), binary('<<', converted(b, part, bits), low));
  b.emit({ kind: 'assign', target: base, value: converted(b, converted(b, value, type), base.type), loc });
}

function lowerIf(b: Body, stmt: ast.IfStmt): void {
  const { loc } = stmt;
  const applied = appliedTable(b, stmt.cond);
  if (applied) {
    const then = blockOf(b, stmt.then);
    const otherwise = stmt.else && blockOf(b, stmt.else);
    const [hit, miss] = applied.hit ? [then, otherwise] : [otherwise, then];
    b.program.apply(b, applied.call, { ...(hit ? { hit } : {}), ...(miss ? { miss } : {}) }, loc);
    return;
  }
  const cond = lowerExpr(b, stmt.cond);
  const then = blockOf(b, stmt.then);
  const otherwise = stmt.else && blockOf(b, stmt.else);
  b.emit({ kind: 'if', cond, then, ...(otherwise ? { else: otherwise } : {}), loc });
}

function lowerSwitch(b: Body, stmt: ast.SwitchStmt): void {
  const { loc } = stmt;
  const { on } = stmt;
  if (b.program.checkedType(on).kind === 'action-run') {
    invariant(on.kind === 'member' && on.base.kind === 'call', 'action_run of something that is no call');
    b.program.apply(b, on.base, { cases: applyCases(b, stmt, lowerStmts) }, loc);
    return;
  }
  const value = lowerExpr(b, on);
  const cases: SwitchStmt['cases'][number][] = [];
  let labels: (Expr | 'default')[] = [];
  let from: Loc | undefined;
  for (const [i, one] of stmt.cases.entries()) {
    labels.push(one.label ? lowerExpr(b, one.label) : 'default');
    from ??= one.loc;
    if (!one.body && i < stmt.cases.length - 1) continue;
    const body = one.body?.body ?? [];
    cases.push({ labels, body: b.inner(() => lowerStmts(b, body)), loc: from });
    labels = [];
    from = undefined;
  }
  b.emit({ kind: 'switch', on: value, cases, loc });
}

function lowerFor(b: Body, stmt: ast.ForStmt): void {
  const { loc } = stmt;
  const made = b.inner(() => {
    const init = b.collect(() => lowerStmts(b, stmt.init));
    let cond: Expr | undefined;
    const before = b.collect(() => {
      cond = lowerExpr(b, stmt.cond);
    });
    invariant(cond, 'a loop without a condition');
    const update = b.collect(() => lowerStmts(b, stmt.update));
    const body = blockOf(b, stmt.body);
    if (before.length === 0) {
      b.emit({ kind: 'for', init, cond, update, body, loc });
      return;
    }
    const stop = { kind: 'if' as const, cond, then: [], else: [{ kind: 'break' as const, loc: cond.loc }], loc: cond.loc };
    const always: Expr = { kind: 'bool', value: true, type: { kind: 'bool' }, loc: cond.loc };
    b.emit({ kind: 'for', init, cond: always, update, body: [...before, stop, ...body], loc });
  });
  for (const s of made) b.emit(s);
}

function lowerForIn(b: Body, stmt: ast.ForInStmt): void {
  const { loc, variable: decl } = stmt;
  const type = b.type(b.program.typeOf(decl.type));
  const low = lowerExpr(b, stmt.over);
  const over = stmt.to ? { kind: 'range' as const, low, high: lowerExpr(b, stmt.to) } : low;
  const made = b.inner(() => {
    const name = b.claim(decl.name.text);
    b.frame.bind(decl, { kind: 'name', name, type });
    b.emit({ kind: 'for-in', name, type, over, body: blockOf(b, stmt.body), loc });
  });
  for (const s of made) b.emit(s);
}
