/** Statements (P4-16 §12). */
import { bool } from '../../ir/build.js';
import type { BinaryExpr, Expr, SliceExpr } from '../../ir/expr.js';
import { isSized } from '../../ir/rules.js';
import type { ForStmt, Stmt, SwitchStmt } from '../../ir/stmt.js';
import { type BitType, sameType, type Type } from '../../ir/types.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import type * as ast from '../ast.js';
import { appliedTable, applyCases } from './applies.js';
import type { Body } from './body.js';
import { callOf, isStatement, lowerCall, prepared } from './calls.js';
import { converted, lowerAll, lowerExpr, lowerNumber, lowerPlace, partOf } from './expressions.js';
import { type Evaluated, evaluated, inOrder, place, value } from './order.js';

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
      if (stmt.kind === 'exit') b.exits = true;
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
  // The variable is in scope after its initial value only.
  const direct = init?.kind === 'call' && isDirect(b, init, type);
  const target = b.declare(decl.name.text, type, loc, init && !direct ? lowerExpr(b, init) : undefined);
  invariant(target.kind === 'name', 'a variable has no name');
  if (direct) lowerCall(b, init, target);
  b.frame.bind(decl, { kind: 'name', name: target.name, type });
}

/** Whether the call returns the very type that is needed, by a statement. */
function isDirect(b: Body, e: ast.CallExpr, type: Type): boolean {
  const call = callOf(b.program, e);
  return isStatement(call) && sameType(b.type(call.returns), type);
}

function assign(b: Body, stmt: ast.AssignStmt): void {
  const { target: to } = stmt;
  if (to.kind === 'plus-slice') {
    assignPart(b, stmt, to);
    return;
  }
  let whole: Expr | undefined;
  const target = place(() => (whole = lowerPlace(b, to)));
  const { operands, rest: store } = evaluated(b, [target], () => assigned(b, stmt, whole as Expr));
  store((operands[0] as Evaluated).expr);
}

/** `base[low+:width] = value`. */
function assignPart(b: Body, stmt: ast.AssignStmt, to: ast.PlusSliceExpr): void {
  const width = Number(lowerNumber(b, to.width));
  const lowered: Expr[] = [];
  const keep = (e: Expr): Expr => lowered[lowered.push(e) - 1] as Expr;
  const operands = [place(() => keep(lowerPlace(b, to.base))), value(() => keep(lowerExpr(b, to.low)))];
  const part = ([base, low]: readonly Expr[]) => partOf(b, base as Expr, low as Expr, width, stmt.loc);
  const { operands: kept, rest: store } = evaluated(b, operands, () => assigned(b, stmt, part(lowered)));
  store(part(kept.map((k) => k.expr)));
}

/** Evaluates what is assigned to an l-value. What it gives stores it there. */
function assigned(b: Body, stmt: ast.AssignStmt, old: Expr): (target: Expr) => void {
  const { loc, value: from } = stmt;
  if (!stmt.op && from.kind === 'call' && isDirect(b, from, old.type) && !isMoved(old)) return prepared(b, from, callOf(b.program, from));
  const result = combined(b, stmt, old);
  return (target) => {
    if (isMoved(target)) assignMoved(b, target, result, loc);
    else b.emit({ kind: 'assign', target, value: converted(b, result, target.type), loc });
  };
}

/** What is assigned; with the operator of `+=` and its like, that of the old value and it. */
function combined(b: Body, { op, loc, value: from }: ast.AssignStmt, old: Expr): Expr {
  if (!op) return lowerExpr(b, from);
  const type = b.program.types.table.underlying(old.type);
  const [left, right] = inOrder(
    b,
    value(() => converted(b, old, type)),
    value(() => lowerExpr(b, from)),
  ) as [Expr, Expr];
  return { kind: 'binary', op, left, right, type, loc };
}

type Moved = SliceExpr & { readonly base: BinaryExpr; readonly type: BitType };

/** Whether it is `base[low+:width]` with a `low` that is not known. */
const isMoved = (e: Expr): e is Moved => e.kind === 'slice' && e.base.kind === 'binary' && e.base.op === '>>';

/** The bits around the part that is assigned stay. */
function assignMoved(b: Body, { base: moved, type: { width } }: Moved, result: Expr, loc: Loc): void {
  const { left, right: low } = moved;
  const base = left.kind === 'cast' ? left.arg : left;
  const type = b.program.types.table.underlying(base.type);
  invariant(isSized(type), 'a slice of something without bits');
  const bits = { kind: 'bit' as const, width: type.width };
  const binary = (op: '<<' | '&' | '|', left: Expr, right: Expr): Expr => ({ kind: 'binary', op, left, right, type: bits, loc });
  const ones: Expr = { kind: 'const', value: (1n << BigInt(width)) - 1n, type: bits, loc };
  const kept: Expr = { kind: 'unary', op: '~', arg: binary('<<', ones, low), type: bits, loc };
  const part = converted(b, converted(b, result, { kind: 'bit', width }), bits);
  const whole = converted(b, converted(b, base, type), bits);
  const value = binary('|', binary('&', whole, kept), binary('<<', part, low));
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
  const chosen = lowerExpr(b, on);
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
  b.emit({ kind: 'switch', on: chosen, cases, loc });
}

function lowerFor(b: Body, stmt: ast.ForStmt): void {
  const { loc } = stmt;
  const made = b.inner(() => {
    const { made: init } = b.collect(() => lowerStmts(b, stmt.init));
    const { made: before, result: cond } = b.collect(() => lowerExpr(b, stmt.cond));
    const { made: update } = b.collect(() => lowerStmts(b, stmt.update));
    const body = blockOf(b, stmt.body);
    if (before.length === 0 && update.every(isSimple)) {
      emitLoop(b, { kind: 'for', init, cond, update, body, loc });
      return;
    }
    // The head of a loop has no place for what runs before the condition, nor for much of an update: the body has.
    const stop: Stmt = { kind: 'if', cond, then: [], else: [{ kind: 'break', loc: cond.loc }], loc: cond.loc };
    const always = bool(true, cond.loc);
    if (update.every(isSimple)) {
      emitLoop(b, { kind: 'for', init, cond: always, update, body: [...before, stop, ...body], loc });
      return;
    }
    const { made: declared, result: again } = b.collect(() => b.declare('again', always.type, loc, bool(false, loc)));
    const next: Stmt = { kind: 'if', cond: again, then: update, else: [{ kind: 'assign', target: again, value: always, loc }], loc };
    emitLoop(b, { kind: 'for', init: [...init, ...declared], cond: always, update: [], body: [next, ...before, stop, ...body], loc });
  });
  b.append(made);
}

const isSimple = (stmt: Stmt): boolean => stmt.kind === 'assign' || stmt.kind === 'call';

/** The head of a loop has declarations, assignments and calls only. */
function emitLoop(b: Body, loop: ForStmt): void {
  if (loop.init.every((s) => s.kind === 'declare' || isSimple(s))) b.emit(loop);
  else b.emit({ kind: 'block', body: [...loop.init, { ...loop, init: [] }], loc: loop.loc });
}

function lowerForIn(b: Body, stmt: ast.ForInStmt): void {
  const { loc, variable: decl, to } = stmt;
  const type = b.type(b.program.typeOf(decl.type));
  const [low, high] = lowerAll(b, to ? [stmt.over, to] : [stmt.over]) as [Expr, Expr?];
  const over = high ? { kind: 'range' as const, low, high } : low;
  const made = b.inner(() => {
    const name = b.claim(decl.name.text);
    b.frame.bind(decl, { kind: 'name', name, type });
    b.emit({ kind: 'for-in', name, type, over, body: blockOf(b, stmt.body), loc });
  });
  b.append(made);
}
