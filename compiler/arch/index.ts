import { coreErrors, type Program } from '../ir/program.js';
import type { Type, TypeDecl } from '../ir/types.js';
import { portable } from './portable.js';
import { psa } from './psa.js';
import type { ArchSpec } from './spec.js';
import { v1model } from './v1model.js';

/** Every architecture that a program may name in `arch`. */
export const architectures: ReadonlyMap<string, ArchSpec> = new Map([portable, v1model, psa].map((spec) => [spec.name, spec]));

/** The types that programs of the architecture have without declaring them. */
export const archTypes = ({ newtypes = [], enums, structs }: ArchSpec): readonly TypeDecl[] => [...newtypes, ...enums, ...structs];

/** The declaration of a named type: the program's, or its architecture's. */
export function declaredType({ types, arch }: Pick<Program, 'types' | 'arch'>, type: Type | undefined): TypeDecl | undefined {
  if (type?.kind !== 'named') return undefined;
  const named = (decl: TypeDecl): boolean => decl.name === type.name;
  const spec = architectures.get(arch);
  return types.find(named) ?? (spec && archTypes(spec).find(named));
}

/** The errors of a program, in the order in which they are counted: those of core.p4, of its architecture and its own. */
export const errorsOf = ({ arch, errors }: Pick<Program, 'arch' | 'errors'>): readonly string[] => [
  ...coreErrors,
  ...(architectures.get(arch)?.errors ?? []),
  ...errors,
];

/** Whether a function or action of a program is one that its architecture's include file has with its body. */
export const isIncluded = (arch: ArchSpec, { name }: { readonly name: string }): boolean =>
  arch.included?.definitions?.some((d) => d.name === name) ?? false;

export type * from './spec.js';
export { portable, psa, v1model };
