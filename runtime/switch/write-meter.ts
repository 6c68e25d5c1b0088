/** Writes of indirect and direct meters (P4Runtime, "MeterEntry & DirectMeterEntry"). */
import type { DirectMeterEntry, MeterEntry } from '../p4runtime/messages.js';
import { cellsOf } from './cells.js';
import { meterOf, tableOf } from './lookup.js';
import { decodeKey, describeEntry } from './match.js';
import type { EntryKey, MeterConfig, StateUpdate } from './messages.js';
import { decodeMeterConfig } from './meter-config.js';
import { refuse } from './refusals.js';
import type { TableSchema } from './schema.js';
import type { WriteContext, WriteType } from './write.js';

/** Without an index every cell is written; without a configuration every packet is green. */
export function writeMeter({ schema, store }: WriteContext, type: WriteType, entry: MeterEntry): StateUpdate[] {
  const meter = meterOf(schema, entry.meter_id ?? 0);
  const at = `meter ${meter.name}`;
  if (type !== 'MODIFY') return refuse('only-modify', { at, what: 'meter' });
  if (entry.counter_data) return refuse('not-supported', { what: `${at}: counters by colour` });
  const indexes = cellsOf(meter.size, entry.index, at);
  const config = entry.config && decodeMeterConfig(entry.config, at);
  const cells = store.meter(meter.id);
  for (const index of indexes) {
    if (config) cells.set(index, config);
    else cells.delete(index);
  }
  return indexes.map((index) => ({ kind: 'meter', meter: meter.name, index, ...(config ? { config } : {}) }));
}

export function writeDirectMeter({ schema, store }: WriteContext, type: WriteType, entry: DirectMeterEntry): StateUpdate[] {
  if (!entry.table_entry) return refuse('nothing-set', { what: 'the table entry of the direct meter' });
  const table = tableOf(schema, entry.table_entry.table_id ?? 0);
  const at = `table ${table.name}`;
  if (type !== 'MODIFY') return refuse('only-modify', { at, what: 'meter' });
  if (!table.hasDirectMeter) return refuse('no-such-resource', { at, resource: 'direct meter' });
  if (entry.counter_data) return refuse('not-supported', { what: `${at}: counters by colour` });
  if (entry.table_entry.is_default_action) return refuse('not-supported', { what: `${at}: a meter of the default action` });
  const key = decodeKey(table, entry.table_entry);
  const config = entry.config && decodeMeterConfig(entry.config, at);
  const stored = store.find(table, key);
  if (!stored) return refuse('no-such-entry', { at, entry: describeEntry(table, key) });
  const { meter: _, ...rest } = stored;
  store.put(table, key, { ...rest, ...(config ? { meter: config } : {}) });
  return [directMeter(table, key, config)];
}

export const directMeter = (table: TableSchema, { matches, priority }: EntryKey, config: MeterConfig | undefined): StateUpdate => ({
  kind: 'direct-meter',
  table: table.name,
  entry: { matches, priority },
  ...(config ? { config } : {}),
});
