/** A pipeline as tests in STF see it: they are about the data plane, and have its numbers where P4Runtime has other values. */
import { programBrand, programOf } from '../../compiler/dsl/handles.js';
import type { TypeDecl } from '../../compiler/ir/types.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { AnyPipeline } from '../client/types.js';

const translations: ReadonlySet<string> = new Set(['p4runtime_translation', 'p4runtime_translation_mappings']);

/** The pipeline without translations of values. */
export function untranslated(pipeline: AnyPipeline): AnyPipeline {
  const descriptor = programOf(pipeline);
  invariant(descriptor, 'what is to be simulated is no pipeline');
  const plain = (type: TypeDecl): TypeDecl =>
    type.annotations ? { ...type, annotations: type.annotations.filter(({ name }) => !translations.has(name)) } : type;
  const ir = { ...descriptor.ir, types: descriptor.ir.types.map(plain) };
  return { [programBrand]: { ...descriptor, ir } } as unknown as AnyPipeline;
}
