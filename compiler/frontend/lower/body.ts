/** Where expressions and statements are lowered: names in scope, types in place of type parameters, statements so far. */
import { name } from '../../ir/build.js';
import type { Expr } from '../../ir/expr.js';
import type { Stmt } from '../../ir/stmt.js';
import type { Type } from '../../ir/types.js';
import { invariant } from '../../support/invariant.js';
import type { Loc } from '../../support/location.js';
import type * as ast from '../ast.js';
import type { Type as Checked, Substitution } from '../check/types.js';
import type { BlockLowering } from './blocks.js';
import { Frame } from './names.js';
import type { ProgramLowering } from './program.js';
import type { Change } from './reads-and-writes.js';

/** What a declaration of the source is in the IR. */
export type Binding =
  /** A variable, parameter, constant or object: the type is that of the name. */
  | { readonly kind: 'name'; readonly name: string; readonly type: Type }
  /** A value that takes the place of the name. */
  | { readonly kind: 'value'; readonly value: Expr };

export class Body {
  readonly program: ProgramLowering;
  readonly types: Substitution;
  /** The parser or control that it is in. */
  readonly block: BlockLowering | undefined;
  /** What `return` gives. */
  readonly returns: Type | undefined;
  /** The outermost scope. */
  readonly home: Frame<Binding>;
  frame: Frame<Binding>;
  out: Stmt[] = [];
  /** What the statements so far change, in their order. */
  readonly changes: Change[] = [];
  /** Whether the statements so far may exit. */
  exits = false;
  readonly #variables = new Set<string>();

  constructor(
    program: ProgramLowering,
    frame: Frame<Binding>,
    given: { readonly types?: Substitution; readonly block?: BlockLowering | undefined; readonly returns?: Type } = {},
  ) {
    this.program = program;
    this.frame = frame;
    this.home = frame;
    this.types = given.types ?? new Map();
    this.block = given.block;
    this.returns = given.returns;
  }

  type(checked: Checked): Type {
    return this.program.types.type(checked, this.types);
  }

  typeOf(expr: ast.Expr): Type {
    return this.type(this.program.checkedType(expr));
  }

  /** What a call changes has to be said beside it, with `changed`. */
  emit(stmt: Stmt): void {
    this.out.push(stmt);
    if (stmt.kind === 'assign') this.changed([stmt.target]);
    else if (stmt.kind === 'apply') this.changed(['everything']);
    else if (stmt.kind === 'set-validity') this.changed([stmt.header]);
    else if (stmt.kind === 'push' || stmt.kind === 'pop') this.changed([stmt.stack]);
  }

  changed(changes: readonly Change[]): void {
    this.changes.push(...changes);
  }

  /** Statements that were emitted elsewhere. */
  append(list: readonly Stmt[]): void {
    for (const stmt of list) this.out.push(stmt);
  }

  /** The statements that `run` emits, in a scope of their own. */
  inner(run: () => void): readonly Stmt[] {
    return this.collect(() => {
      const outer = this.frame;
      this.frame = new Frame(outer);
      run();
      this.frame = outer;
    }).made;
  }

  /** The statements that `run` emits, in the scope that is there, and what it gives. */
  collect<T>(run: () => T): { readonly made: readonly Stmt[]; readonly result: T } {
    const outer = this.out;
    this.out = [];
    const result = run();
    const made = this.out;
    this.out = outer;
    return { made, result };
  }

  /** A new variable. */
  declare(wanted: string, type: Type, loc: Loc, init?: Expr): Expr {
    const chosen = this.claim(wanted);
    this.#variables.add(chosen);
    this.emit({ kind: 'declare', name: chosen, type, loc, ...(init ? { init } : {}) });
    return name(chosen, type, loc);
  }

  /** A name for something of the whole block, which is visible here too. */
  claimForBlock(wanted: string): string {
    const name = this.claim(wanted);
    const home = this.block?.body.home;
    if (home !== this.frame) home?.claim(name);
    return name;
  }

  /** Whether it is a variable that was declared among the statements here: nothing else changes it. */
  isVariable(name: string): boolean {
    return this.#variables.has(name);
  }

  claim(wanted: string): string {
    return this.program.claimLocal(this.frame, wanted);
  }

  find(decl: object): Binding | undefined {
    return this.frame.find(decl);
  }

  nameOf(decl: object): string {
    const binding = this.find(decl);
    invariant(binding?.kind === 'name', 'a declaration without a name in the IR');
    return binding.name;
  }
}
