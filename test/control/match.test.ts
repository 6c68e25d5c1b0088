// Rules and texts of matches.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainForm } from '../../compiler/control/data.js';
import { type MatchValue, matchesEverything, mistakeIn, needsPriority } from '../../compiler/control/match.js';
import { resolve } from '../../compiler/control/names.js';
import type { KeyForm } from '../../compiler/control/schema.js';
import { describeMatch, matchFromText, matchText } from '../../compiler/control/text.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { nowhere } from '../../compiler/support/location.js';
import { fromMatch, toMatch } from '../../runtime/client/values.js';
import { decodeFieldMatch, encodeFieldMatch } from '../../runtime/p4runtime/field-match.js';

const key = (match: string, width: number, format: KeyForm['format'] = 'num'): KeyForm => ({
  id: 1,
  name: 'k',
  match,
  ...plainForm(width, format),
});
const place = { at: 'here', loc: nowhere };

test.each<[MatchValue, number, string | undefined]>([
  [{ kind: 'lpm', value: 0x0a000000n, prefixLength: 8 }, 32, undefined],
  [{ kind: 'lpm', value: 0x0a000001n, prefixLength: 8 }, 32, 'prefix-tail'],
  [{ kind: 'lpm', value: 0n, prefixLength: 33 }, 32, 'prefix-length'],
  [{ kind: 'lpm', value: 0n, prefixLength: -1 }, 32, 'prefix-length'],
  [{ kind: 'lpm', value: 0n, prefixLength: 1.5 }, 32, 'prefix-length'],
  [{ kind: 'ternary', value: 0b101n, mask: 0b110n }, 3, 'masked-bits'],
  [{ kind: 'ternary', value: 0b100n, mask: 0b110n }, 3, undefined],
  [{ kind: 'range', low: 5n, high: 4n }, 8, 'range-order'],
  [{ kind: 'range', low: 5n, high: 5n }, 8, undefined],
  [{ kind: 'exact', value: 5n }, 8, undefined],
])('%o in %i bits: %s', (match, width, mistake) => {
  expect(mistakeIn(match, plainForm(width))?.mistake).toBe(mistake);
});

test.each<[MatchValue, boolean]>([
  [{ kind: 'any' }, true],
  [{ kind: 'lpm', value: 0n, prefixLength: 0 }, true],
  [{ kind: 'lpm', value: 0n, prefixLength: 1 }, false],
  [{ kind: 'ternary', value: 0n, mask: 0n }, true],
  [{ kind: 'range', low: 0n, high: 255n }, true],
  [{ kind: 'range', low: 0n, high: 254n }, false],
  [{ kind: 'optional', value: 0n }, false],
])('%o matches everything: %s', (match, everything) => {
  expect(matchesEverything(match, 8)).toBe(everything);
});

test('ternary, range and optional keys need priorities; what an architecture adds does not', () => {
  expect(['exact', 'lpm', 'ternary', 'range', 'optional', 'fuzzy'].map((match) => needsPriority([{ match }]))).toEqual([
    false,
    false,
    true,
    true,
    true,
    false,
  ]);
});

describe('what a switch has is text that gives the same match again', () => {
  const kinds = ['exact', 'lpm', 'ternary', 'range', 'optional'] as const;
  const formats = [
    [8, 'num'],
    [12, 'hex'],
    [32, 'ipv4'],
    [48, 'mac'],
    [128, 'ipv6'],
    [32, 'any'],
  ] as const;
  const keys = fc
    .tuple(fc.constantFrom(...kinds), fc.constantFrom(...formats))
    .map(([match, [width, format]]) => key(match, width, format));
  const matches = keys.chain((of) =>
    fc
      .tuple(fc.bigInt(0n, (1n << BigInt(of.width)) - 1n), fc.bigInt(0n, (1n << BigInt(of.width)) - 1n), fc.nat(of.width))
      .map(([a, b, length]) => {
        const tail = BigInt(of.width - length);
        const all: Record<string, MatchValue> = {
          exact: { kind: 'exact', value: a },
          optional: { kind: 'optional', value: a },
          lpm: { kind: 'lpm', value: (a >> tail) << tail, prefixLength: length },
          ternary: { kind: 'ternary', value: a & b, mask: b },
          range: { kind: 'range', low: a < b ? a : b, high: a < b ? b : a },
        };
        return { of, match: all[of.match] as MatchValue };
      }),
  );
  test('in its messages, in values, and in entries files', () => {
    fc.assert(
      fc.property(matches, ({ of, match }) => {
        const field = matchesEverything(match, of.width) ? undefined : encodeFieldMatch(match, of.id);
        if (field) expect(decodeFieldMatch(field)).toEqual(match);
        const value = fromMatch(field, of);
        if (value === undefined) return;
        const again = toMatch(matchFromText(matchText(value, of), of), of, place);
        expect(again && decodeFieldMatch(again)).toEqual(field && match);
      }),
      { seed: 7, numRuns: 400 },
    );
  });

  test.each<[MatchValue, KeyForm, string]>([
    [{ kind: 'lpm', value: 0x0a000000n, prefixLength: 8 }, key('lpm', 32, 'ipv4'), '10.0.0.0/8'],
    [{ kind: 'ternary', value: 1n, mask: 3n }, key('ternary', 8), '1 &&& 0x3'],
    [{ kind: 'range', low: 1n, high: 3n }, key('range', 8), '1..3'],
    [{ kind: 'any' }, key('ternary', 8), '*'],
  ])('%o of %o in words: %s', (match, of, words) => {
    expect(describeMatch(match, of)).toBe(words);
  });
});

describe('names may lack their front', () => {
  const things = ['ingress.routes', 'egress.routes', 'ingress.acl', 'acl'].map((name) => ({ name }));
  const found = (name: string): string => {
    try {
      return resolve('table', name, things, { at: 'here', loc: nowhere }).name;
    } catch (error) {
      return error instanceof DiagnosticError ? (error.diagnostics[0]?.code ?? '') : String(error);
    }
  };
  test.each([
    ['ingress.routes', 'ingress.routes'],
    ['acl', 'acl'],
    ['routes', 'entries-ambiguous'],
    ['outes', 'entry-unknown'],
    ['gress.acl', 'entry-unknown'],
  ])('%s: %s', (name, expected) => {
    expect(found(name)).toBe(expected);
  });
});
