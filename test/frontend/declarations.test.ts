/** Declarations: every form that the grammar has (P4-16 §7, §11, §13, §14). */
import { describe, expect, test } from 'vitest';
import type { Decl } from '../../compiler/frontend/ast.js';
import { declarations, file, mistakes, show, showKey, showType } from './source.js';

const one = async (text: string): Promise<Decl> => {
  const all = await declarations(text);
  expect(all).toHaveLength(1);
  return all[0] as Decl;
};
const named = (text: string) => expect.objectContaining({ text });

describe('types', () => {
  test('headers, structs and unions, with and without parameters', async () => {
    expect(await one('header H { bit<8> a; varbit<32> b; }')).toMatchObject({
      kind: 'header',
      name: { text: 'H' },
      typeParams: [],
      fields: [{ name: { text: 'a' } }, { name: { text: 'b' }, type: { name: 'varbit' } }],
    });
    expect(await one('struct S<A, B> { A a; tuple<B> b; }')).toMatchObject({ kind: 'struct', typeParams: [{ text: 'A' }, { text: 'B' }] });
    expect(await one('header_union U { H h; }')).toMatchObject({ kind: 'header_union' });
    expect(await one('header Empty { }')).toMatchObject({ fields: [] });
  });

  test('enums, with and without values', async () => {
    expect(await one('enum E { a, b, }')).toMatchObject({ kind: 'enum', members: [{ name: { text: 'a' } }, { name: { text: 'b' } }] });
    const enumeration = await one('enum bit<4> F { a = 1, b = a + 1 }');
    expect(enumeration).toMatchObject({ base: { name: 'bit' }, members: [{ value: { value: 1n } }, { value: { kind: 'binary' } }] });
  });

  test('typedef and type', async () => {
    expect(await one('typedef bit<48> Mac;')).toMatchObject({ kind: 'typedef', type: { kind: 'sized-type' } });
    expect(await one('typedef struct S { bool b; } T;')).toMatchObject({ kind: 'typedef', type: { kind: 'struct', name: { text: 'S' } } });
    expect(await one('@p4runtime_translation("", 32) type bit<9> Port;')).toMatchObject({ kind: 'newtype', name: { text: 'Port' } });
  });

  test('errors and kinds of matches', async () => {
    expect(await one('error { A, B }')).toMatchObject({ kind: 'error', members: [{ text: 'A' }, { text: 'B' }] });
    expect(await one('match_kind { a, b, }')).toMatchObject({ kind: 'match_kind', members: [{ text: 'a' }, { text: 'b' }] });
    expect(await one('error f() { return error.A; }')).toMatchObject({ kind: 'function', returns: { name: 'error' } });
  });

  test('keywords that may be names', async () => {
    expect(
      await one(
        'struct S { bit<8> apply; bit<8> key; bit<8> actions; bit<8> state; bit<8> entries; bit<8> type; bit<8> priority; bit<8> list; }',
      ),
    ).toMatchObject({
      fields: ['apply', 'key', 'actions', 'state', 'entries', 'type', 'priority', 'list'].map((text) => ({ name: { text } })),
    });
  });
});

describe('functions, externs and packages', () => {
  test('an extern with a constructor, overloads, type parameters and an abstract method', async () => {
    const declared = await one(`extern Reg<T> {
      Reg(bit<32> size);
      Reg(bit<32> size, T initial);
      T read(in bit<32> index);
      void write<I>(in I index, in T value);
      @synchronous(read) abstract void apply(inout T value, @optional out bit<8> result);
    }`);
    expect(declared).toMatchObject({
      kind: 'extern',
      typeParams: [{ text: 'T' }],
      members: [
        { kind: 'constructor', params: [{}] },
        { kind: 'constructor', params: [{}, {}] },
        { kind: 'method', abstract: false, returns: { kind: 'named-type' } },
        { kind: 'method', typeParams: [{ text: 'I' }], returns: { kind: 'void-type' } },
        {
          kind: 'method',
          abstract: true,
          annotations: [{ name: 'synchronous' }],
          params: [{ direction: 'inout' }, { direction: 'out', annotations: [{ name: 'optional' }] }],
        },
      ],
    });
  });

  test('functions of the architecture and of the program', async () => {
    expect(await one('extern bit<32> hash<T, O>(out O result, in T data = 5);')).toMatchObject({
      kind: 'extern-function',
      typeParams: [{ text: 'T' }, { text: 'O' }],
      params: [{ direction: 'out' }, { direction: 'in', default: { value: 5n } }],
    });
    expect(await one('extern T f<T>(in T x);')).toMatchObject({ kind: 'extern-function', returns: { path: { name: { text: 'T' } } } });
    expect(await one('bit<8> max(in bit<8> a, bit<8> b) { return a > b ? a : b; }')).toMatchObject({
      kind: 'function',
      params: [{ direction: 'in' }, {}],
      body: { body: [{ kind: 'return', value: { kind: 'mux' } }] },
    });
    expect(await declarations('extern Later; Later f(in Later x) { return x; }')).toHaveLength(1);
  });

  test('types of parsers and controls, packages and instances of them', async () => {
    const all = await declarations(`
      parser P<H>(packet_in b, out H h);
      control C<H>(inout H h);
      package Switch<H>(P<H> p, C<H> c = C());
      Switch(MyParser(), c = MyControl<bit<8>>(1)) main;
      @name("x") .Switch<_>(MyParser()) other;
    `);
    expect(all.map((d) => d.kind)).toEqual(['parser-type', 'control-type', 'package', 'instance', 'instance']);
    expect(all[3]).toMatchObject({ name: { text: 'main' }, args: [{}, { name: { text: 'c' } }] });
    expect(all[4]).toMatchObject({
      type: { path: { absolute: true }, args: [{ kind: 'dont-care-type' }] },
      annotations: [{ name: 'name' }],
    });
  });

  test('an instance that implements abstract methods', async () => {
    const declared = await one(
      'RegisterAction<bit<8>>(r) a = { void apply(inout bit<8> v, out bit<8> o) { o = v; this.inc(); } Inner() i; };',
    );
    expect(declared).toMatchObject({
      kind: 'instance',
      members: [
        { kind: 'function', name: { text: 'apply' } },
        { kind: 'instance', name: { text: 'i' } },
      ],
    });
  });
});

describe('parsers', () => {
  test('locals, states, statements and transitions', async () => {
    const declared = await one(`parser P(packet_in b, out H h)(bit<8> size) {
      const bit<8> one = 1;
      bit<8> count = 0;
      Sub() sub;
      value_set<bit<16>>(4) types;
      state start { transition next; }
      @name("second") state next {
        b.extract(h.eth);
        sub.apply(b, h);
        { bool inner = true; }
        if (count > 1) { count = count + 1; } else count = 0;
        ;
        transition select(h.eth.type, count) {
          (0x800, 0): accept;
          (0x0000 &&& 0xF000, _): accept;
          (1..5, default): reject;
          _: accept;
          default: reject;
          types: next;
        }
      }
      state last { }
    }`);
    expect(declared).toMatchObject({
      kind: 'parser',
      constructorParams: [{ name: { text: 'size' } }],
      locals: [{ kind: 'constant' }, { kind: 'variable' }, { kind: 'instance' }, { kind: 'value-set', name: { text: 'types' } }],
    });
    if (declared.kind !== 'parser') throw new Error();
    const [start, next, last] = declared.states;
    expect(start?.transition).toMatchObject({ kind: 'goto', next: { text: 'next' } });
    expect(next?.annotations).toMatchObject([{ name: 'name' }]);
    expect(next?.body.map((s) => s.kind)).toEqual(['call-statement', 'call-statement', 'block', 'if', 'empty']);
    if (next?.transition?.kind !== 'select') throw new Error();
    expect(next.transition.on.map(show)).toEqual(['h.eth.type', 'count']);
    expect(next.transition.cases.map((c) => `${c.keys.map(showKey).join(', ')}: ${c.next.text}`)).toEqual([
      '2048, 0: accept',
      '0 &&& 61440, _: accept',
      '1 .. 5, _: reject',
      '_: accept',
      '_: reject',
      'types: next',
    ]);
    expect(last).not.toHaveProperty('transition');
  });

  test('parentheses around a key are a tuple only where they hold more than an expression', async () => {
    const declared = await one(`parser P() { state start { transition select(x) {
      (1): a; (1) + 2: b; (bit<8>) 3: c; (1 &&& 2): d; (1) &&& (2): e; (f(1, 2)): g; (a ? b : c): h;
    } } }`);
    if (declared.kind !== 'parser' || declared.states[0]?.transition?.kind !== 'select') throw new Error();
    expect(declared.states[0].transition.cases.map((c) => c.keys.map(showKey).join(', '))).toEqual([
      '1',
      '(1 + 2)',
      '(cast bit<8> 3)',
      '1 &&& 2',
      '1 &&& 2',
      'f(1, 2)',
      '(a ? b : c)',
    ]);
  });

  test('what a state cannot contain', async () => {
    expect(
      await mistakes('parser P() { state start {\n switch (x) { }\n { return; }\n for (bit<8> i in 1..3) { }\n transition accept; } }'),
    ).toEqual([
      '2:2 A state of a parser cannot contain a switch.',
      '3:4 A state of a parser cannot contain a return.',
      '4:2 A state of a parser cannot contain a loop.',
    ]);
  });
});

describe('controls and tables', () => {
  test('locals and the apply block', async () => {
    const declared = await one(`control C(inout H h) {
      const bit<8> k = 1; bit<8> v; Counter(4) c;
      @hidden action a(bit<9> port, inout H x) { h.port = port; }
      table t { key = { } actions = { } }
      apply @likely { t.apply(); }
    }`);
    expect(declared).toMatchObject({
      kind: 'control',
      locals: [{ kind: 'constant' }, { kind: 'variable' }, { kind: 'instance' }, { kind: 'action' }, { kind: 'table' }],
      body: { annotations: [{ name: 'likely' }], body: [{ kind: 'call-statement' }] },
    });
    expect(declared).not.toHaveProperty('constructorParams');
  });

  test('properties of tables', async () => {
    const declared = await one(
      `control C() {
      table t {
        key = { h.a: exact @name("a"); h.b[3:0] & 1: ternary; h.isValid(): exact; }
        actions = { drop; @tableonly set(h.a); .NoAction; }
        const default_action = drop();
        @mine size = 2 * 512;
        largest_priority_wins = false;
        implementation = action_profile(32);
        state = 1;
        const entries = {
          (1, 2 &&& 3, true): set(1);
          const priority = 10: (_, 1..2, default): drop() @note("x");
          priority = (2 + 3): 5: drop;
        }
      }
      apply { }
    }`.replace('C.x; ', ''),
    );
    if (declared.kind !== 'control' || declared.locals[0]?.kind !== 'table') throw new Error();
    const { properties } = declared.locals[0];
    expect(properties.map((p) => (p.kind === 'property' ? p.name.text : p.kind))).toEqual([
      ...['key', 'actions', 'default_action', 'size', 'largest_priority_wins', 'implementation', 'state', 'entries'],
    ]);
    const [key, actions, defaultAction, size, , implementation, , entries] = properties;
    expect(key).toMatchObject({
      keys: [{ match: { text: 'exact' }, annotations: [{ name: 'name' }] }, { match: { text: 'ternary' } }, {}],
    });
    expect(actions).toMatchObject({
      actions: [{ path: { name: named('drop') } }, { annotations: [{ name: 'tableonly' }], args: [{}] }, { path: { absolute: true } }],
    });
    expect(defaultAction).toMatchObject({ const: true, value: { kind: 'call' } });
    expect(size).toMatchObject({ const: false, annotations: [{ name: 'mine' }] });
    // Where the architecture is not known, the constructor is a call.
    expect(implementation).toMatchObject({ value: { kind: 'call' } });
    if (entries?.kind !== 'entries') throw new Error();
    expect(entries.const).toBe(true);
    expect(entries.entries.map((e) => e.keys.map(showKey).join(', '))).toEqual(['1, 2 &&& 3, true', '_, 1 .. 2, _', '5']);
    expect(entries.entries[1]).toMatchObject({ const: true, priority: { value: 10n }, action: { annotations: [{ name: 'note' }] } });
    expect(entries.entries[2]).toMatchObject({ const: false, priority: { kind: 'binary' } });
  });
});

describe('annotations, comments and places', () => {
  test('annotations of both forms', async () => {
    const declared = await one(`@a @b() @c("x", 1 + (2)) @d[] @e[1, "x" ++ y,] @f[k = 1, l = "x"] @table(if) @pragma p q 3
      struct S { @g bit<8> x; }`);
    expect(declared.kind === 'struct' && declared.annotations).toMatchObject([
      { kind: 'free', name: 'a' },
      { kind: 'free', name: 'b', body: [] },
      {
        name: 'c',
        body: [
          { kind: 'string', text: 'x' },
          { kind: 'symbol', text: ',' },
          { kind: 'number', text: '1' },
          { kind: 'symbol', text: '+' },
          ...['(', '2', ')'].map((text) => ({ text })),
        ],
      },
      { kind: 'structured', name: 'd', elements: [], pairs: [] },
      { kind: 'structured', elements: [{ value: 1n }, { kind: 'binary' }] },
      { kind: 'structured', pairs: [{ name: { text: 'k' } }, { name: { text: 'l' }, value: { value: 'x' } }] },
      { kind: 'free', name: 'table', body: [{ kind: 'word', text: 'if' }] },
      { kind: 'free', name: 'p', body: [{ text: 'q' }, { text: '3' }] },
    ]);
    expect(declared).not.toHaveProperty('annotations.0.body');
    expect(declared).toMatchObject({ fields: [{ annotations: [{ name: 'g' }] }] });
  });

  test('any characters may be in an annotation, and nowhere else', async () => {
    await one("@a($ ' ` \\ é) struct S { }");
    expect(await mistakes('const int a = $b;')).toEqual(["1:15 Expected an expression, found '$'."]);
  });

  test('comments above a declaration are kept', async () => {
    const all = await declarations(`// a licence

      /// The first
      /// of two.
      @x struct S {
        /* a field */
        bit<8> f; // not of g
        bit<8> g;
      }
      /**
       * Does it.
       */
      action a() {
        // a statement
        x = 1;
      }`);
    expect(all[0]).toMatchObject({ doc: 'The first\nof two.', fields: [{ doc: 'a field' }, {}] });
    expect(all[0]).not.toHaveProperty('fields.1.doc');
    expect(all[1]).toMatchObject({ doc: 'Does it.', body: { body: [{ kind: 'assign', doc: 'a statement' }] } });
  });

  test('every node is frozen and has its place in the text', async () => {
    const text = `@a(1) header H { bit<8> f; }
control C(inout H h) {
  table t { key = { h.f: exact; } actions = { } }
  apply { if (h.f == 1) { h.f = h.f + 1; } t.apply(); }
}`;
    const all = await declarations(text);
    const lines = text.split('\n');
    let nodes = 0;
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      expect(Object.isFrozen(value)).toBe(true);
      if ('kind' in value || 'text' in value) {
        const { loc } = value as Decl;
        expect(loc.file).toBe(file);
        expect(lines[loc.line - 1]?.slice(loc.column - 1)).toMatch(/^\S/);
        nodes++;
      }
      for (const child of Object.values(value)) visit(child);
    };
    visit(all);
    expect(nodes).toBeGreaterThan(40);
    expect(all[1]?.loc).toEqual({ file, line: 2, column: 1 });
    expect(all[1]).toMatchObject({
      body: { body: [{ loc: { line: 4, column: 11 }, cond: { loc: { column: 15 }, opLoc: { column: 19 } } }, {}] },
    });
  });

  test('types are shown as they are written', async () => {
    const [declared] = await declarations('const tuple<bit<8>, .T<_>[2]> c = { };');
    expect(declared?.kind === 'constant' && showType(declared.type)).toBe('tuple<bit<8>, .T<_>[2]>');
  });
});
