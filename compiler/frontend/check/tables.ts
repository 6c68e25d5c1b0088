/** Tables: keys, actions, entries and what the architecture adds (P4-16 §14.2). */

import type { ArchSpec } from '../../arch/index.js';
import { nearest } from '../../support/suggest.js';
import type { ActionRef, ActionsProperty, Expr, KeyProperty, OtherProperty, TableDecl, TableProperty } from '../ast.js';
import { checkAnnotations } from './annotations.js';
import type { Checker } from './context.js';
import { accept, same } from './convert.js';
import { checkEntries, type Key } from './entries.js';
import { checkExpr, expectExpr } from './expect.js';
import { expectLValue } from './members.js';
import { noteUse } from './own-parameters.js';
import { isMatchable } from './parsers.js';
import type { Entity } from './scope.js';
import { actionOf, checkActionArgs, type TableAction } from './table-actions.js';
import { checkSize, isValueType } from './type-refs.js';
import { bool, isNumber, type ParamInfo, prune, showType, type Type } from './types.js';
import { underlying } from './values.js';

export function checkTable(c: Checker, table: TableDecl): void {
  c.within(
    () => {
      const keys = table.properties.find((p): p is KeyProperty => p.kind === 'key');
      const list = table.properties.find((p): p is ActionsProperty => p.kind === 'actions');
      duplicates(c, table);
      ordered(c, table);
      needsNoAction(c, table);
      for (const p of table.properties) if ('annotations' in p) checkAnnotations(c, p.annotations);
      const resolved = (keys?.keys ?? []).map((k): Key => checkKey(c, k));
      if (!list) c.report('p4-no-actions', { name: table.name.text }, table.name.loc);
      const actions = (list?.actions ?? []).flatMap((ref) => checkAction(c, ref) ?? []);
      duplicateActions(c, actions);
      c.tableActions.set(
        table,
        actions.map((a) => a.name),
      );
      for (const p of table.properties) {
        if (p.kind === 'property') checkProperty(c, table, p, actions, Boolean(list));
        else if (p.kind === 'entries') {
          if (p.entries.length > 0 && (!keys || keys.keys.length === 0)) c.report('p4-entries-keyless', { name: table.name.text }, p.loc);
          else checkEntries(c, table, p, resolved, actions);
        }
      }
    },
    { in: 'table' },
  );
}

function duplicates(c: Checker, table: TableDecl): void {
  const seen = new Set<string>();
  for (const p of table.properties) {
    const name = p.kind === 'property' ? p.name.text : p.kind;
    if (seen.has(name)) c.report('duplicate-name', { name, what: 'property of the table' }, p.loc);
    seen.add(name);
  }
}

/** Keys and actions are written before what is about them. */
function ordered(c: Checker, table: TableDecl): void {
  const names = table.properties.map((p) => (p.kind === 'property' ? p.name.text : p.kind));
  for (const [name, before] of [
    ['key', 'entries'],
    ['actions', 'entries'],
    ['actions', 'default_action'],
  ] as const) {
    const [at, other] = [names.indexOf(name), names.indexOf(before)];
    if (other < 0 || at < other) continue;
    const property = table.properties[other] as TableProperty;
    c.report('p4-property-order', { name, before }, property.loc);
  }
}

/** Which action a table has by default, core.p4 says. */
function needsNoAction(c: Checker, table: TableDecl): void {
  if (table.properties.some((p) => p.kind === 'property' && p.name.text === 'default_action')) return;
  const action = c.scope.top.find('NoAction');
  if (action?.kind === 'action' && action.signature.params.length === 0) return;
  const needs = 'the action NoAction, without parameters';
  c.report(
    'p4-needs-core',
    { what: `The table ${table.name.text}, which has no default action,`, needs },
    action?.name.loc ?? table.name.loc,
  );
}

function duplicateActions(c: Checker, actions: readonly TableAction[]): void {
  const seen = new Set<Entity>();
  for (const { entity, ref, name } of actions) {
    if (seen.has(entity)) c.report('duplicate-name', { name, what: 'action of the table' }, ref.loc);
    seen.add(entity);
  }
}

function checkKey(c: Checker, key: KeyProperty['keys'][number]): Key {
  checkAnnotations(c, key.annotations);
  const type = checkExpr(c, key.expr);
  const match = key.match.text;
  if (!c.declared.match_kind.has(match)) {
    c.report('unknown-name', { what: 'match kind', name: match, suggestion: c.suggest(match, c.matchKinds) }, key.match.loc);
  }
  if (!isKeyType(type) || ((match === 'lpm' || match === 'range') && !isNumber(underlying(type))))
    c.report('key-type', { match, type: showType(type) }, key.expr.loc);
  if (!key.annotations.some((a) => a.name === 'name') && !isSimple(key.expr)) c.report('p4-key-name', {}, key.expr.loc);
  return { type, match, loc: key.loc };
}

/** Whether the control plane's name of a key can be what is written: others need `@name`. */
function isSimple(expr: Expr): boolean {
  switch (expr.kind) {
    case 'name':
    case 'integer':
      return true;
    case 'member':
      return isSimple(expr.base);
    case 'index':
      return isSimple(expr.base) && isSimple(expr.index);
    case 'slice':
      return isSimple(expr.base) && isSimple(expr.high) && isSimple(expr.low);
    case 'call':
      return expr.args.length === 0 && expr.callee.kind === 'member';
    case 'binary':
      return expr.op === '&' && isSimple(expr.left) && isSimple(expr.right);
    default:
      return false;
  }
}

const isKeyType = (type: Type): boolean => {
  const t = prune(type);
  return t.kind !== 'integer' && t.kind !== 'tuple' && t.kind !== 'list-value' && (isMatchable(t) || t.kind === 'varbit');
};

function checkAction(c: Checker, ref: ActionRef): TableAction | undefined {
  checkAnnotations(c, ref.annotations);
  const entity = c.find(ref.path, 'action');
  // What a table binds is computed where the action runs.
  c.at({ in: 'action' }, () => {
    for (const a of ref.args ?? []) if (a.value) checkExpr(c, a.value);
  });
  if (!entity) return undefined;
  const name = ref.path.name.text;
  if (entity.kind !== 'action') {
    c.report('p4-not-an-action', { name }, ref.loc);
    return undefined;
  }
  noteUse(c, entity, ref);
  const { params } = entity.signature;
  const bound = params.filter((p) => p.direction);
  const args = ref.args ?? [];
  if (args.length > bound.length) {
    const what = `The action ${name} in a table`;
    c.report('argument-count', { what, expected: String(bound.length), got: args.length }, ref.loc);
    return undefined;
  }
  for (const [i, p] of bound.entries()) {
    const arg = args.find((a) => a.name?.text === p.name) ?? (args[i]?.name ? undefined : args[i]);
    if (arg?.value) bind(c, p, arg.value);
    else c.report('missing-argument', { what: `The action ${name} in a table`, name: p.name }, ref.loc);
  }
  return { name, entity, ref };
}

function bind(c: Checker, param: ParamInfo, value: Expr): void {
  if (param.direction === 'in') {
    accept(c, value, param.type);
    return;
  }
  const type = c.typeOf(value);
  if (expectLValue(c, value) && type.kind !== 'unknown' && !same(type, param.type)) {
    c.report('type-mismatch', { got: showType(type), expected: showType(param.type) }, value.loc);
  }
}

/** Those of the language (P4-16 §14.2.1). */
const languageProperties = ['default_action', 'size', 'priority_delta', 'largest_priority_wins'];

/** What the property is likely a misspelling of. An architecture that is not known here may have any properties. */
function misspelt(name: string, arch: ArchSpec | undefined): string | undefined {
  const known = [...languageProperties, ...Object.keys(arch?.tableProperties ?? {})];
  return known.includes(name) ? undefined : nearest(name, known);
}

function checkProperty(c: Checker, table: TableDecl, p: OtherProperty, actions: readonly TableAction[], listed: boolean): void {
  const name = p.name.text;
  if (name === 'default_action') {
    if (listed) checkDefault(c, table, p, actions);
    return;
  }
  if (name === 'size' || name === 'priority_delta') {
    checkSize(c, p.value, `The property ${name}`, name === 'size' ? 0 : 1);
    return;
  }
  if (name === 'largest_priority_wins') {
    expectExpr(c, p.value, bool);
    return;
  }
  const suggestion = misspelt(name, c.arch);
  if (suggestion !== undefined) c.report('unknown-name', { what: 'table property', name, suggestion }, p.name.loc);
  const type = checkExpr(c, p.value);
  if (!isPropertyType(type)) c.report('variable-type', { what: `The property ${name}`, type: showType(type) }, p.value.loc);
}

const isPropertyType = (type: Type): boolean => type.kind === 'extern' || isValueType(type);

function checkDefault(c: Checker, table: TableDecl, p: OtherProperty, actions: readonly TableAction[]): void {
  const { value } = p;
  const callee = value.kind === 'call' ? value.callee : value;
  if (callee.kind !== 'name') {
    c.report('p4-not-an-action', { name: 'this' }, value.loc);
    return;
  }
  const action = actionOf(c, callee.path, actions, table);
  if (!action) return;
  if (action.ref.annotations.some((a) => a.name === 'tableonly'))
    c.report('wrong-scope', { action: action.name, scope: 'tableonly', use: 'the default action' }, value.loc);
  checkActionArgs(c, action, value.kind === 'call' ? value.args : [], value, value.loc);
}
