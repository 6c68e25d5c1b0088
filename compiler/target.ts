/** What a target is: it lowers portable programs to its architecture and writes files. */
import { portable } from './arch/index.js';
import { type Binding, identityBinding } from './binding.js';
import type { Program } from './ir/program.js';
import type { P4Info } from './p4info/messages.js';
import { type Diagnostic, Diagnostics } from './support/diagnostics.js';

export interface OutputFile {
  /** What follows the program's name in the file's name, such as `.p4info.txtpb`. */
  readonly suffix: string;
  readonly contents: string | Uint8Array;
}

export interface LowerOptions {
  /** The port of the controller (default 510). */
  readonly cpuPort?: number;
}
/** A program as a target has it. */
export interface Lowered {
  /** For the target's architecture. Meaningless when there are errors in `diagnostics`. */
  readonly program: Program;
  readonly binding: Binding;
  /** What the target refuses, at the user's line. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Something that runs or compiles programs for an architecture of its own, and portable programs. */
export interface Lowering {
  readonly name: string;
  /** The architecture of its programs: they are taken as they are. */
  readonly arch: string;
  /** Other architectures whose programs it takes as they are. */
  readonly alsoTakes?: readonly string[];
  /** A portable program that passed `validate`, for the target's architecture. */
  lower(program: Program, options: LowerOptions): Lowered;
}

export interface Target extends Lowering {
  /** What the target refuses of a lowered program, at the user's line. */
  check?(lowered: Program): readonly Diagnostic[];
  /** The files of a lowered program that `check` has nothing against. */
  emit(lowered: Program, p4info: P4Info): readonly OutputFile[];
}

/** Whether the target takes programs for that architecture. */
export const takes = ({ arch, alsoTakes = [] }: Lowering, program: Pick<Program, 'arch'>): boolean =>
  [portable.name, arch, ...alsoTakes].includes(program.arch);

/** A program that passed `validate`, for the architecture of the target: lowered where it is portable, otherwise as it is. */
export function prepare(program: Program, target: Lowering, options: LowerOptions = {}): Lowered {
  if (program.arch === portable.name) return target.lower(program, options);
  const diagnostics = new Diagnostics();
  if (!takes(target, program)) {
    const first = [...program.parsers, ...program.controls].find((block) => block.name === program.main.blocks[0]);
    const shown = { target: target.name, takes: target.arch, arch: program.arch };
    diagnostics.report('target-architecture', shown, first ? { loc: first.loc } : {});
  }
  return { program, binding: identityBinding(program), diagnostics: diagnostics.list };
}
