/** What registers, counters, meters, digests and value sets are. */
import type { AnyNewType, BitType, ControllerFields, DataType } from './data-types.js';
import type { ExprOf, Exprs, OperandOf, Operands } from './expressions.js';
import type { Refused } from './shown.js';

/** What a counter counts. */
export type Unit = 'packets' | 'bytes' | 'both';
/** A counter of several cells: `ctl.counter` makes it, `c.count` counts. */
export interface Counter {
  readonly kind: 'counter';
  readonly counterName: string;
}
/** One value, or several with names. */
export type Cell = CellType | Record<string, CellType>;
type CellType = BitType | AnyNewType;
/** A meter with a cell for each entry of the table that names it. */
export interface DirectMeter {
  readonly kind: 'direct_meter';
}
/** A register of several cells: `ctl.register` makes it, `c.update` reads and writes it. */
export interface Register<C> {
  readonly kind: 'register';
  readonly cell: C;
}
/** A meter of several cells: `ctl.meter` makes it, `c.meter` gives the colour. */
export interface Meter {
  readonly kind: 'meter';
}
/** What a pipeline reports to its controller: `ctl.digest` declares it, `c.digest` sends it. */
export interface Digest<F extends ControllerFields> {
  readonly kind: 'digest';
  readonly fields: F;
}
/** A set of values that controllers change and the parser selects on: `valueSet(…)` makes it. */
export interface ValueSet<W extends number> {
  readonly kind: 'value_set';
  readonly width: W;
  readonly size: number;
}
/** A cell of a register as `c.update` gives it: a value, or one for each name. */
export type CellExpr<C> = C extends DataType ? ExprOf<C> : Exprs<C>;
/** A cell of a register as `c.update` takes it: a value, or one for each name. */
export type CellOperand<C> = C extends DataType ? OperandOf<C> : Operands<C>;
/** Refuses what `N` has beside the fields of the cell: `c.update` infers `N`, so that tsc does not do it by itself. */
export type NoOther<C, N> = C extends DataType
  ? unknown
  : { readonly [K in Exclude<keyof N & string, keyof C>]: Refused<'the cell has no such field'> };
