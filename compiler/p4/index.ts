/** p4ts/p4: programs written in P4-16. */
import { fileURLToPath } from 'node:url';
import { checkProgram } from '../frontend/check/index.js';
import { type ParseOptions, parseFile } from '../frontend/index.js';
import type { Diagnostic } from '../support/diagnostics.js';

export type { P4Names, P4Program } from './program.js';

export interface P4Options {
  /** Folders that are searched for included files, in order. */
  readonly includePaths?: readonly (string | URL)[];
  /** Macros that are defined before the first line, with their text. */
  readonly defines?: Readonly<Record<string, string>>;
}

/**
 * Everything that is wrong with the program in a file: an empty list is a program that p4ts understands.
 * @throws DiagnosticError when the file cannot be read
 */
export async function checkP4(file: string | URL, options: P4Options = {}): Promise<readonly Diagnostic[]> {
  const { program, diagnostics } = await parseFile(pathOf(file), parseOptions(options));
  if (!diagnostics.hasErrors) checkProgram(program, diagnostics);
  return diagnostics.list;
}

const pathOf = (file: string | URL): string => (file instanceof URL ? fileURLToPath(file) : file);

const parseOptions = ({ includePaths = [], ...options }: P4Options): ParseOptions => ({
  ...options,
  includePaths: includePaths.map(pathOf),
});
