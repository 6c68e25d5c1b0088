/** Annotations with values: what is known when the program is compiled stands in them as a literal. */
import { expect, it } from 'vitest';
import { buildP4Info } from '../../../compiler/p4info/build.js';
import { toText } from '../../../compiler/p4info/text.js';
import { load } from './load.js';

it('has the values of constants, sizes and operators', async () => {
  const program = await load(`#include <v1model.p4>
struct S { bit<8> a; bit<4> b; }
const bit<8> k = 3;
const string text = "of " ++ "bits";
enum bit<8> E { one = 1 }
struct H {}
struct M { bit<8> m; }
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) { state start { transition accept; } }
control C(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t s) {
  @list[S.minSizeInBits(), k + 1, text, k == 3, -1]
  @pairs[size = S.maxSizeInBytes(), same = E.one == 1, what = text]
  action set(bit<8> v) { m.m = v; }
  table t { key = { m.m: exact; } actions = { set; NoAction; } default_action = NoAction(); size = (bit<8>) S.minSizeInBits(); }
  apply { t.apply(); }
}
control E_(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply {} }
V1Switch(P(), C(), I(), E_(), C(), D()) main;`);
  const action = program.controls.flatMap((c) => c.locals).find((l) => l.kind === 'action');
  expect(action?.annotations).toEqual([
    { name: 'list', body: '12, 4, "of bits", true, -1', structured: true },
    { name: 'pairs', body: 'size = 2, same = true, what = "of bits"', structured: true },
  ]);
  const info = toText(buildP4Info(program));
  expect(info).toMatch(/int64_value: 12/);
  expect(info).toMatch(/string_value: "of bits"/);
  expect(info).toMatch(/size: 12/);
});
