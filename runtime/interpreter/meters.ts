/** Meters: the two rate three color marker of RFC 2698, with token buckets as BMv2 counts them. */
import { InternalError } from '../../compiler/support/invariant.js';
import type { MeterConfig } from '../switch/messages.js';
import type { ExternCall, ObjectValue, Scope } from './scope.js';
import type { MeterEvent } from './trace.js';
import type { Value } from './values.js';

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

  /**
   * `cost` is 1 or the packet's bytes; time counts from the start of the switch, in whole microseconds. `before`: the
   * colour that the packet already has, which does not get better; without it the meter is colour-blind.
   */
  mark(cost: bigint, timestampNs: bigint, before: Color = 'green'): Color {
    if (!this.#buckets) return 'green';
    const { committed, peak } = this.#buckets;
    const now = timestampNs / 1000n;
    committed.fill(now);
    peak.fill(now);
    if (before === 'red' || !peak.take(cost)) return 'red';
    return before === 'green' && committed.take(cost) ? 'green' : 'yellow';
  }

  /** For traces: what is in the buckets now. */
  levels(): Pick<MeterEvent, 'committed' | 'peak'> {
    if (!this.#buckets) return {};
    const level = ({ tokens, burst }: Bucket) => ({ tokens: `${tokens}`, burst: `${burst}` });
    return { committed: level(this.#buckets.committed), peak: level(this.#buckets.peak) };
  }
}

/** What a packet costs. */
export const costOf = (unit: MeterUnit, scope: Scope): bigint => (unit === 'packets' ? 1n : BigInt(scope.pass.packetLength));

/** An indirect meter. An index out of range marks nothing. */
export abstract class MeterArray implements ObjectValue {
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

  /** How programs of the architecture call it. */
  abstract call(method: string, call: ExternCall): Value | undefined;

  configure(index: number, config: MeterConfig | undefined): void {
    if (index >= this.#size) throw new InternalError(`${this.#name} has no cell ${index}`);
    if (!config) this.#cells.delete(index);
    else {
      const cell = new MeterCell();
      cell.configure(config);
      this.#cells.set(index, cell);
    }
  }

  /** The colour that the packet gets; undefined for an index out of range. */
  protected mark(index: bigint, { scope, loc }: ExternCall, before?: Color): Color | undefined {
    const about = { meter: this.#name, index: `${index}`, unit: this.#unit, loc };
    if (index >= BigInt(this.#size)) {
      scope.trace?.add({ kind: 'meter', ...about });
      return undefined;
    }
    const cell = this.#cells.get(Number(index)) ?? new MeterCell();
    const color = cell.mark(costOf(this.#unit, scope), scope.pass.timestampNs, before);
    traceMeter({ ...about, color }, cell, scope);
    return color;
  }
}

export function traceMeter(about: Omit<MeterEvent, 'kind'>, cell: MeterCell, scope: Scope): void {
  scope.trace?.add({ kind: 'meter', ...about, ...cell.levels() });
}
