/** Meters: the markers of RFC 2698 and RFC 2697, with token buckets as BMv2 counts them, and what they mark by colour. */
import { InternalError } from '../../compiler/support/invariant.js';
import { type Cell, counted, noCount } from './counters.js';
import type { ColorCounts, MeterConfig } from './messages.js';
import type { MeterEvent } from './trace.js';
import type { Restore, Trial } from './trial.js';

export const colors = ['green', 'yellow', 'red'] as const;
export type Color = (typeof colors)[number];
export type MeterUnit = 'packets' | 'bytes';

/** Tokens that packets take. It is full at the start. */
class Bucket {
  readonly burst: bigint;
  tokens: bigint;

  constructor(burst: bigint) {
    this.burst = burst;
    this.tokens = burst;
  }

  /** What does not fit. */
  add(tokens: bigint): bigint {
    const room = this.burst - this.tokens;
    this.tokens += tokens < room ? tokens : room;
    return tokens < room ? 0n : tokens - room;
  }

  save(): Restore {
    const { tokens } = this;
    return () => {
      this.tokens = tokens;
    };
  }

  take(cost: bigint): boolean {
    if (this.tokens < cost) return false;
    this.tokens -= cost;
    return true;
  }
}

class Rate {
  readonly #perSecond: bigint;
  /** What it has added since the switch started, in whole tokens: no fraction is lost from packet to packet. */
  #added = 0n;

  constructor(perSecond: bigint) {
    this.#perSecond = perSecond;
  }

  /** The tokens since the last time. */
  since(microseconds: bigint): bigint {
    const added = (microseconds * this.#perSecond) / 1_000_000n;
    const tokens = added - this.#added;
    if (tokens <= 0n) return 0n;
    this.#added = added;
    return tokens;
  }

  save(): Restore {
    const added = this.#added;
    return () => {
      this.#added = added;
    };
  }
}

/** For traces: what is in the buckets now. */
export type Levels = Pick<MeterEvent, 'committed' | 'peak' | 'excess'>;
/** The rates of one cell that is configured. */
export interface Marker {
  /**
   * `cost` is 1 or the packet's bytes; time counts from the start of the switch, in whole microseconds. `before`: the
   * colour that the packet already has, which does not get better; without it the meter is colour-blind.
   */
  mark(cost: bigint, timestampNs: bigint, before?: Color): Color;
  /** For traces: what is in the buckets now. */
  levels(): Levels;
  /** What brings the buckets back to what they are now. */
  save(): Restore;
}

const saveAll = (parts: readonly { save(): Restore }[]): Restore => {
  const restores = parts.map((part) => part.save());
  return () => {
    for (const restore of restores) restore();
  };
};

const level = ({ tokens, burst }: Bucket) => ({ tokens: `${tokens}`, burst: `${burst}` });

/** RFC 2698. A packet takes from the peak bucket first. */
class TwoRateMarker implements Marker {
  readonly #rates: readonly [committed: Rate, peak: Rate];
  readonly #committed: Bucket;
  readonly #peak: Bucket;

  constructor({ cir, cburst, pir, pburst }: MeterConfig) {
    this.#rates = [new Rate(cir), new Rate(pir)];
    this.#committed = new Bucket(cburst);
    this.#peak = new Bucket(pburst);
  }

  mark(cost: bigint, timestampNs: bigint, before: Color = 'green'): Color {
    const now = timestampNs / 1000n;
    this.#committed.add(this.#rates[0].since(now));
    this.#peak.add(this.#rates[1].since(now));
    if (before === 'red' || !this.#peak.take(cost)) return 'red';
    return before === 'green' && this.#committed.take(cost) ? 'green' : 'yellow';
  }

  levels(): Levels {
    return { committed: level(this.#committed), peak: level(this.#peak) };
  }

  save(): Restore {
    return saveAll([...this.#rates, this.#committed, this.#peak]);
  }
}

/** RFC 2697. The excess bucket gets what the committed one has no room for. */
class SingleRateMarker implements Marker {
  readonly #rate: Rate;
  readonly #committed: Bucket;
  readonly #excess: Bucket;

  constructor(cir: bigint, cburst: bigint, eburst: bigint) {
    this.#rate = new Rate(cir);
    this.#committed = new Bucket(cburst);
    this.#excess = new Bucket(eburst);
  }

  mark(cost: bigint, timestampNs: bigint, before: Color = 'green'): Color {
    this.#excess.add(this.#committed.add(this.#rate.since(timestampNs / 1000n)));
    if (before === 'green' && this.#committed.take(cost)) return 'green';
    return before !== 'red' && this.#excess.take(cost) ? 'yellow' : 'red';
  }

  levels(): Levels {
    return { committed: level(this.#committed), excess: level(this.#excess) };
  }

  save(): Restore {
    return saveAll([this.#rate, this.#committed, this.#excess]);
  }
}

/** The buckets are full. */
export const markerOf = (config: MeterConfig): Marker =>
  config.eburst === undefined ? new TwoRateMarker(config) : new SingleRateMarker(config.cir, config.cburst, config.eburst);

export const noColors: ColorCounts = { green: noCount, yellow: noCount, red: noCount };

/** What a meter sees of a packet. */
export interface MeteredPacket {
  /** In bytes. */
  readonly packetLength: number;
  /** Since the switch started. */
  readonly timestampNs: bigint;
}

/** One cell of a meter: what it is configured with, and what it has marked. Without a configuration every packet is green. */
export class MeterCell {
  #marker: Marker | undefined;
  #counts: { [C in Color]?: Cell } = {};

  get isConfigured(): boolean {
    return this.#marker !== undefined;
  }

  /** The buckets are full; without a configuration there are none. */
  configure(config: MeterConfig | undefined): void {
    this.#marker = config && markerOf(config);
  }

  /** Marks the packet and counts it; `before` as a marker takes it. */
  mark(unit: MeterUnit, { packetLength, timestampNs }: MeteredPacket, before?: Color): Color {
    const cost = unit === 'packets' ? 1n : BigInt(packetLength);
    const color = this.#marker?.mark(cost, timestampNs, before) ?? 'green';
    this.#counts[color] = counted(this.#counts[color], packetLength);
    return color;
  }

  counts(): ColorCounts {
    const { green = noCount, yellow = noCount, red = noCount } = this.#counts;
    return { green: { ...green }, yellow: { ...yellow }, red: { ...red } };
  }

  clearCounts(): void {
    this.#counts = {};
  }

  levels(): Levels {
    return this.#marker?.levels() ?? {};
  }

  /** What brings the cell back to what it is now. */
  save(): Restore {
    const [restoreMarker, counts] = [this.#marker?.save(), this.counts()];
    return () => {
      restoreMarker?.();
      this.#counts = counts;
    };
  }
}

/** An indirect meter. */
export class MeterArray {
  readonly #name: string;
  readonly #size: number;
  readonly #trial: Trial;
  /** A missing one is not configured and has marked nothing. */
  readonly #cells = new Map<number, MeterCell>();

  constructor(name: string, size: number, trial: Trial) {
    this.#name = name;
    this.#size = size;
    this.#trial = trial;
  }

  /** The cell that is about to mark a packet; undefined for an index out of range. */
  cell(index: bigint): MeterCell | undefined {
    if (index >= BigInt(this.#size)) return undefined;
    const cell = this.#made(Number(index));
    if (this.#trial.isOn) this.#trial.keep(cell.save());
    return cell;
  }

  configure(index: number, config: MeterConfig | undefined): void {
    if (index >= this.#size) throw new InternalError(`${this.#name} has no cell ${index}`);
    if (config || this.#cells.has(index)) this.#made(index).configure(config);
  }

  counts(index: number): ColorCounts {
    return this.#cells.get(index)?.counts() ?? noColors;
  }

  clearCounts(index: number): void {
    this.#cells.get(index)?.clearCounts();
  }

  #made(index: number): MeterCell {
    let cell = this.#cells.get(index);
    if (!cell) {
      cell = new MeterCell();
      this.#cells.set(index, cell);
    }
    return cell;
  }
}
