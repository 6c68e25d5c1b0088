/** Writes of table entries and default actions (P4Runtime, "TableEntry"). */

import type { CounterData, EntryKey, EntryOrDefault, MeterConfig, StateUpdate } from '../data-plane/messages.js';
import type { TableEntry as EntryMessage } from '../p4runtime/messages.js';
import { brokenByEntry } from '../p4runtime/restrictions.js';
import { decodeCounterData } from './counter-data.js';
import { checkDefaultKey, clearDirectColors, directCounter, directMeter } from './direct-resources.js';
import { decodeDefaultAction, decodeEntryAction, discard, type GivenAction, place } from './entry-action.js';
import { tableOf } from './lookup.js';
import { decodeKey, describeEntry } from './match.js';
import { checkColorsCleared, decodeMeterConfig } from './meter-config.js';
import { refuse } from './refusals.js';
import type { TableSchema } from './schema.js';
import type { Cookies, StoredAction, StoredEntry } from './store.js';
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

function insert(context: WriteContext, table: TableSchema, entry: EntryMessage): StateUpdate[] {
  const { store, nowNs: writtenNs } = context;
  const at = `table ${table.name}`;
  if (table.isConst) return refuse('const-table', { at });
  if (table.keys.length === 0) return refuse('no-keys', { at });
  const key = decodeKey(table, entry);
  const why = brokenByEntry(table, entry);
  if (why !== undefined) return refuse('entry-restricted', { at, why });
  const action = decodeEntryAction(context, table, entry.action ?? {});
  const extras = decodeExtras(table, entry, action);
  if (store.find(table, key)) return refuse('entry-exists', { at, entry: describeEntry(table, key) });
  if (store.count(table) >= table.size) return refuse('table-full', { at, size: table.size });
  const { stored, run, updates } = place(context, table, action);
  store.insert(table, key, storedEntry(key, { action: stored, isConst: false, writtenNs }, entry, extras));
  const { matches, priority } = key;
  return [
    ...updates,
    { kind: 'insert', table: table.name, entry: { matches, priority, action: run } },
    ...(extras.meter ? [directMeter(table, key, extras.meter)] : []),
    ...(extras.counter ? [directCounter(table, key, extras.counter)] : []),
  ];
}

function modify(context: WriteContext, table: TableSchema, entry: EntryMessage): StateUpdate[] {
  const { store, nowNs: writtenNs } = context;
  const at = `table ${table.name}`;
  const key = decodeKey(table, entry);
  const before = store.find(table, key);
  if ((table.isConst || before?.isConst) && changesMoreThanResources(entry)) {
    return table.isConst ? refuse('const-table', { at }) : refuse('const-entry', { at, entry: describeEntry(table, key) });
  }
  const action = entry.action && decodeEntryAction(context, table, entry.action, before?.action);
  const extras = decodeExtras(table, entry, action ?? before?.action);
  if (!before) return refuse('no-such-entry', { at, entry: describeEntry(table, key) });
  if (hasKeyOnly(entry)) {
    if (!before.meter) return [];
    store.setDirectMeter(table, key, undefined);
    return [directMeter(table, key, undefined)];
  }
  const placed = action && place(context, table, action);
  const { isConst } = before;
  store.replace(table, key, storedEntry(key, { action: placed?.stored ?? before.action, isConst, writtenNs }, entry, extras));
  return [
    ...(placed ? placed.updates : []),
    ...(placed
      ? [{ kind: 'modify', table: table.name, entry: { matches: key.matches, priority: key.priority, action: placed.run } } as const]
      : []),
    ...(placed ? discard(context, table, before.action) : []),
    ...directUpdates(table, key, extras),
  ];
}

/** Such a MODIFY changes nothing ("Action Specification"), but for a meter, which it resets. */
const hasKeyOnly = (entry: EntryMessage): boolean =>
  !changesMoreThanResources(entry) && !entry.counter_data && !entry.meter_config && !entry.meter_counter_data;

/** Of constant entries only the direct resources can be modified ("Constant Tables"). */
const changesMoreThanResources = (entry: EntryMessage): boolean =>
  entry.action !== undefined ||
  (entry.idle_timeout_ns ?? 0n) !== 0n ||
  (entry.controller_metadata ?? 0n) !== 0n ||
  !!entry.metadata?.length;

/** Only what identifies the entry counts; the rest of the message is ignored. */
function remove(context: WriteContext, table: TableSchema, entry: EntryMessage): StateUpdate[] {
  const { store } = context;
  const at = `table ${table.name}`;
  if (table.isConst) return refuse('const-table', { at });
  const key = decodeKey(table, entry);
  const stored = store.find(table, key);
  if (!stored) return refuse('no-such-entry', { at, entry: describeEntry(table, key) });
  if (stored.isConst) return refuse('const-entry', { at, entry: describeEntry(table, key) });
  store.remove(table, key);
  return [
    { kind: 'delete', table: table.name, entry: { matches: key.matches, priority: key.priority } },
    ...discard(context, table, stored.action),
  ];
}

/** "Default Entry": it is always there, so it is only modified; without an action it goes back to the program's. */
function writeDefault({ schema, store }: WriteContext, type: WriteType, table: TableSchema, entry: EntryMessage): StateUpdate[] {
  const at = `table ${table.name}`;
  if (type !== 'MODIFY') return refuse('default-not-modified', { at });
  checkDefaultKey(table, entry);
  if (table.hasConstDefault) return refuse('const-default', { at });
  if (table.profile) return refuse('indirect-default', { at, profile: table.profile.name });
  const action = decodeDefaultAction(schema, table, entry.action);
  const extras = decodeExtras(table, entry, action ?? table.declaredDefault);
  if (extras.idleTimeoutNs) return refuse('default-idle-timeout', { at });
  store.setDefaultAction(table, action && { action, ...cookies(entry) });
  if (table.meter) store.setDirectMeter(table, 'default', extras.meter);
  return [{ kind: 'default-action', table: table.name, ...(action ? { action } : {}) }, ...directUpdates(table, 'default', extras)];
}

interface Extras {
  readonly counter?: CounterData;
  readonly meter?: MeterConfig;
  readonly clearsColors?: boolean;
  readonly idleTimeoutNs?: bigint;
}

const nothing: Extras = {};

/** A meter that is not configured anew goes back to green, as the specification has it; counters go on ("Direct Resources"). */
const directUpdates = (table: TableSchema, owner: EntryOrDefault, { meter, counter, clearsColors }: Extras): StateUpdate[] => [
  ...(table.meter ? [directMeter(table, owner, meter)] : []),
  ...(clearsColors ? [clearDirectColors(table, owner)] : []),
  ...(counter ? [directCounter(table, owner, counter)] : []),
];

/** A resource that the table does not have, or the entry's action does not run, cannot be written with the entry ("Direct Resources"). */
function decodeExtras(table: TableSchema, entry: EntryMessage, action: GivenAction | StoredAction | undefined): Extras {
  const at = `table ${table.name}`;
  const { counter_data, meter_config, meter_counter_data, idle_timeout_ns = 0n } = entry;
  if (!counter_data && !meter_config && !meter_counter_data && !entry.time_since_last_hit && idle_timeout_ns === 0n) return nothing;
  if (counter_data && !table.hasCounter) return refuse('no-such-resource', { at, resource: 'direct counter' });
  const type = table.meter;
  if ((meter_config || meter_counter_data) && !type) return refuse('no-such-resource', { at, resource: 'direct meter' });
  if (counter_data) checkRuns(table.notCounting, action, 'direct counter', at);
  if (meter_config || meter_counter_data) checkRuns(table.notMetering, action, 'direct meter', at);
  if (meter_counter_data) checkColorsCleared(meter_counter_data, at);
  if ((idle_timeout_ns !== 0n || entry.time_since_last_hit) && !table.hasIdleTimeout)
    return refuse('no-such-resource', { at, resource: 'idle timeout' });
  if (entry.time_since_last_hit) return refuse('time-since-hit-given', { at });
  if (idle_timeout_ns < 0n) return refuse('idle-timeout-negative', { at });
  return {
    ...(counter_data ? { counter: decodeCounterData(counter_data, at) } : {}),
    ...(meter_config && type ? { meter: decodeMeterConfig(meter_config, type, at) } : {}),
    ...(meter_counter_data ? { clearsColors: true } : {}),
    ...(idle_timeout_ns === 0n ? {} : { idleTimeoutNs: idle_timeout_ns }),
  };
}

/** Of a one-shot set some action has to run it; of members and groups that is not known. */
function checkRuns(idle: ReadonlySet<string>, action: GivenAction | StoredAction | undefined, resource: string, at: string): void {
  if (!action) return;
  const names = 'name' in action ? [action.name] : 'set' in action ? action.set.map((one) => one.action.name) : [];
  if (names.length > 0 && names.every((name) => idle.has(name))) refuse('resource-not-run', { at, action: names.join(', '), resource });
}

/** Most entries have no more than a key and an action. */
function storedEntry(
  { matches, priority }: EntryKey,
  { action, isConst, writtenNs }: Pick<StoredEntry, 'action' | 'isConst' | 'writtenNs'>,
  given: EntryMessage,
  { meter, idleTimeoutNs }: Extras,
): StoredEntry {
  const entry = { matches, priority, action, isConst, writtenNs };
  if (!meter && idleTimeoutNs === undefined && !given.metadata && !given.controller_metadata) return entry;
  return { ...entry, ...cookies(given), ...(meter ? { meter } : {}), ...(idleTimeoutNs === undefined ? {} : { idleTimeoutNs }) };
}

const cookies = (entry: EntryMessage): Cookies => ({
  ...(entry.metadata?.length ? { metadata: Uint8Array.from(entry.metadata) } : {}),
  ...(entry.controller_metadata ? { controllerMetadata: entry.controller_metadata } : {}),
});
