/** What a target is: it lowers portable programs to its architecture and writes files. */
import type { Program } from './ir/program.js';
import type { P4Info } from './p4info/messages.js';
import type { Lowered, LowerOptions } from './passes/index.js';
import type { Diagnostic } from './support/diagnostics.js';

export interface OutputFile {
  /** What follows the program's name in the file's name, such as `.p4info.txtpb`. */
  readonly suffix: string;
  readonly contents: string | Uint8Array;
}

export interface Target {
  readonly name: string;
  /** The architecture of its programs: they are taken as they are. */
  readonly arch: string;
  /** What it refuses is in the diagnostics, at the user's line. */
  lower(program: Program, options: LowerOptions): Lowered;
  /** What the target refuses of a program for its architecture, at the user's line. */
  check?(lowered: Program): readonly Diagnostic[];
  /** The files of a lowered program, made without any other tool. */
  emit(lowered: Program, p4info: P4Info): readonly OutputFile[];
  /** The files that the target's own tools make of the emitted ones, where the user has these tools. */
  build?(name: string, emitted: readonly OutputFile[]): Promise<Built>;
}

export interface Built {
  readonly files: readonly OutputFile[];
  readonly diagnostics: readonly Diagnostic[];
}
