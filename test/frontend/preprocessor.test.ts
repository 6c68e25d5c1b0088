/** The preprocessor (P4-16 §6.2, C11 §6.10): what it puts into a program, and where it says that it comes from. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Decl } from '../../compiler/frontend/ast.js';
import { parseFile } from '../../compiler/frontend/index.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { folderWith } from '../support/folders.js';
import { declarations, expression, mistakes, parse, readProgram, show } from './source.js';

const names = (all: readonly Decl[]): string[] => all.map((d) => ('name' in d ? d.name.text : d.kind));
const kept = async (text: string): Promise<string[]> => names(await declarations(text));

describe('strings of several lines are text to the preprocessor of p4c', () => {
  /** The strings in the annotations of a struct. */
  const strings = async (text: string): Promise<string[]> => {
    const declared = (await declarations(text)).at(-1) as { readonly annotations: readonly { readonly body: readonly unknown[] }[] };
    return declared.annotations.map(({ body }) => (body[0] as { readonly text: string }).text);
  };

  test('conditions choose among their lines', async () => {
    const string = (...lines: string[]): string => `@text("a\n${lines.join('\n')}\nz") struct S { }`;
    const lines = ['#if defined(N)', ' n', '#else', '  # if 0', ' no', '#endif', ' other', '#endif', '#other', 'y'];
    expect(await strings(string(...lines))).toEqual(['a\n\n\n\n\n\n\n other\n\n#other\ny\nz']);
    expect(await strings(`#define N\n${string(...lines)}`)).toEqual(['a\n\n n\n\n\n\n\n\n\n#other\ny\nz']);
    // What is left out as a whole keeps the conditions around it.
    expect(await kept(`#if 0\n${string(...lines)}\n#endif\nconst bit<8> e = 1;`)).toEqual(['e']);
    expect(await kept(`#if 1\n${string(...lines)}\n#endif\nconst bit<8> d = 2;`)).toEqual(['S', 'd']);
  });

  test('macros in them are expanded, in strings of one line they are not', async () => {
    const text = '#define IPV4 0x0800\n#define F(x) x + x\n';
    expect(await strings(`${text}@a("IPV4 ==\n  t == IPV4 && F(\tIPV4 ); // not IPV4\n")\n@b("IPV4") struct S { }`)).toEqual([
      'IPV4 ==\n  t == 0x0800 && 0x0800 + 0x0800; // not IPV4\n',
      'IPV4',
    ]);
  });

  test('quotes in them', async () => {
    const text = '#define X 5\n';
    expect(await strings(`${text}@a("it's X\n X \\"X\\" X\n it's X\n \\\\") @b("\n see http://X.org X") struct S { }`)).toEqual([
      'it\'s X\n 5 \\"X\\" X\n it\'s X\n \\\\',
      '\n see http://X.org X',
    ]);
    expect(await mistakes('struct A { }\n@a("x\n\n struct B { }')).toContain('2:4 This string is not closed.');
  });

  test('quotes in what is left out do not reach over its end', async () => {
    expect(await kept('#if 0\n say "don\'t\n#endif\nstruct A { }\n#if 0\n "x\n#else\nstruct B { }\n#endif')).toEqual(['A', 'B']);
  });
});

describe('macros', () => {
  test.each(
    [
      ['#define N 8', 'N', '8'],
      ['#define A B\n#define B 1 + 2', 'A * 3', '(1 + (2 * 3))'],
      ['#define ADD(a, b) (a + b)', 'ADD(1, ADD(2, 3)) * 4', '((1 + (2 + 3)) * 4)'],
      ['#define F(x) x', 'F((1, 2).x)', ''],
      ['#define F(x) f(x)', 'F((a)) + F', '(f(a) + F)'],
      ['#define F() 1', 'F() + F( )', '(1 + 1)'],
      ['#define CAT(a, b) a##b', 'CAT(x, 1) + CAT(8w, 15)', '(x1 + 8w15)'],
      ['#define CAT(a, b) a ## b\n#define x1 5', 'CAT(x, 1)', '5'],
      ['#define CAT(a, b) pre_##a##_##b', 'CAT(x, y)', 'pre_x_y'],
      ['#define CAT(a, b) n ## a ## b', 'CAT(, z)', 'nz'],
      ['#define STR(x) #x', 'STR(a  +  b)', '"a + b"'],
      ['#define STR(x) #x', 'STR("q\\n")', '"\\"q\\\\n\\""'],
      ['#define STR_(x) #x\n#define STR(x) STR_(x)\n#define N 8', 'STR(N) ++ STR_(N)', '("8" ++ "N")'],
      ['#define LIST(...) { __VA_ARGS__ }', 'LIST(1, f(2, 3))', '{1, f(2, 3)}'],
      ['#define CALL(f, ...) f(__VA_ARGS__)', 'CALL(g, 1, 2) + CALL(h)', '(g(1, 2) + h())'],
      // A macro is not expanded within itself.
      ['#define x x + y\n#define y x', 'x', '(x + x)'],
      ['#define f(a) f(a + 1)', 'f(f(2))', 'f((f((2 + 1)) + 1))'],
      ['#define N 8\n#undef N', 'N', 'N'],
      ['#define bit int', '(bit<8>) 1', '(cast int<8> 1)'],
      ['#define LONG 1 + \\\n  2', 'LONG', '(1 + 2)'],
      ['#define C 1 /* one\n */ + 2 // two', 'C', '(1 + 2)'],
    ].filter(([, , tree]) => tree !== ''),
  )('%s: %s', async (before, text, tree) => {
    expect(await expression(text as string, before)).toBe(tree);
  });

  test('arguments go over lines', async () => {
    expect(await expression('ADD(1,\n 2 // two\n )', '#define ADD(a, b) (a + b)')).toBe('(1 + 2)');
  });

  test('__LINE__ and __FILE__ are those of the use', async () => {
    const [a, b] = await declarations('#define HERE __LINE__\nconst int a =\n HERE;\nconst string b = __FILE__;');
    expect(a?.kind === 'constant' && show(a.value)).toBe('3');
    expect(b?.kind === 'constant' && show(b.value)).toBe('"/program.p4"');
  });

  test('what comes from a macro is where the macro is used, arguments where they are written', async () => {
    const [declared] = await declarations('#define ADD(a) (1 + a)\nconst int x =\n  ADD(\n    y);');
    expect(declared).toMatchObject({ value: { left: { loc: { line: 3, column: 3 } }, right: { loc: { line: 4, column: 5 } } } });
    const { diagnostics } = await parse('#define BAD 1 +\nconst int x = BAD;');
    expect(diagnostics.list).toMatchObject([{ message: "Expected an expression, found ';'.", loc: { line: 2, column: 18 } }]);
    const inMacro = (await parse('#define BAD(x) x + ]\nconst int x = BAD(1);')).diagnostics.list;
    expect(inMacro).toMatchObject([
      { loc: { line: 2, column: 15 }, notes: [{ message: 'this comes from the macro BAD', loc: { line: 1, column: 20 } }] },
    ]);
  });

  test('mistakes', async () => {
    expect(await mistakes('#define F(a, b) a\nconst int x = F(1);')).toContain('2:15 The macro F takes 2 arguments, not 1.');
    expect(await mistakes('#define F(a) a\nconst int x = F(1')).toContain('2:15 The arguments of the macro F are not closed.');
    expect(
      await mistakes('#define F(a) (#b\n#define G(a, a) a\n#define 1 2\n#define H ## x\n#define defined 1\n#define F2(a b) 1'),
    ).toEqual([
      '2:10 The parameters of the macro G must be a list of different names.',
      '3:9 "1" cannot be the name of a macro.',
      '4:11 In a macro, ## must be between two words.',
      '5:9 "defined" cannot be the name of a macro.',
      '6:11 The parameters of the macro F2 must be a list of different names.',
    ]);
    expect(await mistakes('#define A 1\n#define A 1\n#define A 2')).toEqual(['3:9 The macro A is defined again, differently.']);
  });
});

describe('conditions', () => {
  test.each([
    ['1', true],
    ['0', false],
    ['A', true],
    ['B', false],
    ['defined A && !defined(B)', true],
    ['A == 3 && B == 0', true],
    ['A & 1 == 1', true],
    ['4 & 2 == 2', false],
    ['(1 << 4) == 16 && 16 >> 2 == 4', true],
    ['-1 < 0 && ~0 == -1', true],
    ['7 / 2 == 3 && 7 % 4 == 3', true],
    ['0x10 == 16 && 010 == 8 && 0b11 == 3', true],
    ['B ? 0 : A > 2', true],
    ['0 && 1 / 0', false],
    ['1 || 1 / 0', true],
    ['TWICE(A) == 6', true],
    ['A >= 3 && A <= 3 && A != 4', true],
    ['20180101L > 2018', true],
  ])('#if %s', async (condition, holds) => {
    expect(await kept(`#define A 3\n#define TWICE(x) (2 * x)\n#if ${condition}\nstruct Yes { }\n#else\nstruct No { }\n#endif`)).toEqual([
      holds ? 'Yes' : 'No',
    ]);
  });

  test('branches: the first that holds, and what is not read is not looked at', async () => {
    const text = (n: number): string => `#define N ${n}
#if N == 1
struct One { }
#elif N == 2
struct Two { }
# ifdef X
  # error never read ' "
# else
struct Nested { }
# endif
#elif N == 2
struct Never { }
#else
struct Other { ' }
#endif
#ifndef X
struct Last { }
#endif`;
    expect(await kept(text(1))).toEqual(['One', 'Last']);
    expect(await kept(text(2))).toEqual(['Two', 'Nested', 'Last']);
    expect((await mistakes(text(3)))[0]).toMatch(/^14:/);
  });

  test('a list goes on over conditions', async () => {
    const [declared] = await declarations('enum E {\n#if 0\n a,\n#endif\n b,\n c,\n}');
    expect(declared).toMatchObject({ members: [{ name: { text: 'b' } }, { name: { text: 'c' } }] });
  });

  test('mistakes', async () => {
    expect(await mistakes('#if\n#endif\n#if 1 +\n#endif\n#if (1\n#endif\n#if 1 2\n#endif\n#if 1 / 0\n#endif\n#if "x"\n#endif')).toEqual([
      '1:1 Expected a value, found the end of the line.',
      '3:5 Expected a value, found the end of the line.',
      "5:5 Expected ')', found the end of the line.",
      "7:5 Expected the end of the line, found '2'.",
      '9:5 The right operand of / is zero.',
      '11:5 Expected a value, found \'"x"\'.',
    ]);
    expect(await mistakes('#else\n#endif\n#elif 1\n#if 1\n#else\n#else\n')).toEqual([
      '1:1 This #else has no #if.',
      '2:1 This #endif has no #if.',
      '3:1 This #elif has no #if.',
      '6:1 #else cannot follow #else: #else is the last branch of an #if.',
      '4:1 This #if has no #endif.',
    ]);
    expect(await mistakes('#ifdef\n#endif\n#undef A B\n#defin X\n')).toEqual([
      '1:1 #ifdef needs one name.',
      '3:10 "B" after #undef is ignored, with the rest of the line.',
      '4:1 There is no directive #defin: the line is ignored, as p4c ignores it; did you mean "define"?',
    ]);
  });
});

describe('included files', () => {
  test('quotes begin beside the file, angles in the folders that are named', async () => {
    const system = folderWith({ 'lib.p4': 'struct Lib { }', 'both.p4': 'struct SystemBoth { }' });
    const own = folderWith({
      'main.p4':
        '#include <lib.p4>\n#include "near.p4"\n#include "both.p4"\n#include <both.p4>\n#define NAME "near.p4"\n#include NAME\nstruct Main { }',
      'near.p4': '#include "lib.p4"\nstruct Near { }',
      'both.p4': 'struct OwnBoth { }',
    });
    const program = await readProgram(join(own, 'main.p4'), { includePaths: [system] });
    expect(names(program.declarations)).toEqual(['Lib', 'Lib', 'Near', 'OwnBoth', 'SystemBoth', 'Lib', 'Near', 'Main']);
    expect(program.file).toBe(join(own, 'main.p4'));
    expect(program.declarations.map((d) => d.loc.file)).toEqual(
      [...['lib', 'lib'].map((f) => join(system, `${f}.p4`)), join(own, 'near.p4'), join(own, 'both.p4'), join(system, 'both.p4')].concat([
        join(system, 'lib.p4'),
        join(own, 'near.p4'),
        join(own, 'main.p4'),
      ]),
    );
  });

  test('macros reach over files, and guards keep a file from being read twice', async () => {
    const own = folderWith({
      'main.p4': '#define WIDTH 9\n#include "types.p4"\n#include "types.p4"\nconst Port p = LAST;',
      'types.p4': '#ifndef TYPES\n#define TYPES\ntypedef bit<WIDTH> Port;\n#define LAST 511\n#endif',
    });
    const { declarations: all } = await readProgram(join(own, 'main.p4'));
    expect(all).toMatchObject([
      { kind: 'typedef', type: { width: { value: 9n } } },
      { kind: 'constant', value: { value: 511n } },
    ]);
  });

  test('an included file that changes is read anew', async () => {
    const own = folderWith({ 'main.p4': '#include "a.p4"', 'a.p4': 'struct Before { }' });
    expect(names((await readProgram(join(own, 'main.p4'))).declarations)).toEqual(['Before']);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(join(own, 'a.p4'), 'struct After { }');
    expect(names((await readProgram(join(own, 'main.p4'))).declarations)).toEqual(['After']);
  });

  test('a mistake in an included file is shown there', async () => {
    const own = folderWith({ 'main.p4': '#include "a.p4"\nstruct B { }', 'a.p4': 'struct A {\n  bit<8> x\n}' });
    const { program, diagnostics } = await parseFile(join(own, 'main.p4'));
    expect(diagnostics.list).toMatchObject([{ loc: { file: join(own, 'a.p4'), line: 2, column: 11 } }]);
    expect(names(program.declarations)).toEqual(['A', 'B']);
    await expect(readProgram(join(own, 'main.p4'))).rejects.toThrow(DiagnosticError);
    await expect(readProgram(join(own, 'main.p4'))).rejects.toThrow('2 |   bit<8> x\n    |           ^');
    await expect(readProgram(join(own, 'elsewhere.p4'))).rejects.toThrow('there is no such file');
  });

  test('mistakes', async () => {
    const own = folderWith({
      'main.p4': '#include "elsewhere.p4"\n#include <elsewhere.p4>\n#include none\n#include "self.p4"',
      'self.p4': '#include "self.p4"',
    });
    const { diagnostics } = await parseFile(join(own, 'main.p4'), { includePaths: ['/nowhere'] });
    expect(diagnostics.list.map((d) => d.message)).toEqual([
      `The file "elsewhere.p4" cannot be included: it is not in ${own}, /nowhere.`,
      'The file "elsewhere.p4" cannot be included: it is not in /nowhere.',
      '#include needs <name> or "name".',
      'The file "self.p4" cannot be included: files can be included 100 deep at most.',
    ]);
  });
});

describe('other directives', () => {
  test('what is no directive is passed over', async () => {
    const { program, diagnostics } = await parse('struct A {\n#recirculate(meta); don\'t "look\n  bit<8> a; }\n#ident "x"\nstruct B { }');
    expect(names(program.declarations)).toEqual(['A', 'B']);
    expect(diagnostics.list).toMatchObject([{ code: 'unknown-directive', severity: 'warning', loc: { line: 2, column: 1 } }]);
  });

  test('#pragma once, #import, #include_next and __has_include', async () => {
    const [first, second] = [
      folderWith({
        'x.p4': 'struct First { }\n#include_next <x.p4>',
        'once.p4': '#pragma once\nstruct Once { }',
        'two.p4': 'struct Two { }',
      }),
      folderWith({ 'x.p4': 'struct Second { }' }),
    ];
    const own = folderWith({
      'main.p4': [
        '#include <x.p4>\n#include "once.p4"\n#include <once.p4>\n#import "two.p4"\n#include "two.p4"',
        '#if __has_include("main.p4") && __has_include(<x.p4>) && !__has_include(<main.p4>) && !__has_include("none.p4")',
        'struct Found { }\n#endif\n#include "x.p4"; // a semicolon\nconst int level = __INCLUDE_LEVEL__;',
      ].join('\n'),
    });
    const { program, diagnostics } = await parseFile(join(own, 'main.p4'), { includePaths: [first, second] });
    expect(names(program.declarations)).toEqual(['First', 'Second', 'Once', 'Two', 'Found', 'First', 'Second', 'level']);
    expect(diagnostics.list.map(({ code, loc }) => `${code} ${loc.line}`)).toEqual(['directive-rest 9']);
  });

  test('the markers of a text that is preprocessed already say where it comes from', async () => {
    const text = '# 1 "main.p4"\n# 1 "<built-in>"\n# 1 "main.p4"\n# 1 "types.p4" 1 3\nstruct A { }\n# 2 "main.p4" 2\nstruct B { x }\n';
    expect((await parse(text)).diagnostics.list).toMatchObject([{ loc: { file: 'main.p4', line: 2, column: 14 } }]);
  });

  test('#line moves the places of what follows', async () => {
    const [a, b, c] = await declarations(
      '#line 10 "other.p4"\nconst int a = 1;\n\n# 3 "third.p4" 2\nconst int b = 1;\n#line 7\nconst int c = __LINE__;',
    );
    expect(a?.loc).toEqual({ file: 'other.p4', line: 10, column: 1 });
    expect(b?.loc).toEqual({ file: 'third.p4', line: 3, column: 1 });
    expect(c?.loc).toEqual({ file: 'third.p4', line: 7, column: 1 });
    expect(c).toMatchObject({ value: { value: 7n } });
  });

  test('#error, #warning, #pragma and a lone #', async () => {
    const { diagnostics } = await parse('#error don\'t\n#warning "careful"\n#pragma once\n#\n# /* nothing */\nstruct S { }');
    expect(diagnostics.list).toMatchObject([
      { severity: 'error', message: "#error don't", loc: { line: 1 } },
      { severity: 'warning', message: '#warning "careful"', loc: { line: 2 } },
    ]);
  });

  test('macros of the caller', async () => {
    expect(await expression('N + WIDTH(4)', '')).toBe('(N + WIDTH(4))');
    const [declared] = await declarations('const int x = N + EMPTY M;', { defines: { N: '1', M: '2', EMPTY: '' } });
    expect(declared?.kind === 'constant' && show(declared.value)).toBe('(1 + 2)');
  });

  test('a backslash joins lines, and places stay those of the text', async () => {
    const [declared] = await declarations('\uFEFFconst bit<8> na\\\nme = 1 + \\\r\n  x;\n');
    expect(declared).toMatchObject({ name: { text: 'name' }, value: { right: { loc: { line: 3, column: 3 } } } });
  });

  test('@pragma goes to the end of its line, and of a string that goes on over lines', async () => {
    const [first, second] = await declarations('@pragma name "x\n y" 1\nstruct A { }\n@pragma name "x\\"y\\\n z"\nstruct B { }');
    expect(first).toMatchObject({ annotations: [{ name: 'name', body: [{ text: 'x\n y' }, { text: '1' }] }] });
    expect(second).toMatchObject({ annotations: [{ name: 'name', body: [{ text: 'x\\"y z' }] }] });
    const [declared] = await declarations('@pragma name "x" (1\n@pragma last /* comment */\nstruct S { }');
    expect(declared).toMatchObject({
      annotations: [
        { name: 'name', body: [{ text: 'x' }, { text: '(' }, { text: '1' }] },
        { name: 'last', body: [] },
      ],
    });
  });
});
