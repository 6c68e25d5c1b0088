/** Where statements of the program are made flat: what names stand for, where the code goes, how the code ends. */
import type { DeclaredDigest } from '../analysis/digests.js';
import type { ProgramInfo } from '../analysis/program-info.js';
import type { Expr } from '../ir/expr.js';
import type { Block } from '../ir/stmt.js';
import { invariant } from '../support/invariant.js';
import type { Loc } from '../support/location.js';
import { CodeEmitter, type Emitter, type Labels } from './emitter.js';
import type { Instance } from './instances.js';
import type { Layout } from './layout.js';
import type { FlatAction, FlatObject, FlatTable, FlatValueSet, Label } from './program.js';
import type { Tree } from './trees.js';

/** Names and what they stand for. */
export class Scope {
  readonly #names = new Map<string, Tree>();

  constructor(readonly parent?: Scope) {}

  declare(name: string, tree: Tree): void {
    this.#names.set(name, tree);
  }
  find(name: string): Tree | undefined {
    return this.#names.get(name) ?? this.parent?.find(name);
  }
  get(name: string): Tree {
    const found = this.find(name);
    invariant(found, `no value ${name}`);
    return found;
  }
}

/** What a call copies out when it ends, however it ends. */
export interface Pending {
  copyOut(loc: Loc): void;
}

/** What the whole program has in common. */
export interface Build {
  /** Statements and expressions have calls and places in them, and these have statements and expressions. */
  readonly execute: (block: Block, frame: Frame) => void;
  readonly evaluate: (expr: Expr, frame: Frame) => Tree;
  readonly info: ProgramInfo;
  readonly layout: Layout;
  readonly labels: Labels;
  /** Constants and extern objects of the top level. */
  readonly globals: Scope;
  readonly objects: FlatObject[];
  readonly valueSets: FlatValueSet[];
  readonly actions: FlatAction[];
  readonly tables: FlatTable[];
  /** What calls tell the control plane, by their data. */
  readonly digests: ReadonlyMap<Expr, DeclaredDigest>;
  /** Actions of the top level that tables run. */
  readonly globalActions: Map<string, FlatAction>;
}

export interface Frame extends Build {
  readonly out: Emitter;
  readonly scope: Scope;
  /** The block whose code it is; none for functions and actions of the top level. */
  readonly instance: Instance | undefined;
  /** Where `return` goes, and what takes the value. */
  readonly returns: { readonly label: Label; readonly result: Tree | undefined } | undefined;
  readonly loop: { readonly break: Label; readonly continue: Label } | undefined;
  /** Of the calls under way, outermost first. */
  readonly pending: readonly Pending[];
  /** Ends the block of the architecture, or the action of a table. */
  readonly exit: (loc: Loc) => void;
  /** Its statements may run several times for one packet: variables are set anew. */
  readonly repeats: boolean;
}

/** For what is known before any packet. */
export const frameOf = (build: Build, scope: Scope, instance?: Instance): Frame => ({
  ...build,
  out: new CodeEmitter(build.labels),
  scope,
  instance,
  returns: undefined,
  loop: undefined,
  pending: [],
  exit: () => invariant(false, 'an exit outside of a block'),
  repeats: false,
});

export const inner = (frame: Frame): Frame => ({ ...frame, scope: new Scope(frame.scope) });

/** What calls under way copy out before an `exit`, innermost first. */
export function copyAllOut(frame: Frame, loc: Loc): void {
  for (const pending of [...frame.pending].reverse()) pending.copyOut(loc);
}
