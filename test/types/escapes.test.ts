/** Where the sources tell tsc to believe them. There are no more such places than these; a new one needs a better type, or a reason. */
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { expect, test } from 'vitest';

/**
 * - `any`: in types of the client that infer from handles, and in parameters of actions, which tsc compares in both directions.
 * - `as never`: where a value gets a brand that exists for tsc only, or a record of functions is read at a computed key.
 * - `as unknown as`: the same for records of several kinds.
 */
const most = { any: 30, 'as never': 56, 'as unknown as': 30 };

const sources = ['compiler', 'runtime', 'targets', 'cli'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => `${folder}/${name}`),
);

function escapesOf(path: string): (keyof typeof most)[] {
  const found: (keyof typeof most)[] = [];
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) found.push('any');
    if (ts.isAsExpression(node)) {
      if (node.type.kind === ts.SyntaxKind.NeverKeyword) found.push('as never');
      if (ts.isAsExpression(node.expression) && node.expression.type.kind === ts.SyntaxKind.UnknownKeyword) found.push('as unknown as');
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest));
  return found;
}

test('the escapes from the type checker are counted', () => {
  const found = sources.flatMap((path) => escapesOf(path).map((kind) => ({ kind, path })));
  for (const [kind, limit] of Object.entries(most)) {
    const places = found.filter((one) => one.kind === kind).map(({ path }) => path);
    expect(places.length, `${kind}: ${places.join(', ')}`).toBeLessThanOrEqual(limit);
  }
});
