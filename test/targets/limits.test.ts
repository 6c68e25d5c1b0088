/** What the target refuses of BMv2's and p4c's limits: p4c refuses it as well, and takes what stands in its place. */
import { describe, expect, test } from 'vitest';
import { compile } from '../../compiler/compile.js';
import {
  any,
  assign,
  binary,
  bits,
  bitType,
  boolType,
  callFunction,
  callMethod,
  constant,
  errorType,
  field,
  isValid,
  list,
  member,
  name,
  named,
  value,
} from '../../compiler/ir/build.js';
import type { Block, Expr, KeySet, LocalDecl, Stmt, TableDecl, Type } from '../../compiler/ir/index.js';
import type { Code } from '../../compiler/support/messages.js';
import { bmv2, compileWithP4c, p4c, printForP4c } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { load } from '../frontend/lower/load.js';
import { at, bitField, header, struct } from '../support/programs/make.js';
import { type Additions, a, b, c, tiny } from '../support/programs/tiny.js';
import { v1modelText } from '../support/v1model-text.js';

const found = typeof (await findTool(p4c)) === 'string';
const loc = { file: 'pipeline.ts', line: 7, column: 3 };
const byte = bitType(8);
const meta = (text: string, type: Type): Expr => field(name('meta', named('metadata_t')), text, type);
const m = meta('m', byte);
const cast = (arg: Expr, type: Type): Expr => ({ kind: 'cast', arg, type, loc });
const setM = (expr: Expr): Block => [assign(m, expr)];
const apply = (table: string, more: Partial<Stmt & { kind: 'apply' }> = {}): Stmt => ({ kind: 'apply', table, loc, ...more });
const when = (then: Block, otherwise: Block): Stmt => ({
  kind: 'if',
  cond: isValid(at('hdr.h', named('h_t'))),
  then,
  else: otherwise,
  loc,
});
const ref = (action: string, args: readonly Expr[] = []) => ({ action, args, loc });
const key = (expr: Expr, match: string, text: string) => ({ expr, match, name: text, loc });
const set: LocalDecl = {
  kind: 'action',
  name: 'set',
  params: [{ name: 'to', type: byte, loc }],
  body: [assign(m, name('to', byte))],
  loc,
};
const table = (text: string, more: Partial<TableDecl> = {}): TableDecl => ({
  kind: 'table',
  name: text,
  keys: [key(a, 'exact', 'a')],
  actions: [ref('set'), ref('NoAction')],
  loc,
  ...more,
});
const kinds = { kind: 'enum', name: 'Kind', members: [{ name: 'one' }, { name: 'two' }], loc } as const;
const tenant = (to: string) =>
  ({
    kind: 'newtype',
    name: 'Tenant',
    type: byte,
    annotations: [{ name: 'p4runtime_translation', body: `"tenant", ${to}` }],
    loc,
  }) as const;
const setTenant: LocalDecl = {
  kind: 'action',
  name: 'set',
  params: [{ name: 'to', type: named('Tenant'), loc }],
  body: [assign(m, cast(name('to', named('Tenant')), byte))],
  loc,
};
const selector: LocalDecl = {
  kind: 'instance',
  name: 'members',
  type: named('action_selector'),
  args: [member('HashAlgorithm', 'crc16'), bits(16, 32), bits(8, 32)],
  loc,
};
const ofMembers = { properties: [{ name: 'implementation', value: name('members', named('action_selector')) }] };
const sets = (type: Type): readonly LocalDecl[] => [{ kind: 'value-set', name: 'known', type, size: 4, loc }];
const select = (on: readonly Expr[], keys: readonly KeySet[]): Additions['transition'] => ({
  kind: 'select',
  on,
  cases: [
    { keys, next: 'accept', loc },
    { keys: on.map(() => any), next: 'accept', loc },
  ],
  loc,
});
const known = { kind: 'value-set', name: 'known' } as const;
const either = { kind: 'header_union', name: 'either_t', fields: [{ name: 'one', type: named('one_t'), loc }], loc } as const;
const unions = { kind: 'stack', element: named('either_t'), size: 2 } as const;
const invalidate = (index: Expr): Stmt => ({
  kind: 'set-validity',
  header: field({ kind: 'index', base: at('hdr.u', unions), index, type: named('either_t'), loc }, 'one', named('one_t')),
  valid: false,
  loc,
});
const atMost = (body: Block): Additions['functions'] => [
  { kind: 'function', name: 'f', returns: byte, params: [{ name: 'x', type: byte, direction: 'in', loc }], body, loc },
];
const ret = (expr: Expr): Stmt => ({ kind: 'return', value: expr, loc });
const x = name('x', byte);
const compute = (data: readonly Expr[]) => ({
  compute: [callFunction('update_checksum', [isValid(at('hdr.h', named('h_t'))), list(data), c, member('HashAlgorithm', 'csum16')])],
});

const counting: Stmt = {
  kind: 'for',
  init: [{ kind: 'declare', name: 'i', type: byte, init: bits(1, 8), loc }],
  cond: binary('<', name('i', byte), bits(4, 8)),
  update: [assign(name('i', byte), binary('+', name('i', byte), bits(1, 8)))],
  body: setM(name('i', byte)),
  loc,
};

const limits: readonly [Code, string, Additions, Additions][] = [
  [
    'bmv2-shift-amount',
    'a shift by a value of 16 bits',
    { body: setM({ ...binary('<<', m, c), loc }) },
    { body: setM(binary('<<', m, cast(c, byte))) },
  ],
  ['bmv2-division', 'a division', { body: setM({ ...binary('/', m, a), loc }) }, { body: setM(binary('/', bits(9, 8), bits(3, 8))) }],
  ['bmv2-division', 'a division by 6', { body: setM({ ...binary('/', m, bits(6, 8)), loc }) }, { body: setM(binary('/', m, bits(4, 8))) }],
  ['bmv2-division', 'a modulo of 6', { body: setM({ ...binary('%', m, bits(6, 8)), loc }) }, { body: setM(binary('%', m, bits(128, 8))) }],
  [
    'bmv2-checksum-data',
    'a computed value in a checksum',
    compute([{ ...binary('+', a, b), loc }]),
    compute([at('hdr.h', named('h_t')), bits(1, 8)]),
  ],
  [
    'bmv2-applied-in-two-places',
    'a table applied before different statements',
    { locals: [set, table('t')], body: [when([apply('t'), ...setM(bits(1, 8))], [apply('t')]), assign(b, bits(2, 8))] },
    { locals: [set, table('t')], body: [when([apply('t')], [...setM(bits(1, 8)), apply('t')]), assign(b, bits(2, 8))] },
  ],
  [
    'bmv2-applied-in-two-places',
    'a table applied twice, and a hit that matters once',
    { locals: [set, table('t')], body: [when([apply('t')], [apply('t', { hit: setM(bits(1, 8)) })])] },
    { locals: [set, table('t')], body: [when([apply('t')], [apply('t')])] },
  ],
  [
    'bmv2-enum-key',
    'a key of an enum without values',
    {
      types: [kinds],
      metadata: [{ name: 'kind', type: named('Kind'), loc }],
      locals: [set, table('t', { keys: [key(meta('kind', named('Kind')), 'exact', 'kind')] })],
      body: [apply('t')],
    },
    {
      types: [{ ...kinds, base: { kind: 'bit', width: 8 }, members: kinds.members.map((k, i) => ({ ...k, value: BigInt(i) })) }],
      metadata: [{ name: 'kind', type: named('Kind'), loc }],
      locals: [set, table('t', { keys: [key(meta('kind', named('Kind')), 'exact', 'kind')] })],
      body: [apply('t')],
    },
  ],
  [
    'bmv2-value-set',
    'a value set beside another key, without a case for everything else',
    {
      parserLocals: sets(byte),
      transition: { kind: 'select', on: [a, b], cases: [{ keys: [known, value(bits(1, 8))], next: 'accept', loc }], loc },
    },
    { parserLocals: sets(byte), transition: select([a, b], [known, value(bits(1, 8))]) },
  ],
  [
    'bmv2-value-set',
    'a value set of tuples',
    { parserLocals: sets({ kind: 'tuple', elements: [byte, byte] }), transition: select([a, b], [known]) },
    {
      types: [struct('two_t', [bitField('a', 8), bitField('b', 8)])],
      parserLocals: sets(named('two_t')),
      transition: select([a, b], [known]),
    },
  ],
  [
    'bmv2-register-type',
    'a register of bool',
    {
      metadata: [{ name: 'flag', type: boolType, loc }],
      locals: [{ kind: 'instance', name: 'r', type: named('register', [boolType]), args: [bits(4, 32)], loc }],
      body: [callMethod(name('r', named('register', [boolType])), 'read', [meta('flag', boolType), bits(0, 32)])],
    },
    {
      locals: [{ kind: 'instance', name: 'r', type: named('register', [byte]), args: [bits(4, 32)], loc }],
      body: [callMethod(name('r', named('register', [byte])), 'read', [m, bits(0, 32)])],
    },
  ],
  [
    'bmv2-entry-constant',
    'a negative constant in an entry',
    {
      metadata: [{ name: 'signed', type: { kind: 'int', width: 8 }, loc }],
      locals: [
        set,
        table('t', {
          keys: [key(meta('signed', { kind: 'int', width: 8 }), 'exact', 'signed')],
          entries: [{ keys: [value(constant(-3, { kind: 'int', width: 8 }, loc))], action: ref('set', [bits(1, 8)]), loc }],
        }),
      ],
      body: [apply('t')],
    },
    { locals: [set, table('t', { entries: [{ keys: [value(bits(3, 8))], action: ref('set', [bits(1, 8)]), loc }] })], body: [apply('t')] },
  ],
  [
    'bmv2-entry-constant',
    'a constant of a type that is text for P4Runtime',
    {
      types: [tenant('string')],
      locals: [setTenant, table('t', { defaultAction: { ...ref('set', [constant(1, named('Tenant'), loc)]), const: false } })],
      body: [apply('t')],
    },
    {
      types: [tenant('bit<32>')],
      locals: [setTenant, table('t', { defaultAction: { ...ref('set', [constant(1, named('Tenant'), loc)]), const: false } })],
      body: [apply('t')],
    },
  ],
  [
    'bmv2-for-in',
    'a loop over a range',
    {
      body: [
        {
          kind: 'for-in',
          name: 'i',
          type: byte,
          over: { kind: 'range', low: bits(1, 8), high: bits(3, 8) },
          body: setM(name('i', byte)),
          loc,
        },
      ],
    },
    { body: [counting] },
  ],
  [
    'bmv2-packet-length',
    'the length of the packet',
    { parserBody: setM(cast({ kind: 'packet-length', packet: name('packet', named('packet_in')), type: bitType(32), loc }, byte)) },
    { body: setM(cast(at('standard_metadata.packet_length', bitType(32)), byte)) },
  ],
  [
    'bmv2-function-in-parser',
    'a function that branches, called in the parser',
    {
      functions: atMost([{ kind: 'if', cond: binary('<', x, bits(9, 8)), then: [ret(x)], loc }, ret(bits(9, 8))]),
      parserBody: [{ ...callFunction('f', [a], loc), result: m }],
    },
    { functions: atMost([ret(binary('+', x, bits(9, 8)))]), parserBody: [{ ...callFunction('f', [a]), result: m }] },
  ],
  [
    'bmv2-select-error',
    'a select on an error',
    {
      transition: select(
        [{ ...at('standard_metadata.parser_error', errorType), loc }],
        [value({ kind: 'member', type: errorType, name: 'NoError', loc })],
      ),
    },
    { transition: select([a], [value(bits(1, 8))]) },
  ],
  [
    'bmv2-union-index',
    'an index into a stack of unions',
    {
      types: [header('one_t', [bitField('x', 8)]), either],
      headers: [{ name: 'u', type: unions, loc }],
      body: [invalidate(cast(a, bitType(32)))],
    },
    { types: [header('one_t', [bitField('x', 8)]), either], headers: [{ name: 'u', type: unions, loc }], body: [invalidate(bits(1, 32))] },
  ],
];

describe.each(limits)('%s: %s', (code, _what, refused, taken) => {
  test('is refused at its line, with what to write instead', () => {
    const { diagnostics, compiled } = compile(tiny(refused), bmv2);
    expect(diagnostics.filter((d) => d.severity === 'error').map((d) => [d.code, d.loc.line])).toEqual([[code, 7]]);
    expect(diagnostics.find((d) => d.code === code)?.help).toBeTruthy();
    expect(compiled).toBeUndefined();
  });

  test('in another form is taken', () => {
    expect(compile(tiny(taken), bmv2).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  });

  test.runIf(found)('is as with the p4c on PATH', { timeout: 60_000 }, async () => {
    const [first, second] = await Promise.all([refused, taken].map((additions) => compileWithP4c(printForP4c(tiny(additions)))));
    expect(first).toMatchObject({ code: 'p4c-refused' });
    expect(second).not.toHaveProperty('code');
  });
});

test('bmv2-loop: p4c runs the body of a loop once, so the compiler warns', () => {
  const { diagnostics, compiled } = compile(tiny({ body: [counting] }), bmv2);
  expect(diagnostics.filter((d) => d.code.startsWith('bmv2')).map((d) => [d.code, d.severity, d.loc.line])).toEqual([
    ['bmv2-loop', 'warning', 7],
  ]);
  expect(compiled).toBeDefined();
});

describe('bmv2-profile-default', () => {
  const members = { ...ofMembers, defaultAction: { ...ref('set', [bits(1, 8)]), const: false } };
  test('a default action of a table with a selector is refused: it would never run', () => {
    const { diagnostics } = compile(
      tiny({
        locals: [set, selector, table('t', { ...members, keys: [key(a, 'exact', 'a'), key(b, 'selector', 'b')] })],
        body: [apply('t')],
      }),
      bmv2,
    );
    expect(diagnostics.filter((d) => d.severity === 'error').map((d) => [d.code, d.loc.line])).toEqual([['bmv2-profile-default', 7]]);
  });
  test('NoAction is taken', () => {
    const none = { ...members, defaultAction: { ...ref('NoAction'), const: true } };
    const { diagnostics } = compile(
      tiny({ locals: [set, selector, table('t', { ...none, keys: [key(a, 'exact', 'a'), key(b, 'selector', 'b')] })], body: [apply('t')] }),
      bmv2,
    );
    expect(diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  });
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

  test('whether one is valid is asked of its members', async () => {
    const { compiled } = await results(program('o_t o = h.s[1]; if (!h.s[0].isValid() && o.isValid()) h.o = o;'));
    expect(compiled?.files.find((f) => f.suffix === '.p4')?.contents).toContain(
      'if (!(h.s[0].a.isValid() || h.s[0].b.isValid()) && (o.a.isValid() || o.b.isValid()))',
    );
  });
});

test('p4c knows the type of `{#}` in assignments and comparisons alone', () => {
  const item = named('h_t');
  const nothing: Expr = { kind: 'invalid', type: item, loc };
  const yes: Expr = { kind: 'mux', cond: isValid(at('hdr.h', item)), yes: at('hdr.h', item), no: nothing, type: item, loc };
  const text = printForP4c(tiny({ body: [assign(at('hdr.h', item), nothing), assign(at('hdr.h', item), yes)] }));
  expect(text).toContain('hdr.h = {#};');
  expect(text).toContain('hdr.h = hdr.h.isValid() ? hdr.h : (h_t){#};');
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

test("fields of headers in a stack's value: p4c takes them, and BMv2 does not load what it writes", async () => {
  const codes = async (value: string): Promise<readonly string[]> => {
    const program = await v1modelText({ ingress: `h_t[2] hs; hs = ${value}; hdr.h = hs[1];` });
    return compile(program, bmv2).diagnostics.flatMap((d) => (d.severity === 'error' ? [d.code] : []));
  };
  expect(await codes('(h_t[2]){ { 1, 2 }, ... }')).toEqual(['bmv2-stack-list']);
  expect(await codes('(h_t[2]){ hdr.h, {#} }')).toEqual([]);
});
