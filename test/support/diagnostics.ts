/** For tests that expect diagnostics: what a pipeline reports, with the text of the line that each is about. */
import { readFileSync } from 'node:fs';
import { programOf } from '../../compiler/dsl/handles.js';
import { type Diagnostic, DiagnosticError } from '../../compiler/support/diagnostics.js';

/** The diagnostics that recording a pipeline gives, or those that `make` ends with. */
export function diagnosticsOf(make: () => unknown): readonly Diagnostic[] {
  try {
    return programOf(make())?.diagnostics ?? [];
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics;
    throw error;
  }
}

/** What is said of pieces of programs, which leave out what whole ones have: they use, decide and emit only what a test is about. */
const ofPieces: ReadonlySet<string> = new Set([
  'never-used',
  'never-decides',
  'never-emitted',
  'nothing-emitted',
  'mirror-without-packet-in',
]);
export const isOfWhole = ({ code }: Pick<Diagnostic, 'code'>): boolean => !ofPieces.has(code);

/** The source from the place of a diagnostic to the end of its line. */
export function sourceAt(d: Pick<Diagnostic, 'loc'>): string {
  return (readFileSync(d.loc.file, 'utf8').split('\n')[d.loc.line - 1] ?? '').slice(d.loc.column - 1);
}
