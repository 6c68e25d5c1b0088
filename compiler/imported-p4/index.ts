/** Programs written in P4-16. */
import { programInfo } from '../analysis/program-info.js';
import { checkControlPlane } from '../analysis/validate/control-plane.js';
import { checkObjects } from '../analysis/validate/object-count.js';
import { expectArguments } from '../dsl/arguments.js';
import { checkProgram } from '../frontend/check/index.js';
import { parseFile } from '../frontend/index.js';
import { lowerProgram } from '../frontend/lower/index.js';
import type { Diagnostic } from '../support/diagnostics.js';
import { host } from '../support/host.js';
import { invariant } from '../support/invariant.js';
import { withFormats } from './formats.js';
import { type P4Options, p4Arguments, parseOptions, pathOf } from './options.js';
import { type P4Names, type P4Program, programHandle } from './program.js';

export type { P4Options } from './options.js';
export type { P4Names, P4Program } from './program.js';

/**
 * Everything that is wrong with the program in a file: an empty list is a program that p4ts understands.
 * @throws DiagnosticError when the file cannot be read
 */
export async function checkP4(file: string | URL, options: P4Options = {}): Promise<readonly Diagnostic[]> {
  expectArguments('checkP4', p4Arguments, [file, options]);
  const { program, diagnostics } = await parseFile(pathOf(file), parseOptions(options));
  if (!diagnostics.hasErrors) checkProgram(program, diagnostics);
  return diagnostics.list;
}

/**
 * The program in a file. `connect` and `simulate` take it as they take a pipeline of the language, and its tables,
 * actions and the rest are there by the names that the control plane has for them: `program.tables['ingress.routes']`.
 * With the type that `p4ts types` writes for the file, tsc knows them too.
 * @throws DiagnosticError for every mistake in the program, and where its architecture is none that p4ts runs
 */
export async function loadP4<N extends P4Names = P4Names>(file: string | URL, options: P4Options = {}): Promise<P4Program<N>> {
  expectArguments('loadP4', p4Arguments, [file, options]);
  const path = pathOf(file);
  const { program: source, diagnostics } = await parseFile(path, parseOptions(options));
  diagnostics.throwIfErrors();
  const findings = checkProgram(source, diagnostics);
  diagnostics.throwIfErrors();
  const program = lowerProgram(source, findings, diagnostics, host.path.basename(path, host.path.extname(path)));
  diagnostics.throwIfErrors();
  invariant(program, 'a program without mistakes was not lowered');
  checkObjects(program, diagnostics);
  if (!diagnostics.hasErrors) checkControlPlane(programInfo(program), diagnostics);
  diagnostics.throwIfErrors();
  return programHandle(withFormats(program), diagnostics.list) as P4Program<N>;
}
