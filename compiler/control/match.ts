/** What one key of an entry matches, and the rules of it (P4Runtime, "Match Format"). */
import { maxUnsigned } from '../support/bits.js';
import { formatValue, prefixMistake } from '../support/values.js';
import type { ValueForm } from './data.js';

/** A key left out of a ternary, range, optional or lpm match is `any`. */
export type MatchValue =
  | { readonly kind: 'exact'; readonly value: bigint }
  | { readonly kind: 'lpm'; readonly value: bigint; readonly prefixLength: number }
  | { readonly kind: 'ternary'; readonly value: bigint; readonly mask: bigint }
  | { readonly kind: 'range'; readonly low: bigint; readonly high: bigint }
  | { readonly kind: 'optional'; readonly value: bigint }
  | { readonly kind: 'any' };

/** Whether controllers have to say of each entry what the key matches. */
export const isRequired = (match: string): boolean => match === 'exact' || match === 'lpm';

/** Whether a table's entries have priorities (P4Runtime §9.1): it has a ternary, range or optional key. */
export const needsPriority = (keys: readonly { readonly match: string }[]): boolean =>
  keys.some(({ match }) => match === 'ternary' || match === 'range' || match === 'optional');

/** Whether a match of that many bits leaves nothing out: the specification has the key absent then. */
export function matchesEverything(match: MatchValue, width: number): boolean {
  switch (match.kind) {
    case 'lpm':
      return match.prefixLength === 0;
    case 'ternary':
      return match.mask === 0n;
    case 'range':
      return match.low === 0n && match.high === maxUnsigned(width);
    default:
      return match.kind === 'any';
  }
}

export type MatchMistake = 'prefix-length' | 'prefix-tail' | 'masked-bits' | 'range-order';

/** What is wrong with a match whose values fit the key, and in words; undefined where nothing is. */
export function mistakeIn(
  match: MatchValue,
  { width, format }: ValueForm,
): { readonly mistake: MatchMistake; readonly problem: string } | undefined {
  switch (match.kind) {
    case 'lpm':
      return prefixMistake(match.value, match.prefixLength, width, format);
    case 'ternary': {
      const { value, mask } = match;
      if ((value & mask) === value) return undefined;
      const problem = `${formatValue(value, format)} has bits set that the mask ${formatValue(mask, 'hex')} does not cover`;
      return { mistake: 'masked-bits', problem };
    }
    case 'range': {
      const { low, high } = match;
      if (low <= high) return undefined;
      const problem = `the low end ${formatValue(low, format)} is above the high end ${formatValue(high, format)}`;
      return { mistake: 'range-order', problem };
    }
    default:
      return undefined;
  }
}

/** The highest priority: an int32 on the wire. */
export const maxPriority = 2 ** 31 - 1;
