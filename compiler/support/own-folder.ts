/**
 * The folder that holds p4ts itself, its templates and its .proto files: the sources, or dist.
 *
 * In dist this module is in a file of dist/chunks, as all code is that two entry points share: see scripts/bundle.js.
 */
export const ownFolder = new URL(/\/chunks\/[^/]*$/.test(import.meta.url) ? '../' : '../../', import.meta.url);
