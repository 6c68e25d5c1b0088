// @refers_to and @referenced_by in programs: that there is what they refer to.
import { expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { v1modelText } from '../support/v1model-text.js';

async function mistakes(annotation: string, match = 'exact', param = ''): Promise<string[]> {
  const program = await v1modelText({
    locals: `
      action go(${param} bit<9> port) { s.egress_spec = port; }
      table hops { key = { hdr.h.a: exact @name("id"); hdr.h.b: ternary; } actions = { go; } }
      table from { key = { m.x: ${match} @name("x") ${annotation}; } actions = { go; } }`,
    ingress: 'hops.apply(); from.apply();',
  });
  const { diagnostics } = validate(program);
  return diagnostics
    .filter((d) => /reference|annotation-body/.test(d.code))
    .map((d) => `${d.code} ${d.message}${d.help ? ` (${d.help})` : ''}`);
}
const of = 'The reference of the key x of I.from';
const groups = 'builtin::multicast_group_table';

test.each([
  ['@refers_to(hops, id)', 'exact', []],
  ['@refers_to( I.hops , id )', 'optional', []],
  [`@refers_to(${groups}, multicast_group_id) @refers_to(hops, id)`, 'exact', []],
  [`@referenced_by(${groups}, replica.instance)`, 'exact', []],
  ['@refers_to(hop, id)', 'exact', [`reference-name ${of}: hop is no table; did you mean "hops"? (known are I.hops, I.from)`]],
  ['@refers_to(hops, ids)', 'exact', [`reference-name ${of}: ids is no key of I.hops; did you mean "id"? (known are id, hdr.h.b)`]],
  ['@refers_to(hops, hdr.h.b)', 'exact', [`reference-form ${of}: the key hdr.h.b of I.hops is ternary, and references are to exact keys.`]],
  ['@refers_to(hops, id)', 'lpm', [`reference-form ${of}: only exact and optional keys refer to other entries, and it is lpm.`]],
  ['@refers_to(hops)', 'exact', ['annotation-body The annotation @refers_to takes a table and one of its keys, such as (next_hops, id).']],
  ['@refers_to', 'exact', ['annotation-body The annotation @refers_to takes a table and one of its keys, such as (next_hops, id).']],
  [`@refers_to(${groups}, id)`, 'exact', [`reference-name ${of}: id is no key of ${groups}. (known are multicast_group_id)`]],
  ['@refers_to(builtin::ports, id)', 'exact', [`reference-name ${of}: builtin::ports is no table. (known are ${groups})`]],
  [
    `@referenced_by(${groups}, port)`,
    'exact',
    [`reference-name ${of}: port is no part of ${groups}. (known are replica.port, replica.instance)`],
  ],
  [
    '@referenced_by(hops, id)',
    'exact',
    [`reference-form ${of}: only ${groups} can be said to refer to a key; write @refers_to where hops refers to it.`],
  ],
  [`@referenced_by(${groups}, replica.port)`, 'ternary', [`reference-form ${of}: only exact keys are referred to.`]],
])('%s of a key that is %s', async (annotation, match, expected) => {
  expect(await mistakes(annotation, match)).toEqual(expected);
});

test('of a parameter', async () => {
  expect(await mistakes('', 'exact', '@refers_to(hops, id)')).toEqual([]);
  expect(await mistakes('', 'exact', '@refers_to(nope, id)')).toEqual([
    'reference-name The reference of the parameter port of I.go: nope is no table. (known are I.hops, I.from)',
  ]);
});
