/** Writes of indirect and direct meters (P4Runtime, "MeterEntry & DirectMeterEntry"). */

import type { StateUpdate } from '../data-plane/messages.js';
import type { DirectMeterEntry, MeterEntry } from '../p4runtime/messages.js';
import { cellsOf } from './cells.js';
import { clearDirectColors, directMeter, findOwner } from './direct-resources.js';
import { meterOf, tableOf } from './lookup.js';
import { checkColorsCleared, decodeMeterConfig } from './meter-config.js';
import { refuse } from './refusals.js';
import type { WriteContext, WriteType } from './write.js';

/** Without an index every cell is written; without a configuration every packet is green. */
export function writeMeter({ schema, store }: WriteContext, type: WriteType, entry: MeterEntry): StateUpdate[] {
  const meter = meterOf(schema, entry.meter_id ?? 0);
  const at = `meter ${meter.name}`;
  if (type !== 'MODIFY') return refuse('only-modify', { at, what: 'meter' });
  const indexes = cellsOf(meter.size, entry.index, at);
  const config = entry.config && decodeMeterConfig(entry.config, meter.type, at);
  if (entry.counter_data) checkColorsCleared(entry.counter_data, at);
  const cells = store.meter(meter.id);
  for (const index of indexes) {
    if (config) cells.set(index, config);
    else cells.delete(index);
  }
  return indexes.flatMap((index) => [
    { kind: 'meter', meter: meter.name, index, ...(config ? { config } : {}) },
    ...(entry.counter_data ? [{ kind: 'clear-colors', meter: meter.name, index } as const] : []),
  ]);
}

export function writeDirectMeter({ schema, store }: WriteContext, type: WriteType, entry: DirectMeterEntry): StateUpdate[] {
  if (!entry.table_entry) return refuse('nothing-set', { what: 'the table entry of the direct meter' });
  const table = tableOf(schema, entry.table_entry.table_id ?? 0);
  const at = `table ${table.name}`;
  if (type !== 'MODIFY') return refuse('only-modify', { at, what: 'meter' });
  if (!table.meter) return refuse('no-such-resource', { at, resource: 'direct meter' });
  const config = entry.config && decodeMeterConfig(entry.config, table.meter, at);
  if (entry.counter_data) checkColorsCleared(entry.counter_data, at);
  const owner = findOwner(store, table, entry.table_entry);
  store.setDirectMeter(table, owner, config);
  return [directMeter(table, owner, config), ...(entry.counter_data ? [clearDirectColors(table, owner)] : [])];
}
