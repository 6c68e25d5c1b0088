/** The keys of tables: what is matched, and how (P4-16 §14.2.1.1, v1model's range and optional). */
import { captureLocation, type Loc } from '../support/location.js';
import type { ExprNode } from './expr.js';
import { nodeOf } from './expr.js';
import type { KeyOf, Kind } from './surface.js';

/** A key as recorded: the table's declaration reads it. */
export interface KeyNode {
  readonly match: Kind;
  readonly expr: ExprNode;
  readonly loc: Loc;
}

const key =
  <M extends Kind>(match: M): KeyOf<M> =>
  (expr: unknown): never => {
    const loc = captureLocation();
    return Object.freeze({ match, expr: nodeOf(expr, loc), loc }) satisfies KeyNode as never;
  };

/** The key equals the entry's value. */
export const exact = key('exact');
/** The longest prefix wins. */
export const lpm = key('lpm');
/** The bits under the entry's mask are equal; entries have priorities. */
export const ternary = key('ternary');
/** The key is between the entry's bounds, both included; entries have priorities. */
export const range = key('range');
/** Equal, or left out of the entry; entries have priorities. */
export const optional = key('optional');
