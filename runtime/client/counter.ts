/** An indirect counter of a switch. */
import type { CounterEntry } from '../p4runtime/messages.js';
import type { CounterValue } from './entry.js';
import type { ClientArray } from './names.js';
import type { Requests } from './requests.js';

export interface CounterHandle {
  /** All cells, in order. */
  read(): Promise<readonly CounterValue[]>;
  /** @throws P4RuntimeError OUT_OF_RANGE beyond its size */
  read(index: number): Promise<CounterValue>;
  /** Without an index, all cells; without a value, to 0. */
  set(index?: number, value?: CounterValue): Promise<void>;
}

export function counterHandle(counter: ClientArray, { read, write }: Requests): CounterHandle {
  const entry = (index?: number): CounterEntry => ({
    counter_id: counter.id,
    ...(index === undefined ? {} : { index: { index: BigInt(index) } }),
  });
  const readCells = async (index?: number): Promise<CounterValue[]> => {
    const cells: CounterValue[] = [];
    for await (const { counter_entry: cell } of read(`read counter ${counter.path}`, { counter_entry: entry(index) })) {
      cells.push({ packets: cell?.data?.packet_count ?? 0n, bytes: cell?.data?.byte_count ?? 0n });
    }
    return cells;
  };
  return {
    read: (async (index?: number) => (index === undefined ? readCells() : (await readCells(index))[0])) as CounterHandle['read'],
    set: (index, value = { packets: 0n, bytes: 0n }) =>
      write(`set counter ${counter.path}`, {
        type: 'MODIFY',
        entity: { counter_entry: { ...entry(index), data: { packet_count: value.packets, byte_count: value.bytes } } },
      }),
  };
}
