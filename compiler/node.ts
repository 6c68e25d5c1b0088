/**
 * The language in which pipelines are written, and the compiler.
 * @module p4ts
 */
import './support/node.js';

export * from './index.js';
