/** Names and ids of the control plane: what p4c and the P4Runtime specification ("ID Allocation for P4Info Objects") refuse. */
import { bit, exact, header, pipeline } from 'p4ts';
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { programOf } from '../../compiler/dsl/handles.js';
import type { Program } from '../../compiler/ir/index.js';
import { type Parts, v1modelText } from '../support/v1model-text.js';

const found = (program: Program): string[] =>
  validate(program)
    .diagnostics.filter((d) => d.severity === 'error')
    .map((d) => `${d.message}${d.notes.map((n) => ` [${n.message}, line ${n.loc.line}]`).join('')}`.replace(/, line \d+/g, ''));
const errors = async (parts: Parts): Promise<string[]> => found(await v1modelText(parts));

const table = (name: string, key = 'hdr.h.a: exact;', actions = 'NoAction;'): string =>
  `table ${name} { key = { ${key} } actions = { ${actions} } }`;
const another = (what: string, name: string): string => `The control plane knows another ${what} by the name "${name}".`;

/** Two actions of one name, and a table of each. */
const twins = `@name("one") action a1() {} @name("one") action a2() {} ${table('t', 'hdr.h.a: exact;', 'a1;')} ${table('u', 'hdr.h.a: exact;', 'a2;')}`;
const taken = [`${another('action', 'I.one')} [\`a1\` has that name]`];

describe('twin actions are told where both of them run, as in p4c', () => {
  test.each<[string, Parts, string[]]>([
    ['in two tables', { locals: twins, ingress: 't.apply(); u.apply();' }, taken],
    ['in a table and a call', { locals: twins, ingress: 't.apply(); a2();' }, taken],
    ['in calls', { locals: twins, ingress: 'a1(); a2();' }, taken],
    ['a table that is not applied', { locals: twins, ingress: 't.apply();' }, []],
    ['a table in dead code', { locals: twins, ingress: 't.apply(); if (false) { u.apply(); }' }, []],
    ['a table after return', { locals: twins, ingress: 't.apply(); return; u.apply();' }, []],
    ['a call in an action that nothing runs', { locals: `${twins} action unused() { a2(); }`, ingress: 't.apply();' }, []],
    [
      'a control that nothing uses',
      { top: `control X(inout headers_t hdr) { ${twins} apply { t.apply(); u.apply(); } }`, locals: table('v'), ingress: 'v.apply();' },
      [],
    ],
    [
      'an action of the top level with the name of a local one',
      { top: '@name("I.one") action top() {}', locals: 'action one() {}', ingress: 'one(); top();' },
      [`${another('action', 'I.one')} [\`top\` has that name]`],
    ],
  ])('%s', async (_, parts, expected) => {
    expect(await errors(parts)).toEqual(expected);
  });
});

describe('two of one kind and one name', () => {
  test.each<[string, Parts, string[]]>([
    [
      'tables',
      { locals: `@name("x") ${table('t')} @name("x") ${table('u')}`, ingress: 't.apply(); u.apply();' },
      [`${another('table', 'I.x')} [\`t\` has that name]`],
    ],
    [
      'a table of ingress, and one with the whole name',
      { locals: `${table('t')} @name(".I.t") ${table('u')}`, ingress: 't.apply(); u.apply();' },
      [`${another('table', 'I.t')} [\`t\` has that name]`],
    ],
    [
      'a table with its whole name, in two instances of its control',
      {
        top: `control X(inout headers_t hdr) { @name(".t") ${table('t')} apply { t.apply(); } }`,
        locals: 'X() p; X() q;',
        ingress: 'p.apply(hdr); q.apply(hdr);',
      },
      [`${another('table', 't')} [\`t\` has that name]`],
    ],
    [
      'instances of one name',
      {
        top: `control X(inout headers_t hdr) { ${table('t')} apply { t.apply(); } }`,
        locals: '@name("x") X() p; @name("x") X() q;',
        ingress: 'p.apply(hdr); q.apply(hdr);',
      },
      [`${another('table', 'I.x.t')} [\`t\` has that name]`],
    ],
    [
      'counters',
      {
        locals: '@name(".z") counter(4, CounterType.packets) c; @name(".z") counter(4, CounterType.packets) d;',
        ingress: 'c.count(0); d.count(0);',
      },
      [`${another('counter', 'z')} [\`c\` has that name]`],
    ],
    [
      'registers',
      { locals: '@name("z") register<bit<8>>(4) c; @name("z") register<bit<8>>(4) d;', ingress: 'c.write(0, 1); d.write(0, 1);' },
      [`${another('register', 'I.z')} [\`c\` has that name]`],
    ],
    [
      'meters',
      {
        locals: '@name("z") meter(4, MeterType.bytes) c; @name("z") meter(4, MeterType.bytes) d;',
        ingress: 'c.execute_meter(0, m.x); d.execute_meter(0, m.x);',
      },
      [`${another('meter', 'I.z')} [\`c\` has that name]`],
    ],
    [
      'value sets',
      {
        parser: `@name("z") value_set<bit<8>>(4) v; @name("z") value_set<bit<8>>(4) w;
          state start { p.extract(hdr.h); transition select(hdr.h.a) { v: one; default: accept; } }
          state one { transition select(hdr.h.b) { w: accept; default: reject; } }`,
      },
      [`${another('value set', 'P.z')} [\`v\` has that name]`],
    ],
    [
      'digests',
      {
        top: '@name("told") struct one_t { bit<8> v; } @name("told") struct two_t { bit<8> v; }',
        ingress: 'digest<one_t>(0, { hdr.h.a }); digest<two_t>(0, { hdr.h.b });',
      },
      [`${another('digest', 'told')} [\`one_t\` has that name]`],
    ],
    [
      'headers of controllers',
      { top: '@controller_header("packet_in") header one_t { bit<8> v; } @controller_header("packet_in") header two_t { bit<8> v; }' },
      [`${another('controller header', 'packet_in')} [\`one_t\` has that name]`],
    ],
    [
      'keys',
      { locals: table('t', 'hdr.h.a: exact @name("k"); hdr.h.b: exact @name("k");'), ingress: 't.apply();' },
      ['The name "k" is taken: a key of the table t of that name is declared already. [the other "k" is declared here]'],
    ],
    [
      'parameters',
      {
        locals: `action f(@name("k") bit<8> a, @name("k") bit<8> b) { hdr.h.a = a; hdr.h.b = b; } ${table('t', undefined, 'f;')}`,
        ingress: 't.apply();',
      },
      [`${another('parameter of the action I.f', 'k')} [the other one is here]`],
    ],
    [
      'fields of a controller header',
      { top: '@controller_header("packet_in") header one_t { @name("k") bit<8> a; @name("k") bit<8> b; }' },
      [`${another('field of the controller header one_t', 'k')} [the other one is here]`],
    ],
  ])('%s', async (_what, parts, expected) => {
    expect(await errors(parts)).toEqual(expected);
  });

  test.each<[string, Parts, string[]]>([
    [
      'actions of the two instances of a control, by their whole name',
      {
        top: `control X(inout headers_t hdr) { @name(".f") @id(3) action f() { hdr.h.a = 1; } ${table('t', undefined, 'f;')} apply { t.apply(); } }`,
        locals: 'X() p; X() q;',
        ingress: 'p.apply(hdr); q.apply(hdr);',
      },
      [`${another('action', 'f')} [\`f\` has that name]`, 'The action f has the id 0x01000003, which f has as well. [`f` has that id]'],
    ],
    [
      'actions of a control that is applied by its type twice',
      { top: 'control X(inout headers_t hdr) { action f() { hdr.h.a = 1; } apply { f(); } }', ingress: 'X.apply(hdr); X.apply(hdr);' },
      [`${another('action', 'I.X.f')} [\`f\` has that name]`],
    ],
    [
      'headers of controllers, by their own names',
      {
        top: '@name("two_t") @controller_header("packet_in") header one_t { bit<8> v; } @controller_header("packet_out") header two_t { bit<8> v; }',
      },
      [`${another('controller header', 'two_t')} [\`one_t\` has that name]`],
    ],
    [
      'parameters, where one has a dot before its name',
      {
        locals: `action f(@name(".b") bit<8> a, bit<8> b) { hdr.h.a = a; hdr.h.b = b; } ${table('t', undefined, 'f;')}`,
        ingress: 't.apply();',
      },
      [`${another('parameter of the action I.f', 'b')} [the other one is here]`],
    ],
    [
      'fields of a value set',
      {
        top: 'struct set_t { @name("k") bit<8> a; @name("k") bit<8> b; }',
        parser: `value_set<set_t>(4) v;
          state start { p.extract(hdr.h); transition select(hdr.h.a, hdr.h.b) { v: accept; default: reject; } }`,
      },
      [`${another('field of the value set P.v', 'k')} [the other one is here]`],
    ],
    [
      'fields of what a digest tells, within another struct',
      {
        top: 'struct in_t { @name("k") bit<8> a; @name("k") bit<8> b; } struct told_t { in_t i; }',
        ingress: 'digest<told_t>(0, { { hdr.h.a, hdr.h.b } });',
      },
      [`${another('field of in_t', 'k')} [the other one is here]`],
    ],
    [
      'types of parameters',
      {
        top: '@name("n") type bit<8> one_t; @name("n") type bit<4> two_t;',
        locals: `action f(one_t a, two_t b) { hdr.h.a = (bit<8>) a; } ${table('t', undefined, 'f;')}`,
        ingress: 't.apply();',
      },
      [`${another('type', 'n')} [the other one is here]`],
    ],
    [
      'cells of registers',
      {
        top: '@name("n") struct one_t { bit<8> v; } @name("n") struct two_t { bit<4> v; }',
        locals: 'register<one_t>(4) r; register<two_t>(4) s2;',
        ingress: 'r.write(0, { hdr.h.a }); s2.write(0, { 1 });',
      },
      [`${another('struct', 'n')} [the other one is here]`],
    ],
  ])('%s', async (_what, parts, expected) => {
    expect(await errors(parts)).toEqual(expected);
  });

  test('nothing but a dot is no name', async () => {
    expect(await errors({ locals: `@name(".") ${table('t')}`, ingress: 't.apply();' })).toEqual([
      'The control plane has no name for the table `t`: its @name is empty.',
    ]);
  });

  test('actions, of one control and of several', async () => {
    const two = `@name("a") action f() { hdr.h.a = 1; } @name("a") action g() { hdr.h.a = 2; }`;
    expect(await errors({ locals: `${two} ${table('t', undefined, 'f; g;')}`, ingress: 't.apply();' })).toEqual([
      `${another('action', 'I.a')} [\`f\` has that name]`,
    ]);
    const top = `action f() { } control X(inout headers_t hdr) { @name(".f") action g() { hdr.h.a = 2; } ${table('t', undefined, 'g;')} apply { t.apply(); } }`;
    expect(await errors({ top, locals: `X() i; ${table('t', undefined, 'f;')}`, ingress: 'i.apply(hdr); t.apply();' })).toEqual([
      `${another('action', 'f')} [\`f\` has that name]`,
    ]);
  });
});

describe('ids', () => {
  const twice = (name: string, id: string, other: string): string => `The ${name} has the id ${id}, which ${other} has as well.`;
  const bad = (id: string, name: string, reason: string): string => `@id(${id}) of the ${name} ${reason}.`;
  const noNumber = 'is not a number from 1 to 0xffffffff';
  test.each<[string, Parts, string[]]>([
    [
      'of two tables',
      { locals: `@id(5) ${table('t')} @id(0x02000005) ${table('u')}`, ingress: 't.apply(); u.apply();' },
      [`${twice('table I.u', '0x02000005', 'I.t')} [\`I.t\` has that id]`],
    ],
    [
      'of two actions, in different blocks',
      {
        top: `@id(7) action f() { }`,
        locals: `@id(32w7) action g() { hdr.h.a = 1; } ${table('t', undefined, 'f; g;')}`,
        ingress: 't.apply();',
      },
      [`${twice('action I.g', '0x01000007', 'f')} [\`f\` has that id]`],
    ],
    [
      'of a table in two instances of its control',
      {
        top: `control X(inout headers_t hdr) { @id(9) ${table('t')} apply { t.apply(); } }`,
        locals: 'X() p; X() q;',
        ingress: 'p.apply(hdr); q.apply(hdr);',
      },
      [`${twice('table I.q.t', '0x02000009', 'I.p.t')} [\`I.p.t\` has that id]`],
    ],
    [
      'of counters, one of them of the top level',
      {
        top: '@id(5) counter(4, CounterType.packets) c;',
        locals: '@id(5) counter(8, CounterType.packets) d;',
        ingress: 'c.count(0); d.count(0);',
      },
      [`${twice('counter I.d', '0x12000005', 'c')} [\`c\` has that id]`],
    ],
    [
      'of keys, parameters and fields',
      {
        top: '@controller_header("packet_in") header one_t { @id(1) bit<8> a; @id(1) bit<8> b; }',
        locals: `action f(@id(2) bit<8> a, @id(2) bit<8> b) { hdr.h.a = a; hdr.h.b = b; }
          ${table('t', 'hdr.h.a: exact @id(3) @name("a"); hdr.h.b: exact @id(0x3) @name("b");', 'f;')}`,
        ingress: 't.apply();',
      },
      [
        `${twice('parameter b of the action I.f', '2', 'a')} [\`a\` has that id]`,
        `${twice('key b of the table I.t', '3', 'a')} [\`a\` has that id]`,
        `${twice('field b of the controller header one_t', '1', 'a')} [\`a\` has that id]`,
      ],
    ],
    [
      'with the prefix of another kind',
      { locals: `@id(0x01000005) ${table('t')}`, ingress: 't.apply();' },
      [bad('0x01000005', 'table I.t', 'begins with 0x01, but ids of tables begin with 0x02')],
    ],
    [
      'that are 0, or too large',
      {
        locals: `@id(0) action f(@id(0) bit<8> a, bit<8> b) { hdr.h.a = a; hdr.h.b = b; }
          @id(0x100000000) ${table('t', 'hdr.h.a: exact @id(0) @name("a");', 'f;')}`,
        ingress: 't.apply();',
      },
      [
        bad('0', 'action I.f', noNumber),
        bad('0x100000000', 'table I.t', noNumber),
        bad('0', 'parameter a of the action I.f', noNumber),
        bad('0', 'key a of the table I.t', noNumber),
      ],
    ],
  ])('%s', async (_what, parts, expected) => {
    expect(await errors(parts)).toEqual(expected);
  });
});

describe('is no mistake', () => {
  test.each<[string, Parts]>([
    [
      'one name for objects of different kinds',
      { locals: `@name(".z") counter(4, CounterType.packets) c; @name(".z") ${table('t')}`, ingress: 'c.count(0); t.apply();' },
    ],
    [
      'one id for objects of different kinds',
      { locals: `@id(5) counter(4, CounterType.packets) c; @id(5) ${table('t')}`, ingress: 'c.count(0); t.apply();' },
    ],
    [
      'one id for keys of different tables',
      { locals: `${table('t', 'hdr.h.a: exact @id(5);')} ${table('u', 'hdr.h.a: exact @id(5);')}`, ingress: 't.apply(); u.apply();' },
    ],
    [
      'a name of tables that the control plane does not see',
      { locals: `@hidden @name("x") ${table('t')} @name("x") ${table('u')}`, ingress: 't.apply(); u.apply();' },
    ],
    ['a name of a table that is never applied', { locals: `@name("x") ${table('t')} @name("x") ${table('u')}`, ingress: 't.apply();' }],
    [
      'a name of actions that nothing runs',
      { locals: `@name("x") action f() {} @name("x") action g() {} ${table('t', undefined, 'f;')}`, ingress: 't.apply();' },
    ],
    [
      'a name of fields of a header that controllers do not see',
      { top: '@controller_header("packet_in") header one_t { @hidden @name("k") bit<8> a; @name("k") bit<8> b; }' },
    ],
    [
      'a name of types that controllers do not meet',
      { top: '@name("n") struct one_t { bit<8> v; } @name("n") struct two_t { bit<4> v; }', ingress: 'one_t o; two_t w;' },
    ],
    [
      'a header of controllers with the name that another is used for',
      {
        top: '@name("packet_out") @controller_header("packet_in") header one_t { bit<8> v; } @controller_header("packet_out") header two_t { bit<8> v; }',
      },
    ],
    [
      'an action of the top level in several blocks',
      {
        top: '@id(3) action f() { }',
        locals: `${table('t', undefined, 'f;')} ${table('u', undefined, 'f;')}`,
        ingress: 't.apply(); u.apply();',
      },
    ],
    [
      'one type told in several places',
      { top: 'struct one_t { bit<8> v; }', ingress: 'digest<one_t>(0, { hdr.h.a }); digest<one_t>(0, { hdr.h.b });' },
    ],
    [
      'a selector of what is a key too',
      {
        locals: `action_selector(HashAlgorithm.crc32, 32w8, 32w8) s1; table t { key = { hdr.h.a: exact; hdr.h.a: selector; } actions = { NoAction; } implementation = s1; }`,
        ingress: 't.apply();',
      },
    ],
  ])('%s', async (_what, parts) => {
    expect(await errors(parts)).toEqual([]);
  });
});

describe('in the language', () => {
  const ingress = (declare: (ctl: any, hdr: any) => readonly unknown[]): string[] => {
    const program = pipeline('p', {
      headers: { h: header('h_t', { a: bit(8), b: bit(8) }) },
      parser: { start: (p: any) => p.accept() } as never,
      ingress: ((ctl: any, { hdr }: any) => {
        const tables = declare(ctl, hdr);
        ctl.apply((c: any) => tables.forEach((t) => void c.apply(t)));
      }) as never,
      deparser: ((d: any, { hdr }: any) => d.emit(hdr.h)) as never,
    });
    const { ir, diagnostics } = programOf(program) as { ir: Program; diagnostics: readonly { message: string }[] };
    expect(diagnostics).toEqual([]);
    return found(ir);
  };
  const two = (one: object, other: object) =>
    ingress((ctl, hdr) => {
      const drop = ctl.action('drop', {}, (c: any) => c.drop());
      const options = { key: { a: exact(hdr.h.a) }, actions: [drop] };
      return [ctl.table('t', { ...options, annotations: one }), ctl.table('u', { ...options, annotations: other })];
    });

  test('names', () => {
    expect(two({ name: '.z' }, { name: '.z' })).toEqual([`${another('table', 'z')} [\`t\` has that name]`]);
    expect(two({ name: 'u' }, {})).toEqual([`${another('table', 'ingress.u')} [\`t\` has that name]`]);
    expect(two({ name: 'x' }, { name: '.x' })).toEqual([]);
    expect(two({ name: 5 }, { name: true })).toEqual([
      'The control plane has no name for the table `t`: its @name is empty.',
      'The control plane has no name for the table `u`: its @name is empty.',
    ]);
  });

  test('ids, which are numbers', () => {
    expect(two({ id: 5 }, { id: 0x0200_0005 })).toEqual([
      'The table ingress.u has the id 0x02000005, which ingress.t has as well. [`ingress.t` has that id]',
    ]);
    expect(two({ id: '5' }, { id: 0 })).toEqual([
      '@id("5") of the table ingress.t is not a number from 1 to 0xffffffff.',
      '@id(0) of the table ingress.u is not a number from 1 to 0xffffffff.',
    ]);
    expect(two({ id: Number.NaN }, { id: true })).toEqual([
      '@id(NaN) of the table ingress.t is not a number from 1 to 0xffffffff.',
      '@id() of the table ingress.u is not a number from 1 to 0xffffffff.',
    ]);
    expect(two({ id: 1 }, { id: 2 })).toEqual([]);
  });
});
