/** What direct counters and meters belong to: an entry, or the default entry of its table (P4Runtime, "Direct Resources"). */

import type { ColorCounts, CounterData, DataPlane, EntryKey, EntryOrDefault, MeterConfig, StateUpdate } from '../data-plane/messages.js';
import type { TableEntry } from '../p4runtime/messages.js';
import { type DecodedKey, decodeKey, describeEntry, encodeKey } from './match.js';
import { refuse } from './refusals.js';
import type { TableSchema } from './schema.js';
import type { Store, StoredEntry } from './store.js';

/** The entry that is named, which has to exist. */
export function findOwner(store: Store, table: TableSchema, entry: TableEntry): DecodedKey | 'default' {
  const at = `table ${table.name}`;
  if (entry.is_default_action) {
    checkDefaultKey(table, entry);
    return 'default';
  }
  const key = decodeKey(table, entry);
  if (!store.find(table, key)) return refuse('no-such-entry', { at, entry: describeEntry(table, key) });
  return key;
}

export function checkDefaultKey(table: TableSchema, { match, priority }: TableEntry): void {
  if (match?.length || priority) refuse('default-with-key', { at: `table ${table.name}` });
}

export const encodeOwner = (table: TableSchema, owner: EntryOrDefault): TableEntry =>
  owner === 'default' ? { table_id: table.id, is_default_action: true } : encodeKey(table, owner);

/** As the data plane is told of it. */
const ownerOf = (owner: EntryOrDefault): EntryOrDefault =>
  owner === 'default' ? owner : ({ matches: owner.matches, priority: owner.priority } satisfies EntryKey);

export const directCounter = (table: TableSchema, owner: EntryOrDefault, data: CounterData): StateUpdate => ({
  kind: 'direct-counter',
  table: table.name,
  entry: ownerOf(owner),
  data,
});

export const directMeter = (table: TableSchema, owner: EntryOrDefault, config: MeterConfig | undefined): StateUpdate => ({
  kind: 'direct-meter',
  table: table.name,
  entry: ownerOf(owner),
  ...(config ? { config } : {}),
});

export const clearDirectColors = (table: TableSchema, owner: EntryOrDefault): StateUpdate => ({
  kind: 'clear-direct-colors',
  table: table.name,
  entry: ownerOf(owner),
});

export const meterOfOwner = (store: Store, table: TableSchema, owner: StoredEntry | 'default') =>
  owner === 'default' ? store.defaultMeter(table) : owner.meter;

/** What the direct counter of the table counted for each of them. */
export const directCounters = (
  { dataPlane }: { readonly dataPlane: DataPlane },
  table: TableSchema,
  owners: readonly EntryOrDefault[],
): Promise<readonly CounterData[]> => dataPlane.request('read-direct-counters', { table: table.name, entries: owners.map(ownerOf) });

/** What the direct meter of the table marked for each of them. */
export const directColors = (
  { dataPlane }: { readonly dataPlane: DataPlane },
  table: TableSchema,
  owners: readonly EntryOrDefault[],
): Promise<readonly ColorCounts[]> => dataPlane.request('read-direct-colors', { table: table.name, entries: owners.map(ownerOf) });
