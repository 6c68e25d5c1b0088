// Two entries with the same match, whatever the way in which each of them is written.
import { expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { load } from '../frontend/lower/load.js';
import { v1modelSource } from '../support/v1model-text.js';

const codes = async (match: string, entries: string): Promise<readonly string[]> => {
  const table = `table t { key = { hdr.h.a: ${match}; } actions = { NoAction; } entries = { ${entries} } }`;
  const program = await load(v1modelSource({ locals: table, ingress: 't.apply();' }));
  return validate(program).diagnostics.flatMap((d) => (d.severity === 'error' ? [d.code] : []));
};

test.each([
  ['lpm', '1 &&& 0: NoAction(); 0 &&& 0: NoAction();'],
  ['lpm', '_: NoAction(); 7 &&& 0: NoAction();'],
  ['lpm', '0x1f &&& 0xf0: NoAction(); 0x10 &&& 0xf0: NoAction();'],
  ['lpm', '5: NoAction(); 5 &&& 0xff: NoAction();'],
  ['ternary', 'priority = 9: 0x13 &&& 0x0f: NoAction(); priority = 9: 0x23 &&& 0x0f: NoAction();'],
  ['range', 'priority = 9: 4: NoAction(); priority = 9: 4..4: NoAction();'],
  ['range', 'priority = 9: _: NoAction(); priority = 9: 0..255: NoAction();'],
])('%s: %s', async (match, entries) => {
  expect(await codes(match, entries)).toEqual(['entry-duplicate']);
});

test.each([
  ['lpm', '0x10 &&& 0xf0: NoAction(); 0x10: NoAction(); 0x20 &&& 0xf0: NoAction(); _: NoAction();'],
  ['ternary', '7: NoAction(); 7: NoAction();'],
  ['ternary', '0x13 &&& 0x0f: NoAction(); 0x23 &&& 0x0f: NoAction();'],
  ['ternary', 'priority = 9: 0x13 &&& 0x0f: NoAction(); priority = 8: 0x23 &&& 0x0f: NoAction();'],
  ['range', 'priority = 9: 4: NoAction(); priority = 9: 4..5: NoAction();'],
])('%s, and no twins: %s', async (match, entries) => {
  expect(await codes(match, entries)).toEqual([]);
});
