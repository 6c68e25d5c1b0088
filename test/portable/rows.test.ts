/** Every row of docs/portable.md is named by a test. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const rows = [...readFileSync(new URL('docs/portable.md', root), 'utf8').matchAll(/^\| ([A-Z]\d+) \|/gm)].map((m) => m[1] as string);
const files = readdirSync(new URL('test/', root), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.test.ts'));
const titles = files.flatMap((file) => {
  const text = readFileSync(new URL(`test/${file}`, root), 'utf8');
  return [...text.matchAll(/\b(?:test|describe)(?:\.\w+(?:\([^)]*\))?)?\(\s*(['"`])(.*?)\1/g)].map((m) => m[2] as string);
});
/** At the start of a title or after a semicolon: `D1:`, `D2, D3:`, `P5-P8:`. */
const lists = titles.flatMap((title) => [...title.matchAll(/(?:^|; )((?:[A-Z]\d+(?:-[A-Z]\d+)?(?:, )?)+):/g)].map((m) => m[1] as string));
const named = new Set(lists.flatMap((list) => [...list.matchAll(/([A-Z])(\d+)(?:-\1(\d+))?/g)].flatMap(expand)));

function expand([, letter, from, to = from]: RegExpMatchArray): string[] {
  return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => `${letter}${Number(from) + i}`);
}

test('the document has rows, each once', () => {
  expect(rows.length).toBeGreaterThan(40);
  expect(new Set(rows).size).toBe(rows.length);
});

test.each(rows)('%s', (row) => {
  expect(named).toContain(row);
});
