/** What follows the application of a table: on hit, on miss, or by the action that ran (P4-16 §14.2.2). */
import type { ApplyCase } from '../../ir/stmt.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import type * as ast from '../ast.js';
import type { Body } from './body.js';

/** A condition that is nothing but whether a table hits. */
export function appliedTable(b: Body, e: ast.Expr): { readonly call: ast.CallExpr; readonly hit: boolean } | undefined {
  if (e.kind === 'unary' && e.op === '!') {
    const inner = appliedTable(b, e.arg);
    return inner && { ...inner, hit: !inner.hit };
  }
  if (e.kind !== 'member' || e.base.kind !== 'call' || b.program.checkedType(e.base).kind !== 'apply-result') return undefined;
  return { call: e.base, hit: e.member.text === 'hit' };
}

/** The cases of a switch on `action_run`; labels without a body go with the next one. */
export function applyCases(b: Body, stmt: ast.SwitchStmt, lowerStmts: (b: Body, list: readonly ast.Stmt[]) => void): readonly ApplyCase[] {
  const cases: ApplyCase[] = [];
  let actions: string[] = [];
  let from: Loc | undefined;
  for (const [i, one] of stmt.cases.entries()) {
    actions.push(one.label ? actionName(b, one.label) : 'default');
    from ??= one.loc;
    if (!one.body && i < stmt.cases.length - 1) continue;
    const body = one.body?.body ?? [];
    cases.push({ actions, body: b.inner(() => lowerStmts(b, body)), loc: from });
    actions = [];
    from = undefined;
  }
  return cases;
}

function actionName(b: Body, label: ast.Expr): string {
  const entity = label.kind === 'name' ? b.program.findings.entities.get(label.path) : undefined;
  invariant(entity?.kind === 'action', 'a label that is no action');
  return b.nameOf(entity.decl);
}
