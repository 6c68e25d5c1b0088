/** BMv2's simple_switch: v1model P4-16, P4Info and, where p4c-bm2-ss is there, the JSON that the switch loads. */
import { compile } from '../../compiler/compile.js';
import type { Program } from '../../compiler/ir/index.js';
import { toBinary } from '../../compiler/p4info/binary.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import { toText } from '../../compiler/p4info/text.js';
import { type Binding, lowerToV1model } from '../../compiler/passes/index.js';
import { DiagnosticError, diagnostic } from '../../compiler/support/diagnostics.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { Target } from '../../compiler/target.js';
import { printP4 } from '../p4/printer.js';
import { includedNames } from './include.js';
import { compileWithP4c } from './p4c.js';

export { compileWithP4c, type P4cOutput, p4c } from './p4c.js';

export interface Bmv2 extends Target {
  readonly target: 'bmv2';
  /**
   * What a controller gives to the switch: `connect(pipeline, { address, target: bmv2 })`.
   * @throws DiagnosticError also when p4c-bm2-ss is not there
   */
  configure(program: Program): Promise<{ readonly p4info: P4Info; readonly deviceConfig: Uint8Array; readonly binding: Binding }>;
}

/** Also the tag of `c.on(bmv2, …)`. */
export const bmv2: Bmv2 = {
  name: 'bmv2',
  target: 'bmv2',
  arch: 'v1model',
  lower: lowerToV1model,
  emit: (lowered, p4info) => [
    { suffix: '.p4', contents: printP4(lowered, includedNames) },
    { suffix: '.p4info.txtpb', contents: toText(p4info) },
    { suffix: '.p4info.bin', contents: toBinary(p4info) },
  ],
  build: async (name, emitted) => {
    const p4 = emitted.find((file) => file.suffix === '.p4')?.contents;
    invariant(typeof p4 === 'string', 'there is no P4 among the emitted files');
    const output = await compileWithP4c(p4);
    if ('code' in output) return { files: [], diagnostics: [output] };
    return {
      files: [{ suffix: '.json', contents: output.json }],
      diagnostics: output.warnings.map((text) => diagnostic('p4c-warns', { program: name, output: text })),
    };
  },
  configure: async (program) => {
    const { compiled, diagnostics } = compile(program, bmv2);
    if (!compiled) throw new DiagnosticError([...diagnostics]);
    const output = await compileWithP4c(printP4(compiled.lowered, includedNames));
    if ('code' in output) throw new DiagnosticError([output]);
    return { p4info: compiled.p4info, deviceConfig: Buffer.from(output.json), binding: compiled.binding };
  },
};
