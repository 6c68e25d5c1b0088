/** Headers, and what a pipeline sees of them. */
import type { fieldsOf, structOf } from './brands.js';
import type { Fields } from './data-types.js';
import type { Expr, FieldOf, OperandOf, StructView, TupleView } from './expressions.js';

/** A type of header: `header(…)` makes it. */
export interface HeaderType<F extends Fields = Fields> {
  readonly kind: 'header';
  readonly name: string;
  readonly fields: F;
}
/** A stack of `N` headers: `stack(…)` makes it. */
export interface StackType<F extends Fields, N extends number> {
  readonly kind: 'stack';
  readonly of: HeaderType<F>;
  readonly depth: N;
}
/** A stack of `N` header unions: `stack(…)` makes it. */
export interface UnionStackType<M extends Record<string, HeaderType>, N extends number> {
  readonly kind: 'stack';
  readonly of: UnionType<M>;
  readonly depth: N;
}
/** The stack of `N` elements of type `T`. */
export type StackOf<T, N extends number> =
  T extends HeaderType<infer F>
    ? StackType<F, N>
    : T extends UnionType<infer M extends Record<string, HeaderType>>
      ? UnionStackType<M, N>
      : never;
/** A header of the packet, of whatever type, or a header union. */
export type AnyHeader = { readonly [fieldsOf]: unknown };
/** A header of the packet: its fields. Its validity is `valid(header)`. */
export type View<F extends Fields> = { readonly [K in keyof F]: FieldOf<F[K]> } & { readonly [fieldsOf]: F };
/** What can be copied to it. */
export type CopyOf<T> = T extends { readonly [fieldsOf]: infer F extends Fields }
  ? View<F>
  : T extends TupleView<infer E>
    ? TupleView<E> | { readonly [I in keyof E]: OperandOf<E[I]> }
    : T extends { readonly [structOf]: infer F extends Fields }
      ? StructView<F>
      : T;
/** A stack of the packet, of headers or header unions. */
export interface AnyStackView extends Elements<unknown> {}
/** A stack of headers of the packet. */
export interface StackView<F extends Fields> extends Elements<View<F>> {}
/** A stack of header unions of the packet: of each element, at most one member is valid. */
export interface UnionStackView<M extends Record<string, HeaderType>> extends Elements<UnionView<M>> {}
/** The elements of a stack of the packet (P4-16 §8.18), which are seen as `V`. */
export interface Elements<V> {
  readonly kind: 'stack';
  /** Element `index`, from 0. An index beyond the stack reads 0 and writes nothing; BMv2 aborts there. */
  at(index: number | Expr<number>): V;
  /** The first element that was not extracted yet; in parsers. */
  readonly next: V;
  /** The element extracted last; in parsers. */
  readonly last: V;
  readonly lastIndex: Expr<32>;
}
/** Of its members at most one is valid. */
export interface UnionType<M extends Record<string, HeaderType> = any> {
  readonly kind: 'union';
  readonly name: string;
  readonly members: M;
}
/** What a header, stack or union of type `T` is in the body of a pipeline. */
export type ViewOf<T> =
  T extends HeaderType<infer F>
    ? View<F>
    : T extends StackType<infer F, number>
      ? StackView<F>
      : T extends UnionStackType<infer M, number>
        ? UnionStackView<M>
        : T extends UnionType<infer M>
          ? UnionView<M>
          : never;
/** A header union of the packet: its members. */
export type UnionView<M> = { readonly [K in keyof M]: ViewOf<M[K]> } & AnyHeader;
/** What `headers` of a pipeline can have. */
export type HeaderSet = Record<
  string,
  HeaderType | StackType<Fields, number> | UnionStackType<Record<string, HeaderType>, number> | UnionType<any>
>;
/** `hdr`: the headers of a packet, for `headers` of type `S`. */
export type Headers<S> = { readonly [K in keyof S]: ViewOf<S[K]> };
/** `meta`: the metadata of a packet, for `metadata` of type `M`. */
export type Meta<M> = { readonly [K in keyof M]: FieldOf<M[K]> };
