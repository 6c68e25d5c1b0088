/** Keys of the program's entries as p4c is given them: what its back end for BMv2 (common/control.h) makes of each is right. */
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { any, bits, bitType, bool, boolType, field, name, named, value } from '../../compiler/ir/build.js';
import type { KeySet, TableDecl, Type } from '../../compiler/ir/index.js';
import { bmv2, printForP4c } from '../../targets/bmv2/node.js';
import { tiny } from '../support/programs/tiny.js';

const loc = { file: 'pipeline.ts', line: 7, column: 3 };

/** A program with a table of this key and an entry. */
const withEntry = (match: string, type: Type, key: KeySet) => {
  const table: TableDecl = {
    kind: 'table',
    name: 't',
    keys: [{ expr: field(name('meta', named('metadata_t')), 'k', type), match, name: 'k', loc }],
    actions: [{ action: 'set', args: [], loc }],
    entries: [{ keys: [key], action: { action: 'set', args: [], loc }, loc }],
    constEntries: true,
    loc,
  };
  return tiny({
    metadata: [{ name: 'k', type, loc }],
    locals: [{ kind: 'action', name: 'set', params: [], body: [], loc }, table],
    body: [{ kind: 'apply', table: 't', loc }],
  });
};
const mask = (of: bigint, given: bigint, width: number): KeySet => ({
  kind: 'mask',
  value: bits(of, width, loc),
  mask: bits(given, width, loc),
});
const printed = (...given: Parameters<typeof withEntry>): string =>
  / {12}(?:const )?(\S.*): set\(\)/.exec(printForP4c(withEntry(...given)))?.[1] ?? '';
const warned = (...given: Parameters<typeof withEntry>) =>
  compile(withEntry(...given), bmv2).diagnostics.flatMap(({ code, severity, loc: { line } }) =>
    code.startsWith('bmv2') ? [`${line} ${severity} ${code}`] : [],
  );

test('`_` of a wide range is the whole range: p4c computes its end in 32 bits', () => {
  expect(printed('range', bitType(16), any)).toBe('_');
  for (const width of [31, 32, 33, 48, 64, 128]) {
    const end = 2n ** BigInt(width) - 1n;
    const [, low, high] = /^(\S+) \.\. (\S+)$/.exec(printed('range', bitType(width), any)) ?? [];
    expect([Number(low), BigInt(high ?? 0)]).toEqual([0, end]);
  }
});

test('prefixes over 64 bits: all or none of the bits are written so that p4c has them right, others are warned about', () => {
  const all = 2n ** 128n - 1n;
  expect(printed('lpm', bitType(128), mask(5n, all, 128))).toBe('5');
  expect(printed('lpm', bitType(128), mask(5n, 0n, 128))).toBe('_');
  for (const length of [1n, 32n, 64n, 65n, 127n]) {
    expect(warned('lpm', bitType(128), mask(0n, all - 2n ** (128n - length) + 1n, 128))).toEqual(['7 warning bmv2-lpm-entry']);
  }
  for (const key of [any, value(bits(1, 128, loc)), mask(5n, all, 128), mask(0n, 0n, 128)])
    expect(warned('lpm', bitType(128), key)).toEqual([]);
  expect(warned('lpm', bitType(64), mask(0n, 0xff00_0000_0000_0000n, 64))).toEqual([]);
  expect(warned('lpm', bitType(12), mask(0n, 0xf00n, 12))).toEqual(['7 warning bmv2-lpm-width']);
});

test('an optional boolean key', () => {
  expect(warned('optional', boolType, value(bool(true, loc)))).toEqual(['7 error bmv2-optional-bool']);
  expect(warned('optional', boolType, any)).toEqual([]);
  expect(warned('ternary', boolType, value(bool(true, loc)))).toEqual([]);
});
