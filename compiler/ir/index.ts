export type * from './decl.js';
export type * from './expr.js';
export type { PackageInstance, Program } from './program.js';
export { coreErrors, irVersion } from './program.js';
export type * from './stmt.js';
export type * from './types.js';
export { sameType, typeName } from './types.js';
