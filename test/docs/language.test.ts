// Every snippet of docs/language.md is typechecked and runs, and becomes what the page says; so is the pipeline of the README.

import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import * as language from 'p4ts';
import * as protocols from 'p4ts/headers';
import * as runtime from 'p4ts/runtime';
import ts from 'typescript';
import { describe, expect, test, vi } from 'vitest';
import { compile } from '../../compiler/compile.js';
import { programOf } from '../../compiler/dsl/handles.js';
import { type Diagnostic, DiagnosticError } from '../../compiler/support/diagnostics.js';
import { bmv2 } from '../../targets/bmv2/node.js';
import { p4ts, root } from '../cli/command.js';
import { folderWith } from '../support/folders.js';
import { type Block, type Finding, matches, moduleOf, readPage, sectionsOf, shows, type Unit } from './page.js';

const types = ['AnyHeader', 'Ctl', 'Expr', 'Headers', 'IngressBody', 'Meta', 'Ref', 'StateCtx', 'ViewOf'];
const imports = [
  `import { ${[...types.map((type) => `type ${type}`), ...Object.keys(language)]} } from 'p4ts';`,
  `import { ${Object.keys(protocols)} } from 'p4ts/headers';`,
  `import { ${Object.keys(runtime)} } from 'p4ts/runtime';`,
].join('\n');
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const { files, units, commands } = readPage(text('docs/language.md'), imports);
const [readme] = sectionsOf(text('README.md'))
  .flat()
  .filter(({ lang }) => lang === 'ts');
units.push(moduleOf('readme.ts', imports, readme as Block));
const folder = folderWith({
  'package.json': '{ "type": "module" }',
  ...Object.fromEntries(files.map(({ name, text }) => [name, `${text}\n`])),
  ...Object.fromEntries(units.map(({ file, source }) => [file, source])),
});
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));

const isTest = ({ file }: Unit): boolean => file.endsWith('.test.ts');
const ofTsc = ({ code }: Finding): boolean => code.startsWith('TS');

describe.each(units.filter((unit) => !isTest(unit)))('the snippet in line $line ($file)', (unit) => {
  test('is what tsc says it is', { timeout: 120_000 }, () => {
    compareFindings(typeErrors(unit), unit.findings.filter(ofTsc));
  });

  // What has errors of tsc is not there to run.
  test.skipIf(unit.findings.some(ofTsc))('runs, and becomes what the page shows', async () => {
    const { diagnostics, p4, printed } = await run(unit);
    compareFindings(
      diagnostics.map((d) => ({ line: lineOf(unit, d), severity: d.severity, code: d.code, text: d.message })),
      unit.findings,
    );
    for (const { text } of unit.p4) expect(p4).toSatisfy((whole: string) => shows(text, whole), `to contain the lines\n${text}`);
    for (const { text } of unit.prints) expect(printed).toSatisfy((whole: string) => matches(text, whole), `to be\n${text}`);
  });
});

describe.each(units.filter(isTest))('$file', async ({ file }) => {
  await import(join(folder, file));
});

test.each(commands)('the command in line $line prints what the page shows', { timeout: 120_000 }, async ({ text }) => {
  const [command = '', ...expected] = text.split('\n');
  const args = [...command.replace('$ p4ts ', '').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? (word as string));
  const { stdout, stderr } = await p4ts(args, folder);
  expect(stdout + stderr).toSatisfy((whole: string) => matches(expected.join('\n'), whole), `to be\n${expected.join('\n')}`);
});

// ── what is found ──

/** Shows the findings that are not as the page says by their own text, the others by that of the page. */
function compareFindings(found: readonly Finding[], expected: readonly Finding[]): void {
  const shown = (finding: Finding): string => `line ${finding.line}: ${finding.severity} ${finding.code}: ${finding.text}`;
  const isAs = (a: Finding, b: Finding): boolean => a.line === b.line && a.code === b.code && matches(b.text, a.text);
  expect(found.map((finding) => shown(expected.find((other) => isAs(finding, other)) ?? finding))).toEqual(expected.map(shown));
}

let program: ts.Program | undefined;

function typeErrors(unit: Unit): Finding[] {
  program ??= ts.createProgram(
    units.map(({ file }) => join(folder, file)),
    compilerOptions(),
  );
  const source = program.getSourceFile(join(folder, unit.file)) as ts.SourceFile;
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((found) => ({
    line: unit.lines[source.getLineAndCharacterOfPosition(found.start ?? 0).line + 1] ?? 0,
    severity: 'error',
    code: `TS${found.code}`,
    text: ts.flattenDiagnosticMessageText(found.messageText, ' '),
  }));
}

/** Those of the repository. Snippets declare what they do not use. */
function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const own = { noUnusedLocals: false, noUnusedParameters: false, typeRoots: ['node_modules/@types'], include: [] };
  return ts.parseJsonConfigFileContent({ compilerOptions: { ...config.compilerOptions, ...own }, files: [] }, ts.sys, root).options;
}

const lineOf = (unit: Unit, { loc }: Diagnostic): number => (loc.file.endsWith(unit.file) ? (unit.lines[loc.line] ?? 0) : 0);

// ── running ──

interface Run {
  readonly diagnostics: readonly Diagnostic[];
  readonly p4: string;
  readonly printed: string;
}

async function run(unit: Unit): Promise<Run> {
  const printed: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((...values: unknown[]) => {
    printed.push(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '));
  });
  try {
    const { diagnostics, p4 } = await compiled(unit);
    return { diagnostics, p4, printed: printed.join('\n') };
  } finally {
    log.mockRestore();
  }
}

async function compiled(unit: Unit): Promise<Omit<Run, 'printed'>> {
  let found: ReturnType<typeof programOf>;
  try {
    const exports: Record<string, unknown> = await import(join(folder, unit.file));
    found = Object.values(exports).map(programOf).find(Boolean);
  } catch (error) {
    if (error instanceof DiagnosticError) return { diagnostics: error.diagnostics, p4: '' };
    throw error;
  }
  if (!found) return { diagnostics: [], p4: '' };
  if (found.diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics: found.diagnostics, p4: '' };
  const result = compile(found.ir, bmv2);
  const p4 = result.compiled?.files.find(({ suffix }) => suffix === '.p4')?.contents ?? '';
  // No snippet uses all of the metadata that the page gives to them.
  const isOfPage = ({ code, message }: Diagnostic): boolean => code === 'never-used' && message.includes('`meta.');
  return { diagnostics: [...found.diagnostics, ...result.diagnostics].filter((d) => !isOfPage(d)), p4: String(p4) };
}
