import type { TypeDecl } from '../ir/types.js';
import { portable } from './portable.js';
import { psa } from './psa.js';
import type { ArchSpec } from './spec.js';
import { v1model } from './v1model.js';

/** Every architecture that a program may name in `arch`. */
export const architectures: ReadonlyMap<string, ArchSpec> = new Map([portable, v1model, psa].map((spec) => [spec.name, spec]));

/** The types that programs of the architecture have without declaring them. */
export const archTypes = ({ newtypes = [], enums, structs }: ArchSpec): readonly TypeDecl[] => [...newtypes, ...enums, ...structs];

/** Whether a function or action of a program is one that its architecture's include file has with its body. */
export const isIncluded = (arch: ArchSpec, { name }: { readonly name: string }): boolean =>
  arch.included?.definitions?.some((d) => d.name === name) ?? false;

export type * from './spec.js';
export { portable, psa, v1model };
