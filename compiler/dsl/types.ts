/** Data types, headers and stacks: what a pipeline's fields are made of. */

import { bitType, boolType, constant as constantNode, named, name as nameNode } from '../ir/build.js';
import type { ConstDecl } from '../ir/decl.js';
import type { EnumDecl, EnumMember, FieldDecl, HeaderDecl, StructDecl, Type, TypeDecl, UnionDecl } from '../ir/types.js';
import { misfit } from '../support/bits.js';
import { fail } from '../support/diagnostics.js';
import { docAbove } from '../support/doc-comments.js';
import { unreachable } from '../support/invariant.js';
import { captureLocation, type Loc } from '../support/location.js';
import { addressWidth, type Format } from '../support/values.js';
import { expectArguments, isDataType } from './arguments.js';
import { fieldLocations } from './comments.js';
import { addressNumber, describe, ExprNode, shown } from './expr.js';
import type {
  AddressText,
  BitType,
  BoolType,
  Cell,
  DataType,
  Directed,
  EnumExpr,
  EnumType,
  ExprOf,
  Fields,
  HeaderType,
  IntType,
  StackOf,
  StructType,
  TupleType,
  UnionType,
  ValueSet,
  VarbitType,
} from './surface.js';
import { declarationOf } from './type-declarations.js';

/** As it is written: the string "8" is not the number 8. */
const inspected = (width: unknown): string => (typeof width === 'string' ? JSON.stringify(width) : String(width));

/**
 * Unsigned, `width` bits (1 to 2048). Controllers and tests write a number or a bigint. They read a number up to 32 bits
 * and of 48 bits, and a bigint of every other width, such as 40 or 64.
 */
export function bit<const W extends number>(width: W): BitType<W, 'num'> {
  if (!Number.isInteger(width) || width < 1 || width > 2048)
    fail('bad-width', { type: `bit(${inspected(width)})`, most: 2048 }, { loc: captureLocation() });
  return bitWith(width, 'num');
}
/** Two's complement, `width` bits. Controllers and tests write and read it as they do `bit(width)`. */
export function int<const W extends number>(width: W): IntType<W> {
  if (!Number.isInteger(width) || width < 1 || width > 2048)
    fail('bad-width', { type: `int(${inspected(width)})`, most: 2048 }, { loc: captureLocation() });
  return Object.freeze({ kind: 'int', width });
}
/** True or false. */
export const bool: BoolType = Object.freeze({ kind: 'bool' });
/** A MAC address, written '08:00:00:00:01:11' in pipelines and by controllers. */
export const mac: BitType<48, 'mac'> = bitWith(48, 'mac');
/** An IPv4 address, written '10.0.0.1' in pipelines and by controllers. */
export const ipv4: BitType<32, 'ipv4'> = bitWith(32, 'ipv4');
/** An IPv6 address, written '2001:db8::1' in pipelines and by controllers. */
export const ipv6: BitType<128, 'ipv6'> = bitWith(128, 'ipv6');
/** A port number. */
export const port: BitType<9, 'port'> = bitWith(9, 'port');

/** At most `width` bits; the length is given where the header is extracted, with `p.extractVar`. */
export function varbit<const W extends number>(width: W): VarbitType<W> {
  if (!Number.isInteger(width) || width < 8 || width > 2048) {
    fail('bad-width', { type: `varbit(${inspected(width)})`, least: 8, most: 2048 }, { loc: captureLocation() });
  }
  return Object.freeze({ kind: 'varbit', width });
}

/**
 * An enum. With a base and values it can be in headers and keys (P4-16 §7.2.1), and a field may hold values that no
 * member has; with names only it is for metadata. Its members are properties of the result: `EtherType.ipv4`.
 */
export function enumeration<const N extends string, const M extends Record<string, number>>(
  name: N,
  base: BitType,
  members: M,
): EnumType<N, keyof M & string> & { readonly [K in keyof M & string]: EnumExpr<N> };
export function enumeration<const N extends string, const M extends string>(
  name: N,
  members: readonly M[],
): EnumType<N, M> & { readonly [K in M]: EnumExpr<N> };
export function enumeration(name: string, base: BitType | readonly string[], values?: Readonly<Record<string, number>>): never {
  expectArguments('enumeration', values ? { name: 'text', base: 'bits', members: 'object' } : { name: 'text', members: 'list' }, [
    name,
    base,
    values,
  ]);
  const loc = captureLocation();
  const width = 'width' in base ? base.width : 0;
  const members = values ? Object.keys(values) : (base as readonly string[]);
  const type = named(name);
  const result: Record<string | symbol, unknown> = { kind: 'enum', name, width, members };
  const seen = new Map<number, string>();
  for (const member of members) {
    if (member in result) fail('enum-member-name', { name: member }, { loc });
    const value = values?.[member];
    if (value !== undefined) {
      const twin = seen.get(value);
      if (twin !== undefined) fail('duplicate-enum-value', { enum: name, first: twin, second: member, value }, { loc });
      seen.set(value, member);
      literalInRange(value, width, loc);
    }
    result[member] = new ExprNode({ kind: 'member', name: member, type, loc });
  }
  const declaration: EnumDecl = {
    kind: 'enum',
    name,
    ...(values ? { base: bitType(width) } : {}),
    members: members.map((member): EnumMember => (values ? { name: member, value: BigInt(values[member] as number) } : { name: member })),
    loc,
    ...docAbove(loc),
  };
  result[declarationOf] = declaration;
  return Object.freeze(result) as never;
}

/** Fields together, for metadata. */
export function struct<const F extends Fields>(name: string, fields: F): StructType<F> {
  expectArguments('struct', { name: 'text', fields: 'object' }, [name, fields]);
  const loc = captureLocation();
  const declaration: StructDecl = { kind: 'struct', name, fields: fieldDecls(fields, loc), loc, ...docAbove(loc) };
  return Object.freeze({ kind: 'struct', name, fields, [declarationOf]: declaration });
}

/** Values together without names, for metadata. */
export function tuple<const T extends readonly DataType[]>(...elements: T): TupleType<T> {
  return Object.freeze({ kind: 'tuple', elements });
}

/** A named number: printed as a constant of the program. */
export function constant<W extends number, F extends string>(
  name: string,
  type: BitType<W, F>,
  value: number | bigint | AddressText<F>,
): ExprOf<BitType<W, F>> {
  expectArguments('constant', { name: 'text', type: 'bits' }, [name, type]);
  const loc = captureLocation();
  const number = literal(value, type, name, loc);
  const declaration: ConstDecl = {
    kind: 'constant',
    name,
    type: bitType(type.width),
    value: constantNode(number, bitType(type.width), loc),
    loc,
    ...docAbove(loc),
  };
  return shown(ExprNode.declaring(nameNode(name, declaration.type, loc), declaration, [], formatOf(type).format));
}

/** An error that `p.verify` can end the parser with, beside those of core.p4. */
export function parserError(name: string): EnumExpr<'error'> {
  expectArguments('parserError', { name: 'text' }, [name]);
  const loc = captureLocation();
  return shown(new ExprNode({ kind: 'member', name, type: { kind: 'error' }, loc }));
}

/** A parameter of an action that the program gives and the action only reads. */
export const input = <T extends DataType>(type: T): Directed<'in', T> => Object.freeze({ direction: 'in', type });
/** A parameter of an action through which it gives a result. */
export const output = <T extends DataType>(type: T): Directed<'out', T> => Object.freeze({ direction: 'out', type });
/** A parameter of an action that it reads and changes. */
export const inout = <T extends DataType>(type: T): Directed<'inout', T> => Object.freeze({ direction: 'inout', type });

/** Fields in the order of the wire. The name is that of the type in P4, such as `ethernet_t`. */
export function header<const F extends Fields>(name: string, fields: F): HeaderType<F> {
  expectArguments('header', { name: 'text', fields: 'object' }, [name, fields]);
  const loc = captureLocation();
  const declaration: HeaderDecl = { kind: 'header', name, fields: fieldDecls(fields, loc), loc, ...docAbove(loc) };
  return Object.freeze({ kind: 'header', name, fields, [declarationOf]: declaration });
}

/** One of several headers: making one valid makes the others invalid (P4-16 §8.20). */
export function union<const M extends Record<string, HeaderType>>(name: string, members: M): UnionType<M> {
  expectArguments('union', { name: 'text', members: 'members' }, [name, members]);
  const loc = captureLocation();
  const places = fieldLocations(loc, Object.keys(members));
  const declaration: UnionDecl = {
    kind: 'header_union',
    name,
    fields: Object.entries(members).map(([member, type]) => ({ name: member, type: named(type.name), loc: places.get(member) ?? loc })),
    loc,
    ...docAbove(loc),
  };
  return Object.freeze({ kind: 'union', name, members, [declarationOf]: declaration });
}

/** `depth` headers of one type, or header unions of one, filled from the first (P4-16 §8.18). */
export function stack<T extends HeaderType | UnionType, const N extends number>(of: T, depth: N): StackOf<T, N>;
export function stack(of: HeaderType | UnionType, depth: number): unknown {
  expectArguments('stack', { of: 'element' }, [of]);
  if (!Number.isInteger(depth) || depth < 1 || depth > 1024) fail('bad-stack-depth', { depth: String(depth) }, { loc: captureLocation() });
  return Object.freeze({ kind: 'stack', of, depth });
}

/**
 * A set of at most `size` values of that type, for the option `valueSets` of a pipeline. Controllers change it; the
 * parser selects on it.
 */
export function valueSet<W extends number>(type: BitType<W>, size: number): ValueSet<W> {
  expectArguments('valueSet', { type: 'bits' }, [type]);
  if (!Number.isInteger(size) || size < 1)
    fail('bad-operand', { got: describe(size), expected: 'a number of members from 1' }, { loc: captureLocation() });
  return Object.freeze({ kind: 'value_set', width: type.width, size });
}

// ── for the other files of the DSL ──

export function irType(type: DataType): Type {
  switch (type.kind) {
    case 'bit':
      return bitType(type.width);
    case 'int':
    case 'varbit':
      return { kind: type.kind, width: type.width };
    case 'bool':
      return boolType;
    case 'enum':
    case 'struct':
    case 'newtype':
      return named(type.name);
    case 'tuple':
      return { kind: 'tuple', elements: (type.elements as readonly DataType[]).map(irType) };
    default:
      return unreachable(type);
  }
}

/** The type of a register's cell; several fields are a struct named after the register. */
export const cellType = (register: string, cell: Cell): Type => (isOneValue(cell) ? irType(cell) : named(`${register}_cell_t`));

/** The types of a cell's values; of what is not a cell, itself. */
export const cellTypes = (cell: Cell): readonly unknown[] => {
  if (typeof cell !== 'object' || cell === null || isOneValue(cell)) return [cell];
  const types = Object.values(cell);
  return types.length > 0 ? types : [undefined];
};

export const isOneValue = (cell: Cell): cell is Extract<Cell, DataType> => typeof cell.kind === 'string';

/** The declarations that a type needs, those that others need first. */
export function* declarationsIn(type: DataType | HeaderType): Generator<TypeDecl> {
  if (type.kind === 'struct' || type.kind === 'header')
    for (const field of Object.values(type.fields as Fields)) yield* declarationsIn(field);
  if (type.kind === 'tuple') for (const element of type.elements as readonly DataType[]) yield* declarationsIn(element);
  const declaration = (type as { [declarationOf]?: TypeDecl })[declarationOf];
  if (declaration) yield declaration;
}

/** The fields of a header or struct as declared, each at its place in the source. @throws DiagnosticError not-a-type */
export function fieldDecls(fields: Fields, loc: Loc): FieldDecl[] {
  const places = fieldLocations(loc, Object.keys(fields));
  return Object.entries(fields).map(([name, type]) => {
    const at = places.get(name) ?? loc;
    if (!isDataType(type)) fail('not-a-type', { field: name }, { loc: at });
    return { name, type: irType(type), loc: at, ...docAbove(at, loc), ...formatOf(type) };
  });
}

/** A type of the IR, with how people write its values. */
export interface Typed {
  readonly type: Type;
  readonly format?: Format | undefined;
}
export const typed = (type: DataType): Typed => ({ type: irType(type), ...formatOf(type) });
export const typedAll = (types: Readonly<Record<string, DataType>>): Readonly<Record<string, Typed>> =>
  Object.fromEntries(Object.entries(types).map(([name, type]) => [name, typed(type)]));

/** How people write values of the type; of one that is translated, the controller's values. */
export const formatOf = (type: DataType): { format?: Format } => {
  if (type.kind === 'newtype') return type.controller.kind === 'text' ? {} : formatOf(type.controller);
  return type.kind === 'bit' && type.format !== 'num' ? { format: type.format as Format } : {};
};

/** The number that a declaration gives for a value of the type, which of an address may be text. Ends the run when it does not fit. */
export function literal(value: number | bigint | string, type: BitType, what: string, loc: Loc): bigint {
  const { format } = formatOf(type);
  if (typeof value === 'string' && addressWidth(format) !== undefined) return addressNumber(value, format, what, loc);
  literalInRange(value as number, type.width, loc);
  return BigInt(value);
}

/** Ends the run when a literal of a declaration does not fit. */
export function literalInRange(value: number | bigint, width: number, loc: Loc): void {
  if (typeof value !== 'number' && typeof value !== 'bigint')
    fail('bad-operand', { got: describe(value), expected: `a number for bit<${width}>` }, { loc });
  const problem = misfit(value, { kind: 'bit', width }, `bit<${width}>`);
  if (problem) fail('literal-out-of-range', problem, { loc });
}

function bitWith<const W extends number, const F extends string>(width: W, format: F): BitType<W, F> {
  return Object.freeze({ kind: 'bit', width, format });
}
