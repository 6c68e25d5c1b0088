/** Expressions of the IR: pure, each with its type and place. */
import type { Loc } from '../support/location.js';
import type { NamedType, Type } from './types.js';

interface Node {
  readonly type: Type;
  readonly loc: Loc;
}

/** A literal of type bit, int, integer, or of a serializable enum or newtype over them. */
export interface ConstExpr extends Node {
  readonly kind: 'const';
  readonly value: bigint;
}
export interface BoolExpr extends Node {
  readonly kind: 'bool';
  readonly value: boolean;
}
export interface StringExpr extends Node {
  readonly kind: 'string';
  readonly value: string;
}
/** `error.NAME`, `Enum.NAME`: the type says which. */
export interface MemberExpr extends Node {
  readonly kind: 'member';
  readonly type: NamedType | { readonly kind: 'error' };
  readonly name: string;
}
/** A variable, parameter, constant or instance, by its name in scope. */
export interface NameExpr extends Node {
  readonly kind: 'name';
  readonly name: string;
}
/** A field of a struct, header, union or struct-typed parameter. */
export interface FieldExpr extends Node {
  readonly kind: 'field';
  readonly base: Expr;
  readonly name: string;
}
/** An element of a stack, tuple or list. */
export interface IndexExpr extends Node {
  readonly kind: 'index';
  readonly base: Expr;
  readonly index: Expr;
}
/** `next`, `last`, `lastIndex` and `size` of a header stack (P4-16 §8.18). */
export interface StackMemberExpr extends Node {
  readonly kind: 'stack-member';
  readonly base: Expr;
  readonly member: 'next' | 'last' | 'lastIndex' | 'size';
}
/** `base[high:low]`; an l-value when its base is one. */
export interface SliceExpr extends Node {
  readonly kind: 'slice';
  readonly base: Expr;
  readonly high: number;
  readonly low: number;
}
export type UnaryOp = '-' | '~' | '!' | '+';
export interface UnaryExpr extends Node {
  readonly kind: 'unary';
  readonly op: UnaryOp;
  readonly arg: Expr;
}
export type BinaryOp =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '|+|'
  | '|-|'
  | '&'
  | '|'
  | '^'
  | '<<'
  | '>>'
  | '++'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '&&'
  | '||';
export interface BinaryExpr extends Node {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
}
/** `cond ? yes : no`; only the branch taken is evaluated. */
export interface MuxExpr extends Node {
  readonly kind: 'mux';
  readonly cond: Expr;
  readonly yes: Expr;
  readonly no: Expr;
}
/** A cast to the node's type (P4-16 §8.11). */
export interface CastExpr extends Node {
  readonly kind: 'cast';
  readonly arg: Expr;
}
/** `header.isValid()`; of a union: whether any member is valid. */
export interface IsValidExpr extends Node {
  readonly kind: 'is-valid';
  readonly header: Expr;
}
/** `packet.lookahead<T>()` in a parser (P4-16 §12.8.3); the node's type is T. */
export interface LookaheadExpr extends Node {
  readonly kind: 'lookahead';
  readonly packet: Expr;
}
/** `packet.length()`, in bytes. */
export interface PacketLengthExpr extends Node {
  readonly kind: 'packet-length';
  readonly packet: Expr;
}
/** `{ a = 1, b = 2 }`: a struct or header value (a valid header); `partial` has `...` at its end (P4-16 §8.26). */
export interface StructExpr extends Node {
  readonly kind: 'struct';
  readonly fields: readonly { readonly name: string; readonly value: Expr }[];
  readonly partial?: boolean;
}
/** `{ a, b }`: a tuple or list. */
export interface ListExpr extends Node {
  readonly kind: 'list';
  readonly elements: readonly Expr[];
}
/** `{#}`: an invalid header or union of the node's type. */
export interface InvalidExpr extends Node {
  readonly kind: 'invalid';
}
/** `...`: the default value of the node's type. */
export interface DefaultExpr extends Node {
  readonly kind: 'default';
}

export type Expr =
  | ConstExpr
  | BoolExpr
  | StringExpr
  | MemberExpr
  | NameExpr
  | FieldExpr
  | IndexExpr
  | StackMemberExpr
  | SliceExpr
  | UnaryExpr
  | BinaryExpr
  | MuxExpr
  | CastExpr
  | IsValidExpr
  | LookaheadExpr
  | PacketLengthExpr
  | StructExpr
  | ListExpr
  | InvalidExpr
  | DefaultExpr;

/** What one key of a select case or of a table entry matches (P4-16 §8.15). */
export type KeySet =
  | { readonly kind: 'value'; readonly value: Expr }
  | { readonly kind: 'mask'; readonly value: Expr; readonly mask: Expr }
  | { readonly kind: 'range'; readonly low: Expr; readonly high: Expr }
  /** The members of a parser value set. */
  | { readonly kind: 'value-set'; readonly name: string }
  /** `_` and `default`. */
  | { readonly kind: 'any' };
