/** Finds the entry that matches a key: hash maps for exact and lpm keys, an ordered list for the other kinds. */

import type { MatchValue } from '../../compiler/control/match.js';
import { maxUnsigned, prefixMask } from '../../compiler/support/bits.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { EntryKey } from './messages.js';

export interface KeyShape {
  /** exact, lpm, ternary, range or optional. */
  readonly match: string;
  /** In bits. */
  readonly width: number;
}

/** The entries of a table. Two entries whose keys match the same, however their don't-cares are written, are one. */
export interface MatchIndex<E extends EntryKey> {
  /** Whether the table had no such entry yet. */
  insert(entry: E): boolean;
  delete(entry: E): void;
  find(key: EntryKey): E | undefined;
  all(): Iterable<E>;
  /** The best entry for these key values, unsigned, one for each key. */
  lookup(values: readonly bigint[]): E | undefined;
}

export function matchIndex<E extends EntryKey>(keys: readonly KeyShape[]): MatchIndex<E> {
  return keys.every((key) => key.match === 'exact' || key.match === 'lpm') ? new PrefixIndex(keys) : new PriorityIndex(keys);
}

/** The same text for the same entry of a table. */
function identify(key: EntryKey, shapes: readonly KeyShape[]): string {
  const parts = key.matches.map((match, i) => {
    const shape = shapes[i] as KeyShape;
    const { value, mask } = masked(match, shape);
    if (match.kind === 'range') return match.low === 0n && match.high === maxUnsigned(shape.width) ? '*' : `${match.low}-${match.high}`;
    if (shape.match === 'exact' || shape.match === 'optional') return match.kind === 'any' ? '*' : `${value}`;
    return mask === 0n ? '*' : `${value}&${mask}`;
  });
  return `${parts.join(',')}@${key.priority}`;
}

/** The bits that count, and what they have to be. */
function masked(match: MatchValue, { width }: KeyShape): { value: bigint; mask: bigint } {
  switch (match.kind) {
    case 'any':
    case 'range':
      return { value: 0n, mask: 0n };
    case 'exact':
    case 'optional':
      return { value: match.value, mask: maxUnsigned(width) };
    case 'lpm': {
      const mask = prefixMask(match.prefixLength, width);
      return { value: match.value & mask, mask };
    }
    case 'ternary':
      return { value: match.value & match.mask, mask: match.mask };
  }
}

/** Whether the unsigned `value` of `width` bits matches. */
export function matchesValue(match: MatchValue, value: bigint, width: number): boolean {
  switch (match.kind) {
    case 'any':
      return true;
    case 'exact':
    case 'optional':
      return value === match.value;
    case 'range':
      return match.low <= value && value <= match.high;
    case 'lpm': {
      const mask = prefixMask(match.prefixLength, width);
      return (value & mask) === (match.value & mask);
    }
    case 'ternary':
      return (value & match.mask) === (match.value & match.mask);
  }
}

/** A key of so many bits is exact as a JavaScript number, which is the fastest to look up. */
const numberBits = 53;

/** Exact keys and at most one lpm key: one hash map for each prefix length in use, the longest first. */
class PrefixIndex<E extends EntryKey> implements MatchIndex<E> {
  readonly #keys: readonly KeyShape[];
  readonly #lpm: number;
  readonly #isNumber: boolean;
  #maps: { length: number; mask: bigint; entries: Map<string | number, E> }[] = [];

  constructor(keys: readonly KeyShape[]) {
    this.#keys = keys;
    this.#lpm = keys.findIndex((key) => key.match === 'lpm');
    this.#isNumber = keys.length === 1 && (keys[0]?.width ?? 0) <= numberBits;
  }

  insert(entry: E): boolean {
    const length = this.#prefixLength(entry);
    let map = this.#maps.find((m) => m.length === length);
    if (!map) {
      const width = this.#keys[this.#lpm]?.width ?? 0;
      map = { length, mask: prefixMask(length, width), entries: new Map() };
      this.#maps = [...this.#maps, map].sort((a, b) => b.length - a.length);
    }
    const before = map.entries.size;
    map.entries.set(this.#hashKey(valuesOf(entry), map.mask), entry);
    return map.entries.size > before;
  }

  delete(entry: E): void {
    const map = this.#maps.find((m) => m.length === this.#prefixLength(entry));
    map?.entries.delete(this.#hashKey(valuesOf(entry), map.mask));
    if (map?.entries.size === 0) this.#maps = this.#maps.filter((m) => m !== map);
  }

  find(key: EntryKey): E | undefined {
    const length = this.#prefixLength(key);
    const map = this.#maps.find((m) => m.length === length);
    return map?.entries.get(this.#hashKey(valuesOf(key), map.mask));
  }

  *all(): Iterable<E> {
    for (const { entries } of this.#maps) yield* entries.values();
  }

  lookup(values: readonly bigint[]): E | undefined {
    for (const { mask, entries } of this.#maps) {
      const entry = entries.get(this.#hashKey(values, mask));
      if (entry) return entry;
    }
    return undefined;
  }

  #prefixLength(key: EntryKey): number {
    const match = this.#lpm < 0 ? undefined : key.matches[this.#lpm];
    return match?.kind === 'lpm' ? match.prefixLength : 0;
  }

  #hashKey(values: readonly bigint[], mask: bigint): string | number {
    if (this.#isNumber) return Number(this.#lpm < 0 ? values[0] : (values[0] as bigint) & mask);
    return values.map((value, i) => (i === this.#lpm ? value & mask : value)).join(',');
  }
}

const valuesOf = ({ matches }: EntryKey): bigint[] => matches.map((match) => ('value' in match ? match.value : 0n));

/** The highest priority first; among equals the one inserted first. A prefix's length gives no priority here. */
class PriorityIndex<E extends EntryKey> implements MatchIndex<E> {
  readonly #keys: readonly KeyShape[];
  readonly #ordered: E[] = [];
  readonly #byKey = new Map<string, E>();

  constructor(keys: readonly KeyShape[]) {
    this.#keys = keys;
  }

  insert(entry: E): boolean {
    let low = 0;
    let high = this.#ordered.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ordered[middle] as E).priority >= entry.priority) low = middle + 1;
      else high = middle;
    }
    this.#ordered.splice(low, 0, entry);
    const before = this.#byKey.size;
    this.#byKey.set(identify(entry, this.#keys), entry);
    return this.#byKey.size > before;
  }

  delete(entry: E): void {
    const at = this.#ordered.indexOf(entry);
    if (at < 0) throw new InternalError('an entry that is not in its table');
    this.#ordered.splice(at, 1);
    this.#byKey.delete(identify(entry, this.#keys));
  }

  find(key: EntryKey): E | undefined {
    return this.#byKey.get(identify(key, this.#keys));
  }

  all(): Iterable<E> {
    return this.#ordered;
  }

  lookup(values: readonly bigint[]): E | undefined {
    return this.#ordered.find((entry) =>
      entry.matches.every((match, i) => matchesValue(match, values[i] as bigint, (this.#keys[i] as KeyShape).width)),
    );
  }
}
