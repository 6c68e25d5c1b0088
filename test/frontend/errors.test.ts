/** Syntax errors: several in one run, each where it is, in words that say what is missing. */
import { describe, expect, test } from 'vitest';
import type { Decl } from '../../compiler/frontend/ast.js';
import { renderDiagnostics } from '../../compiler/support/diagnostics.js';
import { mistakes, parse } from './source.js';

const names = (all: readonly Decl[]): string[] => all.map((d) => ('name' in d ? d.name.text : d.kind));

describe('what is said', () => {
  test.each([
    ['struct S { bit<8> a }', "1:21 Expected ';' after the field, found '}'."],
    ['struct S {\n  bit<8> a\n  bit<8> b;\n}', "2:11 Expected ';' after the field, found the keyword 'bit'."],
    ['struct S bit<8> a; }', "1:10 Expected '{' and fields, found the keyword 'bit'."],
    ['struct S { bit<8 a; }', "1:18 Expected '>' after the width, found 'a'."],
    ['header { bit<8> a; }', "1:8 Expected a name, found '{'."],
    ['header table { bit<8> a; }', "1:8 Expected a name, found the keyword 'table'."],
    ['const bit<8> a;', "1:15 Expected '=' and the value of the constant, found ';'."],
    ['const bit<8> a = ;', "1:18 Expected an expression, found ';'."],
    ['const bit<8> a = (1 + 2;', "1:24 Expected ')' after the expression, found ';'."],
    ['const bit<8> a = f(1 2);', "1:22 Expected ',' or ')' after the argument, found the number 2."],
    ['const bit<8> a = { 1 2 };', "1:22 Expected ',' or '}' after the element, found the number 2."],
    ['enum E { a b }', "1:12 Expected ',' or '}' after the member, found 'b'."],
    ['enum E { }', "1:10 Expected the name of a member, found '}'."],
    ['enum bit<8> E { a }', "1:19 Expected '=' and the value of the member, found '}'."],
    ['error { A, }', "1:12 Expected a name, found '}'."],
    ['typedef T;', "1:10 Expected a name, found ';'."],
    ['void f() {\n  a = 1\n  b = 2;\n}', "2:8 Expected ';' after the assignment, found 'b'."],
    ['void f() { a; }', "1:13 Expected '=' or the arguments of a call, found ';'."],
    ['void f() { a + 1; }', "1:14 Expected '=' or the arguments of a call, found '+'."],
    ['void f() { 1 = a; }', '1:12 Expected a statement, found the number 1.'],
    ['void f() { if a { } }', "1:15 Expected '(' and a condition after 'if', found 'a'."],
    ['void f() { return 1 }', "1:21 Expected ';' after 'return', found '}'."],
    ['void f() { switch (a) { 1 { } } }', "1:27 Expected ':' after the label, found '{'."],
    ['void f() { for (i in 1..3) { } }', "1:19 Expected a type before the name of the variable, found the keyword 'in'."],
    ['void f() {', "1:11 Expected '}' at the end of the block, found the end of the file."],
    ['control C() { action a() { } }', "1:30 Expected 'apply', which is what the control does, a declaration, found '}'."],
    ['control C() { foo; apply { } }', "1:18 Expected a name after the type, found ';'."],
    [
      'control C() { apply { } action a() { } }',
      "1:25 Expected '}' at the end of the control, after its apply block, found the keyword 'action'.",
    ],
    ['control C() { table t { kye = { } } apply { } }', "1:35 Expected ';' after the property, found '}'."],
    ['control C() { table t { key = { a; } } apply { } }', "1:34 Expected ':' and how the key is matched, such as 'exact', found ';'."],
    ['parser P() { state start { transition accept } }', "1:46 Expected ';' after the transition, found '}'."],
    ['parser P() { state start { transition select(x) { 1: ; } } }', "1:54 Expected the name of a state, found ';'."],
    ['parser P() { start { } }', "1:20 Expected a name after the type, found '{'."],
    ['extern E { f(); }', "1:12 Expected a type, or the constructor, which is called E, found 'f'."],
    ['package P()', "1:12 Expected ';' after the package, found the end of the file."],
    ['Switch(1) main', "1:15 Expected ';' after the instance, found the end of the file."],
    ['foo', '1:4 Expected a name, found the end of the file.'],
    ['}', "1:1 Expected a declaration, found '}'."],
    ['const string a = "x;', '1:18 This string is not closed.'],
    ['struct S { /* }', '1:12 This comment is not closed.'],
    ['@a(1 struct S { }', "1:18 Expected ')' after the annotation, found the end of the file."],
    ['@x[a = 1, 2] struct S { }', "1:11 Expected a name and '=', found the number 2."],
    ['@x error { A }', '1:1 A declaration of errors takes no annotations.'],
  ])('%s', async (text, first) => {
    expect((await mistakes(text))[0]).toBe(first);
  });

  test('with the line, a caret and what helps', async () => {
    const { diagnostics } = await parse('struct S {\n\tbit<8> table;\n}');
    expect(renderDiagnostics(diagnostics.list)).toBe(`/program.p4:2:9 - error p4-syntax: Expected a name, found the keyword 'table'.
  2 | \tbit<8> table;
    | \t       ^^^^^
  help: table is a word of the language; take another name`);
  });
});

describe('reading goes on', () => {
  test('each mistake once, and all that is right is kept', async () => {
    const { program, diagnostics } = await parse(`
struct A { bit<8> a bit<8> b; bit<8> c; }
const bit<8> k = 1 +;
control C(inout A x) {
  bit<8> v = {1, 2 3};
  action a() { x.a = ; x.b = 1; }
  table t {
    key = { x.a exact; x.b: exact; }
    actions = { a }
    size = 3;
  }
  apply {
    if (x.a == ) { x.a = 1; } else { x.a = 2; }
    t.apply();
    x.c = 1 2;
    x.c = 3;
  }
}
parser P() {
  state start { transition select(x) { 1 accept; 2: accept; } }
  state next { transition accept }
}
struct B { bit<8> z; }
`);
    expect(diagnostics.list.map((d) => `${d.loc.line}:${d.loc.column}`)).toEqual([
      ...['2:21', '3:21', '5:20', '6:22', '8:17', '9:19', '13:16', '15:13', '20:42', '21:34'],
    ]);
    expect(names(program.declarations)).toEqual(['A', 'C', 'P', 'B']);
    const [a, c, p] = program.declarations;
    expect(a).toMatchObject({ fields: [{ name: { text: 'c' } }] });
    expect(c).toMatchObject({
      locals: [{ body: { body: [{ kind: 'assign' }] } }, { properties: [{ keys: [{}] }, { kind: 'actions' }, { kind: 'property' }] }],
      body: { body: [{ kind: 'call-statement' }, { kind: 'assign', value: { value: 3n } }] },
    });
    expect(p).toMatchObject({ states: [{ transition: { cases: [{ next: { text: 'accept' } }] } }] });
  });

  test('a brace that is missing does not hide what follows', async () => {
    const { program, diagnostics } = await parse(`control C() {
  action a() {
    x = 1;
  table t { key = { } }
  apply {
    if (x) {
      y = 1;
  }
}
control D() { apply { } }
struct E { bit<8> e; }`);
    expect(diagnostics.list.map((d) => `${d.loc.line}:${d.loc.column} ${d.message}`)).toEqual([
      "3:11 Expected '}' at the end of the block, found the keyword 'table'.",
      "9:2 Expected '}' at the end of the control, after its apply block, found the keyword 'control'.",
    ]);
    expect(names(program.declarations)).toEqual(['D', 'E']);
  });

  test('a brace too many is one mistake', async () => {
    const { program, diagnostics } = await parse('struct A { bit<8> a; } }\nstruct B { bit<8> b; }');
    expect(diagnostics.list).toHaveLength(1);
    expect(names(program.declarations)).toEqual(['A', 'B']);
  });

  test('types that are declared with mistakes are types', async () => {
    expect(await mistakes('header H { bit<8 a; }\nconst H h = (H) { 1 };')).toHaveLength(1);
  });
});
