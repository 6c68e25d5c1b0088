/**
 * The language, P4, the compiler, the interpreter and the simulated switch, for pages in a browser.
 * @module p4ts/browser
 */

export * from '../compiler/imported-p4/index.js';
export * from '../compiler/index.js';
export { addFile } from '../compiler/support/memory-host.js';
// The language has a type of this name too, which few programs name.
export type { Switch } from '../runtime/index.js';
export * from '../runtime/index.js';
export * from '../runtime/testing/index.js';
// Also the tag of `c.on(bmv2, …)`, which the language has by the same name.
export { type Bmv2, bmv2 } from '../targets/bmv2/index.js';
export { type CompiledPipeline, compile } from './compile.js';
