/** `p4ts/headers` for pages in a browser: of the same copy of the language as index.ts. */
export * from '../compiler/headers/index.js';
