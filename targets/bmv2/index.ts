/** BMv2's simple_switch: v1model P4-16, P4Info and, where p4c-bm2-ss is there, the JSON that the switch loads. */
import { toBinary } from '../../compiler/p4info/binary.js';
import { toText } from '../../compiler/p4info/text.js';
import { lowerToV1model } from '../../compiler/passes/index.js';
import { diagnostic } from '../../compiler/support/diagnostics.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { Target } from '../../compiler/target.js';
import { printP4 } from '../p4/printer.js';
import { includedNames } from './include.js';
import { compileWithP4c } from './p4c.js';

export { compileWithP4c, type P4cOutput, p4c } from './p4c.js';

/** Also the tag of `c.on(bmv2, …)`. */
export const bmv2: Target & { readonly target: 'bmv2' } = {
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
};
