/** Programs of P4-16, a group of features each: what they do to packets, worked out by hand in their tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { validate } from '../../../compiler/analysis/validate.js';
import { programOf } from '../../../compiler/dsl/handles.js';
import { loadP4 } from '../../../compiler/imported-p4/node.js';
import { fromJson, toJson } from '../../../compiler/ir/json.js';
import { readStf, runStf } from '../../../runtime/stf/index.js';
import { printP4 } from '../../../targets/p4/printer.js';
import { canonical, load } from './load.js';

const folder = fileURLToPath(new URL('../programs/', import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.stf'))
  .map((file) => file.replace(/\.stf$/, ''));

const read = (name: string) => load(readFileSync(`${folder}${name}.p4`, 'utf8'), { includePaths: [folder] });

describe.each(names)('%s', (name) => {
  it('does what its test says', async () => {
    const { failures, expected } = await runStf(await loadP4(`${folder}${name}.p4`), await readStf(`${folder}${name}.stf`));
    expect(failures.map((f) => f.diagnostic.message)).toEqual([]);
    expect(expected).toBeGreaterThan(0);
  });

  it('is a valid program, and keeps its places in JSON', async () => {
    const program = await read(name);
    expect(validate(program).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
    expect(fromJson(toJson(program))).toEqual(program);
  });

  it('is read as the same program when it is printed', async () => {
    const program = await read(name);
    expect(canonical(await load(printP4(program)))).toEqual(canonical(program));
  });
});

it('every node of a program has its place in the file', async () => {
  const handle = await loadP4(`${folder}tables.p4`);
  const program = programOf(handle)?.ir;
  const ingress = program?.controls.find((c) => c.name === 'ingress');
  const lines = readFileSync(`${folder}tables.p4`, 'utf8').split('\n');
  const at = (loc: { readonly line: number; readonly column: number } | undefined) =>
    lines[(loc?.line ?? 0) - 1]?.slice((loc?.column ?? 0) - 1);
  expect(at(ingress?.body[0]?.loc)).toMatch(/^switch \(byKind/);
  const ranked = ingress?.locals.find((l) => l.kind === 'table' && l.name === 'ranked');
  expect(at(ranked?.loc)).toMatch(/^ranked \{/);
  expect(ranked?.kind === 'table' && ranked.entries?.map((e) => at(e.loc))).toHaveLength(3);
});
