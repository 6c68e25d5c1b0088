/** Tables and actions. */
import type { Direction } from '../../ir/decl.js';
import type { MatchVal, Val } from '../values.js';
import type { argumentsOf, handleOf } from './brands.js';
import type { BitType, BoolType, DataType, EnumType, IntType } from './data-types.js';
import type { AnyExpr, Bool, EnumExpr, Expr, ExprOf, Field, FieldOf, NewExpr, OperandOf, SignedExpr } from './expressions.js';
import type { Expand, Refused } from './shown.js';

/** How a key matches (P4-16 §14.2.1.1; `range` and `optional` are of v1model and PSA). */
export type Kind = 'exact' | 'lpm' | 'ternary' | 'range' | 'optional';
/** A key: how it matches and its type. The name it gets in `key` is control-plane ABI. */
export interface Key<M extends Kind, T> {
  readonly match: M;
  readonly [handleOf]?: T;
}
/**
 * Makes a key of a field, an expression or a condition. Entries write the values of a field in its format, of an enum the
 * names of its members, and of a type of its own the values that it has for the control plane. Signed numbers are compared
 * bit by bit: 'lpm' and 'range' go by the bits, not by the sign.
 */
export type KeyOf<M extends Kind> = <E extends AnyExpr>(value: E) => Key<M, KeyType<E>>;
type KeyType<E> =
  E extends Field<infer W, infer F>
    ? BitType<W, F>
    : E extends Expr<infer W>
      ? BitType<W, 'num'>
      : E extends SignedExpr<infer W>
        ? IntType<W>
        : E extends EnumExpr<infer N>
          ? EnumType<N, string>
          : E extends NewExpr<infer T>
            ? T
            : BoolType;
/** The keys of a table by the names that the control plane uses. */
export type Keys = Record<string, Key<Kind, unknown>>;
type Needed<K> = {
  readonly [N in keyof K as K[N] extends Key<'exact' | 'lpm', unknown> ? N : never]: K[N] extends Key<infer M, infer T>
    ? MatchVal<M, T>
    : never;
};
type Omittable<K> = {
  readonly [N in keyof K as K[N] extends Key<'ternary' | 'range' | 'optional', unknown> ? N : never]?: K[N] extends Key<infer M, infer T>
    ? MatchVal<M, T>
    : never;
};
/** A priority is needed exactly when a key may be left out: higher wins. */
export type Priority<K> = keyof Omittable<K> extends never
  ? { readonly priority?: Refused<'only tables with a ternary, range or optional key have priorities'> }
  : { readonly priority: number };
/** What an entry matches: a value for each key; keys that are ternary, range or optional can be left out. */
export type Match<K> = Expand<Needed<K> & Omittable<K>>;

/** An action, of whatever parameters. */
export interface ActionRef<N extends string = string> {
  readonly actionName: N;
}
/** An action with its arguments: plain data, equal to what a controller reads of an entry that has it. */
export interface ActionCall<N extends string = string> {
  readonly call: N;
  readonly args: Readonly<Record<string, unknown>>;
}
/** A parameter that the program gives, not the control plane. */
export interface Directed<D extends Direction, T extends DataType> {
  readonly direction: D;
  readonly type: T;
}
/** The parameters of an action, in order. */
export type Params = Record<string, DataType | Directed<Direction, DataType>>;
/** The parameters that the control plane gives. */
export type ControlParams<P> = Expand<{
  readonly [K in keyof P as P[K] extends Directed<Direction, DataType> ? never : K]: P[K] extends DataType ? Val<P[K]> : never;
}>;
/** What the body of an action sees of its parameters. */
export type ParamViews<P> = {
  readonly [K in keyof P]: P[K] extends Directed<'in', infer T>
    ? ExprOf<T>
    : P[K] extends Directed<Direction, infer T>
      ? FieldOf<T>
      : ExprOf<P[K]>;
};
/** What a call in a body gives for them. */
export type ParamOperands<P> = Expand<{
  readonly [K in keyof P]: P[K] extends Directed<'in', infer T>
    ? OperandOf<T>
    : P[K] extends Directed<Direction, infer T>
      ? FieldOf<T>
      : OperandOf<P[K]>;
}>;
/** What a table gives for the parameters that the program gives. */
export type DirectedOperands<P> = {
  readonly [K in keyof P as P[K] extends Directed<Direction, DataType> ? K : never]: P[K] extends Directed<'in', infer T>
    ? OperandOf<T>
    : P[K] extends Directed<Direction, infer T>
      ? FieldOf<T>
      : never;
};
/** An action: call it with its arguments to make an entry, or run it in a body with `c.call`. */
export interface Action<N extends string, P extends Params> extends ActionRef<N> {
  (...args: keyof ControlParams<P> extends never ? [] : [args: ControlParams<P>]): ActionCall<N>;
  /** The arguments that `c.call` takes after the action. */
  readonly [argumentsOf]: keyof P extends never ? [] : [args: ParamOperands<P>];
}
/** An action of whatever parameters that `c.call` can run. */
export interface AnyAction extends ActionRef {
  readonly [argumentsOf]: any[];
}
/** Where the actions of a table are: in its entries, in an action profile, or in an action selector. */
export type Impl = 'direct' | 'profile' | 'selector';
/** An action profile or selector: `ctl.profile` and `ctl.selector` make it. */
export interface ActionProfile<I extends Impl> {
  readonly impl: I;
}
/** A table: `ctl.table` makes it. Controllers reach it with `sw.table(…)`. */
export interface Table<K, A extends string, I extends Impl> {
  readonly tableName: string;
  readonly [handleOf]: { readonly key: K; readonly action: A; readonly impl: I };
}
/** What applying a table gives. */
export interface Hit<A extends string> {
  readonly hit: Bool;
  readonly miss: Bool;
  readonly [handleOf]: A;
}
/** A member of an action profile or selector, by its id: `member(…)` makes it. */
export interface Member {
  readonly member: number;
}
/** A group of an action selector, by its id: `group(…)` makes it. */
export interface Group {
  readonly group: number;
}
/** What a one-shot set says of itself; what it does not say is as its selector declares it. */
export interface OneShotOptions {
  /** 'hash': a flow stays with its action. 'random': each packet gets one by itself. */
  readonly actionSelectionMode?: 'hash' | 'random';
  /** What the sizes of the selector limit: the sum of the set's weights, or how many actions it has. */
  readonly sizeSemantics?: 'sum-of-weights' | 'sum-of-members';
}
/** An action of a one-shot set. */
export interface OneShotAction<A extends string> {
  readonly action: ActionCall<A>;
  /** How often it is chosen in comparison with the others; 1 where it is not said. */
  readonly weight?: number;
  /** It is left out while this port is down. */
  readonly watchPort?: number;
}
export interface OneShot<A extends string> extends OneShotOptions {
  readonly set: readonly OneShotAction<A>[];
}
/** What an entry of a table has for its action. */
export type EntryAction<A extends string, I extends Impl> = I extends 'direct'
  ? ActionCall<A>
  : I extends 'profile'
    ? Member
    : Member | Group | OneShot<A>;
/** An entry of a table, as the control plane writes it. */
export type Entry<K, A extends string, I extends Impl> = Expand<
  { readonly match: Match<K>; readonly action: EntryAction<A, I> } & Priority<K>
>;
/** What identifies an entry. */
export type EntryKey<K> = Expand<{ readonly match: Match<K> } & Priority<K>>;
