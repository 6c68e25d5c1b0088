/** What a running program sees: names and their values, the block they belong to, and the packet under way. */
import type { ActionDecl, CallStmt, ControlDecl, FunctionDecl, ParserDecl, Type } from '../../compiler/ir/index.js';
import { InternalError, invariant } from '../../compiler/support/invariant.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Choices } from '../data-plane/choices.js';
import type { State } from '../data-plane/state.js';
import type { ValueSet } from '../data-plane/value-sets.js';
import type { PreparedCall } from './calls.js';
import type { ExternObject } from './externs.js';
import type { AppliedTable } from './tables.js';
import type { Tracer } from './tracer.js';
import type { Types } from './types.js';
import { overwrite, type StructValue, type Value } from './values.js';

/** An extern object, or a packet. */
export interface ObjectValue extends ExternObject {
  readonly kind: 'object';
  readonly type: string;
}
export interface ValueSetInstance {
  readonly set: ValueSet;
  readonly fields: readonly Type[];
}

/** How an apply block, action or function ended. */
export type Completion = 'next' | 'exit' | 'break' | 'continue' | { readonly return: Value | undefined };

/** A parser or control with its state: the same declaration may have several instances. */
export interface BlockInstance {
  readonly decl: ParserDecl | ControlDecl;
  readonly constructorArgs: ReadonlyMap<string, Value>;
  readonly objects: ReadonlyMap<string, ObjectValue>;
  readonly blocks: ReadonlyMap<string, BlockInstance>;
  readonly tables: ReadonlyMap<string, AppliedTable>;
  readonly actions: ReadonlyMap<string, ActionDecl>;
  readonly functions: ReadonlyMap<string, FunctionDecl>;
  readonly valueSets: ReadonlyMap<string, ValueSetInstance>;
  /** Runs the block; `scope` holds its parameters. */
  run(scope: Scope): Completion;
}

/** What the whole program has in common. */
export interface Globals {
  readonly types: Types;
  readonly actions: ReadonlyMap<string, ActionDecl>;
  readonly functions: ReadonlyMap<string, FunctionDecl>;
  /** Those of extern functions and methods. */
  readonly calls: ReadonlyMap<CallStmt, PreparedCall>;
  /** Constants and extern objects of the top level. */
  readonly values: ReadonlyMap<string, Value>;
  readonly state: State;
  /** What a value of a field of the architecture's metadata decides, such as "to port 3"; for traces. */
  readonly meaningOf: (struct: StructValue, field: string) => string | undefined;
}

/** One packet on its way through the blocks; architectures have passes of their own with more in them. */
export interface Pass {
  /** The packet's length in bytes, as it arrived. */
  readonly packetLength: number;
  /** Bytes of headers that setValid added, less those that setInvalid removed. */
  lengthChange: number;
  /** The bytes after the parsed headers, from the end of the parser on. */
  payload: Uint8Array;
  /** Since the switch started. */
  readonly timestampNs: bigint;
  readonly trace: Tracer | undefined;
  readonly choices: Choices;
}

export class Scope {
  /** Most inner scopes declare nothing. */
  #values: Map<string, Value> | undefined;

  constructor(
    readonly globals: Globals,
    readonly pass: Pass,
    readonly block: BlockInstance | undefined,
    readonly parent?: Scope,
  ) {}

  /** A scope inside this one. */
  inner(): Scope {
    return new Scope(this.globals, this.pass, this.block, this);
  }
  /** The outermost scope of the block: its parameters and locals. */
  get home(): Scope {
    return this.parent ? this.parent.home : this;
  }
  get types(): Types {
    return this.globals.types;
  }
  get trace(): Tracer | undefined {
    return this.pass.trace;
  }

  declare(name: string, value: Value): void {
    this.#values ??= new Map();
    this.#values.set(name, value);
  }
  get(name: string): Value {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const value = scope.#values?.get(name);
      if (value !== undefined) return value;
    }
    const value = this.globals.values.get(name);
    invariant(value !== undefined, `no value ${name}`);
    return value;
  }
  set(name: string, value: Value): void {
    for (let scope: Scope | undefined = this; scope; scope = scope.parent) {
      const before = scope.#values?.get(name);
      if (before === undefined) continue;
      scope.#values?.set(name, overwrite(before, value));
      return;
    }
    throw new InternalError(`no variable ${name}`);
  }
}

/** Thrown to end the parser; nested parsers too. It is no Error: what packets do is no mistake, and stacks cost time. */
export class ParserStop {
  constructor(
    readonly outcome: ParserOutcome,
    readonly loc: Loc,
  ) {}
}
export type ParserOutcome =
  | { readonly kind: 'accept' }
  /** A transition to `reject`. */
  | { readonly kind: 'reject' }
  /** A select none of whose cases matched. */
  | { readonly kind: 'no-match' }
  | { readonly kind: 'error'; readonly error: string };
