/** Data types, headers and stacks: what a pipeline's fields are made of. */

import { bitType, boolType, named } from '../ir/build.js';
import type { EnumMember, HeaderDecl, NamedType, Type } from '../ir/types.js';
import { fail } from '../support/diagnostics.js';
import { unreachable } from '../support/invariant.js';
import { captureLocation, type Loc } from '../support/location.js';
import { checkRange, type Format, ValueError } from '../support/values.js';
import { docAbove, fieldLocations } from './comments.js';
import { ExprNode } from './expr.js';
import type { BitType, BoolType, DataType, EnumExpr, EnumType, Fields, HeaderType, IntType, StackType, ValueSet } from './surface.js';

/** Unsigned, `width` bits (1 to 2048). */
export function bit<const W extends number>(width: W): BitType<W, 'num'> {
  if (!Number.isInteger(width) || width < 1 || width > 2048)
    fail('bad-width', { type: 'bit', width: String(width) }, { loc: captureLocation() });
  return bitWith(width, 'num');
}
/** Two's complement, `width` bits. */
export function int<const W extends number>(width: W): IntType<W> {
  if (!Number.isInteger(width) || width < 1 || width > 2048)
    fail('bad-width', { type: 'int', width: String(width) }, { loc: captureLocation() });
  return Object.freeze({ kind: 'int', width });
}
export const bool: BoolType = Object.freeze({ kind: 'bool' });
/** A MAC address, written 08:00:00:00:01:11. */
export const mac: BitType<48, 'mac'> = bitWith(48, 'mac');
/** An IPv4 address, written 10.0.0.1. */
export const ipv4: BitType<32, 'ipv4'> = bitWith(32, 'ipv4');
/** An IPv6 address, written 2001:db8::1. */
export const ipv6: BitType<128, 'ipv6'> = bitWith(128, 'ipv6');
/** A port number. */
export const port: BitType<9, 'port'> = bitWith(9, 'port');

/**
 * An enum with values on the wire. Its members are properties of the result: `EtherType.ipv4`.
 * A field may hold values that no member has.
 */
export function enumeration<const N extends string, const M extends Record<string, number>>(
  name: N,
  base: BitType<any, any>,
  members: M,
): EnumType<N, keyof M & string> & { readonly [K in keyof M & string]: EnumExpr<N> } {
  const loc = captureLocation();
  const names = Object.keys(members);
  const type = named(name);
  const result: Record<string | symbol, unknown> = { kind: 'enum', name, width: base.width, members: names };
  const seen = new Map<number, string>();
  for (const [member, value] of Object.entries(members)) {
    if (member in result)
      fail('reserved-name', { name: member, what: 'enum member', reason: 'the enum itself has a property of that name' }, { loc });
    const twin = seen.get(value);
    if (twin !== undefined) fail('duplicate-enum-value', { enum: name, first: twin, second: member, value }, { loc });
    seen.set(value, member);
    literalInRange(value, base.width, loc);
    result[member] = new ExprNode({ kind: 'member', name: member, type, loc });
  }
  result[declarationOf] = {
    kind: 'enum',
    name,
    base: bitType(base.width),
    members: names.map((member): EnumMember => ({ name: member, value: BigInt(members[member] as number) })),
    loc,
    ...docAbove(loc),
  };
  return Object.freeze(result) as never;
}

/** Fields in the order of the wire. The name is that of the type in P4, such as `ethernet_t`. */
export function header<const F extends Fields>(name: string, fields: F): HeaderType<F> {
  const loc = captureLocation();
  const locations = fieldLocations(loc, Object.keys(fields));
  const declaration: HeaderDecl = {
    kind: 'header',
    name,
    fields: Object.entries(fields).map(([field, type]) => ({
      name: field,
      type: irType(type),
      loc: locations.get(field) ?? loc,
      ...docAbove(locations.get(field) ?? loc, loc),
      ...formatOf(type),
    })),
    loc,
    ...docAbove(loc),
  };
  return Object.freeze({ kind: 'header', name, fields, [declarationOf]: declaration });
}

/** `depth` headers of one type, filled from the first (P4-16 §8.18). */
export function stack<F extends Fields, const N extends number>(of: HeaderType<F>, depth: N): StackType<F, N> {
  if (!Number.isInteger(depth) || depth < 1 || depth > 1024) fail('bad-stack-depth', { depth: String(depth) }, { loc: captureLocation() });
  return Object.freeze({ kind: 'stack', of, depth });
}

export function valueSet<W extends number>(type: BitType<W, any>, size: number): ValueSet<W> {
  return Object.freeze({ kind: 'value_set', width: type.width, size });
}

// ── for the other files of the DSL ──

/** Where header and enum types carry their IR declaration. */
export const declarationOf: unique symbol = Symbol.for('p4ts.declaration') as never;

export function irType(type: DataType): Type & { kind: 'bit' | 'int' | 'bool' | 'named' } {
  switch (type.kind) {
    case 'bit':
      return bitType(type.width);
    case 'int':
      return { kind: 'int', width: type.width };
    case 'bool':
      return boolType as { kind: 'bool' };
    case 'enum':
      return named(type.name) as NamedType;
    default:
      return unreachable(type);
  }
}

export const formatOf = (type: DataType): { format?: Format } =>
  type.kind === 'bit' && type.format !== 'num' ? { format: type.format as Format } : {};

/** Ends the run when a literal of a declaration does not fit. */
function literalInRange(value: number, width: number, loc: Loc): void {
  try {
    checkRange(BigInt(value), width);
  } catch (error) {
    if (error instanceof ValueError || error instanceof RangeError) {
      fail('literal-out-of-range', { value: String(value), type: `bit<${width}>`, range: `0 to ${(1n << BigInt(width)) - 1n}` }, { loc });
    }
    throw error;
  }
}

function bitWith<const W extends number, const F extends string>(width: W, format: F): BitType<W, F> {
  return Object.freeze({ kind: 'bit', width, format });
}
