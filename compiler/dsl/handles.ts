/**
 * What the client of a switch sees of a pipeline: descriptors that the DSL puts on its handles under brands.
 * `Symbol.for` makes them the same in two copies of p4ts. A path such as `ingress.routes` is the portable name; widths,
 * formats and ids are found through it in the program and in the target's P4Info.
 */
import type { Program } from '../ir/index.js';
import type { Diagnostic } from '../support/diagnostics.js';

export const programBrand: unique symbol = Symbol.for('p4ts.program') as never;
export const tableBrand: unique symbol = Symbol.for('p4ts.table') as never;
export const actionCallBrand: unique symbol = Symbol.for('p4ts.action-call') as never;
export const counterBrand: unique symbol = Symbol.for('p4ts.counter') as never;

export interface ProgramDescriptor {
  /** Written for the portable architecture. */
  readonly ir: Program;
  /** What recording and validation reported; a program with errors is not loaded. */
  readonly diagnostics: readonly Diagnostic[];
}
export interface TableDescriptor {
  readonly path: string;
}
export interface CounterDescriptor {
  readonly path: string;
}
export interface ActionCallDescriptor {
  readonly path: string;
  /** By the names of the action's parameters, as the user wrote the values. */
  readonly args: Readonly<Record<string, unknown>>;
}

export const programOf = (handle: unknown): ProgramDescriptor | undefined => branded<ProgramDescriptor>(handle, programBrand);
export const tableOf = (handle: unknown): TableDescriptor | undefined => branded<TableDescriptor>(handle, tableBrand);
export const counterOf = (handle: unknown): CounterDescriptor | undefined => branded<CounterDescriptor>(handle, counterBrand);
export const actionCallOf = (handle: unknown): ActionCallDescriptor | undefined =>
  branded<ActionCallDescriptor>(handle, actionCallBrand);

function branded<T>(handle: unknown, brand: symbol): T | undefined {
  if ((typeof handle !== 'object' && typeof handle !== 'function') || handle === null) return undefined;
  return (handle as Record<symbol, T | undefined>)[brand];
}
