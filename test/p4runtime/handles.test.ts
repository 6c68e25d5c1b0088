/** Handles that do not belong to the switch they are used on. */
import { bit, exact, pipeline } from 'p4ts';
import { simulate } from 'p4ts/runtime';
import { expect, test } from 'vitest';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { sourceAt } from '../support/diagnostics.js';

const withTables = (name: string, ...tables: readonly string[]) =>
  pipeline(name, {
    headers: {},
    metadata: { a: bit(8) },
    parser: { start: (p) => p.accept() },
    ingress(ctl, { meta }) {
      const drop = ctl.action('drop', {}, (c) => c.drop());
      const [first, ...rest] = tables.map((table) => ctl.table(table, { key: { a: exact(meta.a) }, actions: [drop] }));
      // Only the first is applied: P4Info leaves the others out.
      ctl.apply((c) => first && c.apply(first));
      return { first, rest, drop };
    },
    deparser() {},
  });

async function mistake(use: () => unknown) {
  try {
    await use();
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics[0];
    throw error;
  }
  return undefined;
}

test('a table of another pipeline', async () => {
  await using sw = await simulate(withTables('one', 'mine'));
  const other = withTables('two', 'theirs').ingress.first;
  const d = await mistake(() => other && sw.table(other).insert({ match: { a: 1 }, action: {} as never }));
  expect(d).toMatchObject({
    code: 'handle-of-another',
    message: 'The table ingress.theirs belongs to the pipeline two; this switch has the pipeline one.',
  });
  expect(d && sourceAt(d)).toMatch(/^(table|insert)\(/);
});

test('a variant of the pipeline, which has its name, shares the controller', async () => {
  await using sw = await simulate(withTables('one', 'mine'));
  const { first, drop } = withTables('one', 'mine', 'more').ingress;
  expect(await mistake(() => first && sw.table(first).insert({ match: { a: 1 }, action: drop() }))).toBeUndefined();
});

test('a table that is declared and never applied', async () => {
  const program = withTables('one', 'applied', 'forgotten');
  await using sw = await simulate(program);
  const [forgotten] = program.ingress.rest;
  const d = await mistake(() => forgotten && sw.table(forgotten).insert({ match: { a: 1 }, action: program.ingress.drop() }));
  expect(d).toMatchObject({ code: 'not-in-target' });
  expect(d?.message).toContain('ingress.forgotten');
  expect(d?.help).toContain('never applied');
});
