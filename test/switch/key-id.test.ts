/** The id by which a table knows an entry, against the key itself. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MatchValue } from '../../compiler/control/match.js';
import type { EntryKey } from '../../runtime/data-plane/messages.js';
import { keyId } from '../../runtime/switch/match.js';

// Few values, so that some keys are equal, and those about the limits of exact numbers.
const value = fc.oneof(
  fc.bigInt(0n, 3n),
  fc.constantFrom(36, 45, 52, 53, 64).chain((bits) => fc.bigInt((1n << BigInt(bits)) - 2n, (1n << BigInt(bits)) + 2n)),
);
const length = fc.constantFrom(1, 2, 32, 128, 65535);
const any: fc.Arbitrary<MatchValue> = fc.constant({ kind: 'any' });
const matches: Readonly<Record<string, fc.Arbitrary<MatchValue>>> = {
  exact: value.map((v) => ({ kind: 'exact', value: v })),
  lpm: fc.oneof(
    fc.tuple(value, length).map(([v, prefixLength]): MatchValue => ({ kind: 'lpm', value: v, prefixLength })),
    any,
  ),
  ternary: fc.oneof(
    fc.tuple(value, value).map(([v, mask]): MatchValue => ({ kind: 'ternary', value: v, mask })),
    any,
  ),
  optional: fc.oneof(
    value.map((v): MatchValue => ({ kind: 'optional', value: v })),
    any,
  ),
};
const kinds = fc.array(fc.constantFrom('exact', 'lpm', 'ternary', 'optional'), { minLength: 1, maxLength: 2 });
const twoKeys = kinds.chain((shape) => {
  const key: fc.Arbitrary<EntryKey> = fc.record({
    matches: fc.tuple(...shape.map((kind) => matches[kind] as fc.Arbitrary<MatchValue>)),
    priority: shape.some((kind) => kind === 'ternary' || kind === 'optional') ? fc.nat(2) : fc.constant(0),
  });
  return fc.tuple(key, key);
});
const shown = (key: EntryKey): string => JSON.stringify(key, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));

test('entries of a table have the same id when their keys are the same, and only then', () => {
  fc.assert(
    fc.property(twoKeys, ([a, b]) => {
      expect(keyId(a) === keyId(b)).toBe(shown(a) === shown(b));
    }),
    { numRuns: 5000 },
  );
});
