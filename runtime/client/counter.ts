/** An indirect counter of a switch. */
import type { Place } from '../../compiler/control/names.js';
import type { ArraySchema } from '../../compiler/control/schema.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { CounterData, CounterEntry } from '../p4runtime/messages.js';
import type { CounterValue } from './entry.js';
import type { Requests } from './requests.js';
import { takes } from './signatures.js';
import { toIndex, toInt64 } from './values.js';

/** The cells of a counter that the program indexes. */
export interface CounterHandle {
  /** All cells, in order. */
  read(): Promise<readonly CounterValue[]>;
  /** @throws P4RuntimeError OUT_OF_RANGE beyond its size */
  read(index: number): Promise<CounterValue>;
  /** Without an index, all cells; without a value, to 0. */
  set(index?: number, value?: CounterValue): Promise<void>;
}

export function counterHandle(counter: ArraySchema, { read, write }: Requests): CounterHandle {
  const entry = (index?: number): CounterEntry => ({
    counter_id: counter.id,
    ...(index === undefined ? {} : { index: toIndex(index, `counter ${counter.name}`) }),
  });
  const readCells = async (index?: number): Promise<CounterValue[]> => {
    const cells: CounterValue[] = [];
    for await (const { counter_entry: cell } of read(`read counter ${counter.name}`, { counter_entry: entry(index) })) {
      cells.push({ packets: cell?.data?.packet_count ?? 0n, bytes: cell?.data?.byte_count ?? 0n });
    }
    return cells;
  };
  return {
    read: (async (index?: number) => {
      takes.readCell([index]);
      return index === undefined ? readCells() : (await readCells(index))[0];
    }) as CounterHandle['read'],
    set: async (index, value = { packets: 0n, bytes: 0n }) => {
      takes.counterSet([index, value]);
      const data = encodeCount(value, { at: `counter ${counter.name}`, loc: captureLocation() });
      await write(`set counter ${counter.name}`, { type: 'MODIFY', entity: { counter_entry: { ...entry(index), data } } });
    },
  };
}

/** @throws DiagnosticError entry-value */
export function encodeCount({ packets, bytes }: CounterValue, { at, loc }: Place): CounterData {
  const count = (name: string, value: bigint): bigint => toInt64(value, { at: `${at}, ${name}`, loc });
  return { packet_count: count('packets', packets), byte_count: count('bytes', bytes) };
}
