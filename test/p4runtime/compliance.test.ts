/** Every row of docs/p4runtime-compliance.md names a test that is there. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const text = readFileSync(new URL('docs/p4runtime-compliance.md', root), 'utf8');
const rows = [...text.matchAll(/^\| (R\d+) \| .* \| `(.+?)`: (.+) \|$/gm)].map(([, row = '', file = '', name = '']) => ({
  row,
  file,
  name,
}));

test('the document has rows, each once', () => {
  expect(rows.length).toBeGreaterThan(90);
  expect(rows.length).toBe([...text.matchAll(/^\| R\d+ \|/gm)].length);
  expect(new Set(rows.map(({ row }) => row)).size).toBe(rows.length);
});

test.each(rows)('$row: $file, $name', ({ file, name }) => {
  const path = new URL(file, root);
  expect(existsSync(path)).toBe(true);
  const titles = [...readFileSync(path, 'utf8').matchAll(/\btest(?:\.each\([\s\S]*?\))?\(\s*(['"`])(.*?)\1/g)].map((m) => m[2]);
  expect(titles).toContain(name);
});
