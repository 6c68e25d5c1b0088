/** Packet and byte counters. Both are always counted, whatever the counter's type asks for, as BMv2 does. */
import { InternalError } from '../../compiler/support/invariant.js';
import type { CounterData } from './messages.js';
import type { Trial } from './trial.js';

export interface Cell {
  packets: bigint;
  bytes: bigint;
}

export const noCount: CounterData = { packets: 0n, bytes: 0n };

/** The cell, or a new one where nothing was counted yet, with one packet more. */
export function counted(before: Cell | undefined, bytes: number): Cell {
  const cell = before ?? { ...noCount };
  cell.packets += 1n;
  cell.bytes += BigInt(bytes);
  return cell;
}

/** An indirect counter. */
export class CounterArray {
  readonly #name: string;
  readonly #size: number;
  readonly #trial: Trial;
  /** A missing one has counted nothing. */
  readonly #cells: Cell[] = [];

  constructor(name: string, size: number, trial: Trial) {
    this.#name = name;
    this.#size = size;
    this.#trial = trial;
  }

  /** Whether there is such a cell: an index out of range counts nothing. */
  count(index: bigint, bytes: number): boolean {
    if (index >= BigInt(this.#size)) return false;
    const at = Number(index);
    if (this.#trial.isOn) this.#keep(at);
    this.#cells[at] = counted(this.#cells[at], bytes);
    return true;
  }

  #keep(at: number): void {
    const before = this.#cells[at] && { ...this.#cells[at] };
    this.#trial.keep(() => {
      this.#cells[at] = before as Cell;
    });
  }

  /** All cells, or the one named. */
  read(index?: number): CounterData[] {
    const at = (i: number): CounterData => ({ ...(this.#cells[i] ?? noCount) });
    if (index !== undefined) return index < this.#size ? [at(index)] : [];
    return Array.from({ length: this.#size }, (_, i) => at(i));
  }

  write(index: number, { packets, bytes }: CounterData): void {
    if (index >= this.#size) throw new InternalError(`${this.#name} has no cell ${index}`);
    this.#cells[index] = { packets, bytes };
  }
}
