/** What the target refuses of BMv2's and p4c's limits: p4c refuses it as well, and takes what stands in its place. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import type { Diagnostic } from '../../compiler/support/diagnostics.js';
import type { Code } from '../../compiler/support/messages.js';
import { bmv2, printForP4c } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { load } from '../frontend/lower/load.js';
import { compileWithP4c, p4c } from '../support/p4c.js';
import { type Parts, v1modelSource, v1modelText } from '../support/v1model-text.js';

const found = typeof (await findTool(p4c)) === 'string';
const set = 'action set(bit<8> to) { hdr.h.b = to; }';
const plainTable = 'table t { key = { hdr.h.a: exact; } actions = { set; NoAction; } }';
const tableOf = (more: string, key = 'hdr.h.a: exact;') => `${set} table t { key = { ${key} } actions = { set; NoAction; } ${more} }`;
const extracting = (rest: string, declarations = '') => `${declarations} state start { p.extract(hdr.h); ${rest} }`;
const shared = (ingress: string): Parts => ({ locals: `${set} ${plainTable}`, ingress });
const tenants = (to: string): Parts => ({
  top: `@p4runtime_translation("tenant", ${to}) type bit<8> Tenant;`,
  locals: `action set(Tenant to) { hdr.h.b = (bit<8>) to; }
    table t { key = { hdr.h.a: exact; } actions = { set; NoAction; } default_action = set((Tenant) 8w1); }`,
  ingress: 't.apply();',
});
const union: Parts = { types: 'header one_t { bit<8> x; } header_union either_t { one_t one; }', headers: 'either_t[2] u;' };
const counting = 'for (bit<8> i = 1; i < 4; i = i + 1) { hdr.h.b = i; }';

/** What p4c refuses and BMv2 does, with our own JSON: its name, the place, the program, and one that p4c takes. */
const refusedByP4c: readonly [string, string, Parts, Parts][] = [
  [
    'a shift by a value of 16 bits',
    'hdr.h.b << m.x',
    { ingress: 'hdr.h.b = hdr.h.b << m.x;' },
    { ingress: 'hdr.h.b = hdr.h.b << (bit<8>) m.x;' },
  ],
  [
    'a table applied before different statements',
    't.apply(); } hdr.h.a = 2;',
    shared('if (hdr.h.isValid()) { t.apply(); hdr.h.b = 1; } else { t.apply(); } hdr.h.a = 2;'),
    shared('if (hdr.h.isValid()) { t.apply(); } else { hdr.h.b = 1; t.apply(); } hdr.h.a = 2;'),
  ],
  [
    'a table applied twice, and a hit that matters once',
    'if (t.apply().hit)',
    shared('if (hdr.h.isValid()) { t.apply(); } else { if (t.apply().hit) { hdr.h.b = 1; } }'),
    shared('if (hdr.h.isValid()) { t.apply(); } else { t.apply(); }'),
  ],
  [
    'a function that branches, called in the parser',
    'f(hdr.h.a)',
    {
      top: 'bit<8> f(in bit<8> x) { if (x < 9) { return x; } return 9; }',
      parser: extracting('hdr.h.b = f(hdr.h.a); transition accept;'),
    },
    { top: 'bit<8> f(in bit<8> x) { return x + 9; }', parser: extracting('hdr.h.b = f(hdr.h.a); transition accept;') },
  ],
  ['a loop over a range', 'for', { ingress: 'for (bit<8> i in 8w1 .. 3) { hdr.h.b = i; }' }, { ingress: counting }],
];

/** The code, what is refused, the source from where it is refused, the program, and one that says it so that it is taken. */
const limits: readonly [Code, string, string, Parts, Parts][] = [
  ['bmv2-division', 'a division', 'hdr.h.b / hdr.h.a', { ingress: 'hdr.h.b = hdr.h.b / hdr.h.a;' }, { ingress: 'hdr.h.b = 8w9 / 8w3;' }],
  ['bmv2-division', 'a division by 6', 'hdr.h.b / 6', { ingress: 'hdr.h.b = hdr.h.b / 6;' }, { ingress: 'hdr.h.b = hdr.h.b / 4;' }],
  ['bmv2-division', 'a modulo of 6', 'hdr.h.b % 6', { ingress: 'hdr.h.b = hdr.h.b % 6;' }, { ingress: 'hdr.h.b = hdr.h.b % 128;' }],
  [
    'bmv2-checksum-data',
    'a computed value in a checksum',
    'hdr.h.a + hdr.h.b',
    { compute: 'update_checksum(hdr.h.isValid(), { hdr.h.a + hdr.h.b }, m.x, HashAlgorithm.csum16);' },
    { compute: 'update_checksum(hdr.h.isValid(), { hdr.h, 8w1 }, m.x, HashAlgorithm.csum16);' },
  ],
  ['bmv2-data', 'a digest of a header', 'hdr.h)', { ingress: 'digest(1, hdr.h);' }, { ingress: 'digest(1, { hdr.h.a, hdr.h.b });' }],
  [
    'bmv2-data',
    'a message of a list in a list',
    '{ hdr.h.a }',
    { ingress: 'log_msg("{}", { { hdr.h.a }, hdr.h.b });' },
    { ingress: 'log_msg("{}", { hdr.h.a, hdr.h.b });' },
  ],
  [
    'bmv2-data',
    'a message of a stack',
    'hdr.s)',
    { headers: 'h_t[2] s;', ingress: 'log_msg("{}", hdr.s);' },
    { headers: 'h_t[2] s;', ingress: 'log_msg("{}", hdr.s[0]);' },
  ],
  [
    'bmv2-not-in-block',
    'a register in a parser',
    'cells.write',
    { parser: extracting('cells.write(0, hdr.h.a); transition accept;', 'register<bit<8>>(4) cells;') },
    { locals: 'register<bit<8>>(4) cells;', ingress: 'cells.write(0, hdr.h.a);' },
  ],
  [
    'bmv2-enum-key',
    'a key of an enum without values',
    'm.kind: exact',
    { types: 'enum Kind { one, two }', meta: 'Kind kind;', locals: tableOf('', 'm.kind: exact;'), ingress: 't.apply();' },
    { types: 'enum bit<8> Kind { one = 0, two = 1 }', meta: 'Kind kind;', locals: tableOf('', 'm.kind: exact;'), ingress: 't.apply();' },
  ],
  [
    'bmv2-value-set',
    'a value set beside another key, without a case for everything else',
    '(known, 1)',
    { parser: extracting('transition select(hdr.h.a, hdr.h.b) { (known, 1): accept; }', 'value_set<bit<8>>(4) known;') },
    { parser: extracting('transition select(hdr.h.a, hdr.h.b) { (known, 1): accept; (_, _): accept; }', 'value_set<bit<8>>(4) known;') },
  ],
  [
    'bmv2-value-set',
    'a value set of tuples',
    'known;',
    {
      parser: extracting(
        'transition select(hdr.h.a, hdr.h.b) { known: accept; (_, _): accept; }',
        'value_set<tuple<bit<8>, bit<8>>>(4) known;',
      ),
    },
    {
      top: 'struct two_t { bit<8> a; bit<8> b; }',
      parser: extracting('transition select(hdr.h.a, hdr.h.b) { known: accept; (_, _): accept; }', 'value_set<two_t>(4) known;'),
    },
  ],
  [
    'bmv2-register-type',
    'a register of bool',
    'r;',
    { meta: 'bool flag;', locals: 'register<bool>(4) r;', ingress: 'r.read(m.flag, 0);' },
    { locals: 'register<bit<8>>(4) r;', ingress: 'r.read(hdr.h.b, 0);' },
  ],
  [
    'bmv2-entry-constant',
    'a negative constant in an entry',
    '-3',
    { meta: 'int<8> signed;', locals: tableOf('entries = { -3: set(1); }', 'm.signed: exact;'), ingress: 't.apply();' },
    { locals: tableOf('entries = { 3: set(1); }'), ingress: 't.apply();' },
  ],
  ['bmv2-entry-constant', 'a constant of a type that is text for P4Runtime', '8w1', tenants('string'), tenants('bit<32>')],
  [
    'bmv2-packet-length',
    'the length of the packet',
    'p.length',
    { parser: extracting('hdr.h.b = (bit<8>) p.length(); transition accept;') },
    { ingress: 'hdr.h.b = (bit<8>) s.packet_length;' },
  ],
  [
    'bmv2-select-error',
    'a select on an error',
    's.parser_error',
    { parser: extracting('transition select(s.parser_error) { error.NoError: accept; default: accept; }') },
    { parser: extracting('transition select(hdr.h.a) { 1: accept; default: accept; }') },
  ],
  [
    'bmv2-union-index',
    'an index into a stack of unions',
    'hdr.u[hdr.h.a]',
    { ...union, ingress: 'hdr.u[hdr.h.a].one.setInvalid();' },
    { ...union, ingress: 'hdr.u[1].one.setInvalid();' },
  ],
];

const errorsIn = async (parts: Parts) => compile(await v1modelText(parts), bmv2).diagnostics.filter((d) => d.severity === 'error');
const sourceOf = (parts: Parts, { loc }: Pick<Diagnostic, 'loc'>): string =>
  (v1modelSource(parts).split('\n')[loc.line - 1] ?? '').slice(loc.column - 1);

describe.each(limits)('%s: %s', (code, _what, where, refused, taken) => {
  test('is refused at its place, with what to write instead', async () => {
    const errors = await errorsIn(refused);
    expect(errors.map((d) => [d.code, sourceOf(refused, d).slice(0, where.length)])).toEqual([[code, where]]);
    expect(errors[0]?.help).toBeTruthy();
    expect(compile(await v1modelText(refused), bmv2).compiled).toBeUndefined();
  });

  test('in another form is taken', async () => {
    expect(await errorsIn(taken)).toEqual([]);
  });

  test.runIf(found)('is as with the p4c on PATH', { timeout: 60_000 }, async () => {
    const [first, second] = await Promise.all([refused, taken].map(async (parts) => compileWithP4c(printForP4c(await v1modelText(parts)))));
    expect(first).toMatchObject({ code: 'refused' });
    expect(second).not.toHaveProperty('code');
  });
});

describe.each(refusedByP4c)('p4c-refuses: %s', (_what, where, warned, silent) => {
  test('is a warning at its place', async () => {
    const { compiled, diagnostics } = compile(await v1modelText(warned), bmv2);
    expect(
      diagnostics.filter((d) => d.code === 'p4c-refuses').map((d) => [d.severity, sourceOf(warned, d).slice(0, where.length)]),
    ).toEqual([['warning', where]]);
    expect(compiled).toBeDefined();
  });

  test('in another form there is no warning', async () => {
    expect(compile(await v1modelText(silent), bmv2).diagnostics.map(({ code }) => code)).not.toContain('p4c-refuses');
  });

  test.runIf(found)('is as with the p4c on PATH', { timeout: 60_000 }, async () => {
    const [first, second] = await Promise.all([warned, silent].map(async (parts) => compileWithP4c(printForP4c(await v1modelText(parts)))));
    expect(first).toMatchObject({ code: 'refused' });
    expect(second).not.toHaveProperty('code');
  });
});

test('bmv2-loop: p4c runs the body of a loop once, so the compiler warns', async () => {
  const parts = { ingress: counting };
  const { diagnostics, compiled } = compile(await v1modelText(parts), bmv2);
  expect(diagnostics.filter((d) => d.code.startsWith('bmv2')).map((d) => [d.code, d.severity, sourceOf(parts, d).slice(0, 5)])).toEqual([
    ['bmv2-loop', 'warning', 'for ('],
  ]);
  expect(compiled).toBeDefined();
});

test('bmv2-inlined-size: each function is looked at once, however many calls lead to it', async () => {
  const twice = Array.from({ length: 40 }, (_, i) => `bit<8> f${i + 1}(in bit<8> x) { bit<8> y = f${i}(x); return y + f${i}(y); }`);
  const codes = async (first: string): Promise<readonly string[]> => {
    const parts = { top: [first, ...twice].join(' '), parser: extracting('hdr.h.b = f40(hdr.h.a); transition accept;') };
    return compile(await v1modelText(parts), bmv2).diagnostics.flatMap((d) => (d.severity === 'error' ? [d.code] : []));
  };
  expect(await codes('bit<8> f0(in bit<8> x) { return x + 9; }')).toEqual(['bmv2-inlined-size']);
  expect(await codes('bit<8> f0(in bit<8> x) { if (x < 9) { return x; } return 9; }')).toEqual(['bmv2-inlined-size']);
});

describe('header-size: headers of a program in P4 that are no whole bytes', () => {
  const program = (headers: string, fields: string, body = ''): string => `#include <v1model.p4>
${headers}
struct H { ${fields} }
struct M {}
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) { state start { transition accept; } }
control C(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t s) { apply { ${body} } }
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply {} }
V1Switch(P(), C(), I(), E(), C(), D()) main;`;
  const found = async (text: string): Promise<string[]> =>
    compile(await load(text), bmv2)
      .diagnostics.filter((d) => d.severity === 'error')
      .map((d) => `${d.code} ${d.loc.line}: ${d.message}`);

  test.each([
    ['of bits', 'header h_t { bit<9> a; bit<8> b; }', 'h_t h;', '', 17],
    ['of a bool', 'header h_t { bool a; bit<8> b; }', 'h_t h;', '', 9],
    ['of the most bits of a varbit', 'header h_t { bit<8> a; varbit<33> b; }', 'h_t h;', '', 41],
    [
      'of a struct and an enum',
      'enum bit<3> K { a = 1 } struct in_t { bit<4> x; K k; } header h_t { in_t a; bit<8> b; }',
      'h_t h;',
      '',
      15,
    ],
    ['in a stack', 'header h_t { bit<7> a; }', 'h_t[3] h;', '', 7],
    ['in a union', 'header h_t { bit<7> a; } header g_t { bit<8> b; } header_union u_t { h_t h; g_t g; }', 'u_t u;', '', 7],
    ['of a variable', 'header h_t { int<7> a; }', '', 'h_t v; v.setValid();', 7],
  ])('are refused: %s', async (_, headers, fields, body, bits) => {
    expect(await found(program(headers, fields, body))).toEqual([
      `header-size 2: The header h_t has ${bits} bits, which is not a whole number of bytes.`,
    ]);
  });

  test.each([
    ['that nothing is of', 'header h_t { bit<9> a; }', ''],
    ['of whole bytes', 'header h_t { bool a; bit<7> b; varbit<16> c; }', 'h_t h;'],
    ['and structs of other sizes', 'header h_t { bit<8> a; } struct s_t { bit<3> a; }', 'h_t h;'],
  ])('are taken: %s', async (_, headers, fields) => {
    expect(await found(program(headers, fields))).toEqual([]);
  });
});

describe('header unions that BMv2 does not load as p4c writes them', () => {
  const program = (body: string, { metadata = '', state = '' } = {}): string =>
    `#include <core.p4>
#include <v1model.p4>
header a_t { bit<8> v; } header b_t { bit<16> v; }
header_union o_t { a_t a; b_t b; } struct held_t { o_t[1] some; bit<8> n; } struct deep_t { o_t o; }
struct H { o_t o; o_t[2] s; } struct M { ${metadata} }
parser P(packet_in b, out H h, inout M m, inout standard_metadata_t s) { state start { b.extract(h.s.next.a); ${state} transition accept; } }
control C(inout H h, inout M m) { apply {} }
control I(inout H h, inout M m, inout standard_metadata_t s) { apply { ${body} } }
control E(inout H h, inout M m, inout standard_metadata_t s) { apply {} }
control D(packet_out b, in H h) { apply { b.emit(h); } }
V1Switch(P(), C(), I(), E(), C(), D()) main;`;
  const results = async (text: string) => compile(await load(text), bmv2);
  const found = async (text: string) =>
    (await results(text)).diagnostics.filter((d) => d.code !== 'never-used').map((d) => `${d.severity} ${d.code} ${d.loc.line}`);

  test.each([
    ['in metadata', program('', { metadata: 'o_t o;' }), ['error bmv2-union-in-metadata 5']],
    ['in a struct in metadata', program('', { metadata: 'deep_t d;' }), ['error bmv2-union-in-metadata 4']],
    ['with `last`', program('', { state: 'h.o.a = h.s.last.a;' }), ['error bmv2-union-last 6']],
    ['with push_front', program('h.s.push_front(1);'), ['warning bmv2-union-shift 8']],
    ['with pop_front', program('h.s.pop_front(1);'), ['warning bmv2-union-shift 8']],
    ['in a stack in metadata', program('', { metadata: 'held_t d;' }), []],
    ['with `lastIndex`', program('', { state: 'h.o.a.v = (bit<8>)h.s.lastIndex;' }), []],
  ])('%s', async (_, text, expected) => {
    expect(await found(text)).toEqual(expected);
  });

  test('a field of `last` is looked ahead for before the element is extracted', async () => {
    const state = 'h.o.b.v = h.s.last.b.v; b.extract(h.s.next.b); if (h.s.last.b.v == 1) { h.o.b.v = (bit<16>)h.s.last.a.v; }';
    const { compiled, diagnostics } = await results(program('', { state }));
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    const p4 = String(compiled?.files.find((f) => f.suffix === '.p4')?.contents).replace(/\s+/g, ' ');
    expect(p4).toContain(
      'last_b_v = 0; last_a_v = b.lookahead<bit<8>>(); b.extract(h.s.next.a); h.o.b.v = last_b_v; ' +
        'last_b_v = b.lookahead<bit<16>>(); last_a_v = 0; b.extract(h.s.next.b); if (last_b_v == 1) { h.o.b.v = (bit<16>)last_a_v; }',
    );
  });

  test('whether one is valid is asked of its members', async () => {
    const { compiled } = await results(program('o_t o = h.s[1]; if (!h.s[0].isValid() && o.isValid()) h.o = o;'));
    expect(compiled?.files.find((f) => f.suffix === '.p4')?.contents).toContain(
      'if (!(h.s[0].a.isValid() || h.s[0].b.isValid()) && (o.a.isValid() || o.b.isValid()))',
    );
  });
});

test('p4c knows the type of `{#}` in assignments and comparisons alone', async () => {
  const text = printForP4c(await v1modelText({ ingress: 'hdr.h = {#}; hdr.h = hdr.h.isValid() ? hdr.h : (h_t) {#};' }));
  expect(text).toContain('hdr.h = {#};');
  expect(text).toContain('hdr.h = hdr.h.isValid() ? hdr.h : (h_t){#};');
});

describe('bmv2-profile-default, in a program that does not come from P4', () => {
  const errors = async (call: string) => {
    const parts: Parts = {
      locals: `${set} action_selector(HashAlgorithm.crc16, 16, 8) members;
        table t { key = { hdr.h.a: exact; hdr.h.b: selector; } actions = { set; NoAction; } implementation = members; default_action = ${call}; }`,
      ingress: 't.apply();',
    };
    const program = await v1modelText(parts);
    const { language, ...recorded } = program;
    expect(language).toBe('p4');
    return compile(recorded, bmv2)
      .diagnostics.filter((d) => d.severity === 'error')
      .map((d) => `${d.code}: ${sourceOf(parts, d).slice(0, call.length)}`);
  };
  test('a default action of a table with a selector is refused: it would never run', async () => {
    expect(await errors('set(1)')).toEqual(['bmv2-profile-default: set(1)']);
  });
  test('NoAction is taken', async () => {
    expect(await errors('NoAction()')).toEqual([]);
  });
});

describe('where p4c warns and goes on, so does a program in P4', () => {
  const warned = async (parts: { readonly top?: string; readonly parser?: string; readonly ingress: string }) => {
    const text = `#include <core.p4>
#include <v1model.p4>
header h_t { bit<8> a; bit<8> b; bit<8> q; }
struct H { h_t h; } struct M { }
${parts.top ?? ''}
parser P(packet_in p, out H hdr, inout M m, inout standard_metadata_t s) { ${parts.parser ?? 'state start { p.extract(hdr.h); transition accept; }'} }
control V(inout H h, inout M m) { apply { } }
control I(inout H hdr, inout M m, inout standard_metadata_t s) { ${parts.ingress} }
control E(inout H h, inout M m, inout standard_metadata_t s) { apply { } }
control D(packet_out p, in H h) { apply { p.emit(h); } }
V1Switch(P(), V(), I(), E(), V(), D()) main;
`;
    const { diagnostics, compiled } = compile(await load(text), bmv2);
    expect(compiled).toBeDefined();
    return diagnostics.filter((d) => d.code.startsWith('bmv2')).map((d) => d.code);
  };

  test('the default action of a table with a selector', async () => {
    const ingress = `action nop() { } action out_port(bit<9> port) { s.egress_spec = port; }
      action_selector(HashAlgorithm.crc16, 32w64, 32w16) sel;
      table t { key = { hdr.h.a: exact; hdr.h.b: selector; } actions = { out_port; @defaultonly nop; } implementation = sel; const default_action = nop(); }
      apply { t.apply(); }`;
    expect(await warned({ ingress })).toEqual(['bmv2-profile-default-left-out']);
  });

  test('match kinds in the struct of a value set', async () => {
    const top = 'struct set_t { @match(ternary) bit<8> x; bit<8> y; }';
    const parser = `value_set<set_t>(4) vs;
      state start { p.extract(hdr.h); transition select(hdr.h.a, hdr.h.b) { vs: more; default: accept; } } state more { transition accept; }`;
    expect(await warned({ top, parser, ingress: 'apply { }' })).toEqual(['bmv2-value-set-exact']);
  });

  test('what p4c makes of 0 and of powers of two', async () => {
    const ingress = `const bit<8> four = 4;
      apply { hdr.h.a = 8w0 / hdr.h.b; hdr.h.q = hdr.h.a / four; hdr.h.b = hdr.h.a % 8w128; bit<16> x = 16w0 << (hdr.h.a ++ hdr.h.b); hdr.h.q = hdr.h.q + x[7:0]; }`;
    expect(await warned({ ingress })).toEqual([]);
  });
});

describe('bmv2-stack-index: elements of a stack at an index that is known at run time', () => {
  const at = 'hdr.s[hdr.h.a]';
  const extracts = (rest: string): Parts => ({ headers: 'h_t[4] s;', parser: extracting(rest) });
  const inIngress = (ingress: string, locals = ''): Parts => ({ headers: 'h_t[4] s;', ingress, locals });
  const found = async (parts: Parts, ofP4: boolean): Promise<readonly string[]> => {
    const { language: _, ...recorded } = await v1modelText(parts);
    const { diagnostics } = compile(ofP4 ? { ...recorded, language: 'p4' } : recorded, bmv2);
    const indices = diagnostics.filter((d) => d.code.startsWith('bmv2-stack-index'));
    return indices.map((d) => `${d.severity}: ${d.message.slice(0, d.message.indexOf(' hdr.s['))}`);
  };
  const applied = (key: string, action: string) =>
    inIngress('t.apply();', `${action} table t { key = { ${key}: exact @name("k"); } actions = { act; NoAction; } }`);

  test.each([
    ['assign a header to', inIngress(`${at} = hdr.h;`)],
    ['take all of', inIngress(`if (${at}.isValid()) { hdr.h.b = 1; }`)],
    ['take all of', inIngress(`if (${at} == hdr.h) { hdr.h.b = 1; }`)],
    ['take all of', inIngress(`hash(m.x, HashAlgorithm.crc16, 16w0, ${at}, 16w9);`)],
    ['write a result to', inIngress(`r.read(${at}.b, 0);`, 'register<bit<8>>(4) r;')],
    ['write a result to', inIngress(`r.execute_meter(0, ${at}.b);`, 'meter(4, MeterType.packets) r;')],
    ['match', applied(`${at}.b`, 'action act() {}')],
    ['take action data for the index of', applied('hdr.h.a', 'action act(bit<32> i) { hdr.s[i].b = 1; }')],
    ['have a checksum of', { headers: 'h_t[4] s;', compute: `update_checksum(true, { ${at}.a }, m.x, HashAlgorithm.csum16);` }],
    ['select on', extracts(`transition select(${at}.b) { 1: accept; default: accept; }`)],
    ['change in a parser, or have all of,', extracts(`${at}.b = 1; transition accept;`)],
    ['change in a parser, or have all of,', extracts(`p.extract(${at}); transition accept;`)],
    ['change in a parser, or have all of,', extracts(`${at}.setValid(); transition accept;`)],
  ])('BMv2 cannot %s them', async (cannot, parts) => {
    const severity = /parser|select/.test(cannot) ? 'warning' : 'error';
    expect(await found(parts, false)).toEqual([`${severity}: BMv2 cannot ${cannot}`]);
    expect(await found(parts, true)).toEqual([`warning: BMv2 cannot ${cannot}`]);
  });

  test.each([
    ['fields that are read and written', inIngress(`${at}.b = hdr.h.a + ${at}.a; if (${at}.a == 1) { ${at}.b[3:0] = 1; }`)],
    ['validity that is set', inIngress(`${at}.setValid(); ${at}.setInvalid();`)],
    ['copies, and lists of fields', inIngress(`hdr.h = ${at}; h_t copy = ${at}; hdr.h = copy; ${at} = { 1, 2 };`)],
    ['arguments', inIngress(`r.write(0, ${at}.b);`, 'register<bit<8>>(4) r;')],
    ['fields that a parser reads', extracts(`hdr.h.b = ${at}.a; transition accept;`)],
    ['constant indices', inIngress('hdr.s[1] = hdr.h; if (hdr.s[2].isValid()) { hdr.h.b = 1; }')],
  ])('%s are taken', async (_, parts) => {
    expect([await found(parts, false), await found(parts, true)]).toEqual([[], []]);
  });
});

test("fields of headers in a stack's value: p4c takes them, and BMv2 does not load what it writes", async () => {
  const codes = async (value: string): Promise<readonly string[]> => {
    const program = await v1modelText({ ingress: `h_t[2] hs; hs = ${value}; hdr.h = hs[1];` });
    return compile(program, bmv2).diagnostics.flatMap((d) => (d.severity === 'error' ? [d.code] : []));
  };
  expect(await codes('(h_t[2]){ { 1, 2 }, ... }')).toEqual(['bmv2-stack-list']);
  expect(await codes('(h_t[2]){ hdr.h, {#} }')).toEqual([]);
});
