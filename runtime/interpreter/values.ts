/**
 * Values while a program runs.
 *
 * bit and int are bigints (int signed), as are serializable enums and newtypes over them; bool is a boolean; error,
 * enum members without a value and strings are strings. Aggregates are mutable, and copied where P4 copies.
 *
 * An invalid header holds the default of every field: reading it gives 0 and writing to it does nothing. BMv2 gives
 * what an earlier packet left there; P4-16 §8.17 leaves it undefined.
 */
import type { HeaderDecl } from '../../compiler/ir/index.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { Loc } from '../../compiler/support/location.js';
import type { ObjectValue } from './scope.js';

export type Value =
  | bigint
  | boolean
  | string
  | VarbitValue
  | HeaderValue
  | StructValue
  | UnionValue
  | StackValue
  | TupleValue
  | ObjectValue;

/** Immutable. */
export interface VarbitValue {
  readonly kind: 'varbit';
  /** The bits in use now; the type gives their maximum. */
  readonly width: number;
  readonly bits: bigint;
}
export interface HeaderValue {
  readonly kind: 'header';
  readonly decl: HeaderDecl;
  readonly fields: Map<string, Value>;
  valid: boolean;
  /** The union that the header is a member of. */
  union?: UnionValue;
}
export interface StructValue {
  readonly kind: 'struct';
  readonly type: string;
  readonly fields: Map<string, Value>;
  /** While tracing: the statement that wrote a field last. */
  writtenAt?: Map<string, Loc>;
}
export interface UnionValue {
  readonly kind: 'union';
  readonly fields: Map<string, HeaderValue>;
}
export interface StackValue {
  readonly kind: 'stack';
  readonly elements: Value[];
  /** nextIndex of P4-16 §8.18. */
  next: number;
}
export interface TupleValue {
  readonly kind: 'tuple';
  readonly elements: Value[];
}

export const isAggregate = (value: Value): value is Exclude<Value, bigint | boolean | string> => typeof value === 'object';

/** Whether two places may hold the same value. */
export const isImmutable = (value: Value): boolean => !isAggregate(value) || value.kind === 'varbit';

export function clone<V extends Value>(value: V): V;
export function clone(value: Value): Value {
  if (!isAggregate(value)) return value;
  switch (value.kind) {
    case 'varbit':
    case 'object':
      return value;
    case 'header':
      return { kind: 'header', decl: value.decl, valid: value.valid, fields: cloneFields(value.fields) };
    case 'struct': {
      const copy: StructValue = { kind: 'struct', type: value.type, fields: cloneFields(value.fields) };
      if (value.writtenAt) copy.writtenAt = new Map(value.writtenAt);
      return copy;
    }
    case 'union':
      return unionOf(cloneFields(value.fields));
    case 'stack':
      return { kind: 'stack', elements: value.elements.map((e) => clone(e)), next: value.next };
    case 'tuple':
      return { kind: 'tuple', elements: value.elements.map((e) => clone(e)) };
  }
}

function cloneFields<V extends Value>(fields: Map<string, V>): Map<string, V> {
  const copy = new Map(fields);
  for (const [name, value] of fields) if (!isImmutable(value)) copy.set(name, clone(value));
  return copy;
}

export function unionOf(fields: Map<string, HeaderValue>): UnionValue {
  const union: UnionValue = { kind: 'union', fields };
  for (const header of fields.values()) header.union = union;
  return union;
}

/**
 * What to store where `target` is, so that it becomes `source`. Aggregates change in place: whoever holds a part of
 * `target` sees the change.
 */
export function overwrite(target: Value, source: Value): Value {
  if (!isAggregate(target) || !isAggregate(source) || target === source) return source;
  if (target.kind === 'header' && source.kind === 'header') {
    copyHeader(target, source);
    invalidateSiblings(target);
  } else if (target.kind === 'struct' && source.kind === 'struct') {
    for (const [name, value] of source.fields) target.fields.set(name, overwrite(target.fields.get(name) as Value, value));
    if (source.writtenAt) target.writtenAt = new Map(source.writtenAt);
  } else if (target.kind === 'union' && source.kind === 'union') {
    for (const [name, header] of target.fields) copyHeader(header, source.fields.get(name) as HeaderValue);
  } else if ((target.kind === 'stack' && source.kind === 'stack') || (target.kind === 'tuple' && source.kind === 'tuple')) {
    source.elements.forEach((element, i) => {
      target.elements[i] = overwrite(target.elements[i] as Value, element);
    });
    if (target.kind === 'stack' && source.kind === 'stack') target.next = source.next;
  } else {
    return source;
  }
  return target;
}

function copyHeader(target: HeaderValue, source: HeaderValue): void {
  for (const [name, value] of source.fields) target.fields.set(name, overwrite(target.fields.get(name) as Value, value));
  target.valid = source.valid;
}

/** Makes a header valid; says whether it was not. */
export function makeValid(header: HeaderValue): boolean {
  if (header.valid) return false;
  header.valid = true;
  invalidateSiblings(header);
  return true;
}

/**
 * Makes a header invalid, and with it all members of its union, whichever of them is valid (P4-16 §8.21); says whether any
 * was. BMv2 leaves the other members as they are.
 */
export function invalidate(header: HeaderValue): boolean {
  const was = clear(header);
  return invalidateSiblings(header) || was;
}

/** At most one member of a union is valid; says whether another one was (P4-16 §8.21). */
export function invalidateSiblings(header: HeaderValue): boolean {
  let changed = false;
  for (const sibling of header.union?.fields.values() ?? []) if (sibling !== header && clear(sibling)) changed = true;
  return changed;
}

function clear(header: HeaderValue): boolean {
  if (!header.valid) return false;
  header.valid = false;
  for (const [name, value] of header.fields) header.fields.set(name, zeroOf(value));
  return true;
}

/** The default of a value that a field of a header can have. */
function zeroOf(value: Value): Value {
  if (typeof value === 'bigint') return 0n;
  if (!isAggregate(value)) return typeof value === 'boolean' ? false : value;
  if (value.kind === 'varbit') return { kind: 'varbit', width: 0, bits: 0n };
  invariant(value.kind === 'struct', `a ${value.kind} in a header`);
  return { ...value, fields: new Map([...value.fields].map(([name, part]) => [name, zeroOf(part)])) };
}

/** Equality (P4-16 §8.17): invalid headers are equal; a stack's nextIndex does not matter. */
export function equal(a: Value, b: Value): boolean {
  if (!isAggregate(a) || !isAggregate(b)) return a === b;
  switch (a.kind) {
    case 'object':
      return a === b;
    case 'varbit':
      return b.kind === 'varbit' && a.width === b.width && a.bits === b.bits;
    case 'header':
      return b.kind === 'header' && a.valid === b.valid && (!a.valid || equalFields(a.fields, b.fields));
    case 'struct':
    case 'union':
      return b.kind === a.kind && equalFields(a.fields, b.fields);
    case 'stack':
    case 'tuple':
      return b.kind === a.kind && a.elements.length === b.elements.length && a.elements.every((e, i) => equal(e, b.elements[i] as Value));
  }
}

const equalFields = (a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean =>
  [...a].every(([name, value]) => equal(value, b.get(name) as Value));
