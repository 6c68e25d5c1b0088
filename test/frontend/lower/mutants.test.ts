/** Ill-typed programs end in diagnostics: programs of ours with words changed go through everything that reads programs in P4. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validate } from '../../../compiler/analysis/validate.js';
import { keywords } from '../../../compiler/frontend/tokens.js';
import { buildP4Info } from '../../../compiler/p4info/build.js';
import { DiagnosticError } from '../../../compiler/support/diagnostics.js';
import { printP4 } from '../../../targets/p4/printer.js';
import { printedPrograms } from '../../support/cases.js';
import { tryLoad } from './load.js';

const folder = fileURLToPath(new URL('../programs/', import.meta.url));
const word =
  /^#(?:.*\\\n)*.*$|"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|\/\/.*|[A-Za-z_]\w*|\d\w*|&&&|\.\.\.?|\{#\}|\+\+|\+:|&&|\|\||(?:\|[+-]\||<<|>>|[-+*/%&|^=!<>])=|\|[+-]\||<<|>>|[^\s\w]/gm;

/** The words of a program, without its comments; what is for the preprocessor is one word. */
const wordsOf = (text: string): readonly string[] =>
  (text.match(word) ?? []).filter((w) => !/^\/[/*]/.test(w)).map((w) => (w.startsWith('#') ? `\n${w}\n` : w));

const programs = [
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.p4') && name !== 'frame.p4')
    .map((name) => readFileSync(`${folder}${name}`, 'utf8')),
  ...printedPrograms.map(({ text }) => text),
].map(wordsOf);

const literals = ['0', '1', '8w255', '2s3', '65537', '-1', 'true', '"x"', '_', '{#}', '...', '{ 1, 2 }', '{ a = 1 }', '1 ++ 2', '1 << 70'];
const types = ['bit<8>', 'int<8>', 'int', 'bool', 'string', 'error', 'varbit<8>', 'tuple<bit<8>>', 'bit<8>[2]', 'void'];
const operators = ['+', '-', '/', '++', '<<', '==', '<', '&&', '|+|', '&'];
const parts = [
  ...literals,
  '.isValid()',
  '.apply()',
  '.size',
  '.minSizeInBits()',
  '[3:0]',
  '[0]',
  '(bit<8>)',
  '(bool)',
  'out',
  'const',
  '!',
  '~',
];

const isNumber = (w: string): boolean => /^\d|^(?:true|false)$/.test(w);
const isName = (w: string): boolean => /^[A-Za-z_]/.test(w) && !keywords.has(w);
const kinds: readonly { readonly of: (w: string) => boolean; readonly by: (words: readonly string[]) => readonly string[] }[] = [
  { of: isName, by: (words) => words.filter(isName) },
  { of: isNumber, by: () => literals },
  { of: isName, by: () => literals },
  { of: (w) => operators.includes(w), by: () => operators },
  { of: (w) => ['bit', 'int', 'bool'].includes(w), by: () => types },
];

const at = fc.noBias(fc.nat(9999)).map((n) => n / 10_000);
const change = fc.record({ kind: fc.noBias(fc.nat(kinds.length + 1)), from: at, to: at });

function changed(words: readonly string[], { kind, from, to }: { kind: number; from: number; to: number }): readonly string[] {
  const pick = <T>(list: readonly T[], where: number): T | undefined => list[Math.floor(where * list.length)];
  const rule = kinds[kind];
  const places = words.flatMap((w, i) => (!w.startsWith('\n') && (!rule || rule.of(w)) ? [i] : []));
  const place = pick(places, from);
  if (place === undefined) return words;
  const [before, after] = [words.slice(0, place), words.slice(place + 1)];
  if (rule) return [...before, pick(rule.by(words), to) ?? '', ...after];
  return kind === kinds.length ? [...before, words[place] as string, pick(parts, to) as string, ...after] : [...before, ...after];
}

test('programs with nothing changed are taken', async () => {
  for (const words of programs) {
    const { diagnostics } = await tryLoad(words.join(' '), { includePaths: [folder] });
    expect(diagnostics.filter((d) => d.severity === 'error').map((d) => d.message)).toEqual([]);
  }
});

test('1000 programs', async () => {
  const ends = { parsed: 0, loaded: 0 };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...programs), fc.array(change, { minLength: 1, maxLength: 2 }), async (words, changes) => {
      const text = changes.reduce(changed, words).join(' ');
      try {
        const { program, diagnostics } = await tryLoad(text, { includePaths: [folder] });
        if (!diagnostics.some((d) => d.code === 'p4-syntax')) ends.parsed++;
        if (!program || diagnostics.some((d) => d.severity === 'error')) return;
        if (validate(program).diagnostics.some((d) => d.severity === 'error')) return;
        printP4(program);
        buildP4Info(program);
        ends.loaded++;
      } catch (error) {
        if (!(error instanceof DiagnosticError)) throw error;
      }
    }),
    { numRuns: 1000, seed: 7 },
  );
  expect(ends.parsed).toBeGreaterThan(150);
  expect(ends.loaded).toBeGreaterThan(10);
});
