/** Writes of table entries and default actions (P4Runtime, "TableEntry"). */
import type { TableEntry as EntryMessage } from '../p4runtime/messages.js';
import { decodeAction } from './action.js';
import { decodeCounterData } from './counter-data.js';
import { tableOf } from './lookup.js';
import { decodeMatches, decodePriority, describeEntry } from './match.js';
import type { EntryKey, StateUpdate } from './messages.js';
import { refuse } from './refusals.js';
import type { TableSchema } from './schema.js';
import type { Cookies } from './store.js';
import type { WriteContext, WriteType } from './write.js';

export function writeTableEntry(context: WriteContext, type: WriteType, entry: EntryMessage): StateUpdate[] {
  const table = tableOf(context.schema, entry.table_id ?? 0);
  if (entry.is_const) return refuse('is-const-given', { at: `table ${table.name}` });
  if (entry.is_default_action) return writeDefault(context, type, table, entry);
  switch (type) {
    case 'INSERT':
      return insert(context, table, entry);
    case 'MODIFY':
      return modify(context, table, entry);
    case 'DELETE':
      return remove(context, table, entry);
  }
}

/** What identifies an entry, checked. */
export function decodeKey(table: TableSchema, entry: EntryMessage): EntryKey {
  return { matches: decodeMatches(table, entry.match ?? []), priority: decodePriority(table, entry.priority ?? 0) };
}

function insert({ schema, store }: WriteContext, table: TableSchema, entry: EntryMessage): StateUpdate[] {
  const at = `table ${table.name}`;
  if (table.isConst) return refuse('const-table', { at });
  if (table.keys.length === 0) return refuse('no-keys', { at });
  const key = decodeKey(table, entry);
  const action = decodeAction(schema, table, entry.action ?? {}, 'entry');
  checkResources(table, entry);
  const counter = entry.counter_data && decodeCounterData(entry.counter_data, at);
  if (store.find(table, key)) return refuse('entry-exists', { at, entry: describeEntry(table, key) });
  if (store.count(table) >= table.size) return refuse('table-full', { at, size: table.size });
  store.put(table, { ...key, action, isConst: false, ...cookies(entry) });
  return [{ kind: 'insert', table: table.name, entry: { ...key, action } }, ...directCounter(table, key, counter)];
}

function modify({ schema, store }: WriteContext, table: TableSchema, entry: EntryMessage): StateUpdate[] {
  const at = `table ${table.name}`;
  const key = decodeKey(table, entry);
  const stored = store.find(table, key);
  if ((table.isConst || stored?.isConst) && entry.action !== undefined) {
    return table.isConst ? refuse('const-table', { at }) : refuse('const-entry', { at, entry: describeEntry(table, key) });
  }
  const action = entry.action && decodeAction(schema, table, entry.action, 'entry');
  checkResources(table, entry);
  const counter = entry.counter_data && decodeCounterData(entry.counter_data, at);
  if (!stored) return refuse('no-such-entry', { at, entry: describeEntry(table, key) });
  const changed = { ...key, action: action ?? stored.action, isConst: stored.isConst, ...cookies(entry) };
  store.put(table, changed);
  return [
    ...(action ? [{ kind: 'modify', table: table.name, entry: { ...key, action } } as const] : []),
    ...directCounter(table, key, counter),
  ];
}

/** Only what identifies the entry counts; the rest of the message is ignored. */
function remove({ store }: WriteContext, table: TableSchema, entry: EntryMessage): StateUpdate[] {
  const at = `table ${table.name}`;
  if (table.isConst) return refuse('const-table', { at });
  const key = decodeKey(table, entry);
  const stored = store.find(table, key);
  if (!stored) return refuse('no-such-entry', { at, entry: describeEntry(table, key) });
  if (stored.isConst) return refuse('const-entry', { at, entry: describeEntry(table, key) });
  store.remove(table, key);
  return [{ kind: 'delete', table: table.name, entry: key }];
}

/** "Default Entry": it is always there, so it is only modified; without an action it goes back to the program's. */
function writeDefault({ schema, store }: WriteContext, type: WriteType, table: TableSchema, entry: EntryMessage): StateUpdate[] {
  const at = `table ${table.name}`;
  if (type !== 'MODIFY') return refuse('default-not-modified', { at });
  if ((entry.match?.length ?? 0) > 0 || (entry.priority ?? 0) !== 0) return refuse('default-with-key', { at });
  if (table.hasConstDefault) return refuse('const-default', { at });
  const action = entry.action && decodeAction(schema, table, entry.action, 'default');
  checkResources(table, entry);
  if (entry.counter_data) return refuse('not-supported', { what: `${at}: a counter of the default action` });
  store.setDefaultAction(table, action && { action, ...cookies(entry) });
  return [{ kind: 'default-action', table: table.name, ...(action ? { action } : {}) }];
}

/** A resource that the table does not have cannot be written with its entries. */
function checkResources(table: TableSchema, entry: EntryMessage): void {
  const at = `table ${table.name}`;
  if (entry.counter_data && !table.hasDirectCounter) refuse('no-such-resource', { at, resource: 'direct counter' });
  if (entry.meter_config || entry.meter_counter_data) refuse('no-such-resource', { at, resource: 'direct meter' });
  if ((entry.idle_timeout_ns ?? 0n) !== 0n) refuse('no-such-resource', { at, resource: 'idle timeout' });
}

const cookies = (entry: EntryMessage): Cookies => ({
  ...(entry.metadata?.length ? { metadata: Uint8Array.from(entry.metadata) } : {}),
  ...(entry.controller_metadata ? { controllerMetadata: entry.controller_metadata } : {}),
});

function directCounter(table: TableSchema, entry: EntryKey, data: ReturnType<typeof decodeCounterData> | undefined): StateUpdate[] {
  return data ? [{ kind: 'direct-counter', table: table.name, entry: { matches: entry.matches, priority: entry.priority }, data }] : [];
}
