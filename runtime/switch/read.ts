/** One entity of a Read: a filter, and the entities that it selects (P4Runtime, "Read RPC" and "Wildcard Reads"). */

import { encodeBits } from '../p4runtime/bytestrings.js';
import type { CounterEntry, DirectCounterEntry, Entity, MulticastGroupEntry, TableEntry } from '../p4runtime/messages.js';
import { encodeAction } from './action.js';
import { encodeCounterData } from './counter-data.js';
import { counterOf, tableOf } from './lookup.js';
import { decodeMatches, decodePriority, describeEntry, encodeMatches, keyText } from './match.js';
import type { DataPlane, EntryKey } from './messages.js';
import { refuse } from './refusals.js';
import type { CounterSchema, Schema, TableSchema } from './schema.js';
import type { Cookies, Store, StoredEntry, StoredGroup } from './store.js';
import { entityKind } from './write.js';
import { checkIndex } from './write-counter.js';

export interface ReadContext {
  readonly schema: Schema;
  readonly store: Store;
  readonly dataPlane: DataPlane;
}

/** @throws Refusal */
export async function readEntity(context: ReadContext, entity: Entity): Promise<Entity[]> {
  const kind = entityKind(entity);
  switch (kind) {
    case 'table_entry':
      return (await readTables(context, entity.table_entry ?? {})).map((table_entry) => ({ table_entry }));
    case 'counter_entry':
      return (await readCounters(context, entity.counter_entry ?? {})).map((counter_entry) => ({ counter_entry }));
    case 'direct_counter_entry':
      return (await readDirectCounters(context, entity.direct_counter_entry ?? {})).map((direct_counter_entry) => ({
        direct_counter_entry,
      }));
    case 'packet_replication_engine_entry': {
      const { multicast_group_entry: group, clone_session_entry: session } = entity.packet_replication_engine_entry ?? {};
      if (session !== undefined) return refuse('not-supported', { what: 'reading clone sessions' });
      if (!group) return refuse('nothing-set', { what: 'the entry of the packet replication engine' });
      return readGroups(context, group).map((multicast_group_entry) => ({ packet_replication_engine_entry: { multicast_group_entry } }));
    }
    default:
      return refuse('not-supported', { what: `reading ${kind}` });
  }
}

// ── tables ──

async function readTables(context: ReadContext, filter: TableEntry): Promise<TableEntry[]> {
  const { schema, store } = context;
  const id = filter.table_id ?? 0;
  // Without a table no other filter counts, but the counters that are asked for do.
  const tables = id === 0 ? [...schema.tables.values()] : [tableOf(schema, id)];
  const read = tables.map(async (table) => {
    if (id !== 0 && filter.is_default_action) return readDefault(store, table, filter);
    const entries = id === 0 ? [...store.entries(table)] : select(store, table, filter);
    const counters = filter.counter_data && table.hasDirectCounter ? await directCounters(context, table, entries) : [];
    return entries.map((entry, i): TableEntry => {
      const counter = counters[i];
      return { ...encodeEntry(table, entry), ...(counter ? { counter_data: encodeCounterData(counter) } : {}) };
    });
  });
  return (await Promise.all(read)).flat();
}

/** The entries of one table that the filter lets through; a match selects one entry or none. */
function select(store: Store, table: TableSchema, filter: TableEntry): StoredEntry[] {
  const matches = filter.match?.length ? decodeMatches(table, filter.match) : undefined;
  const text = matches && keyText({ matches, priority: 0 });
  const priority = filter.priority ?? 0;
  if (priority !== 0) decodePriority(table, priority);
  const action = actionFilter(table, filter);
  return [...store.entries(table)].filter(
    (entry) =>
      (text === undefined || keyText({ matches: entry.matches, priority: 0 }) === text) &&
      (priority === 0 || entry.priority === priority) &&
      (action === undefined || entry.action.name === action) &&
      sameCookies(entry, filter),
  );
}

function actionFilter(table: TableSchema, filter: TableEntry): string | undefined {
  const id = filter.action?.action?.action_id ?? 0;
  if (id === 0) return undefined;
  const known = [...table.actions.values()].map((a) => a.action.name);
  return table.actions.get(id)?.action.name ?? refuse('not-an-action-of', { at: `table ${table.name}`, action: `id ${id}`, known });
}

const sameCookies = (stored: Cookies, filter: TableEntry): boolean =>
  (!filter.controller_metadata || stored.controllerMetadata === filter.controller_metadata) &&
  (!filter.metadata?.length || Buffer.compare(stored.metadata ?? new Uint8Array(), filter.metadata) === 0);

function readDefault(store: Store, table: TableSchema, filter: TableEntry): TableEntry[] {
  if (filter.match?.length || filter.priority) return refuse('default-with-key', { at: `table ${table.name}` });
  const stored = store.defaultAction(table);
  const action = actionFilter(table, filter);
  if (!stored || (action !== undefined && stored.action.name !== action) || !sameCookies(stored, filter)) return [];
  return [{ table_id: table.id, is_default_action: true, action: encodeAction(table, stored.action), ...encodeCookies(stored) }];
}

const encodeEntry = (table: TableSchema, entry: StoredEntry): TableEntry => {
  const match = encodeMatches(table, entry.matches);
  return {
    table_id: table.id,
    ...(match.length > 0 ? { match } : {}),
    action: encodeAction(table, entry.action),
    ...(entry.priority === 0 ? {} : { priority: entry.priority }),
    ...encodeCookies(entry),
    ...(entry.isConst ? { is_const: true } : {}),
  };
};

const encodeCookies = (stored: Cookies): Pick<TableEntry, 'metadata' | 'controller_metadata'> => ({
  ...(stored.controllerMetadata ? { controller_metadata: stored.controllerMetadata } : {}),
  ...(stored.metadata ? { metadata: stored.metadata } : {}),
});

// ── counters ──

const directCounters = ({ dataPlane }: ReadContext, table: TableSchema, entries: readonly EntryKey[]) =>
  dataPlane.request('read-direct-counters', {
    table: table.name,
    entries: entries.map(({ matches, priority }) => ({ matches, priority })),
  });

async function readDirectCounters(context: ReadContext, filter: DirectCounterEntry): Promise<DirectCounterEntry[]> {
  const { schema, store } = context;
  const entry = filter.table_entry ?? {};
  const id = entry.table_id ?? 0;
  const tables = id === 0 ? [...schema.tables.values()].filter((t) => t.hasDirectCounter) : [tableOf(schema, id)];
  const read = tables.map(async (table) => {
    const at = `table ${table.name}`;
    if (!table.hasDirectCounter) return refuse('no-such-resource', { at, resource: 'direct counter' });
    if (id !== 0 && entry.is_default_action) return refuse('not-supported', { what: `${at}: a counter of the default action` });
    const entries = id === 0 ? [...store.entries(table)] : select(store, table, entry);
    if (id !== 0 && entry.match?.length && entries.length === 0) {
      const key = { matches: decodeMatches(table, entry.match), priority: entry.priority ?? 0 };
      return refuse('no-such-entry', { at, entry: describeEntry(table, key) });
    }
    const counters = await directCounters(context, table, entries);
    return entries.map((e, i): DirectCounterEntry => {
      const match = encodeMatches(table, e.matches);
      const key = { ...(match.length > 0 ? { match } : {}), ...(e.priority === 0 ? {} : { priority: e.priority }) };
      return { table_entry: { table_id: table.id, ...key }, data: encodeCounterData(counters[i] ?? { packets: 0n, bytes: 0n }) };
    });
  });
  return (await Promise.all(read)).flat();
}

async function readCounters({ schema, dataPlane }: ReadContext, filter: CounterEntry): Promise<CounterEntry[]> {
  const id = filter.counter_id ?? 0;
  const counters: CounterSchema[] = id === 0 ? [...schema.counters.values()] : [counterOf(schema, id)];
  const read = counters.map(async (counter) => {
    const index = id !== 0 && filter.index ? checkIndex(counter, filter.index.index ?? 0n) : undefined;
    const cells = await dataPlane.request('read-counter', { counter: counter.name, ...(index === undefined ? {} : { index }) });
    return cells.map(
      (cell, i): CounterEntry => ({ counter_id: counter.id, index: { index: BigInt(index ?? i) }, data: encodeCounterData(cell) }),
    );
  });
  return (await Promise.all(read)).flat();
}

// ── multicast groups ──

function readGroups({ store }: ReadContext, filter: MulticastGroupEntry): MulticastGroupEntry[] {
  const id = filter.multicast_group_id ?? 0;
  return [...store.groups].filter(([group]) => id === 0 || group === id).map(([group, stored]) => encodeGroup(group, stored));
}

const encodeGroup = (group: number, { replicas, metadata }: StoredGroup): MulticastGroupEntry => ({
  multicast_group_id: group,
  replicas: replicas.map(({ port, instance, deprecatedPort }) => ({
    ...(deprecatedPort ? { egress_port: port } : { port: encodeBits(BigInt(port)) }),
    instance,
  })),
  ...(metadata ? { metadata } : {}),
});
