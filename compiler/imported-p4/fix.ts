/** Programs in P4 in today's form, with their comments and layout as they are. */
import { checkProgram } from '../frontend/check/index.js';
import { type Edit, edited, lineAt, unifiedDiff } from '../frontend/fix/edits.js';
import { fixesFor } from '../frontend/fix/index.js';
import { SourceText } from '../frontend/fix/source-text.js';
import { parseFile } from '../frontend/index.js';
import { isLibrary } from '../frontend/library.js';
import { maxFileSize } from '../frontend/limits.js';
import type { Diagnostic } from '../support/diagnostics.js';
import { readUserText } from '../support/files.js';
import { host } from '../support/host.js';
import { type P4Options, parseOptions } from './options.js';

export interface FixedFile {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** As a unified diff. */
  readonly diff: string;
  readonly changes: readonly { readonly line: number; readonly what: string }[];
}
export interface Fixed {
  /** Those in which something changes. */
  readonly files: readonly FixedFile[];
  /** What is left as it is, and why. */
  readonly left: readonly Diagnostic[];
}

/**
 * What of the program in `file` is written in another way today. `also`: files that it includes and that may be changed too.
 * Nothing is written.
 * @throws DiagnosticError for every mistake in the program
 */
export async function fixP4(file: string, also: readonly string[] = [], options: P4Options = {}): Promise<Fixed> {
  const { program, diagnostics } = await parseFile(file, parseOptions(options));
  diagnostics.throwIfErrors();
  const findings = checkProgram(program, diagnostics);
  diagnostics.throwIfErrors();
  const { resolve } = host.path;
  const given = new Map([file, ...also].map((path) => [resolve(path), path]));
  const sources = new Map<string, SourceText>();
  for (const name of filesOf(program.declarations)) {
    const path = given.get(resolve(name));
    if (!isLibrary(name) && path !== undefined) sources.set(name, new SourceText(name, readUserText(path, maxFileSize)));
  }
  const { edits, left } = fixesFor(findings, sources);
  return {
    files: [...sources].flatMap(([name, source]) =>
      fixedFile(
        given.get(resolve(name)) ?? name,
        source,
        edits.filter((e) => e.file === name),
      ),
    ),
    left,
  };
}

function fixedFile(path: string, source: SourceText, edits: readonly Edit[]): readonly FixedFile[] {
  if (edits.length === 0) return [];
  const { text } = source;
  const changes = new Map(edits.map(({ from, what }) => [`${lineAt(source, from)} ${what}`, { line: lineAt(source, from), what }]));
  const inOrder = [...changes.values()].sort((a, b) => a.line - b.line);
  return [{ path, before: text, after: edited(text, edits), diff: unifiedDiff(path, text, edits), changes: inOrder }];
}

const filesOf = (declarations: readonly { readonly loc: { readonly file: string } }[]): ReadonlySet<string> =>
  new Set(declarations.map((d) => d.loc.file));
