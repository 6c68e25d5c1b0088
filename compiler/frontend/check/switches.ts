/** `switch` on what a table did, and on values (P4-16 §12.7). */
import { isSized } from '../../ir/rules.js';
import type { SwitchStmt } from '../ast.js';
import type { Checker } from './context.js';
import { accept } from './convert.js';
import { checkExpr, expectKnown } from './expect.js';
import { showType, type Type, underEnum } from './types.js';
import { valueInPlace } from './values.js';

/** Whether every case returns or exits, and there is one for everything. */
export function checkSwitch(c: Checker, stmt: SwitchStmt): boolean {
  const on = checkExpr(c, stmt.on);
  const isAction = on.kind === 'action-run';
  if (on.kind !== 'unknown' && !isAction && !isSwitchType(on)) {
    c.report('operand-type', { op: 'switch', types: showType(on) }, stmt.on.loc);
  }
  const chooses = stmt.cases.some((k) => k.label && k.body);
  if (on.kind !== 'unknown' && !isAction && chooses && !c.declared.match_kind.has('exact')) {
    c.report('p4-needs-core', { what: 'A switch on a value', needs: 'the match kind exact' }, stmt.loc);
  }
  const seen = new Map<string, SwitchStmt['cases'][number]>();
  let ends = true;
  for (const [i, one] of stmt.cases.entries()) {
    const key = one.label ? (isAction ? actionLabel(c, stmt, one, on) : valueLabel(c, one, on)) : 'default';
    const first = key === undefined ? undefined : seen.get(key);
    if (first) c.report('duplicate-case', { label: key ?? '' }, one.loc, { notes: [{ message: 'the first one is here', loc: first.loc }] });
    else if (key !== undefined) seen.set(key, one);
    if (!one.label && i < stmt.cases.length - 1) {
      c.report('p4-default-last', {}, stmt.cases[i + 1]?.loc ?? one.loc);
    }
    if (one.body) ends = c.parts.block(c, one.body) && ends;
  }
  return ends && seen.has('default');
}

function isSwitchType(type: Type): boolean {
  const t = underEnum(type);
  if (t.kind === 'newtype') return isSwitchType(t.base);
  return isSized(t) || t.kind === 'integer' || t.kind === 'bool' || t.kind === 'enum' || t.kind === 'error';
}

function actionLabel(c: Checker, stmt: SwitchStmt, one: SwitchStmt['cases'][number], on: Type): string | undefined {
  const { label } = one;
  if (on.kind !== 'action-run' || !label) return undefined;
  const name = label.kind === 'name' ? label.path.name.text : undefined;
  const actions = c.tableActions.get(on.table) ?? [];
  if (name === undefined || !actions.includes(name)) {
    c.report('action-not-in-table', { action: name ?? 'This', table: on.table.name.text, actions }, label.loc);
    return undefined;
  }
  // A name with a dot stands for the action at the top of the program.
  if (label.kind === 'name' && !c.find(label.path, 'action')) return undefined;
  return stmt.on ? name : undefined;
}

function valueLabel(c: Checker, one: SwitchStmt['cases'][number], on: Type): string | undefined {
  const { label } = one;
  if (!label) return undefined;
  checkExpr(c, label);
  if (on.kind === 'unknown') return undefined;
  if (!accept(c, label, on) || !expectKnown(c, label, 'The label of a case')) return undefined;
  const value = valueInPlace(c, label);
  if (value === undefined) return undefined;
  return typeof value === 'object' ? (value.kind === 'member' ? value.name : undefined) : String(value);
}
