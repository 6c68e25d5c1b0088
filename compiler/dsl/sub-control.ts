/** Controls inside controls: what `ctl.control` returns and `c.apply` runs. */
import type { Expr as Ir } from '../ir/expr.js';

const brand = Symbol.for('p4ts.control');

export interface SubControlDescriptor {
  /** The instance in the control around it. */
  readonly instance: string;
  /** What it is applied to: the parameters of the control around it. */
  readonly args: readonly Ir[];
}

/** The handles that the control returned, with what `c.apply` needs. */
export const withControl = (handles: unknown, descriptor: SubControlDescriptor): object =>
  Object.freeze({ ...(typeof handles === 'object' && handles !== null ? handles : {}), [brand]: descriptor });

export const subControlOf = (x: unknown): SubControlDescriptor | undefined =>
  typeof x === 'object' && x !== null ? (x as Record<symbol, SubControlDescriptor | undefined>)[brand] : undefined;
