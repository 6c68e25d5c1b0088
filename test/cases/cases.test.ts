/**
 * What p4ts makes of each program, as files beside it. A folder has a program, `pipeline.ts` or `program.p4`, and may have
 * `entries.txt` (or .json, .yaml) and `packets.txt`, a port and a packet in hexadecimal a line. All the other files are goldens,
 * which `npx vitest run test/cases -u` writes anew; `npm run record` compares them with what p4c makes of the same program, too.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { validate } from '../../compiler/analysis/validate.js';
import { compile } from '../../compiler/compile.js';
import { flatten } from '../../compiler/flat/index.js';
import { printFlat } from '../../compiler/flat/print.js';
import { typesModule } from '../../compiler/imported-p4/types-module.js';
import type { Program } from '../../compiler/ir/index.js';
import { fromJson, toJson } from '../../compiler/ir/json.js';
import { toBinary } from '../../compiler/p4info/binary.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import { fromBinary } from '../../compiler/p4info/read.js';
import { toText } from '../../compiler/p4info/text.js';
import { type Diagnostic, renderDiagnostics } from '../../compiler/support/diagnostics.js';
import { simulate } from '../../runtime/client/simulate.js';
import type { AnyPipeline } from '../../runtime/client/types.js';
import { renderTrace } from '../../runtime/data-plane/render-trace.js';
import { applyEntries, readEntries } from '../../runtime/entries/index.js';
import { forP4c } from '../../targets/bmv2/for-p4c/index.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { findTool } from '../../targets/node.js';
import { printP4 } from '../../targets/p4/printer.js';
import { canonical, load } from '../frontend/lower/load.js';
import { type Case, cases, descriptorOf } from '../support/cases.js';
import { completeP4Info } from '../support/complete-p4info.js';
import { compileWithP4c, p4c } from '../support/p4c.js';
import { fromHex } from '../support/packets.js';

const found = typeof (await findTool(p4c)) === 'string';

interface Made {
  readonly case: Case;
  readonly pipeline: AnyPipeline;
  readonly program: Program;
  /** For BMv2 where it is written for every target; as it is otherwise. */
  readonly lowered: Program;
  /** What BMv2's compiler is given, unless it is refused before. */
  readonly p4?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** The goldens, by the names of their files: a new target adds its own here. A case has those that are not undefined. */
const outputs: Readonly<Record<string, (made: Made) => string | undefined | Promise<string | undefined>>> = {
  'diagnostics.txt': ({ diagnostics }) => (diagnostics.length > 0 ? `${fromFolder(renderDiagnostics(diagnostics))}\n` : undefined),
  'v1model.p4': ({ p4 }) => p4,
  'psa.p4': ({ lowered }) => (lowered.arch === 'psa' ? printP4(lowered) : undefined),
  'flat.txt': ({ lowered, p4 }) => (p4 || lowered.arch === 'psa' ? printFlat(flatten(lowered)) : undefined),
  'p4info.txtpb': ({ lowered }) => toText(buildP4Info(withoutComments(lowered))),
  'program.p4.ts': ({ case: { language }, program }) => (language === 'P4' ? typesModule(program, { file: './program.p4' }) : undefined),
  'trace.txt': trace,
};
const given = /^(pipeline\.ts|program\.p4|packets\.txt|entries\.(txt|json|yaml))$/;

describe.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
  let made: Promise<Made> | undefined;
  const make = () => (made ??= makeOf(one));

  test.each(Object.keys(outputs))('%s', async (name) => {
    const text = await outputs[name]?.(await make());
    if (text !== undefined) await expect(text).toMatchFileSnapshot(`${one.folder}${name}`);
    else expect(existsSync(`${one.folder}${name}`)).toBe(false);
  });

  test('has no file that nothing reads or writes', () => {
    expect(readdirSync(one.folder).filter((file) => !given.test(file) && !(file in outputs))).toEqual([]);
  });

  test('its P4Info and its IR are read back', async () => {
    const { program, lowered } = await make();
    const p4info = buildP4Info(lowered);
    expect(fromBinary(toBinary(p4info))).toEqual(completeP4Info(p4info));
    expect(fromJson(toJson(program))).toEqual(program);
  });

  test('it is valid in the form that p4c takes', async () => {
    const { lowered } = await make();
    if (lowered.arch === 'v1model') expect(validate(forP4c(lowered)).diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  });

  test('its P4 is read as the same program', async () => {
    const { lowered } = await make();
    expect(canonical(await load(printP4(lowered)))).toEqual(canonical(lowered));
  });

  test.runIf(found)('p4c accepts its P4 without a warning, and gives the same P4Info', { timeout: 60_000 }, async () => {
    const { lowered, p4, diagnostics } = await make();
    if (!p4) return;
    const output = await compileWithP4c(p4);
    if (diagnostics.some(({ code }) => code === 'p4c-refuses')) {
      expect(output).toMatchObject({ code: 'refused' });
      return;
    }
    if ('code' in output) throw new Error(output.message);
    expect(output.warnings).toEqual([]);
    // p4c writes no type_info where it has met nothing that may have a type of its own.
    const typeInfo = output.p4infoText.includes('type_info {') ? '' : 'type_info {\n}\n';
    expect(toText(buildP4Info(withoutComments(lowered)))).toBe(output.p4infoText + typeInfo);
    expect(JSON.parse(output.json)).toHaveProperty('pipelines');
  });
});

async function makeOf(one: Case): Promise<Made> {
  const pipeline = await one.load();
  const { ir: program, diagnostics: recorded } = descriptorOf(pipeline);
  const { compiled, diagnostics } = compile(program, bmv2);
  if (program.arch === 'portable' && !compiled) throw new Error(renderDiagnostics(diagnostics));
  const p4 = compiled?.files.find(({ suffix }) => suffix === '.p4')?.contents as string | undefined;
  const lowered = compiled?.lowered ?? program;
  return { case: one, pipeline, program, lowered, ...(p4 ? { p4 } : {}), diagnostics: [...recorded, ...diagnostics] };
}

/** What happens to the packets of the case, one after another on one switch. */
async function trace({ case: { folder }, pipeline, program }: Made): Promise<string | undefined> {
  if (!existsSync(`${folder}packets.txt`)) return undefined;
  await using sw = await simulate(pipeline);
  const entries = readdirSync(folder).find((file) => file.startsWith('entries.'));
  if (entries) await applyEntries(sw, await readEntries(program, `${folder}${entries}`));
  const lines = readFileSync(`${folder}packets.txt`, 'utf8')
    .split('\n')
    .filter((line) => /^[^#]/.test(line));
  const traces: string[] = [];
  for (const line of lines) {
    const [port = '', ...hex] = line.replace(/#.*/, '').trim().split(' ');
    traces.push(renderTrace((await sw.sendTraced(Number(port), fromHex(hex.join('')))).trace));
  }
  return fromFolder(`${traces.join('\n\n')}\n`);
}

/** With the places of files as they are within the folder of the case. */
const fromFolder = (text: string): string => text.replaceAll(/(?<=^| )[^ \n]*test\/cases\/[^/]+\//gm, '');

/** The user's comments are documentation in our P4Info, of which p4c knows nothing. */
function withoutComments(program: Program): Program {
  const strip = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(strip);
    return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (key === 'doc' ? [] : [[key, strip(inner)]])));
  };
  return strip(program) as Program;
}
