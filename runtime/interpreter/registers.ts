/** Registers: cells that the program reads and writes. */
import type { Type } from '../../compiler/ir/index.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { ExternCall, ObjectValue } from './scope.js';
import { traceValue } from './tracer.js';
import type { Types } from './types.js';
import type { Value } from './values.js';

/** Cells of one type, 0 at the start where the program gives no other value. Reading or writing outside has no effect (as BMv2's debug builds do). */
export abstract class RegisterArray implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'register';
  readonly #name: string;
  readonly #size: number;
  protected readonly element: Type;
  readonly #types: Types;
  readonly #initial: bigint;
  /** Unsigned bits; a missing one has the initial value. */
  readonly #cells: bigint[] = [];

  constructor(name: string, size: number, element: Type, types: Types, initial?: Value) {
    this.#name = name;
    this.#size = size;
    this.element = element;
    this.#types = types;
    this.#initial = initial === undefined ? 0n : types.toBits(initial, element);
  }

  /** How programs of the architecture call it. */
  abstract call(method: string, call: ExternCall): Value | undefined;

  /** All cells, or the one named. */
  cells(index?: number): bigint[] {
    if (index !== undefined) return index < this.#size ? [this.#cells[index] ?? this.#initial] : [];
    return Array.from({ length: this.#size }, (_, i) => this.#cells[i] ?? this.#initial);
  }

  setCell(index: number, value: bigint): void {
    if (index >= this.#size) throw new InternalError(`${this.#name} has no cell ${index}`);
    this.#cells[index] = value;
  }

  /** Undefined for an index out of range. */
  protected read(index: bigint, { scope, loc }: ExternCall): Value | undefined {
    const inRange = index < BigInt(this.#size);
    const value = this.#types.fromBits(this.#cells[Number(index)] ?? this.#initial, this.element);
    scope.trace?.add({
      kind: 'register-read',
      register: this.#name,
      index: `${index}`,
      ...(inRange ? { value: traceValue(value, this.element, this.#types) } : {}),
      loc,
    });
    return inRange ? value : undefined;
  }

  protected write(index: bigint, value: Value, { scope, loc }: ExternCall): void {
    const inRange = index < BigInt(this.#size);
    if (scope.trace) {
      const old = this.#types.fromBits(this.#cells[Number(index)] ?? this.#initial, this.element);
      const shown = { old: traceValue(old, this.element, this.#types), new: traceValue(value, this.element, this.#types) };
      scope.trace.add({ kind: 'register-write', register: this.#name, index: `${index}`, ...(inRange ? shown : {}), loc });
    }
    if (inRange) this.#cells[Number(index)] = this.#types.toBits(value, this.element);
  }
}
