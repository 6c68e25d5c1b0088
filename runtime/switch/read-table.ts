/** Reads of table entries and default actions (P4Runtime, "TableEntry" and "Wildcard Reads"). */

import type { MatchValue } from '../../compiler/control/match.js';
import { compareBytes } from '../../compiler/support/bytes.js';
import type { ColorCounts, CounterData } from '../data-plane/messages.js';
import type { TableEntry } from '../p4runtime/messages.js';
import { encodeCounterData } from './counter-data.js';
import { checkDefaultKey, directColors, directCounters, encodeOwner, meterOfOwner } from './direct-resources.js';
import { encodeEntryAction } from './entry-action.js';
import { idleTimes } from './idle-timeouts.js';
import { joined, mapped } from './lazy-iterables.js';
import { tableOf } from './lookup.js';
import { decodeMatches, encodeKey, keyId, matchesText } from './match.js';
import { encodeColors } from './meter-config.js';
import type { ReadContext } from './read.js';
import { refuse } from './refusals.js';
import type { TableSchema } from './schema.js';
import { type Cookies, encodeCookies, type Store, type StoredAction, type StoredEntry } from './store.js';

/** The entries as they are now. Messages are made of them when they are asked for: there may be many. */
export async function readTables(context: ReadContext, filter: TableEntry): Promise<Iterable<TableEntry>> {
  const { schema, store } = context;
  const id = filter.table_id ?? 0;
  if (id === 0) checkAllTables(filter);
  const tables = id === 0 ? [...schema.tables.values()] : [tableOf(schema, id)];
  const read = tables.map(async (table) => {
    checkAsked(table, filter);
    if (filter.is_default_action) return readDefault(context, table, filter);
    const entries = selectEntries(store, table, filter);
    const resources = await directResources(context, table, entries, filter);
    const idle =
      filter.time_since_last_hit && table.hasIdleTimeout ? await idleTimes(context.dataPlane, table, entries, context.nowNs) : [];
    const encode = (entry: StoredEntry, i: number): TableEntry => {
      const elapsed_ns = idle[i];
      const encoded = encodeEntry(table, entry);
      if (!resources && elapsed_ns === undefined) return encoded;
      return { ...encoded, ...resources?.(i), ...(elapsed_ns === undefined ? {} : { time_since_last_hit: { elapsed_ns } }) };
    };
    return mapped(entries, encode);
  });
  return joined(await Promise.all(read));
}

/** What is asked for of the direct resources of each of these, if anything is. */
async function directResources(
  context: ReadContext,
  table: TableSchema,
  owners: readonly (StoredEntry | 'default')[],
  filter: TableEntry,
): Promise<((i: number) => Pick<TableEntry, 'counter_data' | 'meter_config' | 'meter_counter_data'>) | undefined> {
  const counters = filter.counter_data && table.hasCounter ? await directCounters(context, table, owners) : undefined;
  const colors = filter.meter_counter_data && table.meter ? await directColors(context, table, owners) : undefined;
  if (!counters && !colors && !(filter.meter_config && table.meter)) return undefined;
  return (i) => {
    const meter = filter.meter_config && meterOfOwner(context.store, table, owners[i] as StoredEntry | 'default');
    return {
      ...(counters ? { counter_data: encodeCounterData(counters[i] as CounterData) } : {}),
      ...(meter ? { meter_config: meter } : {}),
      ...(colors ? { meter_counter_data: encodeColors(colors[i] as ColorCounts) } : {}),
    };
  };
}

/** Where a table is named, it has to have the idle timeout that is asked for; default entries never have one ("Idle-timeout"). */
function checkAsked(table: TableSchema, filter: TableEntry): void {
  const at = `table ${table.name}`;
  if (!filter.time_since_last_hit && (filter.idle_timeout_ns ?? 0n) === 0n) return;
  if (filter.table_id && !table.hasIdleTimeout) refuse('no-such-resource', { at, resource: 'idle timeout' });
  if (filter.is_default_action) refuse('default-idle-timeout', { at });
}

/** Entries of all tables cannot be filtered, but be those of the default actions ("Wildcard Reads"). */
export function checkAllTables(filter: TableEntry): void {
  const { match, action, priority, metadata, controller_metadata } = filter;
  const given = { match: match?.length, action, priority, metadata: metadata?.length, controller_metadata };
  for (const [name, value] of Object.entries(given)) if (value) refuse('filter-without-table', { filter: name });
}

/** The entries of one table that the filter lets through; a match selects one entry or none. */
export function selectEntries(store: Store, table: TableSchema, filter: TableEntry): StoredEntry[] {
  const matches = filter.match?.length ? decodeMatches(table.keys, filter.match, `table ${table.name}`) : undefined;
  const priority = filter.priority ?? 0;
  const isWanted = actionFilter(table, filter);
  return withKey(store, table, matches, priority).filter((entry) => isWanted(entry.action) && sameCookies(entry, filter));
}

/** Those with the matches and the priority, where they are given. */
function withKey(store: Store, table: TableSchema, matches: readonly MatchValue[] | undefined, priority: number): StoredEntry[] {
  if (matches && (priority !== 0 || !table.needsPriority)) {
    const entry = store.find(table, { matches, priority, id: keyId({ matches, priority }) });
    return entry ? [entry] : [];
  }
  const text = matches && matchesText(matches);
  return [...store.entries(table)].filter(
    (entry) => (text === undefined || matchesText(entry.matches) === text) && (priority === 0 || entry.priority === priority),
  );
}

/** By the action, or by the member or group where the table has an action profile. */
function actionFilter(table: TableSchema, { action }: TableEntry): (stored: StoredAction) => boolean {
  const { action_profile_member_id: member, action_profile_group_id: group } = action ?? {};
  if (member) return (stored) => 'member' in stored && stored.member === member;
  if (group) return (stored) => 'group' in stored && stored.group === group;
  const id = action?.action?.action_id ?? 0;
  if (id === 0) return () => true;
  const known = [...table.actions.values()].map((a) => a.action.name);
  const name = table.actions.get(id)?.action.name ?? refuse('not-an-action-of', { at: `table ${table.name}`, action: `id ${id}`, known });
  return (stored) => 'name' in stored && stored.name === name;
}

const sameCookies = (stored: Cookies, filter: TableEntry): boolean =>
  (!filter.controller_metadata || stored.controllerMetadata === filter.controller_metadata) &&
  (!filter.metadata?.length || compareBytes(stored.metadata ?? new Uint8Array(), filter.metadata) === 0);

async function readDefault(context: ReadContext, table: TableSchema, filter: TableEntry): Promise<TableEntry[]> {
  checkDefaultKey(table, filter);
  const stored = context.store.defaultAction(table);
  if (!stored || !actionFilter(table, filter)(stored.action) || !sameCookies(stored, filter)) return [];
  const resources = await directResources(context, table, ['default'], filter);
  const action = encodeEntryAction(table, stored.action);
  return [{ ...encodeOwner(table, 'default'), action, ...encodeCookies(stored), ...resources?.(0) }];
}

function encodeEntry(table: TableSchema, entry: StoredEntry): TableEntry {
  const key = encodeKey(table, entry);
  const action = encodeEntryAction(table, entry.action);
  const { isConst, idleTimeoutNs, metadata, controllerMetadata } = entry;
  // Most entries have no more than these, in objects that all have the same shape, which is faster.
  const isPlain = key.match && !key.priority && !isConst && idleTimeoutNs === undefined && !metadata && !controllerMetadata;
  if (isPlain) return { table_id: table.id, match: key.match, action };
  return {
    ...key,
    action,
    ...encodeCookies(entry),
    ...(idleTimeoutNs === undefined ? {} : { idle_timeout_ns: idleTimeoutNs }),
    ...(isConst ? { is_const: true } : {}),
  };
}
