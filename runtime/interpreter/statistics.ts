/** What a program did with its packets, counted since it was loaded. */

/** Where packets end, or copies of them. */
export type DropPlace = 'ingress' | 'egress' | 'multicast' | 'restart';

export class Statistics {
  readonly drops = new Map<DropPlace, number>();
  /** By the name of the error. */
  readonly parserErrors = new Map<string, number>();
}

export function countIn<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
