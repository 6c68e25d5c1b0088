/** The Simple Test Framework: p4c's language of tests, which send packets, expect packets, and install entries. */
import { expectArguments } from '../../compiler/dsl/arguments.js';
import { DiagnosticError, Diagnostics } from '../../compiler/support/diagnostics.js';
import { readUserText } from '../../compiler/support/files.js';
import type { Statement } from './ast.js';

export type { Statement } from './ast.js';
export { runStf, type StfFailure, type StfReport } from './run.js';

const maxFileLength = 16 * 1024 * 1024;

/** @throws DiagnosticError for every line that is not STF */
export async function readStf(file: string): Promise<readonly Statement[]> {
  expectArguments('readStf', { file: 'text' }, [file]);
  // The parser's library takes a while to load.
  const { parseStf } = await import('./parse.js');
  const diagnostics = new Diagnostics();
  const statements = parseStf(readUserText(file, maxFileLength), file, diagnostics);
  if (diagnostics.hasErrors) throw new DiagnosticError(diagnostics.list);
  return statements;
}
