/**
 * What the client of a switch sees of a pipeline: descriptors that the DSL puts on its handles under brands.
 * `Symbol.for` makes them the same in two copies of p4ts. A path such as `ingress.routes` is the portable name; widths,
 * formats and ids are found through it in the program and in the target's P4Info.
 */
import type { Param, Program } from '../ir/index.js';
import { type Diagnostic, fail } from '../support/diagnostics.js';
import type { Loc } from '../support/location.js';
import { describe } from './expr.js';
import type { Owner } from './handle-owner.js';
import type { Cell, Fields } from './surface.js';

export const programBrand: unique symbol = Symbol.for('p4ts.program');
export const tableBrand: unique symbol = Symbol.for('p4ts.table');
export const actionCallBrand: unique symbol = Symbol.for('p4ts.action-call');
export const actionBrand: unique symbol = Symbol.for('p4ts.action');
export const counterBrand: unique symbol = Symbol.for('p4ts.counter');
export const registerBrand: unique symbol = Symbol.for('p4ts.register');
export const meterBrand: unique symbol = Symbol.for('p4ts.meter');
export const directMeterBrand: unique symbol = Symbol.for('p4ts.direct-meter');
export const digestBrand: unique symbol = Symbol.for('p4ts.digest');
export const profileBrand: unique symbol = Symbol.for('p4ts.profile');
export const valueSetBrand: unique symbol = Symbol.for('p4ts.value-set');

/** What every handle of a part of a pipeline has. */
export interface PartDescriptor {
  readonly path: string;
  /** Unknown where p4ts made the handle from a name. */
  readonly owner?: Owner;
}
export interface ProgramDescriptor {
  /** Written for the portable architecture. */
  readonly ir: Program;
  /** What recording and validation reported; a program with errors is not loaded. */
  readonly diagnostics: readonly Diagnostic[];
}
export interface TableDescriptor extends PartDescriptor {
  /** Within its control. */
  readonly name: string;
}
export interface CounterDescriptor extends PartDescriptor {
  readonly name: string;
}
export interface RegisterDescriptor extends PartDescriptor {
  readonly name: string;
  readonly cell: Cell;
}
export interface MeterDescriptor extends PartDescriptor {
  readonly name: string;
}
export interface DirectMeterDescriptor extends PartDescriptor {
  readonly name: string;
}
/** Its path is the name of its type, which has no control in front. */
export interface DigestDescriptor extends PartDescriptor {
  readonly name: string;
  readonly fields: Fields;
}
/** An action profile or an action selector. */
export interface ProfileDescriptor extends PartDescriptor {
  readonly name: string;
}
export interface ValueSetDescriptor extends PartDescriptor {
  readonly name: string;
}
export interface ActionDescriptor extends PartDescriptor {
  readonly name: string;
  readonly params: readonly Param[];
}
export interface ActionCallDescriptor extends PartDescriptor {
  /** By the names of the action's parameters, as the user wrote the values. */
  readonly args: Readonly<Record<string, unknown>>;
  /** Of a call in the pipeline: controllers make too many. */
  readonly loc?: Loc;
}

export const programOf = (handle: unknown): ProgramDescriptor | undefined => branded<ProgramDescriptor>(handle, programBrand);
export const tableOf = (handle: unknown): TableDescriptor | undefined => branded<TableDescriptor>(handle, tableBrand);
export const counterOf = (handle: unknown): CounterDescriptor | undefined => branded<CounterDescriptor>(handle, counterBrand);
export const registerOf = (handle: unknown): RegisterDescriptor | undefined => branded<RegisterDescriptor>(handle, registerBrand);
export const meterOf = (handle: unknown): MeterDescriptor | undefined => branded<MeterDescriptor>(handle, meterBrand);
export const directMeterOf = (handle: unknown): DirectMeterDescriptor | undefined =>
  branded<DirectMeterDescriptor>(handle, directMeterBrand);
export const digestOf = (handle: unknown): DigestDescriptor | undefined => branded<DigestDescriptor>(handle, digestBrand);
export const profileOf = (handle: unknown): ProfileDescriptor | undefined => branded<ProfileDescriptor>(handle, profileBrand);
export const valueSetOf = (handle: unknown): ValueSetDescriptor | undefined => branded<ValueSetDescriptor>(handle, valueSetBrand);
export const actionCallOf = (handle: unknown): ActionCallDescriptor | undefined => branded<ActionCallDescriptor>(handle, actionCallBrand);
export const actionOf = (handle: unknown): ActionDescriptor | undefined => branded<ActionDescriptor>(handle, actionBrand);

/** The descriptor that `read` finds on what the user gave; ends the recording when it is something else. */
export function expectHandle<T>(read: (handle: unknown) => T | undefined, handle: unknown, what: string, loc: Loc): T {
  const found = read(handle);
  if (found !== undefined) return found;
  const isUndefined = handle === undefined;
  const help = isUndefined ? 'declare it before the body that uses it; nothing of P4 calls itself' : insteadOf(handle);
  return fail('bad-operand', { got: describeHandle(handle), expected: what }, { loc, ...(help ? { help } : {}) });
}

const kinds: readonly (readonly [kind: string, read: (handle: unknown) => { readonly name: string } | undefined])[] = [
  ['the table', tableOf],
  ['the action', actionOf],
  ['the counter', counterOf],
  ['the register', registerOf],
  ['the meter', meterOf],
  ['the direct meter', directMeterOf],
  ['the digest', digestOf],
  ['the action profile', profileOf],
  ['the value set', valueSetOf],
];

/** A call of an action by its path, as the action's handle makes it; `seen` is what else can be seen of it. */
export function callOf<S extends object>(path: string, args: ActionCallDescriptor['args'], seen: S): S {
  // Not enumerable, so that what was read prints and compares as plain data.
  return Object.defineProperty(seen, actionCallBrand, { value: { path, args } });
}

/** What the user gave instead of a handle, in words. */
export function describeHandle(handle: unknown): string {
  for (const [kind, read] of kinds) {
    const found = read(handle);
    if (found) return `${kind} ${found.name}`;
  }
  const program = programOf(handle);
  if (program) return `the pipeline ${program.ir.name}`;
  const call = actionCallOf(handle);
  if (call) return `a call of the action ${call.path.slice(call.path.lastIndexOf('.') + 1)}`;
  return describe(handle);
}

/** What to write for it, where a statement takes a handle of another kind. */
function insteadOf(handle: unknown): string | undefined {
  if (tableOf(handle)) return 'c.apply(table) applies a table';
  if (actionOf(handle)) return 'c.call(action, { … }) runs an action in a body; in a default or an entry it is called: action({ … })';
  return actionCallOf(handle) && 'write the action alone, without its arguments; c.call takes them apart: c.call(action, { … })';
}

function branded<T>(handle: unknown, brand: symbol): T | undefined {
  if ((typeof handle !== 'object' && typeof handle !== 'function') || handle === null) return undefined;
  return (handle as Record<symbol, T | undefined>)[brand];
}
