/**
 * For tests of pipelines, beside `simulate` of p4ts/runtime.
 * @module p4ts/testing
 */
import '../../compiler/support/node.js';

export * from './index.js';
