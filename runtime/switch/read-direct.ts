/** Reads of direct counters and meters by the entries that they belong to. */
import type { DirectCounterEntry, DirectMeterEntry, TableEntry } from '../p4runtime/messages.js';
import { encodeCounterData } from './counter-data.js';
import { tableOf } from './lookup.js';
import { decodeMatches, describeEntry, encodeKey } from './match.js';
import type { ReadContext } from './read.js';
import { directCounters, selectEntries } from './read-table.js';
import { refuse } from './refusals.js';
import type { TableSchema } from './schema.js';
import type { StoredEntry } from './store.js';

export async function readDirectCounters(context: ReadContext, filter: DirectCounterEntry): Promise<DirectCounterEntry[]> {
  const found = selectDirect(context, filter.table_entry ?? {}, 'counter', (table) => table.hasDirectCounter);
  const read = found.map(async ({ table, entries }) => {
    const counters = await directCounters(context, table, entries);
    return entries.map(
      (entry, i): DirectCounterEntry => ({
        table_entry: encodeKey(table, entry),
        data: encodeCounterData(counters[i] ?? { packets: 0n, bytes: 0n }),
      }),
    );
  });
  return (await Promise.all(read)).flat();
}

export function readDirectMeters(context: ReadContext, filter: DirectMeterEntry): DirectMeterEntry[] {
  if (filter.counter_data) return refuse('not-supported', { what: 'reading counters by colour' });
  const found = selectDirect(context, filter.table_entry ?? {}, 'meter', (table) => table.hasDirectMeter);
  return found.flatMap(({ table, entries }) =>
    entries.map(
      (entry): DirectMeterEntry => ({
        table_entry: encodeKey(table, entry),
        ...(entry.meter ? { config: entry.meter } : {}),
      }),
    ),
  );
}

/** The entries of the table, or without one of all tables that have such a resource. An entry that is named has to exist. */
function selectDirect(
  { schema, store }: ReadContext,
  entry: TableEntry,
  resource: 'counter' | 'meter',
  has: (table: TableSchema) => boolean,
): { readonly table: TableSchema; readonly entries: readonly StoredEntry[] }[] {
  const id = entry.table_id ?? 0;
  if (id === 0) return [...schema.tables.values()].filter(has).map((table) => ({ table, entries: [...store.entries(table)] }));
  const table = tableOf(schema, id);
  const at = `table ${table.name}`;
  if (!has(table)) return refuse('no-such-resource', { at, resource: `direct ${resource}` });
  if (entry.is_default_action) return refuse('not-supported', { what: `${at}: a ${resource} of the default action` });
  const entries = selectEntries(store, table, entry);
  if (entry.match?.length && entries.length === 0) {
    const key = { matches: decodeMatches(table.keys, entry.match, at), priority: entry.priority ?? 0 };
    return refuse('no-such-entry', { at, entry: describeEntry(table, key) });
  }
  return [{ table, entries }];
}
