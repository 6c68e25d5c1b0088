/** Expressions: symbolic, pure, evaluated where they are used. */
import type { addressOf, boolBrand, enumOf, formatOf, newtypeOf, operandOf, signed, structOf, unsigned, varbitOf } from './brands.js';
import type {
  AddressFormat,
  AddressText,
  AnyNewType,
  BitType,
  BoolType,
  DataType,
  EnumType,
  Fields,
  IntType,
  NewType,
  StructType,
  TextType,
  TupleType,
  VarbitType,
} from './data-types.js';
import type { Expand } from './shown.js';

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
/** Says that a number is an address of format `F`: what is used with it may be text. */
export interface IsAddress<F extends AddressFormat> {
  readonly [addressOf]: F;
}
/** An address: of type `mac`, `ipv4` or `ipv6`. */
export type Address<W extends number, F extends AddressFormat> = Expr<W> & IsAddress<F>;
/** A field or variable that is an address. */
export type AddressField<W extends number, F extends AddressFormat> = Field<W, F> & IsAddress<F>;
/** The text that is taken where an address `T` is expected. */
export type TextFor<T> = T extends IsAddress<infer F> ? AddressText<F> : never;
/** A number of `W` bits that is an address where `T` is one. */
export type Like<T, W extends number> = T extends IsAddress<infer F> ? Address<W, F> : Expr<W>;
/** A number of `W` bits without a sign. A literal that it is used with must fit `W` bits. */
export interface Expr<W extends number> {
  /** How many bits it has. */
  readonly width: W;
  readonly [unsigned]: true;
  readonly [operandOf]: Expr<W> | number | bigint;
  /** Modulo 2^W. */
  add(other: Operand<W> | TextFor<this>): Like<this, W>;
  /** Modulo 2^W. */
  sub(other: Operand<W> | TextFor<this>): Like<this, W>;
  /** Modulo 2^W. */
  mul(other: Operand<W>): Expr<W>;
  /** 2^W minus the value. */
  neg(): Expr<W>;
  /** Stops at the largest value. */
  satAdd(other: Operand<W>): Expr<W>;
  /** Stops at zero. */
  satSub(other: Operand<W>): Expr<W>;
  /** Bit by bit. */
  and(other: Operand<W> | TextFor<this>): Like<this, W>;
  /** Bit by bit. */
  or(other: Operand<W> | TextFor<this>): Like<this, W>;
  /** Bit by bit. */
  xor(other: Operand<W> | TextFor<this>): Like<this, W>;
  /** Every bit inverted. */
  not(): Like<this, W>;
  /** Zeros come in; a shift by W or more gives 0. */
  shl(by: number | Expr<number>): Expr<W>;
  /** Zeros come in; a shift by W or more gives 0. */
  shr(by: number | Expr<number>): Expr<W>;
  /** Equal. */
  eq(other: Operand<W> | TextFor<this>): Bool;
  /** Not equal. */
  ne(other: Operand<W> | TextFor<this>): Bool;
  /** Less than, without sign. */
  lt(other: Operand<W> | TextFor<this>): Bool;
  /** Less than or equal, without sign. */
  le(other: Operand<W> | TextFor<this>): Bool;
  /** Greater than, without sign. */
  gt(other: Operand<W> | TextFor<this>): Bool;
  /** Greater than or equal, without sign. */
  ge(other: Operand<W> | TextFor<this>): Bool;
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
  /** The value of an enum that has values, in as many bits as they have: `.as(bit(8)).as(bit(32))` makes more of them. */
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
    ? F extends AddressFormat
      ? AddressField<W, F>
      : Field<W, F>
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
  T extends BitType<infer W, infer F>
    ? F extends AddressFormat
      ? Address<W, F>
      : Expr<W>
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
export type OperandOf<T> =
  T extends BitType<infer W, infer F extends AddressFormat> ? Operand<W> | AddressText<F> : ExprOf<T>[typeof operandOf];
/** The variable that holds a value. */
export type RefOf<E> =
  E extends Address<infer W, infer F>
    ? AddressField<W, F>
    : E extends Expr<infer W>
      ? Ref<W>
      : E extends SignedExpr<infer W>
        ? SignedRef<W>
        : E extends EnumExpr<infer N>
          ? EnumRef<N>
          : E extends NewExpr<infer T>
            ? NewRef<T>
            : BoolRef;
/** What the other branch of a `mux` may be. */
export type MuxBeside<Y> = Y extends AnyExpr
  ? Y[typeof operandOf] | TextFor<Y>
  : Y extends boolean
    ? Bool | boolean
    : Y extends string
      ? Y extends AddressText<'ipv4'>
        ? Address<32, 'ipv4'>
        : Address<48, 'mac'> | Address<128, 'ipv6'>
      : Expr<number> | SignedExpr<number>;
/** What a `mux` of these branches is: an expression as it is beside a number; of two booleans a condition. */
export type MuxOf<B> = [Extract<B, AnyExpr>] extends [never]
  ? Bool
  : B extends Address<infer W, infer F>
    ? Address<W, F>
    : B extends AnyExpr
      ? Extract<B[typeof operandOf], object>
      : never;
/** A value for each of the fields `F`. */
export type Exprs<F> = { readonly [K in keyof F]: ExprOf<F[K]> };
/** What is given for each of the fields `F`. */
export type Operands<F> = Expand<{ readonly [K in keyof F]: OperandOf<F[K]> }>;
