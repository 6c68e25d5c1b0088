/** Headers that come into the packet and are not emitted: in parsers and deparsers that are made of several. */
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { load } from '../frontend/lower/load.js';

/** The headers that the warning is about, of a program with the bodies of its parser and deparser. */
async function neverEmitted({ start, deparser, before = '' }: { start: string; deparser: string; before?: string }): Promise<string[]> {
  const program = await load(`#include <core.p4>
#include <v1model.p4>
header A { bit<8> x; }
header V { varbit<64> x; }
header_union U { A a; V v; }
struct H { A a; A b; V v; U[2] u; }
struct M { bit<8> x; }
${before}
parser P(packet_in p, out H hdr, inout M m, inout standard_metadata_t s) { ${start} }
control C(inout H hdr, inout M m) { apply {} }
control I(inout H hdr, inout M m, inout standard_metadata_t s) { apply { s.egress_spec = 1; } }
control E(inout H hdr, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out p, in H hdr) { ${deparser} }
V1Switch(P(), C(), I(), E(), C(), D()) main;`);
  return validate(program)
    .diagnostics.filter((d) => d.code === 'never-emitted')
    .map((d) => /`(.*?)`/.exec(d.message)?.[1] ?? '');
}

const one = 'parser One(packet_in p, out A one) { state start { p.extract(one); transition accept; } }';
const two = `${one} parser Two(packet_in p, out A first, out A second) {
  One() sub;
  state start { sub.apply(p, first); sub.apply(p, second); transition accept; }
}`;
const options = `parser Options(packet_in p, out U[2] all, out V rest) {
  state start { p.extract(all.next.a); p.extract(rest, 8); transition accept; }
}`;
const emits = 'control Emits(packet_out p, in A one) { apply { p.emit(one); } }';

describe('in parsers and deparsers that are made of several', () => {
  test.each([
    [
      'a parameter stands for what is passed',
      one,
      'One() sub; state start { sub.apply(p, hdr.a); transition accept; }',
      'apply { p.emit(hdr.a); }',
      [],
    ],
    [
      'a parser that is never applied',
      one,
      'One() sub; state start { p.extract(hdr.a); transition accept; }',
      'apply { p.emit(hdr.a); }',
      [],
    ],
    ['through two levels', two, 'Two() sub; state start { sub.apply(p, hdr.a, hdr.b); transition accept; }', 'apply { p.emit(hdr); }', []],
    [
      'each of the places that are passed',
      two,
      'Two() sub; state start { sub.apply(p, hdr.a, hdr.b); transition accept; }',
      'apply { p.emit(hdr.b); }',
      ['hdr.a'],
    ],
    [
      'parts of stacks and unions',
      options,
      'Options() sub; state start { sub.apply(p, hdr.u, hdr.v); transition accept; }',
      'apply { p.emit(hdr.u); p.emit(hdr.v); }',
      [],
    ],
    [
      'of those, what is left out',
      options,
      'Options() sub; state start { sub.apply(p, hdr.u, hdr.v); transition accept; }',
      'apply { p.emit(hdr.u); }',
      ['hdr.v'],
    ],
    [
      'what a part of the deparser emits',
      emits,
      'state start { p.extract(hdr.a); transition accept; }',
      'Emits() sub; apply { sub.apply(p, hdr.a); }',
      [],
    ],
    [
      'what no part of the deparser emits',
      emits,
      'state start { p.extract(hdr.a); p.extract(hdr.b); transition accept; }',
      'Emits() sub; apply { sub.apply(p, hdr.a); }',
      ['hdr.b'],
    ],
    [
      'a variable of the parser is skipped',
      '',
      'A skipped; state start { p.extract(skipped); p.extract(hdr.a); transition accept; }',
      'apply { p.emit(hdr.a); }',
      [],
    ],
    [
      'a struct of headers that takes the header',
      '',
      'state start { p.extract(hdr.a); p.extract(hdr.b); hdr.u[0].a = hdr.b; transition accept; }',
      'apply { p.emit(hdr.a); }',
      [],
    ],
  ] as const)('%s', async (_, before, start, deparser, expected) => {
    expect(await neverEmitted({ before, start, deparser })).toEqual(expected);
  });
});
