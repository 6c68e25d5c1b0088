/** Packet and byte counters. Both are always counted, whatever the counter's type asks for, as BMv2 does. */
import { InternalError } from '../../compiler/support/invariant.js';
import type { CounterData } from '../data-plane/messages.js';
import { evaluateBits } from './eval.js';
import type { ExternCall, ObjectValue } from './scope.js';

export interface Cell {
  packets: bigint;
  bytes: bigint;
}

export const noCount: CounterData = { packets: 0n, bytes: 0n };
const empty = (): Cell => ({ packets: 0n, bytes: 0n });

/** The cell, or a new one where nothing was counted yet, with one packet more. */
export function counted(before: Cell | undefined, bytes: number): Cell {
  const cell = before ?? empty();
  cell.packets += 1n;
  cell.bytes += BigInt(bytes);
  return cell;
}

/** An indirect counter. An index out of range counts nothing. */
export class CounterArray implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'counter';
  readonly #name: string;
  readonly #size: number;
  /** A missing one has counted nothing. */
  readonly #cells: Cell[] = [];

  constructor(name: string, size: number) {
    this.#name = name;
    this.#size = size;
  }

  call(method: string, { args, scope, loc }: ExternCall): undefined {
    if (method !== 'count' || !args[0]) throw new InternalError(`counter.${method}`);
    const index = evaluateBits(args[0], scope);
    const inRange = index < BigInt(this.#size);
    if (inRange) {
      this.#cells[Number(index)] = counted(this.#cells[Number(index)], scope.pass.packetLength);
    }
    scope.trace?.add({ kind: 'count', counter: this.#name, index: Number(index), inRange, loc });
  }

  /** All cells, or the one named. */
  read(index?: number): CounterData[] {
    if (index !== undefined) return index < this.#size ? [{ ...(this.#cells[index] ?? empty()) }] : [];
    return Array.from({ length: this.#size }, (_, i) => ({ ...(this.#cells[i] ?? empty()) }));
  }

  write(index: number, data: CounterData): void {
    if (index >= this.#size) throw new InternalError(`${this.#name} has no cell ${index}`);
    this.#cells[index] = { packets: data.packets, bytes: data.bytes };
  }
}
