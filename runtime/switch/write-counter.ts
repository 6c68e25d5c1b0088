/** Writes of indirect and direct counters (P4Runtime, "CounterEntry & DirectCounterEntry"). */
import type { CounterEntry, DirectCounterEntry } from '../p4runtime/messages.js';
import { decodeCounterData } from './counter-data.js';
import { counterOf, tableOf } from './lookup.js';
import { describeEntry } from './match.js';
import type { StateUpdate } from './messages.js';
import { refuse } from './refusals.js';
import type { CounterSchema } from './schema.js';
import type { WriteContext, WriteType } from './write.js';
import { decodeKey } from './write-table.js';

/** Without an index every cell is written; without data nothing is. */
export function writeCounter({ schema }: WriteContext, type: WriteType, entry: CounterEntry): StateUpdate[] {
  const counter = counterOf(schema, entry.counter_id ?? 0);
  const at = `counter ${counter.name}`;
  if (type !== 'MODIFY') return refuse('only-modify', { at });
  const indexes = entry.index ? [checkIndex(counter, entry.index.index ?? 0n)] : [...Array(counter.size).keys()];
  if (!entry.data) return [];
  const data = decodeCounterData(entry.data, at);
  return indexes.map((index) => ({ kind: 'counter', counter: counter.name, index, data }));
}

export function checkIndex(counter: CounterSchema, index: bigint): number {
  const at = `counter ${counter.name}`;
  if (index < 0n) return refuse('index-negative', { at, index });
  if (index >= BigInt(counter.size)) return refuse('index-out-of-range', { at, index, size: counter.size });
  return Number(index);
}

export function writeDirectCounter({ schema, store }: WriteContext, type: WriteType, entry: DirectCounterEntry): StateUpdate[] {
  if (!entry.table_entry) return refuse('nothing-set', { what: 'the table entry of the direct counter' });
  const table = tableOf(schema, entry.table_entry.table_id ?? 0);
  const at = `table ${table.name}`;
  if (type !== 'MODIFY') return refuse('only-modify', { at });
  if (!table.hasDirectCounter) return refuse('no-such-resource', { at, resource: 'direct counter' });
  if (entry.table_entry.is_default_action) return refuse('not-supported', { what: `${at}: a counter of the default action` });
  const key = decodeKey(table, entry.table_entry);
  const data = entry.data && decodeCounterData(entry.data, at);
  if (!store.find(table, key)) return refuse('no-such-entry', { at, entry: describeEntry(table, key) });
  return data ? [{ kind: 'direct-counter', table: table.name, entry: key, data }] : [];
}
