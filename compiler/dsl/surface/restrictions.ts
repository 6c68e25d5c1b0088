/** Constraints of entries and of calls, and references between entries: what the control plane may write. */
import type { Val } from '../values.js';
import type { handleOf } from './brands.js';
import type { BitType, BoolType, DataType, EnumType, IntType, NewType, TextType } from './data-types.js';
import type { Refused } from './shown.js';
import type { ControlParams, Directed, Key } from './tables.js';

/** What every entry, or every call, has to satisfy. */
export interface Restriction {
  readonly [handleOf]: 'restriction';
  /** Both hold. */
  and(other: Restriction): Restriction;
  /** At least one holds. */
  or(other: Restriction): Restriction;
  /** It does not hold. */
  not(): Restriction;
  /** Where this holds, the other does. */
  implies(other: Restriction): Restriction;
}
/** A number of an entry or of a call: it is compared with literals of type `V`, and with other numbers of `W` bits. */
export interface RestrictedNumber<W extends number, V> {
  readonly [handleOf]: W;
  /** Equal. */
  eq(other: V | RestrictedNumber<W, unknown>): Restriction;
  /** Not equal. */
  ne(other: V | RestrictedNumber<W, unknown>): Restriction;
  /** Less than, without sign. */
  lt(other: V | RestrictedNumber<W, unknown>): Restriction;
  /** Less than or equal, without sign. */
  le(other: V | RestrictedNumber<W, unknown>): Restriction;
  /** Greater than, without sign. */
  gt(other: V | RestrictedNumber<W, unknown>): Restriction;
  /** Greater than or equal, without sign. */
  ge(other: V | RestrictedNumber<W, unknown>): Restriction;
}
/** A key that matches several values: it equals a literal where it matches that one value alone. */
interface WiderKey<W extends number, V> {
  /** Matches this one value; or both keys match the same. */
  eq(other: V | RestrictedNumber<W, unknown> | this): Restriction;
  /** Matches another or more than this one value; or the keys do not match the same. */
  ne(other: V | RestrictedNumber<W, unknown> | this): Restriction;
}
/** A ternary or optional key: left out of an entry, its value and its mask are 0. The mask of an optional key is all ones or 0. */
export interface MaskedKey<W extends number, V> extends WiderKey<W, V> {
  readonly value: RestrictedNumber<W, V>;
  readonly mask: RestrictedNumber<W, number | bigint>;
}
/** An lpm key. */
export interface PrefixKey<W extends number, V> extends WiderKey<W, V> {
  readonly value: RestrictedNumber<W, V>;
  /** From 0 to the bits of the key. */
  readonly prefixLength: RestrictedNumber<0, number>;
}
/** A range key: left out of an entry, it is from 0 to the largest value. */
export interface RangeKey<W extends number, V> extends WiderKey<W, V> {
  readonly low: RestrictedNumber<W, V>;
  readonly high: RestrictedNumber<W, V>;
}
/** Of the entry itself, besides its keys. */
export interface RestrictedEntry {
  /** 0 where the table has no ternary, range or optional key. */
  readonly priority: RestrictedNumber<0, number>;
}

/** The bits that constraints see of a type; text has none. */
export type ControlWidth<T> =
  T extends NewType<string, BitType, infer C>
    ? C extends BitType<infer W>
      ? W
      : never
    : T extends BitType<infer W> | IntType<infer W>
      ? W
      : T extends BoolType
        ? 1
        : number;
/** As people write a value of the type. */
export type RestrictedLiteral<T> = { readonly of: Val<T> | (T extends BoolType | EnumType ? never : number | bigint) }['of'];
/** A key of type `T` that matches as `M`, as the restriction of its table sees it. */
export type RestrictedKey<M, T> = [ControlWidth<T>] extends [never]
  ? Refused<'constraints see no bits of text'>
  : M extends 'exact'
    ? RestrictedNumber<ControlWidth<T>, RestrictedLiteral<T>>
    : M extends 'ternary' | 'optional'
      ? MaskedKey<ControlWidth<T>, RestrictedLiteral<T>>
      : M extends 'lpm'
        ? PrefixKey<ControlWidth<T>, RestrictedLiteral<T>>
        : RangeKey<ControlWidth<T>, RestrictedLiteral<T>>;
/** The keys of a table as its restriction sees them. */
export type RestrictedKeys<K> = { readonly [N in keyof K]: K[N] extends Key<infer M, infer T> ? RestrictedKey<M, T> : never };
/** The parameters that the control plane gives to an action, as its restriction sees them. */
export type RestrictedParams<P> = {
  readonly [N in keyof P & keyof ControlParams<P>]: [ControlWidth<P[N]>] extends [never]
    ? Refused<'constraints see no bits of text'>
    : RestrictedNumber<ControlWidth<P[N]>, RestrictedLiteral<P[N]>>;
};

/** What an entry or a call refers to by a value: to an entry of a table, by its key, or to a multicast group. */
export interface EntryReference<R> {
  readonly [handleOf]: { readonly refersTo: R };
}
/** A part of the replicas of multicast groups, by which they refer to entries. */
export interface ReplicaReference {
  readonly [handleOf]: 'replica';
}
/** Values of types of their own refer to such values, others to those of as many bits. */
export type Referred<T> = T extends NewType<infer N, BitType, BitType | TextType> ? N : ControlWidth<T>;
/** The keys of a table to which others may refer. */
export type ReferableKey<K> = { [N in keyof K]: K[N] extends Key<'exact', unknown> ? N : never }[keyof K];
/** What a value of type `T` may refer to. */
export type ReferencesTo<T> = { readonly to: EntryReference<Referred<T>> | readonly EntryReference<Referred<T>>[] }['to'];
/** What the keys of a table refer to. */
export type KeysReferTo<K> = {
  readonly [N in keyof K]?: K[N] extends Key<'exact' | 'optional', infer T>
    ? ReferencesTo<T>
    : Refused<'only exact and optional keys refer to other entries'>;
};
/** By what replicas of multicast groups refer to the keys of a table. */
export type KeysReferredBy<K> = { readonly [N in keyof K as K[N] extends Key<'exact', unknown> ? N : never]?: ReplicaReference };
/** What the parameters of an action refer to. */
export type ParamsReferTo<P> = {
  readonly [N in keyof P as P[N] extends Directed<never, DataType> ? never : N]?: P[N] extends DataType ? ReferencesTo<P[N]> : never;
};
