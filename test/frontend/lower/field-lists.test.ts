/** `@field_list` of v1model: a program may name its lists, and what is kept is found by their numbers. */
import { expect, it } from 'vitest';
import { load } from './load.js';

it('has the numbers of constants, members of enums and literals of all kinds', async () => {
  const program = await load(`#include <v1model.p4>
const int CLONED = 3;
const bit<8> SENT_BACK = 8w4 + 1;
enum bit<8> Lists { first = 7, second = 9 }
struct H {}
struct M {
    @field_list(CLONED) bit<8> a;
    @field_list(SENT_BACK, 1) bit<8> b;
    @field_list(Lists.second) bit<8> c;
    @field_list(8w2, 0x1f, 0b11, 1_0) bit<8> d;
    bit<8> e;
}
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) { state start { transition accept; } }
control C(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t s) {
    apply {
        clone_preserving_field_list(CloneType.I2E, 32w1, CLONED);
        m.e = m.a + m.b + m.c + m.d;
    }
}
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply {} }
V1Switch(P(), C(), I(), E(), C(), D()) main;`);
  const metadata = program.types.find((t) => t.name === 'M');
  const lists = metadata?.kind === 'struct' ? metadata.fields.map((f) => [f.name, f.annotations?.[0]?.body]) : [];
  expect(lists).toEqual([
    ['a', '3'],
    ['b', '5, 1'],
    ['c', '9'],
    ['d', '2, 31, 3, 10'],
    ['e', undefined],
  ]);
});
