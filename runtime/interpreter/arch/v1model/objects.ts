/** How v1model's programs call extern objects. */
import { InternalError } from '../../../../compiler/support/invariant.js';
import type { Loc } from '../../../../compiler/support/location.js';
import { assign } from '../../assign.js';
import { argument } from '../../core.js';
import { counted } from '../../counters.js';
import { evaluate, evaluateBits } from '../../eval.js';
import { type Color, colors, MeterArray, MeterCell, type MeterUnit, traceMeter } from '../../meters.js';
import { RegisterArray } from '../../registers.js';
import type { ExternCall, Scope } from '../../scope.js';
import type { DirectCells, DirectResource } from '../../tables.js';
import { passOf } from './pass.js';

const code = (color: Color): bigint => BigInt(colors.indexOf(color));

/** An index out of range leaves the result as it was. */
export class Meter extends MeterArray {
  call(method: string, call: ExternCall): undefined {
    if (method !== 'execute_meter') throw new InternalError(`meter.${method}`);
    const color = this.mark(evaluateBits(argument(call, 0), call.scope), call);
    if (color !== undefined) assign(argument(call, 1), code(color), call.loc, call.scope);
  }
}

/** Reading outside leaves the result as it was. */
export class Register extends RegisterArray {
  call(method: string, call: ExternCall): undefined {
    const { scope, loc } = call;
    if (method === 'read') {
      const value = this.read(evaluateBits(argument(call, 1), scope), call);
      if (value !== undefined) assign(argument(call, 0), value, loc, scope);
    } else if (method === 'write') this.write(evaluateBits(argument(call, 0), scope), evaluate(argument(call, 1), scope), call);
    else throw new InternalError(`register.${method}`);
  }
}

/** Counts when its table is applied, whether `count` is called or not, as BMv2 does of hits. */
export const directCounter: DirectResource = {
  kind: 'object',
  type: 'direct_counter',
  call: () => undefined,
  applied: (cells, _hit, scope) => {
    cells.counter = counted(cells.counter, scope.pass.packetLength);
  },
};

/** Marks when its table is applied, whether the program reads the colour or not. */
export class DirectMeter implements DirectResource {
  readonly kind = 'object';
  readonly type = 'direct_meter';
  readonly #name: string;
  readonly #unit: MeterUnit;

  constructor(name: string, unit: MeterUnit) {
    this.#name = name;
    this.#unit = unit;
  }

  /** After a miss `read` leaves the result as it was, unless a meter is configured for misses. */
  call(method: string, call: ExternCall): undefined {
    if (method !== 'read') throw new InternalError(`direct_meter.${method}`);
    const color = passOf(call.scope).colors.get(this);
    if (color !== undefined) assign(argument(call, 0), code(color), call.loc, call.scope);
  }

  applied(cells: DirectCells, hit: boolean, scope: Scope, loc: Loc): void {
    cells.meter ??= new MeterCell();
    const color = cells.meter.mark(this.#unit, scope);
    if (!hit && !cells.meter.isConfigured) return;
    passOf(scope).colors.set(this, color);
    traceMeter({ meter: this.#name, unit: this.#unit, color, loc }, cells.meter, scope);
  }
}
