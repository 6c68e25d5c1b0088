/** Reads of direct counters and meters by the entries that they belong to. */
import type { DirectCounterEntry, DirectMeterEntry, TableEntry } from '../p4runtime/messages.js';
import { encodeCounterData } from './counter-data.js';
import { checkDefaultKey, directColors, directCounters, encodeOwner, meterOfOwner } from './direct-resources.js';
import { tableOf } from './lookup.js';
import { decodeMatches, describeEntry } from './match.js';
import { encodeColors } from './meter-config.js';
import type { ReadContext } from './read.js';
import { checkAllTables, selectEntries } from './read-table.js';
import { refuse } from './refusals.js';
import type { TableSchema } from './schema.js';
import type { StoredEntry } from './store.js';

export async function readDirectCounters(context: ReadContext, filter: DirectCounterEntry): Promise<DirectCounterEntry[]> {
  const found = selectDirect(context, filter.table_entry ?? {}, 'counter', (table) => table.hasCounter);
  const read = found.map(async ({ table, owners }) => {
    const counters = await directCounters(context, table, owners);
    return counters.map(
      (data, i): DirectCounterEntry => ({
        table_entry: encodeOwner(table, owners[i] as Owner),
        data: encodeCounterData(data),
      }),
    );
  });
  return (await Promise.all(read)).flat();
}

export async function readDirectMeters(context: ReadContext, filter: DirectMeterEntry): Promise<DirectMeterEntry[]> {
  const found = selectDirect(context, filter.table_entry ?? {}, 'meter', (table) => table.meter !== undefined);
  const read = found.map(async ({ table, owners }) => {
    const colors = filter.counter_data ? await directColors(context, table, owners) : [];
    return owners.map((owner, i): DirectMeterEntry => {
      const config = meterOfOwner(context.store, table, owner);
      const marked = colors[i];
      return {
        table_entry: encodeOwner(table, owner),
        ...(config ? { config } : {}),
        ...(marked ? { counter_data: encodeColors(marked) } : {}),
      };
    });
  });
  return (await Promise.all(read)).flat();
}

type Owner = StoredEntry | 'default';

/**
 * The entries of the table, or without one of all tables that have such a resource; the default entry only where it is
 * asked for. An entry that is named has to exist.
 */
function selectDirect(
  { schema, store }: ReadContext,
  entry: TableEntry,
  resource: 'counter' | 'meter',
  has: (table: TableSchema) => boolean,
): { readonly table: TableSchema; readonly owners: readonly Owner[] }[] {
  const id = entry.table_id ?? 0;
  if (id === 0) {
    checkAllTables(entry);
    const owners = (table: TableSchema): Owner[] => (entry.is_default_action ? ['default'] : [...store.entries(table)]);
    return [...schema.tables.values()].filter(has).map((table) => ({ table, owners: owners(table) }));
  }
  const table = tableOf(schema, id);
  const at = `table ${table.name}`;
  if (!has(table)) return refuse('no-such-resource', { at, resource: `direct ${resource}` });
  if (entry.is_default_action) {
    checkDefaultKey(table, entry);
    return [{ table, owners: ['default'] }];
  }
  const entries = selectEntries(store, table, entry);
  if (entry.match?.length && entries.length === 0) {
    const key = { matches: decodeMatches(table.keys, entry.match, at), priority: entry.priority ?? 0 };
    return refuse('no-such-entry', { at, entry: describeEntry(table, key) });
  }
  return [{ table, owners: entries }];
}
