/** Conditions around the calls that verify and update checksums: p4c takes them in the calls only. */
import { describe, expect, test } from 'vitest';
import { printForP4c } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { load } from '../frontend/lower/load.js';
import { compileWithP4c, p4c } from '../support/p4c.js';

const found = typeof (await findTool(p4c)) === 'string';

const program = (verify: string, update: string): string => `#include <v1model.p4>
header d_t { bit<8> a; bit<8> b; bit<16> sum; }
struct H { d_t d; d_t e; }
struct M {}
parser P(packet_in p, out H h, inout M m, inout standard_metadata_t s) { state start { p.extract(h.d); transition accept; } }
control V(inout H h, inout M m) { apply { ${verify} } }
control I(inout H h, inout M m, inout standard_metadata_t s) { apply { s.egress_spec = 1; } }
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control C(inout H h, inout M m) { ${update} }
control D(packet_out b, in H h) { apply { b.emit(h); } }
V1Switch(P(), V(), I(), E(), C(), D()) main;`;

const on = (d: string, condition = 'true'): string =>
  `update_checksum(${condition}, { h.${d}.a, h.${d}.b }, h.${d}.sum, HashAlgorithm.csum16);`;

/** The conditions of the calls, and whether an `if` is left. */
function calls(text: string): { readonly conditions: readonly string[]; readonly hasIf: boolean } {
  const plain = text.replace(/\s+/g, ' ');
  return {
    conditions: [...plain.matchAll(/(?:update|verify)_checksum\( ?(.*?), \{/g)].map((m) => m[1] ?? ''),
    hasIf: plain.includes('if ('),
  };
}

describe('become those of the calls', () => {
  test.each([
    ['an if', '', `apply { if (h.d.isValid()) { ${on('d')} } }`, ['h.d.isValid()']],
    [
      'ifs in one another, with conditions of the calls',
      '',
      `apply { if (h.d.isValid()) { if (h.d.a == 1) { ${on('d', 'h.d.b == 2')} } else { ${on('d')} } } }`,
      ['h.d.isValid() && (h.d.a == 1 && h.d.b == 2)', 'h.d.isValid() && !(h.d.a == 1)'],
    ],
    ['several calls', '', `apply { if (h.d.isValid()) { ${on('d')} ${on('e')} } }`, ['h.d.isValid()', 'h.d.isValid()']],
    ['the old form', '', 'Checksum16() c; apply { if (h.d.isValid()) h.d.sum = c.get({ h.d.a, h.d.b }); }', ['h.d.isValid()']],
    ['the verification', `if (h.d.isValid()) { ${on('d').replace('update', 'verify')} }`, 'apply {}', ['h.d.isValid()']],
  ])('%s', async (_, verify, update, conditions) => {
    const text = printForP4c(await load(program(verify, update)));
    expect(calls(text)).toEqual({ conditions, hasIf: false });
    if (found) expect(await compileWithP4c(text)).not.toHaveProperty('code');
  });
});

test('a condition that a call before changes stays', async () => {
  const text = printForP4c(await load(program('', `apply { if (h.d.sum == 0) { ${on('d')} ${on('e')} } }`)));
  expect(calls(text)).toEqual({ conditions: ['true', 'true'], hasIf: true });
});
