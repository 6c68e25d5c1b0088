/** Declarations of the IR: parsers, controls and what is in them. */
import type { Loc } from '../support/location.js';
import type { Format } from '../support/values.js';
import type { Expr, KeySet } from './expr.js';
import type { Block } from './stmt.js';
import type { Declared, Type } from './types.js';

export type Direction = 'in' | 'out' | 'inout';

/** A parameter. An action's parameter without a direction is given by the control plane. */
export interface Param extends Declared {
  readonly type: Type;
  readonly direction?: Direction;
  readonly default?: Expr;
  readonly optional?: boolean;
  readonly format?: Format;
}

export interface ConstDecl extends Declared {
  readonly kind: 'constant';
  readonly type: Type;
  readonly value: Expr;
}
/** A variable of a parser or control, alive during one execution of it. */
export interface VarDecl extends Declared {
  readonly kind: 'variable';
  readonly type: Type;
  readonly init?: Expr;
}
/** An extern object, or an instance of a control or parser. */
export interface InstanceDecl extends Declared {
  readonly kind: 'instance';
  /** The extern, control or parser, with type arguments. */
  readonly type: Type & { readonly kind: 'named' };
  /** Constructor arguments, in order. */
  readonly args: readonly Expr[];
  /** Implementations of the extern's abstract methods, such as `apply` of a RegisterAction. */
  readonly methods?: readonly FunctionDecl[];
}
export interface ActionDecl extends Declared {
  readonly kind: 'action';
  readonly params: readonly Param[];
  readonly body: Block;
}
export interface FunctionDecl extends Declared {
  readonly kind: 'function';
  readonly typeParams?: readonly string[];
  readonly returns: Type;
  readonly params: readonly Param[];
  readonly body: Block;
}
export interface ValueSetDecl extends Declared {
  readonly kind: 'value-set';
  readonly type: Type;
  readonly size: number;
}

// ── tables (P4-16 §14.2) ──

export interface KeyDecl {
  readonly expr: Expr;
  /** exact, lpm, ternary, range, optional, selector, or one that the architecture declares. */
  readonly match: string;
  /** The name that the control plane knows. */
  readonly name: string;
  readonly loc: Loc;
  readonly annotations?: Declared['annotations'];
  readonly format?: Format;
}
/** An action that a table may run; `args` bind its directional parameters. */
export interface ActionRef {
  readonly action: string;
  readonly args: readonly Expr[];
  readonly loc: Loc;
  /** `tableonly`: never the default; `defaultonly`: only the default. */
  readonly scope?: 'tableonly' | 'defaultonly';
  readonly annotations?: Declared['annotations'];
}
export interface ActionCallExpr {
  readonly action: string;
  /** All arguments: directional ones first, then the control plane's, as in the action's declaration. */
  readonly args: readonly Expr[];
  readonly loc: Loc;
}
export interface EntryDecl {
  readonly keys: readonly KeySet[];
  readonly action: ActionCallExpr;
  /** Higher wins, as in P4Runtime; absent: the order of the entries decides, first wins. */
  readonly priority?: number;
  readonly const?: boolean;
  readonly loc: Loc;
}
export interface TableDecl extends Declared {
  readonly kind: 'table';
  readonly keys: readonly KeyDecl[];
  readonly actions: readonly ActionRef[];
  /** Runs on a miss; without one, nothing does (NoAction). */
  readonly defaultAction?: ActionCallExpr & { readonly const: boolean };
  readonly size?: number;
  /** Initial entries; `constEntries` forbids the control plane to change them. */
  readonly entries?: readonly EntryDecl[];
  readonly constEntries?: boolean;
  readonly largestPriorityWins?: boolean;
  /** The architecture's properties: `counters`, `meters`, `implementation`, `support_timeout`, … */
  readonly properties?: readonly { readonly name: string; readonly value: Expr; readonly const?: boolean }[];
}

export type LocalDecl = ConstDecl | VarDecl | InstanceDecl | ActionDecl | FunctionDecl | TableDecl | ValueSetDecl;

// ── parsers (P4-16 §13) and controls (P4-16 §14) ──

export interface SelectCase {
  /** One set for each expression selected on. */
  readonly keys: readonly KeySet[];
  readonly next: string;
  readonly loc: Loc;
}
/** Where a state goes; `accept` and `reject` are states too. */
export type Transition =
  | { readonly kind: 'goto'; readonly next: string; readonly loc: Loc }
  /** The first case that matches; without one, the parser ends as `selectWithoutMatch` of the architecture says. */
  | { readonly kind: 'select'; readonly on: readonly Expr[]; readonly cases: readonly SelectCase[]; readonly loc: Loc };
export interface StateDecl extends Declared {
  readonly kind: 'state';
  readonly body: Block;
  readonly transition: Transition;
}
export interface ParserDecl extends Declared {
  readonly kind: 'parser';
  readonly params: readonly Param[];
  readonly constructorParams?: readonly Param[];
  readonly locals: readonly LocalDecl[];
  /** The first to run is `start`. */
  readonly states: readonly StateDecl[];
}
export interface ControlDecl extends Declared {
  readonly kind: 'control';
  readonly params: readonly Param[];
  readonly constructorParams?: readonly Param[];
  readonly locals: readonly LocalDecl[];
  readonly body: Block;
}
