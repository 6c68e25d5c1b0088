/** Entries of tables as controllers write and read them, to and from the messages of P4Runtime. */
import { actionCallBrand, actionCallOf } from '../../compiler/dsl/handles.js';
import { fromBytes } from '../../compiler/support/bits.js';
import { DiagnosticError, diagnostic, fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import { nearest } from '../../compiler/support/suggest.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { FieldMatch, TableAction, TableEntry } from '../p4runtime/messages.js';
import type { ClientAction, ClientField, ClientTable } from './names.js';
import { fromBits, fromMatch, type Place, toBits, toMatch } from './values.js';

/** An entry, without the types that tie it to its table. */
export interface EntryInput {
  readonly match?: Readonly<Record<string, unknown>>;
  readonly action?: unknown;
  readonly priority?: number;
}
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
  readonly action: ReadAction;
  readonly priority?: number;
  readonly counter?: CounterValue;
}

/** @throws DiagnosticError when the entry does not fit the table */
export function encodeEntry(table: ClientTable, input: EntryInput, loc: Loc): TableEntry {
  return { ...encodeKey(table, input, loc), action: encodeAction(table, input.action, loc) };
}

/** What identifies the entry. */
export function encodeKey(table: ClientTable, input: EntryInput, loc: Loc): TableEntry {
  const at = `table ${table.path}`;
  const given = input.match ?? {};
  for (const name of Object.keys(given)) {
    if (table.keys.some((k) => k.name === name)) continue;
    const suggestion = nearest(
      name,
      table.keys.map((k) => k.name),
    );
    fail('entry-unknown', { at, what: 'key', name, suggestion }, { loc });
  }
  const match = table.keys.flatMap((key): FieldMatch[] => {
    const place = { at: `${at}, key ${key.name}`, loc };
    const value = given[key.name];
    if (value !== undefined) return [toMatch(value, key, place) ?? []].flat();
    if (key.match === 'exact' || key.match === 'lpm') return fail('entry-missing', { at, what: `the key ${key.name}` }, { loc });
    return [];
  });
  const { priority } = input;
  if (table.needsPriority !== (priority !== undefined)) fail('entry-priority', { at, needed: table.needsPriority }, { loc });
  if (priority !== undefined && !(Number.isInteger(priority) && priority > 0 && priority <= maxPriority)) {
    fail('entry-value', { at: `${at}, priority`, problem: `${priority} is not between 1 and ${maxPriority}` }, { loc });
  }
  return { table_id: table.id, ...(match.length > 0 ? { match } : {}), ...(priority === undefined ? {} : { priority }) };
}

/** int32 on the wire. */
const maxPriority = 2 ** 31 - 1;

export function encodeAction(table: ClientTable, input: unknown, loc: Loc): TableAction {
  const at = `table ${table.path}`;
  const call = actionCallOf(input);
  if (!call) return fail('entry-missing', { at, what: 'an action, called with its arguments,' }, { loc });
  const action = table.actions.find((a) => a.path === call.path);
  if (!action) return fail('entry-action', { at, action: call.path, actions: table.actions.map((a) => a.path) }, { loc });
  const params = encodeFields(action.params, call.args, `${at}, action ${action.path}`, 'parameter', loc);
  return {
    action: {
      action_id: action.id,
      ...(params.length > 0 ? { params: params.map(({ id, value }) => ({ param_id: id, value })) } : {}),
    },
  };
}

/** Named values, each of which must be there. */
export function encodeFields(
  fields: readonly ClientField[],
  values: Readonly<Record<string, unknown>>,
  at: string,
  what: string,
  loc: Loc,
): { readonly id: number; readonly value: Uint8Array }[] {
  for (const name of Object.keys(values)) {
    if (fields.some((f) => f.name === name)) continue;
    const suggestion = nearest(
      name,
      fields.map((f) => f.name),
    );
    throw new DiagnosticError([diagnostic('entry-unknown', { at, what, name, suggestion }, { loc })]);
  }
  return fields.map((field) => {
    const place: Place = { at: `${at}, ${what} ${field.name}`, loc };
    const value = values[field.name];
    if (value === undefined) return fail('entry-missing', { at, what: `the ${what} ${field.name}` }, { loc });
    return { id: field.id, value: encodeBits(toBits(value, field, place)) };
  });
}

export function decodeEntry(table: ClientTable, entry: TableEntry): ReadEntry {
  const match = table.keys.flatMap((key) => {
    const value = fromMatch(
      entry.match?.find((m) => m.field_id === key.id),
      key,
    );
    return value === undefined ? [] : [[key.name, value] as const];
  });
  const { counter_data: counter } = entry;
  return {
    match: Object.fromEntries(match),
    action: decodeAction(table.actions, entry.action),
    ...(entry.priority ? { priority: entry.priority } : {}),
    ...(counter ? { counter: { packets: counter.packet_count ?? 0n, bytes: counter.byte_count ?? 0n } } : {}),
  };
}

/** An action that the pipeline does not name for the table is `NoAction`. */
export function decodeAction(actions: readonly ClientAction[], message: TableAction | undefined): ReadAction {
  const given = message?.action;
  const action = actions.find((a) => a.id === given?.action_id);
  if (!action) return { call: 'NoAction', args: {} };
  const args = Object.fromEntries(
    action.params.map((p) => {
      const bytes = given?.params?.find((g) => g.param_id === p.id)?.value;
      return [p.name, fromBits(fromBytes(bytes ?? new Uint8Array()), p)];
    }),
  );
  const call = { call: action.name, args };
  // Not enumerable, so that what was read prints and compares as plain data.
  return Object.defineProperty(call, actionCallBrand, { value: { path: action.path, args } });
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
