/** Statements of the IR: everything that has an effect. */
import type { Loc } from '../support/location.js';
import type { FunctionDecl } from './decl.js';
import type { Expr, KeySet } from './expr.js';
import type { Annotation, Type } from './types.js';

export type Block = readonly Stmt[];

interface Node {
  readonly loc: Loc;
  /** The user's comment above the statement. */
  readonly doc?: string;
}

/** A local variable; without `init` its value is unspecified (headers in it are invalid). */
export interface DeclareStmt extends Node {
  readonly kind: 'declare';
  readonly name: string;
  readonly type: Type;
  readonly init?: Expr;
}
export interface AssignStmt extends Node {
  readonly kind: 'assign';
  /** An l-value: name, field, index, slice, or `next` of a stack. */
  readonly target: Expr;
  readonly value: Expr;
}
/** What a call statement calls. Externs are those of core.p4 and of the program's architecture. */
export type Callee =
  /** An extern function such as `mark_to_drop`, or a function of the program. */
  | { readonly kind: 'function'; readonly name: string }
  /** A method of an extern instance or parameter, such as `packet.extract` or `seen.read`. */
  | { readonly kind: 'method'; readonly object: Expr; readonly method: string }
  | { readonly kind: 'action'; readonly name: string }
  /** `instance.apply(…)` of a control or parser instance. */
  | { readonly kind: 'block'; readonly instance: string };
export interface CallStmt extends Node {
  readonly kind: 'call';
  readonly callee: Callee;
  readonly typeArgs?: readonly Type[];
  /** In the order of the parameters; l-values for out and inout. A missing optional one is `default`. */
  readonly args: readonly Expr[];
  /** The l-value that takes what the call returns. */
  readonly result?: Expr;
  /** A function given at the call, such as the update of a register; it sees the names in scope there. */
  readonly given?: FunctionDecl;
}
export interface IfStmt extends Node {
  readonly kind: 'if';
  readonly cond: Expr;
  readonly then: Block;
  readonly else?: Block;
}
/** `switch (expression)` (P4-16 §12.7). Labels without a body fall through to the next case. */
export interface SwitchStmt extends Node {
  readonly kind: 'switch';
  readonly on: Expr;
  readonly cases: readonly { readonly labels: readonly (Expr | 'default')[]; readonly body: Block; readonly loc: Loc }[];
}
/** Applies a table; what follows may depend on hit or miss, or on the action that ran, never on both. */
export interface ApplyStmt extends Node {
  readonly kind: 'apply';
  readonly table: string;
  readonly hit?: Block;
  readonly miss?: Block;
  /** `switch (table.apply().action_run)`. */
  readonly cases?: readonly ApplyCase[];
}
export interface ApplyCase {
  readonly actions: readonly (string | 'default')[];
  readonly body: Block;
  readonly loc: Loc;
}
export interface SetValidityStmt extends Node {
  readonly kind: 'set-validity';
  readonly header: Expr;
  readonly valid: boolean;
}
/** `push_front` and `pop_front` of a header stack (P4-16 §8.18). */
export interface StackStmt extends Node {
  readonly kind: 'push' | 'pop';
  readonly stack: Expr;
  readonly count: number;
}
/** Ends the whole control block (P4-16 §12.5). */
export interface ExitStmt extends Node {
  readonly kind: 'exit';
}
/** Ends the current action, function or apply block. */
export interface ReturnStmt extends Node {
  readonly kind: 'return';
  readonly value?: Expr;
}
/** A nested scope for declarations. */
export interface BlockStmt extends Node {
  readonly kind: 'block';
  /** `@atomic` is the one that architectures know. */
  readonly annotations?: readonly Annotation[];
  readonly body: Block;
}
/** `for (init; cond; update)` (P4-16 §12.8). */
export interface ForStmt extends Node {
  readonly kind: 'for';
  readonly init: Block;
  readonly cond: Expr;
  readonly update: Block;
  readonly body: Block;
}
/** `for (type name in range or list)`. */
export interface ForInStmt extends Node {
  readonly kind: 'for-in';
  readonly name: string;
  readonly type: Type;
  readonly over: Expr | (KeySet & { readonly kind: 'range' });
  readonly body: Block;
}
/** Portable programs only: `body` for the target of that name, `otherwise` for the others. Lowering chooses. */
export interface TargetStmt extends Node {
  readonly kind: 'target';
  readonly target: string;
  readonly body: Block;
  readonly otherwise?: Block;
}
export interface LoopJumpStmt extends Node {
  readonly kind: 'break' | 'continue';
}

export type Stmt =
  | DeclareStmt
  | AssignStmt
  | CallStmt
  | IfStmt
  | SwitchStmt
  | ApplyStmt
  | SetValidityStmt
  | StackStmt
  | ExitStmt
  | ReturnStmt
  | BlockStmt
  | ForStmt
  | ForInStmt
  | LoopJumpStmt
  | TargetStmt;
