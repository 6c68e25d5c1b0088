/** What is copied out of a callee that does not come to its end (P4-16 §6.8, §12.5): all that would be copied out otherwise. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulate } from 'p4ts/runtime';
import { expect, it } from 'vitest';
import { loadP4 } from '../../../compiler/imported-p4/index.js';
import { printP4 } from '../../../targets/p4/printer.js';
import { folderWith } from '../../support/folders.js';
import { load } from './load.js';

const program = (start: string, apply: string): string => `#include <v1model.p4>
header d_t { bit<8> a; bit<8> b; bit<8> c; }
struct H { d_t d; d_t[2] s; }
struct M {}
bit<8> inc(inout bit<8> z) { z = z + 1; return z; }
bit<8> wipe(inout d_t d) { d = { 9, 9, 9 }; return 4; }
parser Sub(inout bit<8> p, in bit<8> q, out bit<8> r) { state start { p = p + q; r = 1; transition reject; } }
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) {
    Sub() sub;
    state start { b.extract(h.d); b.extract(h.s.next); b.extract(h.s.next); ${start} transition accept; }
}
control C(inout H h, inout M m) { apply {} }
control Leaf(inout bit<8> p, in bit<8> q, in d_t d) { apply { p = p + q + d.b; exit; } }
control Mid(inout d_t d, in bit<8> q) { Leaf() leaf; apply { leaf.apply(d.a, inc(d.a) + q, d); d.c = 99; } }
control I(inout H h, inout M m, inout standard_metadata_t std) {
    Leaf() leaf;
    Mid() mid;
    action last(inout bit<8> p, in bit<8> q) { p = p + q; if (q > 2) { exit; } p = 77; }
    action first(inout d_t d, in bit<8> q) { d.c = q; last(d.b, inc(d.b)); d.a = 88; }
    apply { std.egress_spec = 1; ${apply} }
}
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply { b.emit(h); } }
V1Switch(P(), C(), I(), E(), C(), D()) main;
`;

const folder = folderWith({});
async function sent(text: string): Promise<string> {
  const file = join(folder, 'exit.p4');
  writeFileSync(file, text);
  await using sw = await simulate(await loadP4(file));
  const [output] = await sw.send(1, Uint8Array.of(1, 2, 3, 11, 12, 13, 21, 22, 23));
  return [...(output?.packet ?? [])].join(' ');
}

it.each([
  // 2 is kept for p while inc makes 3 of it for q: 2 + 3.
  ['an action', '', 'last(h.d.b, inc(h.d.b));', '1 5 3 11 12 13 21 22 23'],
  ['an action that does not exit', '', 'last(h.d.a, inc(h.d.a));', '77 2 3 11 12 13 21 22 23'],
  ['an action within one', '', 'first(h.d, wipe(h.d));', '1 5 4 11 12 13 21 22 23'],
  // The third argument is read after inc: b is 3. 2 + 3 + 3.
  ['a control', '', 'leaf.apply(h.d.b, inc(h.d.b), h.d);', '1 8 3 11 12 13 21 22 23'],
  // (1, 2, 3) goes in; there 1 + (2 + 4) + 2.
  ['a control within one', '', 'mid.apply(h.d, wipe(h.d));', '9 2 3 11 12 13 21 22 23'],
  // The element is settled before inc makes 2 of its index.
  ['an element', '', 'leaf.apply(h.s[h.d.a].b, inc(h.d.a), h.d);', '2 2 3 11 12 13 21 26 23'],
  ['a parser that fails', 'sub.apply(h.d.b, inc(h.d.b), h.d.c);', '', '1 5 1 11 12 13 21 22 23'],
])('out of %s', async (_, start, apply, packet) => {
  const text = program(start, apply);
  expect(await sent(text)).toBe(packet);
  expect(await sent(printP4(await load(text)))).toBe(packet);
});
