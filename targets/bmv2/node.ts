/**
 * BMv2's simple_switch: the JSON that it loads, v1model P4-16, and P4Info.
 * @module p4ts/targets/bmv2
 */
import '../../compiler/support/node.js';

export * from './index.js';
