/** Which operands get a variable of their own before a call (P4-16 §6.8, §8.1): those that it may change, and no others. */
import { expect, it } from 'vitest';
import { printP4 } from '../../../targets/p4/printer.js';
import { load } from './load.js';

/** What the statements are printed as. */
async function printed(body: string): Promise<readonly string[]> {
  const program = await load(`#include <v1model.p4>
header d_t { bit<8> a; bit<8> b; }
header e_t { bit<8> a; }
header_union u_t { d_t d; e_t e; }
struct H { d_t d; d_t[2] s; u_t u; }
struct M { bit<8> x; bit<8> y; bit<1> i; }
const bit<8> ten = 10;
bit<8> bump(inout bit<8> z) { z = z + 1; return z; }
bit<8> both(inout bit<8> p, inout bit<8> q) { return p; }
bit<8> read(in bit<8> z) { return z; }
bit<1> flip(inout bit<1> i) { i = i + 1; return i; }
bit<8> clear(out d_t d) { d.setInvalid(); return 0; }
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) { state start { transition accept; } }
control C(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t std) {
    action act(inout bit<8> p, in bit<8> q) { m.y = q; }
    table t { key = { m.x: exact; } actions = { NoAction; } }
    apply { ${body} }
}
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply {} }
V1Switch(P(), C(), I(), E(), C(), D()) main;`);
  const lines = printP4(program).split('\n');
  const from = lines.findIndex((l) => l.startsWith('control I('));
  const apply = lines.findIndex((l, i) => i > from && l === '    apply {');
  const end = lines.findIndex((l, i) => i > apply && l === '    }');
  return lines.slice(apply + 1, end).map((l) => l.slice(8));
}

it.each([
  ['m.x = m.y + bump(h.d.b);', ['bit<8> tmp;', 'tmp = bump(h.d.b);', 'm.x = m.y + tmp;']],
  ['m.x = m.x + bump(m.x);', ['bit<8> tmp_0 = m.x;', 'bit<8> tmp;', 'tmp = bump(m.x);', 'm.x = tmp_0 + tmp;']],
  ['m.x = ten + bump(m.x);', ['bit<8> tmp;', 'tmp = bump(m.x);', 'm.x = ten + tmp;']],
  ['m.x = m.x + read(m.x);', ['bit<8> tmp;', 'tmp = read(m.x);', 'm.x = m.x + tmp;']],
  // Elements and parts that are known to be apart, and those that are not.
  ['m.x = h.s[0].a + bump(h.s[1].a);', ['bit<8> tmp;', 'tmp = bump(h.s[1].a);', 'm.x = h.s[0].a + tmp;']],
  ['m.x = h.s[m.i].a + bump(h.s[1].a);', ['bit<8> tmp_0 = h.s[m.i].a;', 'bit<8> tmp;', 'tmp = bump(h.s[1].a);', 'm.x = tmp_0 + tmp;']],
  // Whether a header is valid does not depend on its fields; in a union it depends on the other members.
  [
    'm.x = (bit<8>)(bit<1>)h.d.isValid() + bump(h.d.a);',
    ['bit<8> tmp;', 'tmp = bump(h.d.a);', 'm.x = (bit<8>)(bit<1>)h.d.isValid() + tmp;'],
  ],
  [
    'm.x = (bit<8>)(bit<1>)h.d.isValid() + clear(h.d);',
    ['bit<8> tmp_0 = (bit<8>)(bit<1>)h.d.isValid();', 'bit<8> tmp;', 'tmp = clear(h.d);', 'm.x = tmp_0 + tmp;'],
  ],
  [
    'm.x = (bit<8>)(bit<1>)h.u.e.isValid() + clear(h.u.d);',
    ['bit<8> tmp_0 = (bit<8>)(bit<1>)h.u.e.isValid();', 'bit<8> tmp;', 'tmp = clear(h.u.d);', 'm.x = tmp_0 + tmp;'],
  ],
  // A table may change all but the variables beside it.
  [
    'bit<8> v = 1; m.x = v + (bit<8>)(bit<1>)t.apply().hit;',
    [
      'bit<8> v = 1;',
      'bool tmp;',
      'if (t.apply().hit) {',
      '    tmp = true;',
      '} else {',
      '    tmp = false;',
      '}',
      'm.x = v + (bit<8>)(bit<1>)tmp;',
    ],
  ],
  ['both(m.x, m.x);', ['both(m.x, m.x);']],
  ['m.x = both(m.x, m.y);', ['m.x = both(m.x, m.y);']],
  ['act(m.x, bump(m.x));', ['bit<8> tmp_0 = m.x;', 'bit<8> tmp;', 'tmp = bump(m.x);', 'act(tmp_0, tmp);', 'm.x = tmp_0;']],
  ['act(m.x, bump(m.y));', ['bit<8> tmp;', 'tmp = bump(m.y);', 'act(m.x, tmp);']],
  // An l-value is evaluated first, and the old value with it.
  ['h.s[m.i].a = (bit<8>)flip(m.i);', ['bit<1> tmp_0 = m.i;', 'bit<1> tmp;', 'tmp = flip(m.i);', 'h.s[tmp_0].a = (bit<8>)tmp;']],
  [
    'h.s[m.i].a += (bit<8>)flip(m.i);',
    ['bit<1> tmp_1 = m.i;', 'bit<8> tmp_0 = h.s[m.i].a;', 'bit<1> tmp;', 'tmp = flip(m.i);', 'h.s[tmp_1].a = tmp_0 + (bit<8>)tmp;'],
  ],
  // Copied out in the order of the call: q, and then p.
  ['both(q = m.x, p = m.x);', ['bit<8> tmp = m.x;', 'both(tmp, m.x);', 'm.x = tmp;']],
  ['both(q = m.x, p = m.y);', ['both(m.y, m.x);']],
])('%s', async (body, lines) => {
  expect(await printed(body)).toEqual(lines);
});

it('loops have in their heads what P4 allows there', async () => {
  expect(await printed('for (bit<8> n = ten, m.x = 0; n < 20; n = n + bump(m.x)) { m.y = n; }')).toEqual([
    'for (bit<8> n = ten, m.x = 0, bool again = false; true; ) {',
    '    if (again) {',
    '        bit<8> tmp;',
    '        tmp = bump(m.x);',
    '        n = n + tmp;',
    '    } else {',
    '        again = true;',
    '    }',
    '    if (n < 20) {} else {',
    '        break;',
    '    }',
    '    m.y = n;',
    '}',
  ]);
});

it('what a parser does first is done once, also where the parser comes back to its start', async () => {
  const program = await load(`#include <v1model.p4>
header d_t { bit<8> a; }
struct H { d_t[4] s; }
struct M { bit<8> x; }
bit<8> bump(inout bit<8> z) { z = z + 1; return z; }
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) {
    bit<8> x = bump(m.x);
    state start { b.extract(h.s.next); transition select(h.s.last.a) { 0: start; _: accept; } }
}
control C(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t std) { apply {} }
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply {} }
V1Switch(P(), C(), I(), E(), C(), D()) main;`);
  const states = program.parsers[0]?.states.map(({ name, body, transition: t }) => [
    name,
    body.map((s) => (s.kind === 'call' ? (s.callee.kind === 'method' ? s.callee.method : '') : s.kind)),
    t.kind === 'goto' ? t.next : t.cases.map((c) => c.next),
  ]);
  expect(states).toEqual([
    ['start', ['declare', '', 'assign'], 'start_0'],
    ['start_0', ['extract'], ['start_0', 'accept']],
  ]);
});
