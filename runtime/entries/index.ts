/** Files of table entries: the text language, checked against a pipeline, written through the same client as TypeScript's. */
import type { Program } from '../../compiler/ir/index.js';
import { visibleBlocks } from '../../compiler/p4info/blocks.js';
import { DiagnosticError, Diagnostics } from '../../compiler/support/diagnostics.js';
import { readUserFile } from '../../compiler/support/files.js';
import type { Loc } from '../../compiler/support/location.js';
import { Names } from '../client/names.js';
import { embeddedTarget } from '../client/target.js';
import { Checker, type Statement } from './check.js';

export { applyEntries } from './apply.js';
export type { Statement } from './check.js';

const maxFileLength = 64 * 1024 * 1024;

/** @throws DiagnosticError for every mistake in the file */
export async function readEntries(program: Program, file: string): Promise<readonly Statement[]> {
  return parseEntries(program, readUserFile(file, maxFileLength).toString('utf8'), file);
}

/** @throws DiagnosticError for every mistake in the text; `file` is where their places are */
export async function parseEntries(program: Program, text: string, file: string): Promise<readonly Statement[]> {
  // The parser's library takes a while to load.
  const { parseLines } = await import('./parse.js');
  const { p4info, binding } = await embeddedTarget.configure(program);
  const names = new Names(program, p4info, binding, embeddedTarget.name);
  const tables = visibleBlocks(program).flatMap((block) => block.children.flatMap((c) => (c.kind === 'table' ? [c.name] : [])));
  const diagnostics = new Diagnostics();
  const checker = new Checker(names, tables, diagnostics);
  const lines = parseLines(text, file, diagnostics);
  const statements = lines.flatMap((line) => checker.statement(line) ?? []);
  if (diagnostics.hasErrors) {
    const before = (a: Loc, b: Loc): number => a.line - b.line || a.column - b.column;
    throw new DiagnosticError(diagnostics.list.toSorted((a, b) => before(a.loc, b.loc)));
  }
  return statements;
}
