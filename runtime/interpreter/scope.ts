/** What a running program sees: names and their values, the block they belong to, and the packet under way. */

import type { DeclaredDigest } from '../../compiler/analysis/digests.js';
import type { ActionDecl, ControlDecl, Expr, FunctionDecl, ParserDecl, Type } from '../../compiler/ir/index.js';
import { InternalError, invariant } from '../../compiler/support/invariant.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Random } from '../data-plane/random.js';
import type { Statistics } from './statistics.js';
import type { Table } from './tables.js';
import type { Tracer } from './tracer.js';
import type { Types } from './types.js';
import type { ValueSet } from './value-sets.js';
import { overwrite, type StructValue, type Value } from './values.js';

/** A call of an extern function or method; it evaluates its arguments itself. */
export interface ExternCall {
  readonly args: readonly Expr[];
  readonly scope: Scope;
  readonly loc: Loc;
  /** What `lookahead` reads. */
  readonly type?: Type;
}
export type ExternFunction = (call: ExternCall) => Value | undefined;

/** An extern object, or a packet. */
export interface ObjectValue {
  readonly kind: 'object';
  readonly type: string;
  call(method: string, call: ExternCall): Value | undefined;
  /** The block that it is declared in begins. */
  enter?(): void;
}

/** How an apply block, action or function ended. */
export type Completion = 'next' | 'exit' | 'break' | 'continue' | { readonly return: Value | undefined };

/** A parser or control with its state: the same declaration may have several instances. */
export interface BlockInstance {
  readonly decl: ParserDecl | ControlDecl;
  readonly constructorArgs: ReadonlyMap<string, Value>;
  readonly objects: ReadonlyMap<string, ObjectValue>;
  readonly blocks: ReadonlyMap<string, BlockInstance>;
  readonly tables: ReadonlyMap<string, Table>;
  readonly actions: ReadonlyMap<string, ActionDecl>;
  readonly functions: ReadonlyMap<string, FunctionDecl>;
  readonly valueSets: ReadonlyMap<string, ValueSet>;
  /** Runs the block; `scope` holds its parameters. */
  run(scope: Scope): Completion;
}

/** What the whole program has in common. */
export interface Globals {
  readonly types: Types;
  readonly actions: ReadonlyMap<string, ActionDecl>;
  readonly functions: ReadonlyMap<string, FunctionDecl>;
  /** Extern functions of core.p4 and of the architecture. */
  readonly externs: ReadonlyMap<string, ExternFunction>;
  /** Constants and extern objects of the top level. */
  readonly values: ReadonlyMap<string, Value>;
  readonly random: Random;
  readonly statistics: Statistics;
  /** The digest that a call makes of this data. */
  readonly digestOf: (data: Expr) => DeclaredDigest | undefined;
  /** What a value of a field of the architecture's metadata decides, such as "to port 3"; for traces. */
  readonly meaningOf: (struct: StructValue, field: string) => string | undefined;
}

/** One packet on its way through the blocks; architectures have passes of their own with more in them. */
export interface Pass {
  /** The packet's length in bytes, as it arrived. */
  readonly packetLength: number;
  /** Bytes of headers that setValid added, less those that setInvalid removed. */
  lengthChange: number;
  /** The bytes behind the parsed headers, from the end of the parser on. */
  payload: Uint8Array;
  /** Since the switch started. */
  readonly timestampNs: bigint;
  readonly trace: Tracer | undefined;
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
