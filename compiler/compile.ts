/** From a program to a target's files: validate, lower, validate again, check the target's limits, emit. */
import { validate } from './analysis/validate.js';
import type { Binding } from './binding.js';
import type { Program } from './ir/program.js';
import { buildP4Info } from './p4info/build.js';
import type { P4Info } from './p4info/messages.js';
import { type Diagnostic, Diagnostics, renderDiagnostics } from './support/diagnostics.js';
import { InternalError } from './support/invariant.js';
import { type LowerOptions, type OutputFile, prepare, type Target } from './target.js';

/** What a program became in a target. */
export interface Compiled {
  readonly target: Target;
  /** For the target's architecture. */
  readonly lowered: Program;
  readonly p4info: P4Info;
  /** From paths of the program to the target's names, which are those of `p4info`. */
  readonly binding: Binding;
  readonly files: readonly OutputFile[];
}

export interface CompileResult {
  /** Errors and warnings, in the order in which they were found. */
  readonly diagnostics: readonly Diagnostic[];
  /** Absent when there is an error in `diagnostics`. */
  readonly compiled?: Compiled;
}

/** Compiles a portable program, or one written for the target's own architecture. Users' mistakes are diagnostics. */
export function compile(program: Program, target: Target, options: LowerOptions = {}): CompileResult {
  const diagnostics = new Diagnostics();
  diagnostics.add(...validate(program).diagnostics);
  if (diagnostics.hasErrors) return { diagnostics: diagnostics.list };
  const { program: lowered, binding, diagnostics: refused } = prepare(program, target, options);
  diagnostics.add(...refused);
  if (diagnostics.hasErrors) return { diagnostics: diagnostics.list };
  if (lowered !== program) checkLowered(lowered, target);
  diagnostics.add(...(target.check?.(lowered) ?? []));
  if (diagnostics.hasErrors) return { diagnostics: diagnostics.list };
  const p4info = buildP4Info(lowered);
  return { diagnostics: diagnostics.list, compiled: { target, lowered, p4info, binding, files: target.emit(lowered, p4info) } };
}

/** A valid program that is lowered to an invalid one is our mistake. */
function checkLowered(lowered: Program, target: Target): void {
  const errors = validate(lowered).diagnostics.filter((d) => d.severity === 'error');
  if (errors.length > 0) throw new InternalError(`lowering to ${target.name} broke the program:\n${renderDiagnostics(errors)}`);
}
