/** Writes of indirect and direct counters (P4Runtime, "CounterEntry & DirectCounterEntry"). */
import type { CounterEntry, DirectCounterEntry } from '../p4runtime/messages.js';
import { cellsOf } from './cells.js';
import { decodeCounterData } from './counter-data.js';
import { counterOf, tableOf } from './lookup.js';
import { decodeKey, describeEntry } from './match.js';
import type { StateUpdate } from './messages.js';
import { refuse } from './refusals.js';
import type { WriteContext, WriteType } from './write.js';

/** Without an index every cell is written; without data nothing is. */
export function writeCounter({ schema }: WriteContext, type: WriteType, entry: CounterEntry): StateUpdate[] {
  const counter = counterOf(schema, entry.counter_id ?? 0);
  const at = `counter ${counter.name}`;
  if (type !== 'MODIFY') return refuse('only-modify', { at, what: 'counter' });
  const indexes = cellsOf(counter.size, entry.index, at);
  if (!entry.data) return [];
  const data = decodeCounterData(entry.data, at);
  return indexes.map((index) => ({ kind: 'counter', counter: counter.name, index, data }));
}

export function writeDirectCounter({ schema, store }: WriteContext, type: WriteType, entry: DirectCounterEntry): StateUpdate[] {
  if (!entry.table_entry) return refuse('nothing-set', { what: 'the table entry of the direct counter' });
  const table = tableOf(schema, entry.table_entry.table_id ?? 0);
  const at = `table ${table.name}`;
  if (type !== 'MODIFY') return refuse('only-modify', { at, what: 'counter' });
  if (!table.hasDirectCounter) return refuse('no-such-resource', { at, resource: 'direct counter' });
  if (entry.table_entry.is_default_action) return refuse('not-supported', { what: `${at}: a counter of the default action` });
  const key = decodeKey(table, entry.table_entry);
  const data = entry.data && decodeCounterData(entry.data, at);
  if (!store.find(table, key)) return refuse('no-such-entry', { at, entry: describeEntry(table, key) });
  return data ? [{ kind: 'direct-counter', table: table.name, entry: key, data }] : [];
}
