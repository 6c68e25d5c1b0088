/** Any program that parses is checked soon, and ends in diagnostics. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkProgram } from '../../../compiler/frontend/check/index.js';
import { printedPrograms } from '../../support/cases.js';
import { parse } from '../source.js';
import { check } from './check.js';

const series = (count: number, line: (n: number) => string): string => Array.from({ length: count }, (_, n) => line(n)).join('\n');

describe('what would grow without end', () => {
  test.each([
    ['structs', `struct S0 { bit<8> a; }\n${series(60, (n) => `struct S${n + 1} { S${n} a; S${n} b; }`)}`, 'p4-type-parts'],
    ['generic structs', `struct S0<T> { T a; }\n${series(60, (n) => `struct S${n + 1}<T> { S${n}<T> a; S${n}<T> b; }`)}`, 'p4-type-parts'],
    [
      'type arguments',
      `struct P<A, B> { A a; B b; }\n${series(60, (n) => `struct P${n}<T> { T a; T b; }`)}\ntypedef bit<8> T0;\n${series(59, (n) => `typedef P${n}<T${n}> T${n + 1};`)}`,
      'p4-type-parts',
    ],
    ['tuples', `typedef bit<8> T0;\n${series(60, (n) => `typedef tuple<T${n}, T${n}> T${n + 1};`)}`, 'p4-type-parts'],
    ['structs within structs', `struct S0 { bit<8> a; }\n${series(10_000, (n) => `struct S${n + 1} { S${n} a; }`)}`, 'p4-type-depth'],
    ['types of types', `type bit<8> T0;\n${series(10_000, (n) => `type T${n} T${n + 1};`)}`, 'p4-type-depth'],
    [
      'types of results',
      `extern tuple<T, T> g<T>(in T a);\nvoid f() { bool b = ${'g('.repeat(60)}8w1${')'.repeat(60)} == ${'g('.repeat(60)}8w1${')'.repeat(60)}; }`,
      'p4-type-parts',
    ],
    ['lists', `void f(in bit<8> a) {\n${series(60, (n) => `const tuple<bit<8>> a${n} = { 1 };`)}\n}`, undefined],
    ['numbers', `const int n0 = 3;\n${series(60, (n) => `const int n${n + 1} = n${n} * n${n};`)}`, 'value-too-large'],
    ['shifts', `const int n0 = 1;\n${series(60, (n) => `const int n${n + 1} = n${n} << 60000;`)}`, 'value-too-large'],
    ['one shift', 'const int n = 1 << 1000000000;', 'shift-too-far'],
    ['one shift of bits', 'const bit<8> n = 8w1 << 1000000000; const bit<8> m = 8w1 >> 1000000000;', 'shift-overflow'],
    ['texts', `const string s0 = "text";\n${series(60, (n) => `const string s${n + 1} = s${n} ++ s${n};`)}`, 'value-too-large'],
    ['bits', `void f(in bit<8> b) { bool r = ${'('.repeat(20)}b${' ++ b) == b'.slice(0, 6).repeat(20)} == b; }`, 'operand-type'],
    ['wide values', `void f(in bit<60000> b) { bool r = b ++ b == b; }`, 'value-too-large'],
    [
      'arrays',
      `header H { bit<8> a; }\nvoid f(in H[65536] s, in H[65536][65536] t, out bool r) { r = s == s; r = t == t; r = t[65535][65535] == s[1]; }`,
      undefined,
    ],
    ['overloads', `${series(10_000, (n) => `extern void g(in bit<8> a${n});`)}\nvoid f() { g(1); }`, 'p4-overloads'],
    ['methods', `extern E {\n${series(10_000, (n) => `void g(in bit<8> a${n});`)}\n}`, 'p4-overloads'],
    [
      'unknown names',
      `${series(10_000, (n) => `const bit<8> a${n} = 1;`)}\n${series(10_000, (n) => `const bit<8> b${n} = c${n};`)}`,
      'unknown-name',
    ],
    ['a long name', `const bit<8> ${'a'.repeat(100_000)} = 1; const bit<8> c = ${'b'.repeat(100_000)};`, 'unknown-name'],
    [
      'fields',
      `struct S {\n${series(6000, (n) => `bit<8> a${n};`)}\n}\nvoid f(inout S s) {\n${series(6000, (n) => `s.a${n} = s.a${5999 - n};`)}\n}`,
      undefined,
    ],
    ['errors', `error {\n${series(50_000, (n) => `E${n}`).replaceAll('\n', ',')}\n}`, undefined],
    [
      'states',
      `parser p() {\nstate start { transition s0; }\n${series(10_000, (n) => `state s${n} { transition s${n + 1}; }`)}\nstate s10000 { transition accept; }\n}`,
      undefined,
    ],
    ['operators', `void f(inout bit<8> a) { a = ${'a + '.repeat(450)}1; }`, undefined],
    ['known numbers', `const int a = ${'1 + '.repeat(450)}1;`, undefined],
    ['choices', `void f(inout bit<8> a, in bool b) { a = ${'b ? a : '.repeat(90)}1; }`, undefined],
    ['branches', `void f(in bool b) { ${'if (b) return; else '.repeat(450)} return; }`, undefined],
    ['members', `struct S { bit<8> a; } void f(in S s) { bit<8> r = s${'.a'.repeat(450)}; }`, 'no-such-member'],
    ['elements', `void f(in tuple<bit<8>> s) { bit<8> r = s${'[0]'.repeat(450)}; }`, 'operand-type'],
  ])('%s', async (_, text, code) => {
    const { diagnostics } = await check(text);
    if (code) expect(diagnostics.list.map((d) => d.code)).toContain(code);
    else expect(diagnostics.list.map((d) => d.message)).toEqual([]);
  });
});

describe('programs with something changed at random', () => {
  const programs = printedPrograms.map(({ text }) => text);
  const word = /[A-Za-z_][A-Za-z0-9_]*|\d[\w]*|[^\s\w]/g;

  test('are checked without an exception', async () => {
    let parsed = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...programs),
        fc.array(
          fc.record({
            from: fc.double({ min: 0, max: 1, noNaN: true }),
            to: fc.double({ min: 0, max: 1, noNaN: true }),
            kind: fc.constantFrom('copy', 'remove', 'number'),
          }),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        async (program, changes) => {
          let text = program;
          for (const { from, to, kind } of changes) {
            const words = [...text.matchAll(word)];
            const [a, b] = [words[Math.floor(from * (words.length - 1))], words[Math.floor(to * (words.length - 1))]];
            if (!a || !b) continue;
            // A word for another one of its kind, so that many programs still parse.
            const like = words.filter((w) => /^\w/.test(w[0]) === /^\w/.test(b[0]));
            const other = kind === 'remove' ? '' : kind === 'number' ? '65537' : (like[Math.floor(from * (like.length - 1))]?.[0] ?? '');
            text = `${text.slice(0, b.index)} ${other} ${text.slice(b.index + b[0].length)}`;
          }
          const { program: tree, diagnostics } = await parse(text);
          // Also what is left of a program with syntax errors.
          checkProgram(tree, diagnostics);
          if (!diagnostics.list.some((d) => d.code === 'p4-syntax')) parsed++;
          expect(diagnostics.list.every((d) => d.loc.line > 0)).toBe(true);
        },
      ),
      { numRuns: 150, seed: 4 },
    );
    expect(parsed).toBeGreaterThan(20);
  });
});
