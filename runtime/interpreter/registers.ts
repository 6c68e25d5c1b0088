/** Registers: cells that the program reads and writes. */
import type { Type } from '../../compiler/ir/index.js';
import { InternalError } from '../../compiler/support/invariant.js';
import { assign } from './assign.js';
import { argument } from './core.js';
import { evaluate, evaluateBits } from './eval.js';
import type { ExternCall, ObjectValue } from './scope.js';
import { traceValue } from './tracer.js';
import type { Types } from './types.js';

/** Cells of one scalar type, 0 at the start. Reading or writing outside has no effect (as BMv2's debug builds do). */
export class RegisterArray implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'register';
  readonly #name: string;
  readonly #size: number;
  readonly #element: Type;
  readonly #types: Types;
  /** Unsigned bits; a missing one is 0. */
  readonly #cells: bigint[] = [];

  constructor(name: string, size: number, element: Type, types: Types) {
    this.#name = name;
    this.#size = size;
    this.#element = element;
    this.#types = types;
  }

  call(method: string, call: ExternCall): undefined {
    if (method === 'read') this.#read(call);
    else if (method === 'write') this.#write(call);
    else throw new InternalError(`register.${method}`);
  }

  /** All cells, or the one named. */
  cells(index?: number): bigint[] {
    if (index !== undefined) return index < this.#size ? [this.#cells[index] ?? 0n] : [];
    return Array.from({ length: this.#size }, (_, i) => this.#cells[i] ?? 0n);
  }

  setCell(index: number, value: bigint): void {
    if (index >= this.#size) throw new InternalError(`${this.#name} has no cell ${index}`);
    this.#cells[index] = value;
  }

  #read(call: ExternCall): void {
    const { scope, loc } = call;
    const index = evaluateBits(argument(call, 1), scope);
    const inRange = index < BigInt(this.#size);
    const value = this.#types.fromBits(this.#cells[Number(index)] ?? 0n, this.#element);
    scope.trace?.add({
      kind: 'register-read',
      register: this.#name,
      index: `${index}`,
      ...(inRange ? { value: traceValue(value, this.#element, this.#types) } : {}),
      loc,
    });
    if (inRange) assign(argument(call, 0), value, loc, scope);
  }

  #write(call: ExternCall): void {
    const { scope, loc } = call;
    const index = evaluateBits(argument(call, 0), scope);
    const value = evaluate(argument(call, 1), scope);
    const inRange = index < BigInt(this.#size);
    if (scope.trace) {
      const old = this.#types.fromBits(this.#cells[Number(index)] ?? 0n, this.#element);
      const shown = { old: traceValue(old, this.#element, this.#types), new: traceValue(value, this.#element, this.#types) };
      scope.trace.add({ kind: 'register-write', register: this.#name, index: `${index}`, ...(inRange ? shown : {}), loc });
    }
    if (inRange) this.#cells[Number(index)] = this.#types.toBits(value, this.#element);
  }
}
