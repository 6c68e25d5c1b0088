/** Matches of keys that are numbers, as the messages of P4Runtime carry them; what they say is not looked at. */
import type { MatchValue } from '../../compiler/control/match.js';
import { fromBytes } from '../../compiler/support/bits.js';
import { encodeBits } from './bytestrings.js';
import type { FieldMatch } from './messages.js';

/** Undefined for a match of everything, which is left out. */
export function encodeFieldMatch(match: MatchValue, field_id: number): FieldMatch | undefined {
  switch (match.kind) {
    case 'exact':
      return { field_id, exact: { value: encodeBits(match.value) } };
    case 'optional':
      return { field_id, optional: { value: encodeBits(match.value) } };
    case 'lpm':
      return { field_id, lpm: { value: encodeBits(match.value), prefix_len: match.prefixLength } };
    case 'ternary':
      return { field_id, ternary: { value: encodeBits(match.value), mask: encodeBits(match.mask) } };
    case 'range':
      return { field_id, range: { low: encodeBits(match.low), high: encodeBits(match.high) } };
    case 'any':
      return undefined;
  }
}

/** Undefined for a kind of match that an architecture adds. */
export function decodeFieldMatch({ exact, ternary, lpm, range, optional }: FieldMatch): MatchValue | undefined {
  if (exact) return { kind: 'exact', value: number(exact.value) };
  if (lpm) return { kind: 'lpm', value: number(lpm.value), prefixLength: lpm.prefix_len ?? 0 };
  if (ternary) return { kind: 'ternary', value: number(ternary.value), mask: number(ternary.mask) };
  if (range) return { kind: 'range', low: number(range.low), high: number(range.high) };
  return optional && { kind: 'optional', value: number(optional.value) };
}

const nothing = new Uint8Array();
const number = (bytes: Uint8Array | undefined): bigint => fromBytes(bytes ?? nothing);
