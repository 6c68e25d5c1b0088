/** A program as tests in STF see it: they are about the data plane, and have its numbers where P4Runtime has other values. */
import type { Program } from '../../compiler/ir/index.js';
import type { TypeDecl } from '../../compiler/ir/types.js';

const translations: ReadonlySet<string> = new Set(['p4runtime_translation', 'p4runtime_translation_mappings']);

/** The program without translations of values. */
export function untranslated(program: Program): Program {
  const plain = (type: TypeDecl): TypeDecl =>
    type.annotations ? { ...type, annotations: type.annotations.filter(({ name }) => !translations.has(name)) } : type;
  return { ...program, types: program.types.map(plain) };
}
