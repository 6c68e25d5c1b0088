/** What the parts of the checker share: diagnostics, the scope they are in, and what they find out. */
import type { ArchSpec } from '../../arch/spec.js';
import type { Diagnostics, Where } from '../../support/diagnostics.js';
import type { Loc } from '../../support/location.js';
import type { Code, Params } from '../../support/messages.js';
import { nearest } from '../../support/suggest.js';
import { architectureOf, mainOf } from '../architecture.js';
import type * as ast from '../ast.js';
import { isLibrary } from '../library.js';
import type { Parts } from './expect.js';
import type { OldCall, OldForm } from './old-forms.js';
import type { AddedArg, Owner, Use } from './own-parameters.js';
import { type Entity, Scope, whatIs } from './scope.js';
import { type ParamInfo, prune, type Type, unknown } from './types.js';
import type { Value } from './values.js';

/** What a call calls, with the types that were inferred for it. */
export interface Call {
  readonly kind: 'function' | 'action' | 'method' | 'builtin' | 'table' | 'block' | 'constructor';
  readonly name: string;
  /** The function, action, table, method, constructor or block that is called; built-in methods have none. */
  readonly decl?:
    | ast.FunctionDecl
    | ast.ExternFunctionDecl
    | ast.ActionDecl
    | ast.TableDecl
    | ast.ParserDecl
    | ast.ControlDecl
    | ast.ExternDecl
    | ast.PackageDecl;
  /** Of the callee, with the types of this call in place of its type parameters. */
  readonly params: readonly ParamInfo[];
  readonly typeArgs: readonly Type[];
  readonly returns: Type;
  /** In the order of the parameters; absent where one is left out or `_`. */
  readonly args: readonly (ast.Expr | undefined)[];
}

/** What the checker knows of a program without mistakes; keys are nodes of the syntax. */
export interface Findings {
  /** The type of an expression on its own. */
  readonly types: ReadonlyMap<ast.Expr, Type>;
  /** The type that an expression is implicitly cast to, where that differs. */
  readonly casts: ReadonlyMap<ast.Expr, Type>;
  readonly typeRefs: ReadonlyMap<ast.TypeRef, Type>;
  /** What a name stands for. */
  readonly entities: ReadonlyMap<ast.Path, Entity>;
  readonly calls: ReadonlyMap<ast.CallExpr | ast.ConstructExpr | ast.InstanceDecl | ast.ActionRef, Call>;
  /** Values of constants and of whatever has to be known when a program is compiled. */
  readonly values: ReadonlyMap<ast.Expr, Value>;
  /** The texts in the bodies of annotations that hold one. */
  readonly texts: ReadonlyMap<ast.Annotation, string>;
  /** What calls of long ago are today. */
  readonly oldForms: ReadonlyMap<ast.CallExpr, OldForm>;
  /** The lists of metadata that these make, by the fields that they have. */
  readonly fieldLists: ReadonlyMap<ast.FieldDecl, readonly number[]>;
  /** The parameters that they ask for, by what is to have them: an action as its first, others as their last. */
  readonly addedParams: ReadonlyMap<Owner, ast.Param>;
  /** What is given for these. */
  readonly addedArgs: ReadonlyMap<Use['node'], AddedArg>;
  /** Where actions, functions and blocks are used. */
  readonly uses: readonly Use[];
  /** In the order of their declarations. */
  readonly errors: readonly string[];
  readonly matchKinds: readonly string[];
}

/** Where statements and expressions are: what is allowed there differs. */
export interface Place {
  readonly in: 'top' | 'parser' | 'state' | 'control' | 'apply' | 'action' | 'function' | 'table';
  /** What `return` gives; absent where it is not allowed. */
  readonly returns?: Type;
  readonly loops: number;
  /** The object whose method this is, for `this`. */
  readonly self?: Type;
  /** The outermost declaration that it is in. */
  readonly owner?: Owner;
}

/** Names that are too long, or too many, are not compared. */
const maxSuggested = 64;
const maxSuggestions = 100;
const maxCompared = 5000;

function* take<T>(values: Iterable<T>, most: number): Generator<T> {
  let left = most;
  for (const value of values) {
    if (left-- <= 0) return;
    yield value;
  }
}

function* namesOf(scope: Scope): Generator<string> {
  for (const entity of scope.all()) yield entity.name.text;
}

export class Checker {
  readonly diagnostics: Diagnostics;
  /** Of the program itself, not of what it includes. */
  readonly file: string;
  /** Of the package that is its `main`. */
  readonly arch: ArchSpec | undefined;
  readonly types = new Map<ast.Expr, Type>();
  readonly casts = new Map<ast.Expr, Type>();
  readonly typeRefs = new Map<ast.TypeRef, Type>();
  readonly entities = new Map<ast.Path, Entity>();
  readonly calls = new Map<ast.CallExpr | ast.ConstructExpr | ast.InstanceDecl | ast.ActionRef, Call>();
  readonly values = new Map<ast.Expr, Value>();
  readonly texts = new Map<ast.Annotation, string>();
  readonly oldForms = new Map<ast.CallExpr, OldForm>();
  readonly fieldLists = new Map<ast.FieldDecl, readonly number[]>();
  readonly addedParams = new Map<Owner, ast.Param>();
  readonly addedArgs = new Map<Use['node'], AddedArg>();
  readonly errors: string[] = [];
  readonly matchKinds: string[] = [];
  /** The same, to look them up. */
  readonly declared = { error: new Set<string>(), match_kind: new Set<string>() };
  /** Those that are not declared in an included file. */
  readonly ownMatchKinds = new Set<string>();
  /** The actions of tables, by what `action_run` may be. */
  readonly tableActions = new Map<ast.TableDecl, readonly string[]>();
  scope = new Scope();
  #suggested = 0;
  place: Place = { in: 'top', loops: 0 };
  /** Where `_` may stand for a type: the type parameters without a name that it becomes. */
  dontCares: ast.Name[] | undefined;

  /** Those of long ago so far. */
  readonly oldCalls: OldCall[] = [];
  /** Where the program's actions, functions and blocks are used so far. */
  readonly uses: Use[] = [];

  constructor(
    diagnostics: Diagnostics,
    program: ast.SourceProgram,
    readonly parts: Parts,
  ) {
    this.file = program.file;
    const type = mainOf(program)?.type;
    this.arch = type?.kind === 'named-type' ? architectureOf(type.path.name.text) : undefined;
    this.diagnostics = diagnostics;
  }

  report<C extends Code>(code: C, params: Params<C>, loc: Loc, where: Where = {}): void {
    this.diagnostics.report(code, params, { ...where, loc });
  }

  /** Runs with a scope of its own. */
  within<T>(run: () => T, place?: Partial<Place>): T {
    const [scope, before] = [this.scope, this.place];
    this.scope = new Scope(scope);
    if (place) this.place = { ...before, ...place };
    try {
      return run();
    } finally {
      this.scope = scope;
      this.place = before;
    }
  }

  /** Runs in another place, in the same scope. */
  at<T>(place: Partial<Place>, run: () => T): T {
    const before = this.place;
    this.place = { ...before, ...place };
    try {
      return run();
    } finally {
      this.place = before;
    }
  }

  /** Runs where `_` may stand for types, and gives these as type parameters. */
  withDontCares<T>(run: () => T): readonly [T, readonly ast.Name[]] {
    this.dontCares = [];
    try {
      return [run(), this.dontCares];
    } finally {
      this.dontCares = undefined;
    }
  }

  declare(entity: Entity): void {
    const { text } = entity.name;
    const there = this.scope.names.get(text);
    if (there && there.kind !== 'open') {
      this.report('duplicate-name', { name: text, what: whatIs(there) }, entity.name.loc, {
        notes: [{ message: 'it is declared here', loc: there.name.loc }],
      });
      return;
    }
    this.#shadows(entity);
    this.scope.names.set(text, entity);
  }

  /** Parameters are hidden by other parameters and by what is declared beside them; other names are hidden as one likes. */
  #shadows(entity: Entity): void {
    const { text, loc } = entity.name;
    const hidden = this.scope.parent?.find(text, (e) => e.kind !== 'open');
    if (!hidden || hidden.kind === 'type' || isLibrary(hidden.name.loc.file)) return;
    const where = { notes: [{ message: 'it is declared here', loc: hidden.name.loc }] };
    const inside = hidden.kind === 'parameter' && entity.kind !== 'parameter' && !this.scope.parent?.names.has(text);
    if (inside) this.report('p4-hides-parameter', { name: text }, loc, where);
    else this.report('p4-shadows', { name: text, what: whatIs(hidden) }, loc, where);
  }

  /** Marks a name as being declared: a use in its own declaration is recursion. */
  open(name: ast.Name, what: string): void {
    if (!this.scope.names.has(name.text)) this.scope.names.set(name.text, { kind: 'open', name, what });
  }

  find(path: ast.Path, what = 'name'): Entity | undefined {
    const scope = path.absolute ? this.scope.top : this.scope;
    const { text } = path.name;
    const found = scope.find(text, (e) => e.kind !== 'open' || e.what === 'table') ?? scope.find(text);
    if (!found) {
      this.report('unknown-name', { what, name: text, suggestion: this.suggest(text, namesOf(scope)) }, path.name.loc);
      return undefined;
    }
    if (found.kind === 'open') {
      this.report('recursion', { name: text, what: found.what }, path.name.loc);
      return undefined;
    }
    this.entities.set(path, found);
    return found;
  }

  /** The name that was perhaps meant. */
  suggest(name: string, names: Iterable<string>): string | undefined {
    if (name.length > maxSuggested || this.#suggested++ >= maxSuggestions) return undefined;
    return nearest(
      name,
      [...take(names, maxCompared)].filter((n) => n !== name && Math.abs(n.length - name.length) <= name.length / 3 + 1),
    );
  }

  noMember(of: string, name: string, known: Iterable<string>, loc: Loc): void {
    const names = [...known];
    this.report('no-such-member', { of, name, names, suggestion: this.suggest(name, names) }, loc);
  }

  setType(expr: ast.Expr, type: Type): Type {
    this.types.set(expr, type);
    this.values.delete(expr);
    return type;
  }

  setCast(expr: ast.Expr, type: Type): void {
    this.casts.set(expr, type);
    this.values.delete(expr);
  }

  typeOf(expr: ast.Expr): Type {
    return prune(this.types.get(expr) ?? unknown);
  }
}

/** Reports names that are in a list twice. */
export function unique(c: Checker, names: readonly ast.Name[], what: string): void {
  const seen = new Map<string, ast.Name>();
  for (const name of names) {
    const first = seen.get(name.text);
    if (first) {
      c.report('duplicate-name', { name: name.text, what }, name.loc, { notes: [{ message: 'it is declared here', loc: first.loc }] });
    } else seen.set(name.text, name);
  }
}
