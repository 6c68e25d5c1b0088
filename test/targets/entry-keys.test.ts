/** Keys of the program's entries as p4c is given them: what its back end for BMv2 (common/control.h) makes of each is right. */
import { expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { bmv2, printForP4c } from '../../targets/bmv2/node.js';
import { v1modelSource, v1modelText } from '../support/v1model-text.js';

/** A program with a table of this key and an entry. */
const withEntry = (match: string, type: string, key: string) => ({
  meta: `${type} k;`,
  locals: `action set() { } table t { key = { m.k: ${match}; } actions = { set; @defaultonly NoAction; }
    const entries = {
      ${key}: set();
    } }`,
  ingress: 't.apply();',
});
const printed = async (...given: Parameters<typeof withEntry>): Promise<string> =>
  / {12}(?:const )?(\S.*): set\(\)/.exec(printForP4c(await v1modelText(withEntry(...given))))?.[1] ?? '';
/** What is said, and what of the source it is said of. */
const warned = async (...given: Parameters<typeof withEntry>) => {
  const lines = v1modelSource(withEntry(...given)).split('\n');
  return compile(await v1modelText(withEntry(...given)), bmv2).diagnostics.flatMap(({ code, severity, loc: { line } }) =>
    code.startsWith('bmv2') ? [`${severity} ${code}: ${lines[line - 1]?.trim()}`] : [],
  );
};

test('`_` of a wide range is the whole range: p4c computes its end in 32 bits', async () => {
  expect(await printed('range', 'bit<16>', '_')).toBe('_');
  for (const width of [31, 32, 33, 48, 64, 128]) {
    const end = 2n ** BigInt(width) - 1n;
    const [, low, high] = /^(\S+) \.\. (\S+)$/.exec(await printed('range', `bit<${width}>`, '_')) ?? [];
    expect([Number(low), BigInt(high ?? 0)]).toEqual([0, end]);
  }
});

test('prefixes over 64 bits: all or none of the bits are written so that p4c has them right, others are warned about', async () => {
  const all = 2n ** 128n - 1n;
  expect(await printed('lpm', 'bit<128>', `5 &&& ${all}`)).toBe('5');
  expect(await printed('lpm', 'bit<128>', '5 &&& 0')).toBe('_');
  for (const length of [1n, 32n, 64n, 65n, 127n]) {
    const key = `0 &&& ${all - 2n ** (128n - length) + 1n}`;
    expect(await warned('lpm', 'bit<128>', key)).toEqual([`warning bmv2-lpm-entry: ${key}: set();`]);
  }
  for (const key of ['_', '1', `5 &&& ${all}`, '0 &&& 0']) expect(await warned('lpm', 'bit<128>', key)).toEqual([]);
  expect(await warned('lpm', 'bit<64>', '0 &&& 0xff00000000000000')).toEqual([]);
  expect(await warned('lpm', 'bit<12>', '0 &&& 0xf00')).toEqual([expect.stringMatching(/^warning bmv2-lpm-width: .*m\.k: lpm/)]);
});

test('an optional boolean key', async () => {
  expect(await warned('optional', 'bool', 'true')).toEqual(['error bmv2-optional-bool: true: set();']);
  expect(await warned('optional', 'bool', '_')).toEqual([]);
  expect(await warned('ternary', 'bool', 'true')).toEqual([]);
});
