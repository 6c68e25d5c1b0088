/** Sets of combinations of headers, compared with lists of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Combinations, Diagrams, empty, none } from '../../compiler/analysis/validate/header-combinations.js';

const headers = 6;
type Step =
  | { readonly op: 'only' | 'make'; readonly header: number; readonly valid: boolean; readonly on: number }
  | { readonly op: 'union'; readonly on: number; readonly and: number };

const header = fc.nat(headers - 1);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ op: fc.constantFrom('only' as const, 'make' as const), header, valid: fc.boolean(), on: fc.nat() }),
  fc.record({ op: fc.constant('union' as const), on: fc.nat(), and: fc.nat() }),
);

/** A combination as a number, a bit for each header. */
const every = Array.from({ length: 2 ** headers }, (_, n) => n);
const numbersIn = (n: number): number[] => Array.from({ length: headers }, (_, i) => i).filter((i) => n & (1 << i));

test('what is done to sets is done to each of their combinations', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const diagrams = new Diagrams(100_000);
      const sets: [Combinations, ReadonlySet<number>][] = [
        [none, new Set()],
        [empty, new Set([0])],
      ];
      for (const s of steps) {
        const [set, expected] = sets[s.on % sets.length] as (typeof sets)[number];
        if (s.op === 'union') {
          const [other, more] = sets[s.and % sets.length] as (typeof sets)[number];
          sets.push([diagrams.union(set, other), new Set([...expected, ...more])]);
          continue;
        }
        const bit = 1 << s.header;
        if (s.op === 'make')
          sets.push([diagrams.make(set, s.header, s.valid), new Set([...expected].map((n) => (s.valid ? n | bit : n & ~bit)))]);
        else sets.push([diagrams.only(set, s.header, s.valid), new Set([...expected].filter((n) => ((n & bit) !== 0) === s.valid))]);
      }
      for (const [set, expected] of sets) {
        expect(every.filter((n) => diagrams.has(set, new Set(numbersIn(n))))).toEqual(every.filter((n) => expected.has(n)));
        if (expected.size === 0) continue;
        const all = [...expected];
        expect(diagrams.inAny(set)).toBe(BigInt(all.reduce((a, b) => a | b, 0)));
        expect(diagrams.inAll(set)).toBe(BigInt(all.reduce((a, b) => a & b)));
        for (const h of numbersIn(2 ** headers - 1).filter((i) => all.some((n) => !(n & (1 << i))))) {
          const one = diagrams.oneWithout(set, h);
          expect(one.has(h)).toBe(false);
          expect(diagrams.has(set, one)).toBe(true);
        }
      }
      // Equal sets are the same node.
      const names = sets.map(([, expected]) => [...expected].sort((a, b) => a - b).join(' '));
      for (const [i, [set]] of sets.entries()) for (const [j, [other]] of sets.entries()) expect(set === other).toBe(names[i] === names[j]);
    }),
    { numRuns: 150, seed: 20_261_201 },
  );
});

test('the work grows with the diagrams, not with the combinations', () => {
  const diagrams = new Diagrams(1000);
  let set: Combinations = empty;
  for (let h = 0; h < 100; h++) set = diagrams.union(set, diagrams.make(set, h, true));
  expect(diagrams.full).toBe(false);
  expect([diagrams.inAny(set), diagrams.inAll(set)]).toEqual([(1n << 100n) - 1n, 0n]);
  expect(diagrams.has(set, new Set([3, 50, 99]))).toBe(true);
});

test('diagrams that grow too large say so, and end', () => {
  const diagrams = new Diagrams(200);
  let set: Combinations = empty;
  // Pairs of headers that go together, in an order that keeps them apart.
  for (let h = 0; h < 30; h++) {
    const both = diagrams.make(diagrams.make(set, h, true), h + 30, true);
    set = diagrams.union(set, both);
  }
  expect(diagrams.full).toBe(true);
});
