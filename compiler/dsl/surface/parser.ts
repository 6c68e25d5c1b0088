/** The parser: states are the object's keys; select values are typed by what is selected on. */
import type { transitionBrand } from './brands.js';
import type { AnyNewType, BitType } from './data-types.js';
import type { Bool, EnumExpr, Expr, ExprOf, Exprs, HashData, NewExpr, Ref, TextFor } from './expressions.js';
import type { AnyHeader, AnyStackView, HeaderType } from './headers.js';
import type { ValueSet } from './state.js';
import type { Statements } from './statements.js';

/** The bits of a value where the mask has ones. */
export interface Masked<V = number | bigint> {
  readonly value: V;
  readonly mask: V;
}
/** The numbers from `low` to `high`, both included. */
export interface Between<V = number | bigint> {
  readonly low: V;
  readonly high: V;
}
/** What a case of `p.select` on `E` can be: a value, a mask, a range, a value set, or anything. */
export type SelectValue<E> =
  E extends Expr<infer W>
    ? number | bigint | TextFor<E> | Masked<number | bigint | TextFor<E>> | Between<number | bigint | TextFor<E>> | ValueSet<W> | '_'
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
/**
 * The statements of a parser state (P4-16 §13). A variable of `p.let` can be used in other states too: it is 0 in packets that
 * have not come by the state which sets it.
 */
export interface StateCtx<K extends string> extends Statements {
  /** Takes the headers from the packet, in order; the parser fails when it is too short. */
  extract(...headers: AnyHeader[]): void;
  /** Takes a header whose varbit field has `bits` bits, a multiple of 8. */
  extractVar(header: AnyHeader, bits: number | bigint | Expr<32>): void;
  /** `std.checksumError` becomes true when the ones' complement checksum over `over` is not `field`. */
  verifyChecksum(field: Ref<16>, over: readonly ChecksumData[], when?: Bool | ChecksumOptions): void;
  /** The parser fails with the error when the condition does not hold. */
  verify(cond: Bool, error: EnumExpr<'error'>): void;
  /** Passes over so many bits of the packet, a multiple of 8. */
  advance(bits: number | bigint | Expr<32>): void;
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
/** What a checksum is computed over: fields, and whole headers, unions and stacks, of which those that are valid are covered. */
export type ChecksumData = HashData | AnyHeader | AnyStackView;
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
  emit(...headers: (AnyHeader | AnyStackView)[]): void;
  /** `field` becomes the ones' complement checksum over `over`. */
  updateChecksum(field: Ref<16>, over: readonly ChecksumData[], when?: Bool | ChecksumOptions): void;
}
