/** Entries of tables as controllers write and read them, to and from the messages of P4Runtime. */

import { isRequired, maxPriority } from '../../compiler/control/match.js';
import { type Place, unknownOf } from '../../compiler/control/names.js';
import type { ActionSchema, FieldForm, HasActions, TableSchema } from '../../compiler/control/schema.js';
import { actionCallOf, actionOf, callOf } from '../../compiler/dsl/handles.js';
import type { Action, EntryAction, Group, Impl, Member, OneShot, Params } from '../../compiler/dsl/surface.js';
import type { ControlOuts } from '../../compiler/dsl/values.js';
import { toUtf8 } from '../../compiler/support/bytes.js';
import { fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { FieldMatch, Action as Message, TableAction, TableEntry } from '../p4runtime/messages.js';
import { brokenByCall, brokenByEntry } from '../p4runtime/restrictions.js';
import { decodeShare, encodeShare } from './member-weight.js';
import { decodeRates, encodeRates, type MeterInput, type MeterRates } from './meter.js';
import { decodeSetOptions, encodeSetOptions } from './one-shot.js';
import { checkOwner, expectHandle } from './ownership.js';
import { takes } from './signatures.js';
import { fromMatch, fromWire, toInt64, toMatch, toUint32, toWire } from './values.js';

/** An entry, without the types that tie it to its table. */
export interface EntryInput {
  readonly match?: Readonly<Record<string, unknown>>;
  readonly action?: unknown;
  readonly priority?: number;
  readonly meter?: MeterInput;
  readonly idleTimeoutNs?: number | bigint;
  readonly metadata?: Uint8Array | string;
}
/** What a cell of a counter has counted. */
export interface CounterValue {
  readonly packets: bigint;
  readonly bytes: bigint;
}
/** An action as it was read: it can be written again. */
export interface ReadAction {
  readonly call: string;
  readonly args: Readonly<Record<string, unknown>>;
}
export interface ReadEntry {
  readonly match: Readonly<Record<string, unknown>>;
  readonly action: ReadAction | Member | Group | OneShot<string>;
  readonly priority?: number;
  readonly counter?: CounterValue;
  readonly meter?: MeterRates;
  readonly idleTimeoutNs?: bigint;
  readonly metadata?: Uint8Array;
}

/** @throws DiagnosticError when the entry does not fit the table */
export function encodeEntry(table: TableSchema, input: EntryInput, loc: Loc): TableEntry {
  const at = `table ${table.name}`;
  const key = encodeKey(table, input, loc);
  const why = brokenByEntry(table, key);
  if (why !== undefined) return fail('entry-restricted', { at, why }, { loc });
  const action = encodeEntryAction(table, input.action, loc);
  // Most entries have no more than these, in objects that all have the same shape, which is faster.
  if (!input.meter && !input.idleTimeoutNs && !input.metadata?.length && key.match && key.priority === undefined) {
    return { table_id: table.id, match: key.match, action };
  }
  return {
    ...key,
    action,
    ...(input.meter ? { meter_config: encodeRates(input.meter, `${at}, meter`, loc) } : {}),
    ...(input.idleTimeoutNs ? { idle_timeout_ns: toInt64(input.idleTimeoutNs, { at: `${at}, idleTimeoutNs`, loc }) } : {}),
    ...(input.metadata?.length
      ? { metadata: typeof input.metadata === 'string' ? toUtf8(input.metadata) : new Uint8Array(input.metadata) }
      : {}),
  };
}

/** Sets the default action, which runs on a miss; without an action, restores that of the pipeline. */
export function encodeDefault(table: TableSchema, action: unknown, loc: Loc): TableEntry {
  const call = action === undefined ? {} : { action: { action: encodeCall(table, action, `table ${table.name}`, loc) } };
  return { table_id: table.id, is_default_action: true, ...call };
}

/** What identifies the entry. */
export function encodeKey(table: TableSchema, input: EntryInput, loc: Loc): TableEntry {
  const at = `table ${table.name}`;
  const given = input.match ?? {};
  for (const name in given) {
    if (table.keys.some((k) => k.name === name)) continue;
    unknownOf('key', name, table.keys, { at, loc });
  }
  const match: FieldMatch[] = [];
  for (const key of table.keys) {
    const value = given[key.name];
    if (value !== undefined) {
      const field = toMatch(value, key, { at: `${at}, key ${key.name}`, loc });
      if (field) match.push(field);
    } else if (isRequired(key.match)) fail('entry-missing', { at, what: `the key ${key.name}` }, { loc });
  }
  const { priority } = input;
  if (table.needsPriority !== (priority !== undefined)) fail('entry-priority', { at, needed: table.needsPriority }, { loc });
  if (priority !== undefined && !(Number.isInteger(priority) && priority > 0 && priority <= maxPriority)) {
    fail('entry-value', { at: `${at}, priority`, problem: `${priority} is not between 1 and ${maxPriority}` }, { loc });
  }
  return { table_id: table.id, ...(match.length > 0 ? { match } : {}), ...(priority === undefined ? {} : { priority }) };
}

/** An action, or what stands for it in a table whose actions are in a profile. */
function encodeEntryAction(table: TableSchema, input: unknown, loc: Loc): TableAction {
  const at = `table ${table.name}`;
  const { profile } = table;
  if (!profile) return { action: encodeCall(table, input, at, loc) };
  const { member, group, set, ...options } = (typeof input === 'object' && input !== null ? input : {}) as Partial<
    Member & Group & OneShot<string>
  >;
  if (member !== undefined) return { action_profile_member_id: toUint32(member, `${at}, member`) };
  if (profile.hasSelector && group !== undefined) return { action_profile_group_id: toUint32(group, `${at}, group`) };
  if (profile.hasSelector && set !== undefined) {
    takes.oneShot([set], loc);
    return {
      action_profile_action_set: {
        action_profile_actions: set.map(({ action, ...share }) => ({
          action: encodeCall(table, action, at, loc),
          ...encodeShare(share, profile.weightsDisallowed, at),
        })),
        ...encodeSetOptions(options, { at, loc }),
      },
    };
  }
  return fail('entry-indirect', { at, selector: profile.hasSelector }, { loc });
}

function actionNamed(actions: HasActions['actions'], name: string): ActionSchema | undefined {
  for (const { action } of actions.values()) if (action.name === name) return action;
  return undefined;
}

/** A call of one of the actions of a table or profile. @throws DiagnosticError entry-missing, handle-of-another, entry-action, entry-value */
export function encodeCall({ actions, pipeline }: HasActions, input: unknown, at: string, loc: Loc): Message {
  const call = actionCallOf(input);
  if (!call) return fail('entry-missing', { at, what: 'an action, called with its arguments,' }, { loc });
  if (pipeline !== undefined) checkOwner('action', call, pipeline, loc);
  const action = actionNamed(actions, call.path);
  if (!action) {
    const own = [...actions.values()].flatMap((ref) => (ref.scope === 'default' ? [] : [ref.action.name]));
    return fail('entry-action', { at, action: call.path, actions: own }, { loc });
  }
  if (typeof call.args !== 'object' || call.args === null)
    fail('entry-missing', { at, what: `an object of the arguments of action ${action.name}` }, { loc });
  if (action.params.length === 0 && !Object.keys(call.args).length && !action.restriction) return { action_id: action.id };
  const called = `${at}, action ${action.name}`;
  const params = encodeFields(action.params, call.args, called, 'parameter', loc);
  const encoded = { action_id: action.id, params: params.map(({ id, value }) => ({ param_id: id, value })) };
  const why = brokenByCall(action, encoded);
  return why === undefined ? encoded : fail('entry-restricted', { at: called, why }, { loc });
}

/** Named values, each of which must be there. */
export function encodeFields(
  fields: readonly FieldForm[],
  values: Readonly<Record<string, unknown>>,
  at: string,
  what: string,
  loc: Loc,
): { readonly id: number; readonly value: Uint8Array }[] {
  checkNames(fields, values, at, what, loc);
  return fields.map((field) => {
    const place: Place = { at: `${at}, ${what} ${field.name}`, loc };
    return { id: field.id, value: toWire(values[field.name], field, place) };
  });
}

/** @throws DiagnosticError entry-unknown, entry-missing */
export function checkNames(
  fields: readonly { readonly name: string }[],
  values: Readonly<Record<string, unknown>>,
  at: string,
  what: string,
  loc: Loc,
): void {
  for (const name of Object.keys(values)) {
    if (fields.some((f) => f.name === name)) continue;
    unknownOf(what, name, fields, { at, loc });
  }
  const missing = fields.find((f) => values[f.name] === undefined);
  if (missing) fail('entry-missing', { at, what: `the ${what} ${missing.name}` }, { loc });
}

export function decodeEntry(table: TableSchema, entry: TableEntry): ReadEntry {
  const match: [string, unknown][] = [];
  for (const key of table.keys) {
    const value = fromMatch(
      entry.match?.find((m) => m.field_id === key.id),
      key,
    );
    if (value !== undefined) match.push([key.name, value]);
  }
  const { counter_data: counter } = entry;
  const meter = decodeRates(entry.meter_config);
  return {
    match: Object.fromEntries(match),
    action: decodeEntryAction(table, entry.action),
    ...(entry.priority ? { priority: entry.priority } : {}),
    ...(counter ? { counter: { packets: counter.packet_count ?? 0n, bytes: counter.byte_count ?? 0n } } : {}),
    ...(meter ? { meter } : {}),
    ...(entry.idle_timeout_ns ? { idleTimeoutNs: entry.idle_timeout_ns } : {}),
    ...(entry.metadata?.length ? { metadata: new Uint8Array(entry.metadata) } : {}),
  };
}

function decodeEntryAction(table: TableSchema, message: TableAction | undefined): ReadEntry['action'] {
  const { action_profile_member_id: member, action_profile_group_id: group, action_profile_action_set: set } = message ?? {};
  if (member) return { member };
  if (group) return { group };
  if (!set) return decodeAction(table, message?.action);
  return {
    set: (set.action_profile_actions ?? []).map(({ action, ...share }) => ({
      action: decodeAction(table, action),
      ...decodeShare(share),
    })),
    ...decodeSetOptions(set),
  };
}

/** An action that the pipeline does not name for the table is `NoAction`. */
export function decodeAction(of: HasActions | undefined, given: Message | undefined): ReadAction {
  const { action } = of?.actions.get(given?.action_id ?? 0) ?? {};
  if (!action) return { call: 'NoAction', args: {} };
  const args = Object.fromEntries(
    action.params.map((param) => [param.name, fromWire(given?.params?.find((p) => p.param_id === param.id)?.value, param)]),
  );
  // What is hidden makes it a call that can be written again.
  return callOf(action.name, args, { call: action.call, args });
}

/**
 * The arguments of an action that was read, where it is `action`; undefined where it is another one, a member or a group, or where
 * nothing was found.
 * @throws DiagnosticError not-a-handle
 */
export function argsOf<N extends string, P extends Params>(
  action: Action<N, P>,
  read: EntryAction<string, Impl> | undefined,
): ControlOuts<P> | undefined {
  const { path } = expectHandle(actionOf, action, 'argsOf()', 'handle of an action');
  const call = actionCallOf(read);
  return call?.path === path ? (call.args as ControlOuts<P>) : undefined;
}

/** The entry's key as people write it, for messages. */
export function describeKey(input: EntryInput): string {
  const parts = Object.entries(input.match ?? {}).map(([name, value]) => `${name} ${describeValue(value)}`);
  if (input.priority !== undefined) parts.push(`priority ${input.priority}`);
  return parts.join(', ');
}

function describeValue(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = value as Readonly<Record<string, unknown>>;
  if ('prefix' in parts) return `${parts.value}/${parts.prefix}`;
  if ('mask' in parts) return `${parts.value} &&& ${parts.mask}`;
  return `${parts.low}..${parts.high}`;
}
