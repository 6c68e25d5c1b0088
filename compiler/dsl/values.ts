/** Values of data as the control plane writes them (Val) and reads them (Out). */
import type { Direction } from '../ir/decl.js';
import type { Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix, MacAddress } from './addresses.js';
import type {
  BitType,
  BoolType,
  DataType,
  Directed,
  EnumType,
  Expand,
  HeaderType,
  IntType,
  NamesType,
  NewType,
  StackType,
  StructType,
  TextType,
  TupleType,
  UnionType,
} from './surface.js';

/** The address that is as wide as a field of which nobody said what it is. */
type AddressText<T> =
  T extends BitType<32> ? Ipv4Address : T extends BitType<48> ? MacAddress : T extends BitType<128> ? Ipv6Address : never;
/**
 * A value of type `T` as the control plane writes it: `mac` as text, numbers as number or bigint, enums as names of
 * members.
 */
export type Val<T> =
  T extends BitType<number, 'mac'>
    ? MacAddress | bigint
    : T extends BitType<number, 'ipv4'>
      ? Ipv4Address | number
      : T extends BitType<number, 'ipv6'>
        ? Ipv6Address | bigint
        : T extends BitType | IntType
          ? number | bigint | (T extends BitType<number, 'any'> ? AddressText<T> : never)
          : T extends EnumType<string, infer M>
            ? M
            : T extends NewType<string, BitType, infer C>
              ? C extends TextType<infer V>
                ? V
                : Val<C>
              : T extends BoolType
                ? boolean
                : Data<T, 'val'>;
/** As it is written (Val), or as it is read (Out). */
type As<T, W extends 'val' | 'out'> = W extends 'val' ? Val<T> : Out<T>;
type AllAs<F, W extends 'val' | 'out'> = { readonly [K in keyof F]: As<F[K], W> };
/** A header that is not valid is null, and so is a union without a valid one. Of `any` there is no end. */
type Data<T, W extends 'val' | 'out'> = 0 extends 1 & T
  ? never
  : T extends StructType<infer F>
    ? AllAs<F, W>
    : T extends TupleType<infer E>
      ? AllAs<E, W>
      : T extends HeaderType<infer F>
        ? AllAs<F, W> | null
        : T extends UnionType<infer M>
          ? { [K in keyof M]: { readonly [N in K]: AllAs<M[K]['fields'], W> } }[keyof M] | null
          : T extends StackType<infer F, number>
            ? readonly (AllAs<F, W> | null)[]
            : T extends NamesType<infer M>
              ? M
              : never;
/** The widths that are read as numbers; the others are read as bigints (`readNumber` does it). */
type NumberWidth =
  | 1
  | 2
  | 3
  | 4
  | 5
  | 6
  | 7
  | 8
  | 9
  | 10
  | 11
  | 12
  | 13
  | 14
  | 15
  | 16
  | 17
  | 18
  | 19
  | 20
  | 21
  | 22
  | 23
  | 24
  | 25
  | 26
  | 27
  | 28
  | 29
  | 30
  | 31
  | 32
  | 48;
/** A value as it is read, which can also be written. */
export type Out<T> =
  T extends BitType<number, 'mac' | 'ipv4' | 'ipv6'>
    ? Extract<Val<T>, string>
    : T extends BitType<infer W> | IntType<infer W>
      ? W extends NumberWidth
        ? number
        : bigint
      : T extends EnumType<string, infer M>
        ? M
        : T extends NewType<string, BitType, infer C>
          ? C extends TextType<infer V>
            ? V
            : Out<C>
          : T extends BoolType
            ? boolean
            : Data<T, 'out'>;
/** A value to write for each of the fields `F`. */
export type Vals<F> = { readonly [K in keyof F]: Val<F[K]> };
/** A value that was read for each of the fields `F`. */
export type Outs<F> = { readonly [K in keyof F]: Out<F[K]> };
/** A value that was read for each of the parameters `P` that the control plane gives. */
export type ControlOuts<P> = Expand<{
  readonly [K in keyof P as P[K] extends Directed<Direction, DataType> ? never : K]: Out<P[K]>;
}>;
/** A prefix of type `T`: `10.0.0.0/8`, or `{ value, prefix }` for what is not an address. */
export type LpmVal<T> =
  T extends BitType<number, 'ipv4'>
    ? Ipv4Prefix
    : T extends BitType<number, 'ipv6'>
      ? Ipv6Prefix
      : { readonly value: Val<T>; readonly prefix: number } | (T extends BitType<number, 'any'> ? `${AddressText<T>}/${number}` : never);
/** What an entry has for a key of type `T` that matches as `M`. */
export type MatchVal<M, T> = M extends 'exact'
  ? Val<T>
  : M extends 'lpm'
    ? LpmVal<T>
    : M extends 'ternary'
      ? Val<T> | { readonly value: Val<T>; readonly mask: Val<T> }
      : M extends 'range'
        ? { readonly low: Val<T>; readonly high: Val<T> }
        : Val<T>;
