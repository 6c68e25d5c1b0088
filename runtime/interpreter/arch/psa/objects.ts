/** The extern objects of psa.p4 that have state from packet to packet (PSA §7.7 - §7.9). */
import { InternalError } from '../../../../compiler/support/invariant.js';
import type { Random } from '../../../data-plane/random.js';
import { argument } from '../../core.js';
import { counted } from '../../counters.js';
import { digested } from '../../digests.js';
import { evaluate, evaluateBits } from '../../eval.js';
import { type Color, MeterArray, MeterCell, type MeterUnit, traceMeter } from '../../meters.js';
import { RegisterArray } from '../../registers.js';
import type { ExternCall, ObjectValue, Scope } from '../../scope.js';
import type { DirectCells, DirectResource } from '../../tables.js';
import type { Value } from '../../values.js';
import { passOf } from './pass.js';

/** `PSA_MeterColor_t`. */
const colorName = (color: Color): string => color.toUpperCase();
/** The colour that the call says the packet has; GREEN where it says none. */
const colorGiven = (call: ExternCall, index: number): Color => {
  const given = call.args[index];
  return given ? ((evaluate(given, call.scope) as string).toLowerCase() as Color) : 'green';
};

/** The colour for an index out of range, which is undefined, is GREEN. */
export class Meter extends MeterArray {
  call(method: string, call: ExternCall): Value {
    if (method !== 'execute') throw new InternalError(`Meter.${method}`);
    const index = evaluateBits(argument(call, 0), call.scope);
    return colorName(this.mark(index, call, colorGiven(call, 1)) ?? 'green');
  }
}

/** What is read out of range, which is undefined, is the default of the type. */
export class Register extends RegisterArray {
  call(method: string, call: ExternCall): Value | undefined {
    const index = evaluateBits(argument(call, 0), call.scope);
    if (method === 'read') return this.read(index, call) ?? call.scope.types.default(this.element);
    if (method !== 'write') throw new InternalError(`Register.${method}`);
    this.write(index, evaluate(argument(call, 1), call.scope), call);
    return undefined;
  }
}

/** A counter or meter that an action of its table counts with: it knows the cells of the entry that was chosen. */
abstract class Direct implements DirectResource {
  readonly kind = 'object';
  abstract readonly type: string;
  abstract call(method: string, call: ExternCall): Value | undefined;

  applied(cells: DirectCells, _hit: boolean, scope: Scope): void {
    passOf(scope).cells.set(this, cells);
  }
}

/** Counts when `count` is called, and only then (PSA §7.7.3). */
export class DirectCounter extends Direct {
  readonly type = 'DirectCounter';

  call(method: string, { scope }: ExternCall): undefined {
    if (method !== 'count') throw new InternalError(`DirectCounter.${method}`);
    const cells = passOf(scope).cells.get(this);
    if (cells) cells.counter = counted(cells.counter, scope.pass.packetLength);
  }
}

/** Marks when `execute` is called; packets are GREEN where the table was not applied. */
export class DirectMeter extends Direct {
  readonly type = 'DirectMeter';
  readonly #name: string;
  readonly #unit: MeterUnit;

  constructor(name: string, unit: MeterUnit) {
    super();
    this.#name = name;
    this.#unit = unit;
  }

  call(method: string, call: ExternCall): Value {
    if (method !== 'execute') throw new InternalError(`DirectMeter.${method}`);
    const { scope, loc } = call;
    const before = colorGiven(call, 0);
    const cells = passOf(scope).cells.get(this);
    if (!cells) return colorName('green');
    cells.meter ??= new MeterCell();
    const color = cells.meter.mark(this.#unit, scope, before);
    traceMeter({ meter: this.#name, unit: this.#unit, color, loc }, cells.meter, scope);
    return colorName(color);
  }
}

/** Numbers between two others, both included. */
export class RandomNumber implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'Random';
  readonly #low: bigint;
  readonly #high: bigint;

  constructor(low: bigint, high: bigint) {
    this.#low = low;
    this.#high = high;
  }

  call(method: string, { scope, loc }: ExternCall): bigint {
    if (method !== 'read') throw new InternalError(`Random.${method}`);
    const random: Random = scope.globals.random;
    const result = this.#low <= this.#high ? random.between(this.#low, this.#high) : this.#low;
    scope.trace?.add({ kind: 'random', low: `${this.#low}`, high: `${this.#high}`, result: `${result}`, loc });
    return result;
  }
}

/** Each call makes a message, with the values at the call. */
export class Digest implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'Digest';
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  call(method: string, call: ExternCall): undefined {
    if (method !== 'pack') throw new InternalError(`Digest.${method}`);
    passOf(call.scope).digests.push(digested({ name: this.#name, type: argument(call, 0).type }, argument(call, 0), call));
    return undefined;
  }
}
