/** Checks a program: after it, no back end needs to look for mistakes again. */
import { architectures } from '../arch/index.js';
import type { Program } from '../ir/program.js';
import { type Diagnostic, Diagnostics } from '../support/diagnostics.js';
import { nearest } from '../support/suggest.js';
import { type ProgramInfo, programInfo } from './program-info.js';
import { checkMain, checkProgramBlock, checkTopLevel } from './validate/blocks.js';
import { checkControlPlane } from './validate/control-plane.js';
import { checkEmits } from './validate/emitted-headers.js';
import { Environment } from './validate/environment.js';
import { checkValidity } from './validate/header-validity.js';
import { checkCopies } from './validate/mirrored-packets.js';
import { checkTopLevelNames } from './validate/names.js';
import { checkObjects } from './validate/object-count.js';
import { checkOnce } from './validate/once-per-packet.js';
import { tooLarge } from './validate/program-size.js';
import { checkStatements } from './validate/statements.js';
import { checkTypeDecls, checkTypeSizes } from './validate/types.js';
import { checkDecides } from './validate/undecided-ingress.js';
import { checkUnused } from './validate/unused.js';

export interface Validated {
  /** Everything that is wrong with the program, and warnings. */
  readonly diagnostics: readonly Diagnostic[];
  /** What its names, types and calls stand for, where nothing is wrong. */
  readonly info?: ProgramInfo;
}

/** Without an error, the program is well typed and complete (P4-16 §§7-18, and the rules of its architecture). */
export function validate(program: Program): Validated {
  const diagnostics = new Diagnostics();
  check(program, diagnostics);
  return { diagnostics: diagnostics.list, ...(diagnostics.hasErrors ? {} : { info: programInfo(program) }) };
}

/** What recording and validation find. Validation would report an error of the recording a second time. */
export const recordedAndValidated = (recorded: readonly Diagnostic[], program: Program): readonly Diagnostic[] =>
  recorded.some((d) => d.severity === 'error') ? recorded : [...recorded, ...validate(program).diagnostics];

function check(program: Program, diagnostics: Diagnostics): void {
  const limit = tooLarge(program);
  if (limit !== undefined) diagnostics.report('program-too-large', { limit });
  const arch = architectures.get(program.arch);
  if (!arch)
    diagnostics.report('unknown-name', {
      what: 'architecture',
      name: program.arch,
      suggestion: nearest(program.arch, architectures.keys()),
    });
  if (limit !== undefined || !arch) return;

  const env = new Environment(program, arch, diagnostics, checkStatements);
  checkTopLevelNames(env);
  if (!checkTypeSizes(env)) return;
  checkTypeDecls(env);
  checkTopLevel(env);
  for (const block of [...program.parsers, ...program.controls]) checkProgramBlock(env, block);
  checkMain(env);
  checkUnused(env);
  checkDecides(env);
  checkCopies(env);
  checkEmits(env);
  if (!diagnostics.hasErrors) checkObjects(program, diagnostics);
  if (!diagnostics.hasErrors) checkControlPlane(env, diagnostics);
  if (!diagnostics.hasErrors) checkOnce(env);
  if (!diagnostics.hasErrors) checkValidity(env);
}
