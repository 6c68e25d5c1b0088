/** Implementations of externs that several architectures have. */
import type { Type } from '../../../compiler/ir/index.js';
import { invariant } from '../../../compiler/support/invariant.js';
import type { Loc } from '../../../compiler/support/location.js';
import { CounterArray } from '../../data-plane/counters.js';
import type { Color, MeterCell, MeterUnit } from '../../data-plane/meters.js';
import { ActionProfile } from '../../data-plane/profiles.js';
import { RegisterArray } from '../../data-plane/registers.js';
import type { CallSite, Extern, ExternConstructor, ExternInstance, ExternObject, Machine } from '../externs.js';
import type { Pass } from '../scope.js';
import { traceValue } from '../tracer.js';
import type { Value } from '../values.js';

/** The type that an object is made for. */
export function typeArgument({ name, typeArgs: [type] }: ExternInstance): Type {
  invariant(type, `${name} has no type`);
  return type;
}

/** BMv2 stops when the condition does not hold; here it is told in the trace. */
export const check =
  (by: 'assert' | 'assume'): Extern<[holds: boolean], Pass> =>
  ([holds], { trace }, { text, loc }) => {
    trace?.add({ kind: 'assert', by, condition: text(0), holds, loc });
    return undefined;
  };

/** An index out of range counts nothing. */
export const counter: ExternConstructor = ({ name, args: [size] }, { state }) => {
  const cells = new CounterArray(name, Number(size), state.trial);
  state.counters.set(name, cells);
  const count: Extern<[index: bigint], Pass> = ([index], { packetLength, trace }, { loc }) => {
    const inRange = cells.count(index, packetLength);
    trace?.add({ kind: 'count', counter: name, index: Number(index), inRange, loc });
    return undefined;
  };
  return { methods: { count } };
};

/** Marks the packet, and tells the trace; there is no cell for an index out of range, and no colour. */
export function mark(
  cell: MeterCell | undefined,
  meter: { readonly meter: string; readonly unit: MeterUnit; readonly index?: string },
  pass: Pass,
  loc: Loc,
  before?: Color,
): Color | undefined {
  const color = cell?.mark(meter.unit, pass, before);
  pass.trace?.add({ kind: 'meter', ...meter, loc, ...(color && { color, ...cell?.levels() }) });
  return color;
}

/** How programs read and write a register: outside of it, reading gives nothing and writing has no effect. */
export function register(instance: ExternInstance, { types, state }: Machine) {
  const type = typeArgument(instance);
  const {
    name,
    args: [size, initial],
  } = instance;
  const cells = new RegisterArray(name, Number(size), state.trial, initial === undefined ? undefined : types.toBits(initial, type));
  state.registers.set(name, cells);
  const shown = (bits: bigint) => traceValue(types.fromBits(bits, type), type, types);
  const read = (index: bigint, { trace }: Pass, { loc }: CallSite): Value | undefined => {
    const bits = cells.get(index);
    trace?.add({ kind: 'register-read', register: name, index: `${index}`, ...(bits === undefined ? {} : { value: shown(bits) }), loc });
    return bits === undefined ? undefined : types.fromBits(bits, type);
  };
  const write: Extern<[index: bigint, value: Value], Pass> = ([index, value], { trace }, { loc }) => {
    const old = trace && cells.get(index);
    const change = old === undefined ? {} : { old: shown(old), new: traceValue(value, type, types) };
    trace?.add({ kind: 'register-write', register: name, index: `${index}`, ...change, loc });
    cells.set(index, types.toBits(value, type));
    return undefined;
  };
  return { type, read, write };
}

/** An action profile, or an action selector with its hash. */
export function profile(name: string, algorithm: string | undefined, { state }: Machine): ExternObject {
  const made = new ActionProfile(name, algorithm);
  state.profiles.set(name, made);
  return { profile: made };
}
