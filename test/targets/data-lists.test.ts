// Data of hashes, messages and checksums: p4c takes lists where P4 has any type.
import { expect, test } from 'vitest';
import { printForP4c } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { compileWithP4c, p4c } from '../support/p4c.js';
import { type Parts, v1modelText } from '../support/v1model-text.js';

const found = typeof (await findTool(p4c)) === 'string';
const hash = (data: string): Parts => ({
  headers: 'h_t[2] s;',
  meta: 'bool f;',
  ingress: `hash(m.x, HashAlgorithm.crc16, 16w0, ${data}, 16w9);`,
});
const log = (data: string): Parts => ({ ingress: `log_msg("{}", ${data});` });

test.each<[string, Parts, string]>([
  ['a field', hash('hdr.h.a'), '16w0, { hdr.h.a }, 16w9'],
  ['a number', hash('8w1'), '16w0, { 8w1 }, 16w9'],
  ['a sum', hash('hdr.h.a + 1'), '16w0, { hdr.h.a + 1 }, 16w9'],
  ['a bool', hash('m.f'), '16w0, { m.f }, 16w9'],
  ['a stack', hash('hdr.s'), '16w0, { hdr.s }, 16w9'],
  ['an error', hash('s.parser_error'), '16w0, { s.parser_error }, 16w9'],
  ['a header', hash('hdr.h'), '16w0, hdr.h, 16w9'],
  ['a list', hash('{ hdr.h.a }'), '16w0, { hdr.h.a }, 16w9'],
  ['a struct', hash('m'), '16w0, m, 16w9'],
  ['a message of a field', log('hdr.h.a'), '"{}", { hdr.h.a })'],
  ['a message of a list', log('{ hdr.h.a, hdr.h.b }'), '"{}", { hdr.h.a, hdr.h.b })'],
  [
    'a checksum over a struct with structs',
    {
      types: 'struct in_t { bit<8> x; } struct out_t { in_t i; bit<8> y; }',
      meta: 'out_t o;',
      compute: 'update_checksum(true, m.o, m.x, HashAlgorithm.csum16);',
    },
    'true, { m.o.i.x, m.o.y }, m.x',
  ],
])('%s', async (_, parts, expected) => {
  const text = printForP4c(await v1modelText(parts));
  expect(text.replace(/\s+/g, ' ')).toContain(expected);
  if (found) expect(await compileWithP4c(text)).not.toHaveProperty('code');
});
