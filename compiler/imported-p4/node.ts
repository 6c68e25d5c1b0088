/**
 * Programs written in P4-16.
 * @module p4ts/p4
 */
import '../support/node.js';

export * from './index.js';
