/** The statements that the states of parsers and the blocks of controls have. */
import type { operandOf } from './brands.js';
import type { AnyExpr, AnyStruct, Assignable, Bool, RefOf, TextFor } from './expressions.js';
import type { AnyHeader, CopyOf } from './headers.js';
import type { Refused } from './shown.js';

/** What functions that record statements may return, which nobody reads: anything but a promise, which would be too late. */
export type Synchronous =
  // biome-ignore lint/suspicious/noConfusingVoidType: a block that returns nothing has type void.
  void | null | string | number | bigint | boolean | symbol | Bool | (object & { readonly then?: Refused<'the function cannot be async'> });
/** The function of a block: it records the statements. */
export type Block = () => Synchronous;
/** What follows on `c.if`. */
export interface Else {
  /**
   * Runs when the conditions before are false and this one is true. What the condition itself does, as `c.apply(table).hit` or `c.meter(…)`,
   * happens only where the conditions before are false.
   */
  elseif(cond: Bool, body: Block): Else;
  /** Runs when all conditions are false. */
  else(body: Block): void;
}
/** A statement is recorded where it is written, and runs for each packet. */
export interface Statements {
  /**
   * Assigns a value: to a number a literal that fits, or an expression of the same width; to an address its text as well; to
   * anything else a value of its type.
   */
  set<T extends Assignable>(target: T, value: T[typeof operandOf] | TextFor<T>): void;
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
  /** Runs `then` when the condition is true. `elseif` and `else` can follow. */
  if(cond: Bool, then: Block): Else;
}
