/** Types of data. */
import type { Ipv4Address, Ipv6Address, MacAddress } from '../addresses.js';
import type { NewExpr } from './expressions.js';
import type { HeaderType, StackType, UnionType } from './headers.js';

/**
 * `W` bits, unsigned; `F` is the format in which people and the control plane write the values. Values are read as numbers
 * up to 32 bits and of 48 bits, and as bigints of every other width; addresses are read as text.
 */
export interface BitType<W extends number = number, F extends string = string> {
  readonly kind: 'bit';
  readonly width: W;
  readonly format: F;
}
/** The formats of addresses. */
export type AddressFormat = 'mac' | 'ipv4' | 'ipv6';
/** An address as people write it; of another format nothing. */
export type AddressText<F> = F extends 'ipv4' ? Ipv4Address : F extends 'mac' ? MacAddress : F extends 'ipv6' ? Ipv6Address : never;
/** `W` bits, two's complement. */
export interface IntType<W extends number = number> {
  readonly kind: 'int';
  readonly width: W;
}
/** An enum whose members have values on the wire (P4-16 §7.2.1). */
export interface EnumType<N extends string = string, M extends string = string> {
  readonly kind: 'enum';
  readonly name: N;
  readonly width: number;
  readonly members: readonly M[];
}
/** True or false; one bit in a header, where it is written as 1 or 0. */
export interface BoolType {
  readonly kind: 'bool';
}
/** At most `W` bits; a header has one such field at most, and it is only extracted, emitted and copied. */
export interface VarbitType<W extends number = number> {
  readonly kind: 'varbit';
  readonly width: W;
}
/** Fields together, in metadata. */
export interface StructType<F extends ControllerFields = any> {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: F;
}
/** Values together, without names, in metadata. */
export interface TupleType<T extends readonly ControllerType[] = any> {
  readonly kind: 'tuple';
  readonly elements: T;
}
/** Text to the control plane, number to the switch: `values` says which for which. */
export interface TextType<V extends string = string> {
  readonly kind: 'text';
  readonly values: Readonly<Record<V, number | bigint>>;
}
/**
 * A type of its own, made of the bits of `B` (P4-16 §7.2.12); for the control plane it is `C`, which is another type
 * where P4Runtime translates it ("User-defined types").
 */
export interface NewType<N extends string = string, B extends BitType = BitType, C extends BitType | TextType = B> {
  readonly kind: 'newtype';
  readonly name: N;
  readonly width: number;
  readonly base: B;
  readonly controller: C;
  /** The value of the switch, as an expression. */
  value(value: number | bigint | AddressText<B['format']>): NewExpr<NewType<N, B, C>>;
}
/** Any type of its own. */
export type AnyNewType = NewType<string, BitType, BitType | TextType>;
/** Every type that a field or a variable can have; not each of them can be everywhere. */
export type DataType = BitType | IntType | EnumType | BoolType | VarbitType | StructType | TupleType | AnyNewType;
/** Names and their types, in order. */
export type Fields = Record<string, DataType>;
/** An error, or an enum whose members have no values: controllers are told the name. Only programs in P4 have it there. */
export interface NamesType<M extends string = string> {
  readonly kind: 'names';
  readonly of: 'enum' | 'error';
  readonly members: readonly M[];
}
/** What registers and digests of programs in P4 have. */
export type ControllerType = DataType | NamesType | HeaderType | UnionType | StackType<Fields, number>;
/** As `Fields`, with the types that only programs in P4 have. */
export type ControllerFields = Record<string, ControllerType>;
