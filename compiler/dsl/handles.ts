/**
 * What the client of a switch sees of a pipeline: descriptors that the DSL puts on its handles under brands.
 * `Symbol.for` makes them the same in two copies of p4ts. A path such as `ingress.routes` is the portable name; widths,
 * formats and ids are found through it in the program and in the target's P4Info.
 */
import type { Param, Program } from '../ir/index.js';
import { type Diagnostic, fail } from '../support/diagnostics.js';
import type { Loc } from '../support/location.js';

export const programBrand: unique symbol = Symbol.for('p4ts.program') as never;
export const tableBrand: unique symbol = Symbol.for('p4ts.table') as never;
export const actionCallBrand: unique symbol = Symbol.for('p4ts.action-call') as never;
export const actionBrand: unique symbol = Symbol.for('p4ts.action') as never;
export const counterBrand: unique symbol = Symbol.for('p4ts.counter') as never;

export interface ProgramDescriptor {
  /** Written for the portable architecture. */
  readonly ir: Program;
  /** What recording and validation reported; a program with errors is not loaded. */
  readonly diagnostics: readonly Diagnostic[];
}
export interface TableDescriptor {
  readonly path: string;
  /** Within its control. */
  readonly name: string;
}
export interface CounterDescriptor {
  readonly path: string;
  readonly name: string;
}
export interface ActionDescriptor {
  readonly path: string;
  readonly name: string;
  readonly params: readonly Param[];
}
export interface ActionCallDescriptor {
  readonly path: string;
  /** By the names of the action's parameters, as the user wrote the values. */
  readonly args: Readonly<Record<string, unknown>>;
}

export const programOf = (handle: unknown): ProgramDescriptor | undefined => branded<ProgramDescriptor>(handle, programBrand);
export const tableOf = (handle: unknown): TableDescriptor | undefined => branded<TableDescriptor>(handle, tableBrand);
export const counterOf = (handle: unknown): CounterDescriptor | undefined => branded<CounterDescriptor>(handle, counterBrand);
export const actionCallOf = (handle: unknown): ActionCallDescriptor | undefined => branded<ActionCallDescriptor>(handle, actionCallBrand);
export const actionOf = (handle: unknown): ActionDescriptor | undefined => branded<ActionDescriptor>(handle, actionBrand);

/** The descriptor that `read` finds on what the user gave; ends the recording when it is something else. */
export function expectHandle<T>(read: (handle: unknown) => T | undefined, handle: unknown, what: string, loc: Loc): T {
  return read(handle) ?? fail('bad-operand', { got: handle === undefined ? 'undefined' : 'something else', expected: what }, { loc });
}

function branded<T>(handle: unknown, brand: symbol): T | undefined {
  if ((typeof handle !== 'object' && typeof handle !== 'function') || handle === null) return undefined;
  return (handle as Record<symbol, T | undefined>)[brand];
}
