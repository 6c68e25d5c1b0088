/** BMv2's server knows digests whose members are bit<W>, nothing else: it loads no pipeline with another one. */
import { digestCalls } from '../../compiler/analysis/digests.js';
import type { Program } from '../../compiler/ir/program.js';
import { typeName } from '../../compiler/ir/types.js';
import { type Diagnostic, Diagnostics } from '../../compiler/support/diagnostics.js';

/** `program` was lowered to v1model. Programs in P4 may do without P4Runtime: they are not refused. */
export function checkDigests(program: Program): readonly Diagnostic[] {
  const diagnostics = new Diagnostics();
  const digested = new Set([...digestCalls(program).values()].flatMap(({ type }) => (type.kind === 'named' ? [type.name] : [])));
  for (const struct of program.types) {
    if (struct.kind !== 'struct' || !digested.has(struct.name)) continue;
    for (const field of struct.fields) {
      if (field.type.kind === 'bit') continue;
      const what = `The field \`${field.name}\` of the digest ${struct.name}`;
      const reason = `its server knows no ${typeName(field.type)} in a digest`;
      const instead = 'make it a bit(W): convert a bool with .as(bit(1)), an enumeration or a type of its own with .as(bit(W))';
      diagnostics.report('not-on-target', { what, target: 'BMv2', reason, instead }, { loc: field.loc });
    }
  }
  return diagnostics.list;
}
