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

/** One meter cell that is configured. Without a configuration there is none, and every packet is green. */
export class MeterCell {
  readonly #committed: Bucket;
  readonly #peak: Bucket;

  /** The buckets are full. */
  constructor({ cir, cburst, pir, pburst }: MeterConfig) {
    this.#committed = new Bucket(cir, cburst);
    this.#peak = new Bucket(pir, pburst);
  }

  /**
   * `cost` is 1 or the packet's bytes; time counts from the start of the switch, in whole microseconds. `before`: the
   * colour that the packet already has, which does not get better; without it the meter is colour-blind.
   */
  mark(cost: bigint, timestampNs: bigint, before: Color = 'green'): Color {
    const now = timestampNs / 1000n;
    this.#committed.fill(now);
    this.#peak.fill(now);
    if (before === 'red' || !this.#peak.take(cost)) return 'red';
    return before === 'green' && this.#committed.take(cost) ? 'green' : 'yellow';
  }

  /** For traces: what is in the buckets now. */
  levels(): Pick<MeterEvent, 'committed' | 'peak'> {
    const level = ({ tokens, burst }: Bucket) => ({ tokens: `${tokens}`, burst: `${burst}` });
    return { committed: level(this.#committed), peak: level(this.#peak) };
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
    else this.#cells.set(index, new MeterCell(config));
  }

  /** The colour that the packet gets; undefined for an index out of range. */
  protected mark(index: bigint, { scope, loc }: ExternCall, before?: Color): Color | undefined {
    const about = { meter: this.#name, index: `${index}`, unit: this.#unit, loc };
    if (index >= BigInt(this.#size)) {
      scope.trace?.add({ kind: 'meter', ...about });
      return undefined;
    }
    const cell = this.#cells.get(Number(index));
    const color = cell?.mark(costOf(this.#unit, scope), scope.pass.timestampNs, before) ?? 'green';
    traceMeter({ ...about, color }, cell, scope);
    return color;
  }
}

export function traceMeter(about: Omit<MeterEvent, 'kind'>, cell: MeterCell | undefined, scope: Scope): void {
  scope.trace?.add({ kind: 'meter', ...about, ...cell?.levels() });
}
