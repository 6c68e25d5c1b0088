/** Reads of counters, meters and registers: all of them, all cells of one, or one cell. */
import type { CounterEntry, Index, MeterEntry, RegisterEntry } from '../p4runtime/messages.js';
import { cellsOf, checkIndex } from './cells.js';
import { encodeCounterData } from './counter-data.js';
import { encodeData } from './data.js';
import { counterOf, meterOf, registerOf } from './lookup.js';
import { encodeColors } from './meter-config.js';
import type { ReadContext } from './read.js';

export async function readCounters({ schema, dataPlane }: ReadContext, filter: CounterEntry): Promise<CounterEntry[]> {
  const id = filter.counter_id ?? 0;
  const counters = id === 0 ? [...schema.counters.values()] : [counterOf(schema, id)];
  const read = counters.map(async ({ name, id: counter_id, size }) => {
    const index = id === 0 ? undefined : oneCell(size, filter.index, `counter ${name}`);
    const cells = await dataPlane.request('read-counter', { counter: name, ...(index === undefined ? {} : { index }) });
    return cells.map((cell, i): CounterEntry => ({ counter_id, ...at(index ?? i), data: encodeCounterData(cell) }));
  });
  return (await Promise.all(read)).flat();
}

export async function readRegisters({ schema, dataPlane }: ReadContext, filter: RegisterEntry): Promise<RegisterEntry[]> {
  const id = filter.register_id ?? 0;
  const registers = id === 0 ? [...schema.registers.values()] : [registerOf(schema, id)];
  const read = registers.map(async ({ name, id: register_id, size, cell }) => {
    const index = id === 0 ? undefined : oneCell(size, filter.index, `register ${name}`);
    const values = await dataPlane.request('read-register', { register: name, ...(index === undefined ? {} : { index }) });
    return values.map((value, i): RegisterEntry => ({ register_id, ...at(index ?? i), data: encodeData(value, cell) }));
  });
  return (await Promise.all(read)).flat();
}

/** A cell that is not configured has no configuration. */
export async function readMeters({ schema, store, dataPlane }: ReadContext, filter: MeterEntry): Promise<MeterEntry[]> {
  const id = filter.meter_id ?? 0;
  const meters = id === 0 ? [...schema.meters.values()] : [meterOf(schema, id)];
  const read = meters.map(async ({ name, id: meter_id, size }) => {
    const indexes = cellsOf(size, id === 0 ? undefined : filter.index, `meter ${name}`);
    const colors = filter.counter_data ? await dataPlane.request('read-colors', { meter: name, indexes }) : [];
    return indexes.map((index, i): MeterEntry => {
      const config = store.meter(meter_id).get(index);
      const marked = colors[i];
      return { meter_id, ...at(index), ...(config ? { config } : {}), ...(marked ? { counter_data: encodeColors(marked) } : {}) };
    });
  });
  return (await Promise.all(read)).flat();
}

const at = (index: number): { readonly index: Index } => ({ index: { index: BigInt(index) } });

const oneCell = (size: number, index: Index | undefined, what: string): number | undefined =>
  index && checkIndex(size, index.index ?? 0n, what);
