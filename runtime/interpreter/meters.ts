/** Meters: the two rate three color marker of RFC 2698, colour-blind, with token buckets as BMv2 counts them. */
import { InternalError } from '../../compiler/support/invariant.js';
import type { Loc } from '../../compiler/support/location.js';
import type { MeterConfig } from '../switch/messages.js';
import { assign } from './assign.js';
import { argument } from './core.js';
import { evaluateBits } from './eval.js';
import type { ExternCall, ObjectValue, Scope } from './scope.js';
import type { MeterEvent } from './trace.js';

export const colors = ['green', 'yellow', 'red'] as const;
export type Color = (typeof colors)[number];
export type MeterUnit = 'packets' | 'bytes';

/** Tokens that a rate adds and packets take. It is full at the start. */
class Bucket {
  readonly #rate: bigint;
  readonly burst: bigint;
  tokens: bigint;
  /** What the rate has added since the switch started, in whole tokens: no fraction is lost from packet to packet. */
  #added = 0n;

  constructor(rate: bigint, burst: bigint) {
    this.#rate = rate;
    this.burst = burst;
    this.tokens = burst;
  }

  fill(microseconds: bigint): void {
    const added = (microseconds * this.#rate) / 1_000_000n;
    if (added <= this.#added) return;
    const tokens = this.tokens + added - this.#added;
    this.tokens = tokens < this.burst ? tokens : this.burst;
    this.#added = added;
  }

  take(cost: bigint): boolean {
    if (this.tokens < cost) return false;
    this.tokens -= cost;
    return true;
  }
}

/** One meter cell. Without a configuration every packet is green. */
export class MeterCell {
  #buckets: { readonly committed: Bucket; readonly peak: Bucket } | undefined;

  /** Sets the rates and fills the buckets; without `config`, back to green. */
  configure(config: MeterConfig | undefined): void {
    this.#buckets = config && {
      committed: new Bucket(config.cir, config.cburst),
      peak: new Bucket(config.pir, config.pburst),
    };
  }

  /** `cost` is 1 or the packet's bytes; time counts from the start of the switch, in whole microseconds. */
  mark(cost: bigint, timestampNs: bigint): Color {
    if (!this.#buckets) return 'green';
    const { committed, peak } = this.#buckets;
    const now = timestampNs / 1000n;
    committed.fill(now);
    peak.fill(now);
    if (!peak.take(cost)) return 'red';
    return committed.take(cost) ? 'green' : 'yellow';
  }

  /** For traces: what is in the buckets now. */
  levels(): Pick<MeterEvent, 'committed' | 'peak'> {
    if (!this.#buckets) return {};
    const level = ({ tokens, burst }: Bucket) => ({ tokens: `${tokens}`, burst: `${burst}` });
    return { committed: level(this.#buckets.committed), peak: level(this.#buckets.peak) };
  }
}

const costOf = (unit: MeterUnit, scope: Scope): bigint => (unit === 'packets' ? 1n : BigInt(scope.pass.packetLength));
const code = (color: Color): bigint => BigInt(colors.indexOf(color));

/** An indirect meter. An index out of range marks nothing and leaves the result as it was. */
export class MeterArray implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'meter';
  readonly #name: string;
  readonly #size: number;
  readonly #unit: MeterUnit;
  readonly #cells = new Map<number, MeterCell>();

  constructor(name: string, size: number, unit: MeterUnit) {
    this.#name = name;
    this.#size = size;
    this.#unit = unit;
  }

  call(method: string, call: ExternCall): undefined {
    if (method !== 'execute_meter') throw new InternalError(`meter.${method}`);
    const { scope, loc } = call;
    const index = evaluateBits(argument(call, 0), scope);
    const about = { kind: 'meter', meter: this.#name, index: `${index}`, unit: this.#unit, loc } as const;
    if (index >= BigInt(this.#size)) {
      scope.trace?.add(about);
      return;
    }
    const cell = this.#cells.get(Number(index)) ?? new MeterCell();
    const color = cell.mark(costOf(this.#unit, scope), scope.pass.timestampNs);
    scope.trace?.add({ ...about, color, ...cell.levels() });
    assign(argument(call, 1), code(color), loc, scope);
  }

  configure(index: number, config: MeterConfig | undefined): void {
    if (index >= this.#size) throw new InternalError(`${this.#name} has no cell ${index}`);
    if (!config) this.#cells.delete(index);
    else {
      const cell = new MeterCell();
      cell.configure(config);
      this.#cells.set(index, cell);
    }
  }
}

/** The meter of a table: a cell for each entry, which marks on a hit, whether the program reads the colour or not. */
export class DirectMeter implements ObjectValue {
  readonly kind = 'object';
  readonly type = 'direct_meter';
  readonly #name: string;
  readonly #unit: MeterUnit;

  constructor(name: string, unit: MeterUnit) {
    this.#name = name;
    this.#unit = unit;
  }

  /** After a miss `read` leaves the result as it was. */
  call(method: string, call: ExternCall): undefined {
    if (method !== 'read') throw new InternalError(`direct_meter.${method}`);
    const color = call.scope.pass.colors.get(this);
    if (color !== undefined) assign(argument(call, 0), code(color), call.loc, call.scope);
  }

  hit(cell: MeterCell, scope: Scope, loc: Loc): void {
    const color = cell.mark(costOf(this.#unit, scope), scope.pass.timestampNs);
    scope.pass.colors.set(this, color);
    scope.trace?.add({ kind: 'meter', meter: this.#name, unit: this.#unit, color, ...cell.levels(), loc });
  }
}
