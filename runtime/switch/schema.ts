/** The schema of a loaded pipeline, with what the switch itself knows of it. */
import { type VisibleAction, type VisibleTable, visibleBlocks } from '../../compiler/analysis/visible-blocks.js';
import type { ArchDevice } from '../../compiler/arch/index.js';
import { buildSchema } from '../../compiler/control/build.js';
import type { DataForm } from '../../compiler/control/data.js';
import { initialTables } from '../../compiler/control/initial-tables.js';
import { type ControlSchema, type TableSchema as ControlTable, Objects } from '../../compiler/control/schema.js';
import type { Program } from '../../compiler/ir/index.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { ActionValue, EntryKey, InitialTable } from '../data-plane/messages.js';
import { deviceOf } from './device.js';
import { callsObject } from './direct-calls.js';
import { refuse } from './refusals.js';

export interface DeclaredEntry extends EntryKey {
  readonly action: ActionValue;
  readonly isConst: boolean;
}
export interface TableSchema extends ControlTable {
  readonly declaredEntries: readonly DeclaredEntry[];
  readonly declaredDefault: ActionValue;
  /** By name, the actions that do not run its direct counter, and those that do not run its direct meter. */
  readonly notCounting: ReadonlySet<string>;
  readonly notMetering: ReadonlySet<string>;
}
export interface Schema extends ControlSchema {
  readonly tables: Objects<TableSchema>;
  /** Of the program's architecture. */
  readonly device: ArchDevice;
}

/**
 * `program` is lowered to the switch's architecture, and `p4info` is its own.
 * @throws Refusal INVALID_ARGUMENT for registers and digests of types that controllers cannot be told
 */
export function switchSchema(program: Program, p4info: P4Info): Schema {
  const schema = buildSchema(p4info, { program });
  for (const { name, cell } of schema.registers.values()) checkTold(cell, `register ${name}`);
  for (const { name, data } of schema.digests.values()) checkTold(data, `digest ${name}`);
  const blocks = visibleBlocks(program);
  const actions = new Map(blocks.flatMap((block) => block.actions).map((action) => [action.name, action]));
  const declared = new Map(blocks.flatMap((b) => b.children).flatMap((child) => (child.kind === 'table' ? [[child.name, child]] : [])));
  const initial = initialTables(program);
  const tables = [...schema.tables.values()].map((table): TableSchema => {
    const [own, values] = [declared.get(table.name), initial.get(table.name)];
    invariant(own && values, `the P4Info lists ${table.name}, which the program does not declare`);
    return { ...table, ...declaredParts(program, table, own, values, actions) };
  });
  return { ...schema, tables: new Objects('table', tables), device: deviceOf(program) };
}

function declaredParts(
  program: Program,
  table: ControlTable,
  own: VisibleTable,
  { entries, defaultAction }: InitialTable,
  actions: ReadonlyMap<string, VisibleAction>,
): Omit<TableSchema, keyof ControlTable> {
  const { decl } = own;
  const notRunning = (what: 'counter' | 'meter'): ReadonlySet<string> => {
    const object = own.attached(what)?.decl;
    if (!object || deviceOf(program).runsDirects) return new Set();
    const names = [...table.actions.values()].map(({ action }) => action.name);
    const runs = (name: string): boolean => {
      const action = actions.get(name);
      return action !== undefined && callsObject(program, action, object.name);
    };
    return new Set(names.filter((name) => !runs(name)));
  };
  return {
    declaredEntries: entries.map((entry, i) => ({
      ...entry,
      isConst: decl.constEntries === true || decl.entries?.[i]?.const === true,
    })),
    declaredDefault: defaultAction,
    notCounting: notRunning('counter'),
    notMetering: notRunning('meter'),
  };
}

/** Types that have no width of their own, such as varbit, are in no message. @throws Refusal INVALID_ARGUMENT */
export function checkTold(form: DataForm, at: string): void {
  if (form.kind === 'untold')
    refuse('program-refused', { why: `${at} has a value of type ${form.type}, which controllers cannot be told` });
  if ('fields' in form) for (const { form: inner } of form.fields) checkTold(inner, at);
  if ('element' in form) checkTold(form.element, at);
}
