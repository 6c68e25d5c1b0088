/** Registers: cells that programs and controllers read and write. */
import { InternalError } from '../../compiler/support/invariant.js';
import type { Trial } from './trial.js';

/** A cell is unsigned bits: one of several fields is one number, the first field in its most significant bits. */
export class RegisterArray {
  readonly #name: string;
  readonly #size: number;
  readonly #initial: bigint;
  readonly #trial: Trial;
  /** A missing one has the initial value. */
  readonly #cells: bigint[] = [];

  constructor(name: string, size: number, trial: Trial, initial = 0n) {
    this.#name = name;
    this.#size = size;
    this.#initial = initial;
    this.#trial = trial;
  }

  /** Undefined for an index out of range. */
  get(index: bigint): bigint | undefined {
    return index < BigInt(this.#size) ? (this.#cells[Number(index)] ?? this.#initial) : undefined;
  }

  /** An index out of range has no effect, as in BMv2's debug builds. */
  set(index: bigint, value: bigint): void {
    if (index >= BigInt(this.#size)) return;
    const at = Number(index);
    if (this.#trial.isOn) this.#keep(at);
    this.#cells[at] = value;
  }

  #keep(at: number): void {
    const before = this.#cells[at];
    this.#trial.keep(() => {
      this.#cells[at] = before as bigint;
    });
  }

  /** All cells, or the one named. */
  read(index?: number): bigint[] {
    if (index !== undefined) return index < this.#size ? [this.#cells[index] ?? this.#initial] : [];
    return Array.from({ length: this.#size }, (_, i) => this.#cells[i] ?? this.#initial);
  }

  write(index: number, value: bigint): void {
    if (index >= this.#size) throw new InternalError(`${this.#name} has no cell ${index}`);
    this.#cells[index] = value;
  }
}
