/** Packet and byte counters. Both are always counted, whatever the counter's type asks for, as BMv2 does. */
import { InternalError } from '../../compiler/support/invariant.js';
import type { CounterData } from '../switch/messages.js';
import { evaluateBits } from './eval.js';
import type { ExternCall, ObjectValue } from './scope.js';

export interface Cell {
  packets: bigint;
  bytes: bigint;
}

export function count(cell: Cell, bytes: number): void {
  cell.packets += 1n;
  cell.bytes += BigInt(bytes);
}

/** An indirect counter. An index out of range counts nothing. */
export class CounterArray implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'counter';
  readonly #name: string;
  readonly #cells: Cell[];

  constructor(name: string, size: number) {
    this.#name = name;
    this.#cells = Array.from({ length: size }, () => ({ packets: 0n, bytes: 0n }));
  }

  call(method: string, { args, scope, loc }: ExternCall): undefined {
    if (method !== 'count' || !args[0]) throw new InternalError(`counter.${method}`);
    const index = evaluateBits(args[0], scope);
    const cell = index < BigInt(this.#cells.length) ? this.#cells[Number(index)] : undefined;
    if (cell) count(cell, scope.pass.packetLength);
    scope.trace?.add({ kind: 'count', counter: this.#name, index: Number(index), inRange: cell !== undefined, loc });
  }

  read(index?: number): CounterData[] {
    const cells = index === undefined ? this.#cells : this.#cells.slice(index, index + 1);
    return cells.map((cell) => ({ ...cell }));
  }

  write(index: number, data: CounterData): void {
    if (index >= this.#cells.length) throw new InternalError(`${this.#name} has no cell ${index}`);
    this.#cells[index] = { packets: data.packets, bytes: data.bytes };
  }
}

/** Counts on a hit of its table, whether `count` is called or not, as BMv2 does: the cells are the table's entries. */
export const directCounter: ObjectValue = { kind: 'object', type: 'direct_counter', call: () => undefined };
