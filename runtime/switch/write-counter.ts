/** Writes of indirect and direct counters (P4Runtime, "CounterEntry & DirectCounterEntry"). */

import type { StateUpdate } from '../data-plane/messages.js';
import type { CounterEntry, DirectCounterEntry } from '../p4runtime/messages.js';
import { cellsOf } from './cells.js';
import { decodeCounterData } from './counter-data.js';
import { directCounter, findOwner } from './direct-resources.js';
import { counterOf, tableOf } from './lookup.js';
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
  if (!table.hasCounter) return refuse('no-such-resource', { at, resource: 'direct counter' });
  const data = entry.data && decodeCounterData(entry.data, at);
  const owner = findOwner(store, table, entry.table_entry);
  return data ? [directCounter(table, owner, data)] : [];
}
