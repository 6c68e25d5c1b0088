/** Any text ends in a tree or in diagnostics, soon. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keywords } from '../../compiler/frontend/tokens.js';
import { printedPrograms } from '../support/cases.js';
import { parse } from './source.js';

const many = (n: number, before: string, after = ''): string => before.repeat(n) + after.repeat(n);
const doubling = (first: string, next: (n: number) => string): string =>
  [first, ...Array.from({ length: 40 }, (_, n) => next(n))].join('\n');

describe('limits', () => {
  test.each([
    ['parentheses', `const int a = ${many(10_000, '(')}1${many(10_000, ')')};`, 'p4-nesting'],
    ['lists', `const int a = ${many(10_000, '{')}1${many(10_000, '}')};`, 'p4-nesting'],
    ['calls', `const int a = ${many(10_000, 'f(')}1${many(10_000, ')')};`, 'p4-nesting'],
    ['casts', `const int a = ${many(10_000, '(bit<8>) ')}1;`, 'p4-nesting'],
    ['choices', `const int a = ${many(10_000, 'a ? b : ')}1;`, 'p4-nesting'],
    ['types', `const ${many(10_000, 'tuple<')}int${many(10_000, '>')} a = 1;`, 'p4-nesting'],
    ['blocks', `void f() { ${many(10_000, '{', '}')} }`, 'p4-nesting'],
    ['ifs', `void f() { ${many(10_000, 'if (a) ')} return; }`, 'p4-nesting'],
    ['targets', `void f() { ${many(10_000, '(')} a = 1; }`, 'p4-nesting'],
    ['operators', `const int a = ${many(10_000, 'a + ')}1;`, 'p4-chain'],
    ['prefixes', `const int a = ${many(10_000, '-')}1;`, 'p4-chain'],
    ['members', `const int a = a${many(10_000, '.a')};`, 'p4-chain'],
    ['else ifs', `void f() { ${many(10_000, 'if (a) return; else ')} return; }`, 'p4-chain'],
    ['less thans', `const int a = ${many(10_000, 'a < ')} a;`, 'p4-chain'],
    ['errors', many(10_000, 'struct '), 'p4-too-many-errors'],
    ['braces', many(10_000, '}'), 'p4-too-many-errors'],
    ['macros', doubling('#define A0 1 1', (n) => `#define A${n + 1} A${n} A${n}`).concat('\nconst int a = A40;'), 'macro-size'],
    [
      'calls of macros',
      doubling('#define F0(x) x x', (n) => `#define F${n + 1}(x) F${n}(F${n}(x))`).concat('\nconst int a = F40(1);'),
      'macro-size',
    ],
    ['arguments of macros', `#define F(x) (x)\nconst int a = ${many(5000, 'F(')}1${many(5000, ')')};`, 'macro-size'],
    ['conditions', many(10_000, '#if 1\n'), 'condition-depth'],
    ['parentheses in a condition', `#if ${many(10_000, '(')}\n#endif`, 'p4-nesting'],
    ['digits', `const int a = ${many(1_000_000, '9')};`, 'p4-number'],
    ['an open comment', `/* ${many(1_000_000, '*')}`, 'p4-unclosed'],
    ['an open annotation', `@a${many(10_000, '(')}`, 'p4-syntax'],
  ])('%s', async (_, text, code) => {
    const { diagnostics } = await parse(text);
    expect(diagnostics.list.map((d) => d.code)).toContain(code);
    expect(diagnostics.list.length).toBeLessThan(200);
  });

  test.each([
    ['parentheses', `const int a = ${many(90, '(')}1${many(90, ')')};`],
    ['blocks', `void f() { ${many(240, '{', '}')} }`],
    ['ifs in the braces of an else', `void f() { if (a) { } ${many(120, 'else { if (a) { }', '}')} }`],
    ['operators', `const int a = ${many(450, 'a + ')}1;`],
    ['else ifs', `void f() { ${many(450, 'if (a) return; else ')} return; }`],
    ['fields', `struct S { ${many(20_000, 'bit<8> a; ')} }`],
    ['declarations', many(110_000, ';')],
    ['macros that name each other', `#define A B\n#define B A\nconst int a = A;`],
    ['a string with escapes', `const string a = "${many(200_000, '\\\\')}";`],
  ])('%s below them are read', async (_, text) => {
    expect((await parse(text)).diagnostics.list).toEqual([]);
  });
});

describe('programs with something changed at random', () => {
  const programs = printedPrograms.map(({ text }) => text.replaceAll('#include', '// include'));
  const pieces = [
    ...keywords.keys(),
    ...'{ } ( ) [ ] < > <= >> ; : , . .. ... = == + - * / @ # ## \\ " \' & && &&& | ! ~ ? _ {#} +: x T 1 8w1 /* */ // \n#if \n#endif\n \n#define \n'.split(
      ' ',
    ),
  ];

  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.nat(30),
    insert: fc.array(fc.constantFrom(...pieces), { maxLength: 4 }),
  });

  test('the programs of the tests are read', async () => {
    expect(programs.length).toBeGreaterThan(10);
  });

  test('ends in diagnostics with places', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...programs), fc.array(change, { minLength: 1, maxLength: 5 }), async (program, changes) => {
        let text = program;
        for (const { at, length, insert } of changes) {
          const start = Math.floor(at * text.length);
          text = `${text.slice(0, start)} ${insert.join(' ')} ${text.slice(start + length)}`;
        }
        const { diagnostics } = await parse(text);
        const lines = text.split('\n');
        for (const { loc, message } of diagnostics.list) {
          expect(loc.line, message).toBeGreaterThan(0);
          expect(loc.line, message).toBeLessThanOrEqual(lines.length);
          expect(loc.column, message).toBeLessThanOrEqual((lines[loc.line - 1] as string).length + 1);
        }
      }),
      { numRuns: 150, seed: 4 },
    );
  });

  test('any sequence of words is read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { maxLength: 120 }), async (words) => {
        await parse(words.join(' '));
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  test('any characters are read', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
        await parse(text);
      }),
      { numRuns: 150, seed: 4 },
    );
  });
});
