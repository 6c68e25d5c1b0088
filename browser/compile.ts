/** Compiling where there are no files to write. */
import { compile as compileProgram } from '../compiler/compile.js';
import { type Diagnostic, Diagnostics } from '../compiler/support/diagnostics.js';
import { captureLocation } from '../compiler/support/location.js';
import { checkedProgram } from '../runtime/client/open.js';
import type { AnyPipeline } from '../runtime/client/types.js';
import { bmv2 } from '../targets/bmv2/index.js';

/** What a pipeline became for BMv2. */
export interface CompiledPipeline {
  /** By what follows the pipeline's name in the names of the files that `p4ts compile` writes: `.p4`, `.p4info.txtpb`, … */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  readonly warnings: readonly Diagnostic[];
}

/**
 * The files that `p4ts compile` writes for BMv2, of a pipeline or of a program in P4, without those that need p4c.
 * @throws DiagnosticError for mistakes of the pipeline, and for what BMv2 cannot do
 */
export function compile(pipeline: AnyPipeline): CompiledPipeline {
  const program = checkedProgram(pipeline, 'compile()', captureLocation());
  const { compiled, diagnostics } = compileProgram(program, bmv2);
  const found = new Diagnostics();
  found.add(...diagnostics);
  found.throwIfErrors();
  const files = (compiled?.files ?? []).map(({ suffix, contents }) => [suffix, contents] as const);
  return { files: Object.fromEntries(files), warnings: diagnostics };
}
