/**
 * The language of @entry_restriction and @action_restriction, p4-constraints: conditions over the keys of a table or the
 * parameters of an action (https://github.com/p4lang/p4-constraints, docs/language-specification.md).
 */

/** Where a part of a constraint is in its text: from the character `start` to before the character `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type ComparisonOp = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** As it is written. */
export type Expr = { readonly at: Span } & (
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint }
  /** A key of the table or a parameter of the action. */
  | { readonly kind: 'name'; readonly name: string }
  /** `::name`: of the entry itself. */
  | { readonly kind: 'attribute'; readonly name: string }
  /** `of::part`. */
  | { readonly kind: 'part'; readonly of: Expr; readonly part: string }
  | { readonly kind: 'not' | 'negate'; readonly arg: Expr }
  /** Two or more. `;` is an `and`. */
  | { readonly kind: 'and' | 'or'; readonly args: readonly Expr[] }
  | { readonly kind: 'implies'; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'compare'; readonly op: ComparisonOp; readonly left: Expr; readonly right: Expr }
);

/** How a key matches. */
export type MatchKind = 'exact' | 'ternary' | 'lpm' | 'range' | 'optional';

/** A number, or the values that an entry has for a key, of `width` bits. Text of the control plane has width 0. */
export type ConstraintType =
  | { readonly kind: 'bool' }
  /** An integer of any size, with a sign. */
  | { readonly kind: 'int' }
  | { readonly kind: 'bit' | MatchKind; readonly width: number };

/** What the entry has for a key. */
export type Part = 'value' | 'mask' | 'prefix_length' | 'low' | 'high';

/** The parts of each kind of match, in the order in which a value of that kind is made of them. */
export const partsOf: Readonly<Record<MatchKind, readonly Part[]>> = {
  exact: ['value'],
  ternary: ['value', 'mask'],
  optional: ['value', 'mask'],
  lpm: ['value', 'prefix_length'],
  range: ['low', 'high'],
};

export const isMatchKind = (kind: string): kind is MatchKind => Object.hasOwn(partsOf, kind);

/** What a name stands for: a key with how it matches, or a parameter, which is a plain number. */
export interface NamedType {
  readonly name: string;
  /** Undefined where constraints have no type for it. */
  readonly type: ConstraintType | undefined;
}

/** A condition after the check: names are looked up, conversions are written out. */
export type Condition = { readonly at: Span } & (
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'not'; readonly arg: Condition }
  | { readonly kind: 'and' | 'or'; readonly args: readonly Condition[] }
  | { readonly kind: 'implies' | 'same' | 'differ'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'compare'; readonly op: ComparisonOp; readonly left: Value; readonly right: Value }
);

/** A value after the check, as wide as its type says. Both sides of a comparison have one type. */
export type Value = { readonly type: ConstraintType } & (
  | { readonly kind: 'int'; readonly value: bigint }
  /** The key or parameter with that number. */
  | { readonly kind: 'name'; readonly index: number }
  | { readonly kind: 'part'; readonly index: number; readonly of: MatchKind; readonly part: Part }
  | { readonly kind: 'priority' }
  | { readonly kind: 'negate'; readonly arg: Value }
  /** From an integer to bits, modulo 2^width, or from bits to the match of that one value. */
  | { readonly kind: 'convert'; readonly arg: Value }
);
