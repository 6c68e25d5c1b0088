/** Cells of counters, meters and registers by their index. */
import type { Index } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';

export function checkIndex(size: number, index: bigint, at: string): number {
  if (index < 0n) return refuse('index-negative', { at, index });
  if (index >= BigInt(size)) return refuse('index-out-of-range', { at, index, size });
  return Number(index);
}

/** The cell of the index, or all of them without one. */
export function cellsOf(size: number, index: Index | undefined, at: string): number[] {
  return index ? [checkIndex(size, index.index ?? 0n, at)] : [...Array(size).keys()];
}
