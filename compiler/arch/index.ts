import { portable } from './portable.js';
import type { ArchSpec } from './spec.js';
import { v1model } from './v1model.js';

/** Every architecture that a program may name in `arch`. */
export const architectures: ReadonlyMap<string, ArchSpec> = new Map([portable, v1model].map((spec) => [spec.name, spec]));
export type * from './spec.js';
export { portable, v1model };
