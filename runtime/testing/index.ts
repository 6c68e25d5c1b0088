/** For tests of pipelines, beside `simulate` of p4ts/runtime. */

import { recordedAndValidated } from '../../compiler/analysis/validate.js';
import { expectArguments } from '../../compiler/dsl/arguments.js';
import { describeHandle, programOf } from '../../compiler/dsl/handles.js';
import { fromHex } from '../../compiler/support/bytes.js';
import { type Diagnostic, fail } from '../../compiler/support/diagnostics.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { AnyPipeline } from '../client/types.js';

export { readStf, runStf, type StfFailure, type StfReport } from '../stf/index.js';

/**
 * Everything that is wrong with a pipeline, and every warning: what recording found, and, where that left no error, what
 * checking the whole program found. An empty list is a pipeline without a flaw.
 * @throws DiagnosticError when it is not a pipeline
 */
export function diagnosticsOf(pipeline: AnyPipeline): readonly Diagnostic[] {
  const found = programOf(pipeline);
  if (!found) return fail('not-a-pipeline', { what: 'diagnosticsOf()', got: describeHandle(pipeline) }, { loc: captureLocation() });
  return recordedAndValidated(found.diagnostics, found.ir);
}

/** The bytes that hexadecimal text stands for; white space and colons are passed over. */
export function packetFromHex(text: string): Uint8Array {
  expectArguments('packetFromHex', { text: 'text' }, [text]);
  const digits = text.replace(/[\s:]/g, '');
  if (!/^([0-9a-fA-F]{2})*$/.test(digits)) {
    return fail('bad-operand', { got: `"${text}"`, expected: 'two hexadecimal digits for each byte' }, { loc: captureLocation() });
  }
  return fromHex(digits);
}
