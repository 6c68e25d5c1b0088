/** Tables: keys, actions, default action, entries and the architecture's properties (P4-16 §14.2). */
import type { ActionCallExpr, ActionRef, EntryDecl, KeyDecl, TableDecl } from '../../ir/decl.js';
import type { KeySet } from '../../ir/expr.js';
import { printExpr, printKeySet } from '../../ir/print.js';
import { isPrefixMask, keySetForms } from '../../ir/rules.js';
import { sameType, type Type, typeName } from '../../ir/types.js';
import { actionParams, checkArguments, checkConstants } from './calls.js';
import { checkEntries } from './entries.js';
import type { Environment, Place } from './environment.js';
import { checkExpr, checkKeySet, isConstant } from './expressions.js';

export function checkTable(env: Environment, table: TableDecl, place: Place): void {
  checkKeys(env, table, place);
  const seen = new Set<string>();
  for (const ref of table.actions) {
    checkActionRef(env, ref, place);
    if (seen.has(ref.action)) env.report('duplicate-name', { name: ref.action, what: 'table action' }, ref.loc);
    seen.add(ref.action);
  }
  if (table.defaultAction) {
    const { action, loc } = table.defaultAction;
    const ref = table.actions.find((r) => r.action === action);
    if (!ref) env.report('action-not-in-table', { action, table: table.name, actions: [...seen] }, loc);
    if (ref?.scope === 'tableonly') env.report('wrong-scope', { action, scope: ref.scope, use: 'the default action' }, loc);
    checkActionCall(env, table.defaultAction, place);
  }
  if (table.size !== undefined && table.size > 0x7fffffff)
    env.report('bad-operand', { got: String(table.size), expected: 'a number of entries up to 2147483647' }, table.loc);
  for (const entry of table.entries ?? []) checkEntry(env, table, entry, place);
  checkEntries(env, table);
  for (const property of table.properties ?? []) checkProperty(env, table, property, place);
  checkSelectorKeys(env, table);
}

/** Keys that a selector hashes go with an implementation that is one. */
function checkSelectorKeys(env: Environment, table: TableDecl): void {
  if (env.isP4) return;
  const implementation = table.properties?.find((p) => p.name === env.arch.attachments.profile);
  const isSelector = implementation !== undefined && env.externRole(implementation.value.type) === 'action-selector';
  const key = table.keys.find((k) => k.match === 'selector');
  if (key && !isSelector) env.report('selector-keys', { table: table.name, needed: false }, key.loc);
  if (!key && isSelector) env.report('selector-keys', { table: table.name, needed: true }, implementation?.value.loc ?? table.loc);
}

/** What keys of each match kind may be, for a controller to write. */
const keyKinds: ReadonlyMap<string, readonly string[]> = new Map([
  ['exact', ['bit', 'int', 'bool', 'error', 'enum']],
  ['lpm', ['bit']],
  ['ternary', ['bit', 'int', 'bool', 'enum']],
  ['range', ['bit', 'int']],
  ['optional', ['bit', 'int', 'bool', 'enum']],
]);

function checkKeys(env: Environment, table: TableDecl, place: Place): void {
  const names = new Map<string, KeyDecl>();
  let lpm: KeyDecl | undefined;
  for (const key of table.keys) {
    checkExpr(env, key.expr, place);
    if (!env.matchKinds.has(key.match)) {
      // A program in P4 may declare others.
      if (env.isP4) env.report('not-yet', { feature: `The match kind ${key.match}` }, key.loc);
      else env.unknown('match kind', key.match, env.matchKinds, key.loc);
    }
    const base = env.underlying(key.expr.type);
    const fits = keyKinds.get(key.match);
    if (fits && !fits.includes(env.declaration(base)?.kind ?? base.kind))
      env.report('key-type', { key: key.name, match: key.match, type: typeName(key.expr.type) }, key.loc);
    // What chooses a member may be what the table matches as well.
    const other = key.match === 'selector' ? undefined : names.get(key.name);
    if (other) {
      const notes = [{ message: `the other "${key.name}" is declared here`, loc: other.loc }];
      env.report('duplicate-name', { name: key.name, what: `key of the table ${table.name}` }, key.loc, { notes });
    }
    if (key.match !== 'selector') names.set(key.name, key);
    if (key.match !== 'lpm') continue;
    if (lpm) env.report('two-lpm-keys', { table: table.name, first: lpm.name, second: key.name }, key.loc);
    lpm ??= key;
  }
}

/** What P4Runtime has values for in entries, enums beside. */
const dataKinds: readonly Type['kind'][] = ['bit', 'int', 'bool', 'error', 'varbit'];

function checkActionRef(env: Environment, ref: ActionRef, place: Place): void {
  const action = env.action(ref.action, place, ref.loc);
  if (!action) return;
  for (const { name, type, direction, loc } of action.params) {
    const base = env.underlying(type);
    const fits = dataKinds.includes(base.kind) || env.declaration(base)?.kind === 'enum';
    if (direction === undefined && !fits) env.report('action-data-type', { param: name, action: ref.action, type: typeName(type) }, loc);
  }
  const directional = action.params.filter((p) => p.direction !== undefined);
  checkArguments(env, `The action ${ref.action} in a table`, directional, ref.args, place, ref.loc);
}

function checkActionCall(env: Environment, call: ActionCallExpr, place: Place): void {
  const action = env.action(call.action, place, call.loc);
  if (!action) return;
  checkArguments(env, `The action ${call.action}`, actionParams(action), call.args, place, call.loc);
  checkConstants(
    env,
    call.args.filter((_, i) => action.params[i]?.direction === undefined),
    place,
  );
}

function checkEntry(env: Environment, table: TableDecl, entry: EntryDecl, place: Place): void {
  const keys = table.keys.filter((k) => k.match !== 'selector');
  if (entry.keys.length !== keys.length)
    env.report('key-count', { what: `The entry of ${table.name}`, expected: keys.length, got: entry.keys.length }, entry.loc);
  for (const [i, set] of entry.keys.entries()) {
    const key = keys[i];
    if (!key) continue;
    checkKeySet(env, set, key.expr.type, place);
    const forms = keySetForms.get(key.match);
    if (forms && !forms.includes(set.kind)) env.report('key-set', { match: key.match, got: printKeySet(set) }, entry.loc);
    if (key.match === 'lpm' && set.kind === 'mask' && !isPrefix(set, key.expr.type))
      env.report('mask-not-prefix', { got: printKeySet(set) }, entry.loc);
  }
  const { action, loc } = entry.action;
  const ref = table.actions.find((r) => r.action === action);
  if (!ref) {
    env.report('action-not-in-table', { action, table: table.name, actions: table.actions.map((r) => r.action) }, loc);
  }
  if (ref?.scope === 'defaultonly') env.report('wrong-scope', { action, scope: ref.scope, use: 'in an entry' }, loc);
  checkActionCall(env, entry.action, place);
}

function isPrefix(set: KeySet & { kind: 'mask' }, type: Type): boolean {
  return set.mask.kind !== 'const' || type.kind !== 'bit' || isPrefixMask(set.mask.value, type.width);
}

function checkProperty(
  env: Environment,
  table: TableDecl,
  { name, value }: NonNullable<TableDecl['properties']>[number],
  place: Place,
): void {
  checkExpr(env, value, place);
  const types = Object.hasOwn(env.arch.tableProperties, name) ? env.arch.tableProperties[name] : undefined;
  if (!types && env.isP4) return;
  if (!types) env.unknown('table property', name, Object.keys(env.arch.tableProperties), table.loc);
  else if (!types.some((type) => isOfType(value.type, type)))
    env.report('bad-property', { property: name, expected: types.map(typeName).join(' or ') }, value.loc);
  else if (!isConstant(value, place)) env.report('not-constant', { what: `The table property "${name}"` }, value.loc);
}

const isOfType = (given: Type, wanted: Type): boolean =>
  wanted.kind === 'named' && given.kind === 'named' ? wanted.name === given.name : sameType(wanted, given);

/** Reports extern objects that belong to one table and are named by several, and profiles whose tables differ in what members are. */
export function checkShared(env: Environment, tables: readonly TableDecl[]): void {
  const owners = new Map<string, TableDecl>();
  for (const table of tables) {
    for (const { name, value } of table.properties ?? []) {
      if (value.kind !== 'name' || !env.extern(value.type)) continue;
      const owner = owners.get(value.name);
      const shown = owner && { name: value.name, first: owner.name, second: table.name };
      if (shown && name !== env.arch.attachments.profile) env.report('shared-direct', shown, value.loc);
      else if (shown && membersOf(owner, env) !== membersOf(table, env)) env.report('shared-profile', shown, value.loc);
      owners.set(value.name, table);
    }
  }
}

/**
 * The actions of a table's members and the keys by which one is chosen, as text. Where the architecture lets tables with
 * different actions share members, as p4c has it, a member runs in whatever table names it.
 */
const membersOf = (table: TableDecl, { arch }: Environment): string =>
  [
    ...(arch.sameProfileActions ? table.actions.map((ref) => ref.action).toSorted() : []),
    ...table.keys.filter((key) => key.match === 'selector').map((key) => printExpr(key.expr)),
  ].join(' ');
