/** Statements (P4-16 §12). */
import type { AssignStmt, BlockStmt, ConstantDecl, ForInStmt, ForStmt, ReturnStmt, Stmt, VariableDecl } from '../ast.js';
import { checkAnnotations } from './annotations.js';
import { checkCall } from './calls.js';
import type { Checker } from './context.js';
import { accept, acceptAssigned, converts } from './convert.js';
import { checkExpr, expectAssigned, expectExpr, expectKnown } from './expect.js';
import { declareInstance } from './instances.js';
import { expectLValue } from './members.js';
import { checkBinary } from './operators.js';
import { placeInWords } from './placement.js';
import { checkSwitch } from './switches.js';
import { resolveType } from './type-refs.js';
import { bool, isNumber, prune, sameType, showType, type Type, underEnum } from './types.js';
import { valueInPlace } from './values.js';

/** Whether what follows the statement never runs, because the statement always returns or exits. */
function checkStmt(c: Checker, stmt: Stmt): boolean {
  if ('annotations' in stmt) checkAnnotations(c, stmt.annotations);
  switch (stmt.kind) {
    case 'assign':
      checkAssign(c, stmt);
      return false;
    case 'call-statement':
      c.setType(stmt.call, checkCall(c, stmt.call));
      return false;
    case 'if': {
      expectExpr(c, stmt.cond, bool);
      const then = c.within(() => checkStmt(c, stmt.then));
      const otherwise = stmt.else ? c.within(() => checkStmt(c, stmt.else as Stmt)) : false;
      return then && otherwise;
    }
    case 'block':
      return checkBlock(c, stmt);
    case 'empty':
      return false;
    case 'return':
      checkReturn(c, stmt);
      return true;
    case 'exit':
      if (c.place.in !== 'apply' && c.place.in !== 'action') c.report('wrong-place', { what: 'exit', where: placeInWords(c) }, stmt.loc);
      return true;
    case 'break':
    case 'continue':
      if (c.place.loops === 0) c.report('jump-outside-loop', { what: stmt.kind }, stmt.loc);
      return false;
    case 'switch':
      return checkSwitch(c, stmt);
    case 'for':
      checkFor(c, stmt);
      return false;
    case 'for-in':
      checkForIn(c, stmt);
      return false;
    case 'constant':
      declareConstant(c, stmt);
      return false;
    case 'variable':
      declareVariable(c, stmt);
      return false;
    case 'instance':
      declareInstance(c, stmt);
      return false;
  }
}

export function checkBlock(c: Checker, block: BlockStmt): boolean {
  return c.within(() => checkBody(c, block.body));
}

/** In the scope that is there. */
export function checkBody(c: Checker, body: readonly Stmt[]): boolean {
  let ends = false;
  for (const s of body) ends = checkStmt(c, s) || ends;
  return ends;
}

function checkAssign(c: Checker, stmt: AssignStmt): void {
  if (stmt.op) {
    const { op, target: left, value: right, loc } = stmt;
    const type = checkBinary(c, { kind: 'binary', op, opLoc: loc, left, right, loc });
    const target = c.typeOf(left);
    if (expectLValue(c, left) && !sameType(type, target)) {
      c.report('type-mismatch', { got: showType(type), expected: showType(target) }, right.loc);
    }
    return;
  }
  const target = checkExpr(c, stmt.target);
  checkExpr(c, stmt.value);
  if (!expectLValue(c, stmt.target)) return;
  if (!isAssignable(target)) {
    c.report('operand-type', { op: '=', types: showType(target) }, stmt.loc);
    return;
  }
  acceptAssigned(c, stmt.value, target);
}

const isAssignable = (t: Type): boolean => !['extern', 'parser', 'control', 'package', 'set', 'void', 'apply-result'].includes(t.kind);

function checkReturn(c: Checker, stmt: ReturnStmt): void {
  const { returns } = c.place;
  const value = stmt.value && checkExpr(c, stmt.value);
  if (!returns) c.report('wrong-place', { what: 'return', where: placeInWords(c) }, stmt.loc);
  else if (stmt.value && value) {
    if (prune(returns).kind === 'void') c.report('return-with-value', {}, stmt.loc);
    else acceptAssigned(c, stmt.value, returns);
  } else if (prune(returns).kind !== 'void') {
    c.report('return-without-value', { type: showType(returns) }, stmt.loc);
  }
}

function checkFor(c: Checker, stmt: ForStmt): void {
  c.within(
    () => {
      for (const s of stmt.init) checkStmt(c, s);
      expectExpr(c, stmt.cond, bool);
      for (const s of stmt.update) checkStmt(c, s);
      c.within(() => checkStmt(c, stmt.body));
    },
    { loops: c.place.loops + 1 },
  );
}

function checkForIn(c: Checker, stmt: ForInStmt): void {
  const over = checkExpr(c, stmt.over);
  const to = stmt.to && checkExpr(c, stmt.to);
  c.within(
    () => {
      const type = declareVariable(c, stmt.variable);
      if (stmt.to && to) {
        if (!isNumber(underEnum(type))) c.report('type-mismatch', { got: showType(type), expected: 'a number' }, stmt.variable.loc);
        else {
          accept(c, stmt.over, type);
          accept(c, stmt.to, type);
        }
      } else if (over.kind === 'list' || over.kind === 'stack') {
        if (!converts(over.element, type))
          c.report('type-mismatch', { got: showType(over.element), expected: showType(type) }, stmt.over.loc);
      } else if (over.kind === 'list-value') {
        accept(c, stmt.over, { kind: 'list', element: type });
      } else if (over.kind !== 'unknown') {
        c.report('type-mismatch', { got: showType(over), expected: 'a list, a header stack or a range' }, stmt.over.loc);
      }
      c.within(() => checkStmt(c, stmt.body));
    },
    { loops: c.place.loops + 1 },
  );
}

// ── variables and constants (P4-16 §11) ──

const isVariableType = (t: Type): boolean =>
  !['extern', 'parser', 'control', 'package', 'void', 'integer', 'string', 'match_kind', 'set'].includes(t.kind);

export function declareVariable(c: Checker, decl: VariableDecl): Type {
  const type = prune(resolveType(c, decl.type));
  if (!isVariableType(type)) c.report('variable-type', { what: 'A variable', type: showType(type) }, decl.loc);
  if (decl.init) expectAssigned(c, decl.init, type);
  c.declare({ kind: 'variable', name: decl.name, decl, type });
  return type;
}

export function declareConstant(c: Checker, decl: ConstantDecl): void {
  const type = prune(resolveType(c, decl.type));
  if (['extern', 'parser', 'control', 'package', 'void'].includes(type.kind)) {
    c.report('variable-type', { what: 'A constant', type: showType(type) }, decl.loc);
  }
  const fine = expectAssigned(c, decl.value, type) && expectKnown(c, decl.value, `The value of ${decl.name.text}`);
  const value = fine ? valueInPlace(c, decl.value) : undefined;
  c.declare({ kind: 'constant', name: decl.name, decl, type, ...(value === undefined ? {} : { value }) });
}
