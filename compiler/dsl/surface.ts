/**
 * The surface of the DSL as types: what the author of a pipeline and the author of a controller see. Nothing here
 * exists at run time; the other files of this folder make the objects that these types describe.
 */
import type { Direction } from '../ir/decl.js';
import type { Format } from '../support/values.js';
import type { MatchVal, Val } from './values.js';

/** Phantom brands: they tell tsc apart what would otherwise look alike. */
declare const unsigned: unique symbol;
declare const fieldsOf: unique symbol;
declare const boolBrand: unique symbol;
declare const enumOf: unique symbol;
declare const formatOf: unique symbol;
declare const transitionBrand: unique symbol;
declare const handleOf: unique symbol;
declare const signed: unique symbol;
declare const varbitOf: unique symbol;
declare const structOf: unique symbol;
declare const newtypeOf: unique symbol;
declare const operandOf: unique symbol;
declare const argumentsOf: unique symbol;
declare const refused: unique symbol;

// tsc shows people the types of this file. A function has one signature where its arguments allow it, since of several
// tsc shows the last; what it takes follows from its first argument, so that the error is at the value. Types that are
// computed lose their name on the way (`Expand`, or a property's type), so that people see what they are made of.

/** No value is of this type: where tsc shows it, it says why. */
export interface Refused<Reason extends string> {
  readonly [refused]: Reason;
}
/** The properties of `T`, written out. */
export type Expand<T> = T extends infer O ? { readonly [K in keyof O]: O[K] } : never;

// ── data types ──

/** `W` bits, unsigned; `F` is the format in which people and the control plane write the values. */
export interface BitType<W extends number = number, F extends string = string> {
  readonly kind: 'bit';
  readonly width: W;
  readonly format: F;
}
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
  value(value: number | bigint): NewExpr<NewType<N, B, C>>;
}
/** Every type that a field or a variable can have; not each of them can be everywhere. */
/** Any type of its own. */
export type AnyNewType = NewType<string, BitType, BitType | TextType>;
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
/** The width of port numbers in the portable architecture is 9 bits. */
export type KnownFormat = Format;

// ── expressions: symbolic, pure, evaluated where they are used ──

/** An expression of any type. */
export interface AnyExpr {
  /** What can be compared with it, computed with it or assigned to it. */
  readonly [operandOf]: unknown;
}
/** A field, a variable, or bits of one. */
export interface Assignable extends AnyExpr {
  readonly isRef: true;
}
/** A condition of the pipeline: use it in `c.if`, `mux`, `.and`, `.or`, `.not`. */
export interface Bool {
  readonly [boolBrand]: true;
  readonly [operandOf]: Bool | boolean;
  /** Both are true, or both are false. */
  eq(other: Bool | boolean): Bool;
  /** One is true and the other false. */
  ne(other: Bool | boolean): Bool;
  /** 1 when true, 0 when false. */
  as(type: BitType<1>): Expr<1>;
  /** Both are true. The second one is evaluated only where the first is true. */
  and(other: Bool): Bool;
  /** At least one is true. The second one is evaluated only where the first is false. */
  or(other: Bool): Bool;
  /** True when this is false. */
  not(): Bool;
  /**
   * For tsc only, which reports `if (valid(h))` because of it (error TS2801). It does not exist at run time.
   * @deprecated write c.if(cond, …)
   */
  then(writeCIf: (x: never) => void): void;
}
/** A number, or an expression of the same width. */
export type Operand<W extends number> = Expr<W>[typeof operandOf];
/** A number of `W` bits without a sign. A literal that it is used with must fit `W` bits. */
export interface Expr<W extends number> {
  /** How many bits it has. */
  readonly width: W;
  readonly [unsigned]: true;
  readonly [operandOf]: Expr<W> | number | bigint;
  /** Modulo 2^W. */
  add(other: Operand<W>): Expr<W>;
  /** Modulo 2^W. */
  sub(other: Operand<W>): Expr<W>;
  /** Modulo 2^W. */
  mul(other: Operand<W>): Expr<W>;
  /** 2^W minus the value. */
  neg(): Expr<W>;
  /** Stops at the largest value. */
  satAdd(other: Operand<W>): Expr<W>;
  /** Stops at zero. */
  satSub(other: Operand<W>): Expr<W>;
  /** Bit by bit. */
  and(other: Operand<W>): Expr<W>;
  /** Bit by bit. */
  or(other: Operand<W>): Expr<W>;
  /** Bit by bit. */
  xor(other: Operand<W>): Expr<W>;
  /** Every bit inverted. */
  not(): Expr<W>;
  /** Zeros come in; a shift by W or more gives 0. */
  shl(by: number | Expr<number>): Expr<W>;
  /** Zeros come in; a shift by W or more gives 0. */
  shr(by: number | Expr<number>): Expr<W>;
  /** Equal. */
  eq(other: Operand<W>): Bool;
  /** Not equal. */
  ne(other: Operand<W>): Bool;
  /** Less than, without sign. */
  lt(other: Operand<W>): Bool;
  /** Less than or equal, without sign. */
  le(other: Operand<W>): Bool;
  /** Greater than, without sign. */
  gt(other: Operand<W>): Bool;
  /** Greater than or equal, without sign. */
  ge(other: Operand<W>): Bool;
  /** `width` bits from bit `low`, counted from the least significant one. */
  bits<const N extends number>(low: number, width: N): Expr<N>;
  /**
   * As a value of another type. `bit(N)` cuts off, or pads with zeros on the left; `int(W)` reads the same bits as two's
   * complement; a `newtype` has the same bits; of an enum it need not be one of the members.
   */
  as<T extends BitType | IntType<W> | NewType<string, BitType<W>, BitType | TextType> | EnumType>(type: T): ExprOf<T>;
  /** Not 0; of one bit only. */
  asBool(this: Expr<1>): Bool;
}
/** A number, or a signed expression of the same width. */
export type SignedOperand<W extends number> = SignedExpr<W>[typeof operandOf];
/** A number in two's complement. */
export interface SignedExpr<W extends number> {
  /** How many bits it has. */
  readonly width: W;
  readonly [signed]: true;
  readonly [operandOf]: SignedExpr<W> | number | bigint;
  /** Modulo 2^W. */
  add(other: SignedOperand<W>): SignedExpr<W>;
  /** Modulo 2^W. */
  sub(other: SignedOperand<W>): SignedExpr<W>;
  /** Modulo 2^W. */
  mul(other: SignedOperand<W>): SignedExpr<W>;
  /** The number with the other sign, modulo 2^W: the smallest number is its own. */
  neg(): SignedExpr<W>;
  /** Stops at the largest and the smallest value. */
  satAdd(other: SignedOperand<W>): SignedExpr<W>;
  /** Stops at the largest and the smallest value. */
  satSub(other: SignedOperand<W>): SignedExpr<W>;
  /** Bit by bit. */
  and(other: SignedOperand<W>): SignedExpr<W>;
  /** Bit by bit. */
  or(other: SignedOperand<W>): SignedExpr<W>;
  /** Bit by bit. */
  xor(other: SignedOperand<W>): SignedExpr<W>;
  /** Every bit inverted. */
  not(): SignedExpr<W>;
  /** Zeros come in; a shift by W or more gives 0. */
  shl(by: number | Expr<number>): SignedExpr<W>;
  /** The sign comes in. */
  shr(by: number | Expr<number>): SignedExpr<W>;
  /** Equal. */
  eq(other: SignedOperand<W>): Bool;
  /** Not equal. */
  ne(other: SignedOperand<W>): Bool;
  /** Less than, with sign. */
  lt(other: SignedOperand<W>): Bool;
  /** Less than or equal, with sign. */
  le(other: SignedOperand<W>): Bool;
  /** Greater than, with sign. */
  gt(other: SignedOperand<W>): Bool;
  /** Greater than or equal, with sign. */
  ge(other: SignedOperand<W>): Bool;
  /** `width` bits from bit `low`, counted from the least significant one, without a sign. */
  bits<const N extends number>(low: number, width: N): Expr<N>;
  /** `bit(W)` reads the same bits as an unsigned number; `int(N)` cuts off, or fills with the sign. */
  as<T extends BitType<W> | IntType>(type: T): ExprOf<T>;
}
/** A signed number that can be assigned to. */
export interface SignedRef<W extends number> extends SignedExpr<W> {
  readonly isRef: true;
}
/** A varbit field: it is copied with its header, and checksums and hashes cover it. */
export interface VarbitRef {
  readonly [varbitOf]: true;
}
/** What checksums and hashes are computed over: fields of bits. An enum needs values. */
export type HashData = Expr<number> | SignedExpr<number> | EnumExpr<string> | NewExpr<AnyNewType> | VarbitRef;
/** A struct in metadata. */
export type StructView<F extends Fields> = { readonly [K in keyof F]: FieldOf<F[K]> } & { readonly [structOf]: F };
/** A struct or tuple in metadata. */
export interface AnyStruct {
  readonly [structOf]: unknown;
}
/** A tuple in metadata. It is assigned as a whole, with `c.copy`. */
export interface TupleView<T extends readonly DataType[]> {
  readonly [structOf]: T;
  /** Element `index`, from 0; the index is known when the pipeline is recorded. */
  at<const I extends number>(index: I): ExprOf<T[I]>;
}
/** An expression that can be assigned to. */
export interface Ref<W extends number> extends Expr<W> {
  readonly isRef: true;
  bits<const N extends number>(low: number, width: N): Ref<N>;
}
/** A field of a header or of the metadata; `F` is the format that people write its values in. */
export interface Field<W extends number, F extends string> extends Ref<W> {
  readonly [formatOf]?: F;
}
/** A value of a type of its own: it is compared and copied; `as` gives its bits, to compute with. */
export interface NewExpr<T extends AnyNewType> {
  readonly [newtypeOf]: T;
  readonly [operandOf]: NewExpr<T>;
  /** Equal. */
  eq(other: NewExpr<T>): Bool;
  /** Not equal. */
  ne(other: NewExpr<T>): Bool;
  /** The bits of the value. */
  as(type: BitType<T['base']['width']>): Expr<T['base']['width']>;
}
/** A value of a type of its own that can be assigned to. */
export interface NewRef<T extends AnyNewType> extends NewExpr<T> {
  readonly isRef: true;
}
/** A value of the enum named `N`: it is compared and copied. */
export interface EnumExpr<N extends string> {
  readonly [enumOf]: N;
  readonly [operandOf]: EnumExpr<N>;
  /** Equal. */
  eq(other: EnumExpr<N>): Bool;
  /** Not equal. */
  ne(other: EnumExpr<N>): Bool;
  /** The value of an enum that has values, in as many bits as they have. */
  as<W extends number>(type: BitType<W>): Expr<W>;
}
/** A value of an enum that can be assigned to. */
export interface EnumRef<N extends string> extends EnumExpr<N> {
  readonly isRef: true;
}
/** A condition that can be assigned to. */
export interface BoolRef extends Bool {
  readonly isRef: true;
}
/** What a field of type `T` is in the body of a pipeline: it can be read and assigned to. */
export type FieldOf<T> =
  T extends BitType<infer W, infer F>
    ? Field<W, F>
    : T extends IntType<infer W>
      ? SignedRef<W>
      : T extends EnumType<infer N>
        ? EnumRef<N>
        : T extends BoolType
          ? BoolRef
          : T extends VarbitType
            ? VarbitRef
            : T extends StructType<infer F extends Fields>
              ? StructView<F>
              : T extends TupleType<infer E extends readonly DataType[]>
                ? TupleView<E>
                : T extends AnyNewType
                  ? NewRef<T>
                  : never;
/** What a value of type `T` is in the body of a pipeline: it can be read. */
export type ExprOf<T> =
  T extends BitType<infer W>
    ? Expr<W>
    : T extends IntType<infer W>
      ? SignedExpr<W>
      : T extends EnumType<infer N>
        ? EnumExpr<N>
        : T extends BoolType
          ? Bool
          : T extends AnyNewType
            ? NewExpr<T>
            : never;
/** What can be given where a value of type `T` is expected: an expression of that type, or a literal. */
export type OperandOf<T> = ExprOf<T>[typeof operandOf];
/** The variable that holds a value. */
export type RefOf<E> =
  E extends Expr<infer W>
    ? Ref<W>
    : E extends SignedExpr<infer W>
      ? SignedRef<W>
      : E extends EnumExpr<infer N>
        ? EnumRef<N>
        : E extends NewExpr<infer T>
          ? NewRef<T>
          : BoolRef;
/** What the other branch of a `mux` may be. */
export type MuxBeside<Y> = Y extends AnyExpr ? Y[typeof operandOf] : Y extends boolean ? Bool | boolean : Expr<number> | SignedExpr<number>;
/** What a `mux` of these branches is: an expression as it is beside a number; of two booleans a condition. */
export type MuxOf<B> = [Extract<B, AnyExpr>] extends [never] ? Bool : B extends AnyExpr ? Extract<B[typeof operandOf], object> : never;
/** A value for each of the fields `F`. */
export type Exprs<F> = { readonly [K in keyof F]: ExprOf<F[K]> };
/** What is given for each of the fields `F`. */
export type Operands<F> = Expand<{ readonly [K in keyof F]: OperandOf<F[K]> }>;

// ── headers ──

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
/** A stack of headers of the packet (P4-16 §8.18). */
export interface StackView<F extends Fields> {
  readonly kind: 'stack';
  /** Element `index`, from 0. An index beyond the stack reads 0 and writes nothing; BMv2 aborts there. */
  at(index: number | Expr<number>): View<F>;
  /** The first element that was not extracted yet; in parsers. */
  readonly next: View<F>;
  /** The element extracted last; in parsers. */
  readonly last: View<F>;
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
      : T extends UnionType<infer M>
        ? { readonly [K in keyof M]: ViewOf<M[K]> } & AnyHeader
        : never;
/** What `headers` of a pipeline can have. */
export type HeaderSet = Record<string, HeaderType | StackType<Fields, number> | UnionType<any>>;
/** `hdr`: the headers of a packet, for `headers` of type `S`. */
export type Headers<S> = { readonly [K in keyof S]: ViewOf<S[K]> };
/** `meta`: the metadata of a packet, for `metadata` of type `M`. */
export type Meta<M> = { readonly [K in keyof M]: FieldOf<M[K]> };

// ── tables and actions ──

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

// ── state ──

/** What a counter counts. */
export type Unit = 'packets' | 'bytes' | 'both';
/** A counter of several cells: `ctl.counter` makes it, `c.count` counts. */
export interface Counter {
  readonly kind: 'counter';
  readonly counterName: string;
}
/** One value, or several with names. */
export type Cell = CellType | Record<string, CellType>;
type CellType = BitType | AnyNewType;
/** A meter with a cell for each entry of the table that names it. */
export interface DirectMeter {
  readonly kind: 'direct_meter';
}
/** A register of several cells: `ctl.register` makes it, `c.update` reads and writes it. */
export interface Register<C> {
  readonly kind: 'register';
  readonly cell: C;
}
/** A meter of several cells: `ctl.meter` makes it, `c.meter` gives the colour. */
export interface Meter {
  readonly kind: 'meter';
}
/** What a pipeline reports to its controller: `ctl.digest` declares it, `c.digest` sends it. */
export interface Digest<F extends ControllerFields> {
  readonly kind: 'digest';
  readonly fields: F;
}
/** A set of values that controllers change and the parser selects on: `valueSet(…)` makes it. */
export interface ValueSet<W extends number> {
  readonly kind: 'value_set';
  readonly width: W;
  readonly size: number;
}
/** A cell of a register as `c.update` gives it: a value, or one for each name. */
export type CellExpr<C> = C extends DataType ? ExprOf<C> : Exprs<C>;
/** A cell of a register as `c.update` takes it: a value, or one for each name. */
export type CellOperand<C> = C extends DataType ? OperandOf<C> : Operands<C>;

// ── bodies: `c` is where statements exist ──

/** What functions that record statements may return, which nobody reads: anything but a promise, which would be too late. */
export type Synchronous =
  // biome-ignore lint/suspicious/noConfusingVoidType: a block that returns nothing has type void.
  void | null | string | number | bigint | boolean | symbol | Bool | (object & { readonly then?: Refused<'the function cannot be async'> });
/** The function of a block: it records the statements. */
export type Block = () => Synchronous;
/** What follows on `c.if`. */
export interface Else {
  /** Runs when the conditions before are false and this one is true. */
  elseif(cond: Bool, body: Block): Else;
  /** Runs when all conditions are false. */
  else(body: Block): void;
}
/** Cases by the action that a table ran. Nothing runs where no case fits. */
export interface Switch<A extends string> {
  /** Runs when the table ran this action, by an entry or by its default. */
  case(action: ActionRef<A>, body: Block): Switch<A>;
  /** Runs when the table ran another action; the last case. */
  default(body: Block): void;
}
/** Cases by what `c.switch` is on: the action that ran, or a value. */
export type SwitchOn<S> = S extends Hit<infer A> ? Switch<A> : ValueSwitch<S extends EnumExpr<infer N> ? EnumExpr<N> : number | bigint>;
/** Cases by value. Nothing runs where no case fits. */
export interface ValueSwitch<V> {
  /** Runs for this value, or for each of a list. */
  case(value: V | readonly V[], body: Block): ValueSwitch<V>;
  /** Runs for every other value; the last case. */
  default(body: Block): void;
}
/** A control of its own, with its own names: `c.apply` runs it. */
export type SubControl<R> = R & AnySubControl;
/** A control that `ctl.control` made. */
export interface AnySubControl {
  readonly [structOf]: 'control';
}
/** A function of the program: `c.invoke` calls it. */
export interface Func<P extends Fields, T extends DataType> {
  readonly functionName: string;
  readonly [handleOf]: { readonly params: P; readonly returns: T };
}
/** Hash algorithms of v1model. crc16 is that of ARC (0x8005, reflected), crc32 that of Ethernet. */
export type HashAlgorithm = 'crc16' | 'crc32' | 'csum16' | 'xor16' | 'identity' | 'crc16_custom' | 'crc32_custom';
/** Metadata that survives when a packet starts again. */
export interface Keep {
  readonly keep?: readonly (Ref<number> | SignedRef<number> | EnumRef<string> | NewRef<AnyNewType> | BoolRef)[];
}
/** Names a target: `bmv2` and `tofino` are such tags, for `c.on`. */
export interface TargetTag<T> {
  readonly target: string;
  readonly [handleOf]?: T;
}
/** What follows on `c.on`. */
export interface Otherwise {
  /** Recorded for the other targets. */
  otherwise(f: Block): void;
}
/** The statements that every block has. A statement is recorded where it is written, and runs for each packet. */
export interface Body {
  /**
   * Assigns a value: to a number a literal that fits, or an expression of the same width; to anything else a value of its
   * type.
   */
  set<T extends Assignable>(target: T, value: T[typeof operandOf]): void;
  /**
   * Copies a whole header, its validity included, or a struct or tuple of the metadata. The elements of a tuple can be given
   * as a list; they cannot be assigned to one by one (P4-16 §8.13).
   */
  copy<T extends AnyHeader | AnyStruct>(to: T, from: CopyOf<T>): void;
  /** Captures a value now, in a variable of that name; expressions themselves are evaluated where they are used. */
  let<E extends AnyExpr>(name: string, value: E): RefOf<E>;
  /** Makes a header part of the packet; its fields are 0 when it was not. */
  setValid(header: AnyHeader): void;
  /** Takes a header out of the packet. */
  setInvalid(header: AnyHeader): void;
  /** Makes room for `count` invalid headers at the front. */
  push(stack: StackView<Fields>, count: number): void;
  /** Removes `count` headers from the front. */
  pop(stack: StackView<Fields>, count: number): void;
  /** Runs `then` when the condition is true. `elseif` and `else` can follow. */
  if(cond: Bool, then: Block): Else;
  /**
   * Looks the packet up in a table and runs the action; a packet passes a table once. Or runs a control of its own, made by
   * `ctl.control`.
   */
  apply<T extends Table<unknown, string, Impl> | AnySubControl>(applied: T): T extends Table<unknown, infer A, Impl> ? Hit<A> : void;
  /**
   * Cases by the action that ran, where it follows directly on `c.apply`; or by a value, where the first case that has it is
   * taken: the bits of a number or of a type of its own, the members of an enum.
   */
  switch<S extends Hit<string> | Expr<number> | EnumExpr<string> | NewExpr<AnyNewType>>(on: S): SwitchOn<S>;
  /** Runs an action, with a value for each parameter. */
  call<A extends AnyAction>(action: A, ...args: A[typeof argumentsOf]): void;
  /** Calls a function made by `ctl.function`. The result is computed here, once. */
  invoke<P extends Fields, T extends DataType>(f: Func<P, T>, args: Operands<P>): ExprOf<T>;
  /** Ends the block. */
  exit(): void;
  /** Ends the action, or the apply block of a control. */
  return(): void;
  /** Counts the packet in cell `index`, from 0; nothing is counted beyond the size. */
  count(counter: Counter, index: Operand<32>): void;
  /** The colour of cell `index`, by RFC 2698, colour-blind; green where no rates are configured. */
  meter(meter: Meter, index: Operand<32>): EnumExpr<'MeterColor'>;
  /** The colour of the entry that the meter's table hit. */
  meter(meter: DirectMeter): EnumExpr<'MeterColor'>;
  /** `base` + hash modulo `max`; the data are packed without gaps. Without `max`, the hash as wide as `type`. */
  hash<W extends number>(
    algorithm: HashAlgorithm,
    type: BitType<W>,
    over: readonly HashData[],
    range?: { readonly base?: Operand<W>; readonly max: number | bigint },
  ): Expr<W>;
  /** Between `low` and `high`, both included. */
  random<W extends number>(type: BitType<W>, low: Operand<W>, high: Operand<W>): Expr<W>;
  /** Adapts a ones' complement checksum to fields that change, without the rest of the data (RFC 1624). */
  updateChecksumBy(field: Ref<16>, changes: readonly (readonly [old: Expr<number>, now: Operand<number>])[]): void;
  /** For debugging: `{}` in the text stand for the values. */
  log(text: string, ...values: (Expr<number> | SignedExpr<number> | Bool)[]): void;
  /** For debugging: BMv2 stops when it does not hold. */
  assert(cond: Bool): void;
  /** For debugging: what is true of every packet, for tools that verify programs. BMv2 stops when it is not. */
  assume(cond: Bool): void;
  /** One atomic read-modify-write. Without `next` it only reads; without `result` it only writes. */
  update<C, R extends Operand<number> | NewExpr<AnyNewType> | undefined = undefined>(
    register: Register<C>,
    index: Operand<32>,
    f: (cell: CellExpr<C>) => { readonly next?: CellOperand<C>; readonly result?: R },
  ): R extends NewExpr<infer T> ? NewExpr<T> : R extends Expr<infer W> ? Expr<W> : void;
  /** Recorded for that target only; the others get what `otherwise` records, or nothing. */
  on<T>(target: TargetTag<T>, f: (intrinsics: T) => Synchronous): Otherwise;
}
/** Where the packet goes. forward, drop, multicast, toController: the last one wins; a packet with none is dropped. */
export interface IngressBody<PI extends Fields = {}> extends Body {
  /** Sends the packet to a port. */
  forward(port: Operand<9>): void;
  /** Drops the packet when ingress ends; the statements that follow still run. */
  drop(): void;
  /** Sends a copy to each replica of a multicast group; none for a group that does not exist. */
  multicast(group: Operand<16>): void;
  /** Sends the packet to the controller, with the metadata that the pipeline declares as `packetIn`. */
  toController(metadata: keyof PI extends never ? Refused<'the pipeline declares no packetIn'> : Operands<PI>): void;
  /** The packet starts again at the parser as it leaves; egress does not run. */
  recirculate(options?: Keep): void;
  /** Ends ingress; the packet as it arrived starts again at the parser. */
  resubmit(options?: Keep): never;
  /** A copy of the packet as it arrived goes to the session, whatever becomes of the packet. */
  mirror(session: Operand<10>, options?: Keep): void;
  /** Tells the controller. */
  digest<F extends Fields>(digest: Digest<F>, value: Operands<NoInfer<F>>): void;
}
/** The statements of egress, where the port of the packet is settled. */
export interface EgressBody<PI extends Fields = {}> extends Body {
  /** Drops the packet when egress ends; the statements that follow still run. */
  drop(): void;
  /**
   * The metadata of packets that go to the controller in another way than by `toController` in ingress: by a mirror, a
   * multicast group or `forward` to its port. No effect on packets to other ports.
   */
  packetIn(metadata: keyof PI extends never ? Refused<'the pipeline declares no packetIn'> : Operands<PI>): void;
  /** A copy of the packet as it leaves goes to the session. */
  mirror(session: Operand<10>, options?: Keep): void;
}
/** `@name("text")`, `@name(1)`, or `@name` for true: printed into the P4 and known to the P4Info. */
export type Annotations = Readonly<Record<string, string | number | true>>;
/** What a table has: P4-16 §14.2. */
export interface TableOptions<K extends Keys, A extends readonly ActionRef[], I extends Impl> {
  /** How the packet is matched. The names are those of the control plane. */
  readonly key: K;
  /** What entries can do. */
  readonly actions: A;
  /** Runs on a miss; without one, nothing does. */
  readonly default?: ActionCall<A[number]['actionName']>;
  /** Entries; 1024 where it is not said. */
  readonly size?: number;
  /** The profile or selector that has the actions; entries then name members of it. */
  readonly implementation?: ActionProfile<I>;
  /** A counter for each entry, counting its hits. */
  readonly counter?: Unit;
  /** Entries may have a timeout: the controller is told of those without a hit for that long. */
  readonly idleTimeout?: boolean;
  /** A meter for each entry. */
  readonly meter?: DirectMeter;
  /** Entries that the table begins with. */
  readonly entries?: readonly Entry<NoInfer<K>, NoInfer<A>[number]['actionName'], 'direct'>[];
  /** The control plane cannot change the entries. */
  readonly constEntries?: boolean;
  /** Annotations of the table. */
  readonly annotations?: Annotations;
  /** For one target: a stage of the chip. */
  readonly on?: { readonly tofino?: { readonly stage?: number } };
}
/** Declares what a control has. The names are control-plane ABI: table `routes` of block `ingress` is `ingress.routes`. */
export interface Ctl<B extends Body> {
  /** An instance of a shared control: names inside become instance.name. */
  scope(instance: string): Ctl<B>;
  /**
   * An action. Parameters with a plain type are given by entries; `input`, `output` and `inout` ones by the program.
   */
  action<const N extends string, const P extends Params>(
    name: N,
    params: P,
    body: (c: B, args: ParamViews<P>) => Synchronous,
    options?: { readonly annotations?: Annotations },
  ): Action<N, P>;
  /** A control of its own inside this one: what it declares is called name.x. */
  control<R>(name: string, declare: (ctl: Ctl<B>) => R): SubControl<R>;
  /** A function of the program; `body` returns what it returns. */
  function<const P extends Fields, T extends DataType>(
    name: string,
    params: P,
    returns: T,
    body: (c: Body, args: Exprs<P>) => OperandOf<T>,
  ): Func<P, T>;
  /** An action profile: members with actions that entries name; `size` members at most. */
  profile(name: string, options: { readonly size: number }): ActionProfile<'profile'>;
  /**
   * An action selector: as a profile, with groups, of which the hash over `over` chooses a member. `size` is the most
   * members of all groups together, `maxGroup` of one group.
   */
  selector(
    name: string,
    options: { readonly size: number; readonly maxGroup: number; readonly hash: 'crc16' | 'crc32'; readonly over: readonly HashData[] },
  ): ActionProfile<'selector'>;
  /** A table. */
  table<const K extends Keys, const A extends readonly ActionRef[], I extends Impl = 'direct'>(
    name: string,
    options: TableOptions<K, A, I>,
  ): Table<K, A[number]['actionName'], I>;
  /** `size` cells, indexed by the program. */
  counter(name: string, options: { readonly size: number; readonly unit: Unit }): Counter;
  /** A meter with `size` cells, indexed by the program; two rates and three colours (RFC 2698). */
  meter(name: string, options: { readonly size: number; readonly unit: 'packets' | 'bytes' }): Meter;
  /** A meter with a cell for each entry of the table that has it as its option `meter`. */
  directMeter(name: string, options: { readonly unit: 'packets' | 'bytes' }): DirectMeter;
  /** A register of `size` cells, 0 at the start. A cell is one number or several with names. */
  register<const C extends Cell>(name: string, cell: C, size: number): Register<C>;
  /** A digest with these fields. The name is that of the struct in P4 and of the digest in the control plane. */
  digest<const F extends Fields>(name: string, fields: F): Digest<F>;
  /** What the control does with each packet. */
  apply(f: (c: B) => Synchronous): void;
}

// ── what each block can know ──

/** The ways on which a packet can come to a block. */
export type PathName = 'normal' | 'mirrored' | 'resubmitted' | 'recirculated' | 'replicated';
/** `std` in ingress: what the switch knows of the packet. */
export interface IngressStd {
  /** The port that the packet came in by; 0 after a mirror, a recirculation or a resubmission. */
  readonly ingressPort: Expr<9>;
  /** Since the switch started. */
  readonly timestampNs: Expr<48>;
  /** How the packet came here. */
  readonly path: EnumExpr<'Path'>;
  /** Reading it lets packets with a parser error into ingress; otherwise they are dropped. */
  readonly parserError: EnumExpr<'error'>;
  /** One of the parser's checksums was wrong. */
  readonly checksumError: Bool;
}
/** `std` in egress: what the switch knows of the packet. */
export interface EgressStd extends IngressStd {
  /** The port that the packet leaves by. */
  readonly egressPort: Expr<9>;
  /** The instance of the multicast group's replica. */
  readonly replica: Expr<16>;
  /** Bytes of the packet when it enters egress. */
  readonly packetLength: Expr<32>;
  /** In the target's unit. */
  readonly queueDepth: Expr<19>;
  readonly queueDelayNs: Expr<32>;
}

// ── the parser: states are the object's keys; select values are typed by what is selected on ──

/** The bits of a value where the mask has ones. */
export interface Masked {
  readonly value: number | bigint;
  readonly mask: number | bigint;
}
/** The numbers from `low` to `high`, both included. */
export interface Between {
  readonly low: number | bigint;
  readonly high: number | bigint;
}
/** What a case of `p.select` on `E` can be: a value, a mask, a range, a value set, or anything. */
export type SelectValue<E> =
  E extends Expr<infer W>
    ? number | bigint | Masked | Between | ValueSet<W> | '_'
    : E extends EnumExpr<infer N>
      ? EnumExpr<N> | '_'
      : E extends NewExpr<infer T>
        ? SelectValue<Expr<T['base']['width']>>
        : never;
/** A state of the parser, or one of its ends. */
export type Next<K extends string> = K | 'accept' | 'reject';
/** Where a state goes: each state returns one. */
export interface Transition {
  readonly [transitionBrand]: true;
}
/** Cases of `p.select`. */
export interface Select<K extends string, E extends readonly unknown[]> {
  /** The first case that matches is taken. */
  when(
    value: E extends readonly [infer X] ? SelectValue<X> : { readonly [I in keyof E]: SelectValue<E[I]> },
    state: K | 'accept' | 'reject',
  ): Select<K, E>;
  /** Where packets go that no case matches. Without it they are rejected. */
  otherwise(state: K | 'accept' | 'reject'): Transition;
}
/** The statements of a parser state (P4-16 §13). */
export interface StateCtx<K extends string> {
  /** Takes the headers from the packet, in order; the parser fails when it is too short. */
  extract(...headers: AnyHeader[]): void;
  /** Takes a header whose varbit field has `bits` bits, a multiple of 8. */
  extractVar(header: AnyHeader, bits: Operand<32>): void;
  /**
   * Assigns a value: to a number a literal that fits, or an expression of the same width; to anything else a value of its
   * type.
   */
  set<T extends Assignable>(target: T, value: T[typeof operandOf]): void;
  /** `std.checksumError` becomes true when the ones' complement checksum over `over` is not `field`. */
  verifyChecksum(field: Ref<16>, over: readonly HashData[], when?: Bool | ChecksumOptions): void;
  /** The parser fails with the error when the condition does not hold. */
  verify(cond: Bool, error: EnumExpr<'error'>): void;
  /** Passes over so many bits of the packet, a multiple of 8. */
  advance(bits: Operand<32>): void;
  /** The next bits, or the next header, without taking them: those that come where it is called (P4-16 §12.8.3). */
  lookahead<T extends BitType | HeaderType>(type: T): T extends HeaderType<infer F> ? Exprs<F> : ExprOf<T>;
  /** Runs a subparser of the pipeline; when it accepts, this state goes on. */
  call(subparser: string): void;
  /** Goes on by the values of these expressions. */
  select<const E extends readonly (Expr<number> | EnumExpr<string> | NewExpr<AnyNewType>)[]>(...exprs: E): Select<K, E>;
  /** Ends the parser; the packet goes to ingress. */
  accept(): Transition;
  /** Goes to a state, or to an end. */
  goto(state: K | 'accept' | 'reject'): Transition;
}
/** What a checksum covers besides its fields, and when it is computed. */
export interface ChecksumOptions {
  /** Only then is the checksum computed or verified; always where it is not said. */
  readonly when?: Bool;
  /** The bytes that are not parsed are covered too. */
  readonly payload?: boolean;
}
/** The statements of the deparser. */
export interface Deparser {
  /** Puts the headers that are valid in front of the payload, in order. */
  emit(...headers: (AnyHeader | StackView<Fields>)[]): void;
  /** `field` becomes the ones' complement checksum over `over`. */
  updateChecksum(field: Ref<16>, over: readonly HashData[], when?: Bool | ChecksumOptions): void;
}

// ── the pipeline ──

/** What the states of the parser know beside `p`. */
export interface ParserViews<H, M, VS> {
  readonly hdr: Headers<H>;
  readonly meta: Meta<M>;
  readonly std: Pick<IngressStd, 'ingressPort'>;
  readonly sets: VS;
}
/** What a pipeline is made of: `pipeline(name, options)` takes it. */
export interface PipelineOptions<
  H extends HeaderSet,
  S extends string,
  I,
  M extends Fields,
  PI extends Fields,
  PO extends Fields,
  VS extends Record<string, ValueSet<number>>,
  E,
> {
  /** The headers of a packet, which are in `hdr`. */
  readonly headers: H;
  /** Zero at the start of each packet. */
  readonly metadata?: M;
  /** The fields that go with a packet to the controller. */
  readonly packetIn?: PI;
  /** The fields that come with a packet from the controller. */
  readonly packetOut?: PO;
  /** What the parser selects on and controllers change: `sets` in its states, and of the pipeline for `sw.valueSet(…)`. */
  readonly valueSets?: VS;
  /** Other names for the blocks `ingress` and `egress`: they are in front of the names that the control plane uses. */
  readonly blocks?: { readonly ingress?: string; readonly egress?: string };
  /** Parsers that states run with `p.call`; each begins at its `start`. */
  readonly subparsers?: Record<string, Record<string, (p: StateCtx<string>, v: ParserViews<H, M, VS>) => Transition>>;
  /** The states of the parser by name; it begins at `start`. */
  readonly parser: {
    [K in S | 'start']: (p: StateCtx<NoInfer<S> | 'accept' | 'reject'>, v: ParserViews<H, M, VS>) => Transition;
  };
  /** Decides where packets go. What it returns are the handles for controllers: `pipeline.ingress`. */
  readonly ingress: (
    ctl: Ctl<IngressBody<PI>>,
    v: { hdr: Headers<H>; meta: Meta<M>; std: IngressStd; packetOut: Exprs<PO> & { readonly present: Bool } },
  ) => I;
  /** Runs for each copy of a packet that leaves. What it returns is `pipeline.egress`. */
  readonly egress?: (ctl: Ctl<EgressBody<PI>>, v: { hdr: Headers<H>; meta: Meta<M>; std: EgressStd }) => E;
  /** Puts the packet together again. */
  readonly deparser: (d: Deparser, v: { hdr: Headers<H> }) => Synchronous;
}
/** A recorded pipeline, with the handles that `ingress` and `egress` returned. */
export interface Pipeline<I = unknown, E = unknown, PI extends Fields = any, PO extends Fields = any, VS = unknown> {
  readonly name: string;
  readonly ingress: I;
  readonly egress: E;
  readonly sets: VS;
  readonly packetIn?: PI;
  readonly packetOut?: PO;
}
