/** What lowering finds out about a program that is well typed. */
import { expect, it } from 'vitest';
import { validate } from '../../../compiler/analysis/validate.js';
import { load, tryLoad } from './load.js';

const found = async (text: string): Promise<string[]> =>
  (await tryLoad(text)).diagnostics.map((d) => `${d.code} ${d.loc.line}: ${d.message}`);

it('takes programs of architectures that can be run', async () => {
  expect(await found('const bit<8> x = 1;')).toEqual(['p4-architecture 0: The program has no `main`, so nothing runs.']);
  const own = 'control C();\npackage Mine(C c);\ncontrol D() { apply {} }\nMine(D()) main;';
  expect(await found(own)).toEqual(['p4-architecture 4: The package Mine belongs to no architecture that p4ts can run or compile.']);
});

it('refuses externs that its architecture does not have', async () => {
  const text = `#include <v1model.p4>
struct H {}
struct M {}
extern void conjure(in bit<8> what);
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) { state start { transition accept; } }
control C(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t s) { apply { conjure(1); } }
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply {} }
V1Switch(P(), C(), I(), E(), C(), D()) main;`;
  await expect(tryLoad(text)).rejects.toThrow('The extern function conjure is declared by the program itself: p4ts has no code for it.');
});

it('refuses a named block as an argument of a constructor where both would have its objects', async () => {
  const text = (locals: string): string => `#include <v1model.p4>
struct H {}
struct M { bit<8> x; }
control Step(inout M m);
control S(inout M m) { ${locals} apply { m.x = m.x + 1; } }
control G(inout M m)(Step s) { apply { s.apply(m); } }
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) { state start { transition accept; } }
control C(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t s) { S() step; G(step) g; apply { g.apply(m); step.apply(m); } }
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply {} }
V1Switch(P(), C(), I(), E(), C(), D()) main;`;
  expect(await found(text('bit<8> own = 1;'))).toEqual([]);
  await expect(tryLoad(text('counter(4, CounterType.packets) c;'))).rejects.toThrow(
    'A named block with tables or objects of its own as an argument of a constructor is not supported yet.',
  );
});

it('tells of static_asserts that fail', async () => {
  const text = `#include <v1model.p4>
struct H {}
struct M {}
const bool fits = static_assert(H.minSizeInBits() == 0, "no headers");
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) { state start { transition accept; } }
control C(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t s) {
    apply { static_assert(1 + 1 == 3, "arithmetic is broken"); static_assert(8w255 + 1 != 0); }
}
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply {} }
V1Switch(P(), C(), I(), E(), C(), D()) main;`;
  expect(await found(text)).toEqual([
    'p4-assertion 8: This static_assert fails: arithmetic is broken.',
    'p4-assertion 8: This static_assert fails.',
  ]);
});

it.each(['R', 'N', 'N[2]', 'tuple<bit<8>>'])('refuses %s as action data of a table', async (type) => {
  const program = await load(`#include <v1model.p4>
struct R { bit<8> x; }
header N { bit<8> x; }
struct H {}
struct M { ${type} to; bit<8> k; }
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) { state start { transition accept; } }
control C(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t s) {
  action called(${type} to) { m.to = to; }
  action set(${type} to) { m.to = to; }
  table t { key = { m.k: exact; } actions = { set; NoAction; } default_action = NoAction(); }
  apply { t.apply(); }
}
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply {} }
V1Switch(P(), C(), I(), E(), C(), D()) main;`);
  const errors = validate(program).diagnostics.filter((d) => d.severity === 'error');
  expect(errors.map((d) => [d.code, d.loc.line])).toEqual([['action-data-type', 10]]);
});
