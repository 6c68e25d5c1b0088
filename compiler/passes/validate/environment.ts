/** What names mean: the declarations of the program, of its architecture and of core.p4, and the scopes within blocks. */
import { coreExterns, coreFunctions, coreMatchKinds } from '../../arch/core.js';
import { type ArchBlock, type ArchExtern, type ArchMethod, type ArchSpec, archTypes, errorsOf } from '../../arch/index.js';
import type { ActionDecl, ControlDecl, FunctionDecl, InstanceDecl, LocalDecl, ParserDecl } from '../../ir/decl.js';
import type { Program } from '../../ir/program.js';
import type { Block } from '../../ir/stmt.js';
import type { FieldDecl, HeaderDecl, Type, TypeDecl } from '../../ir/types.js';
import type { Diagnostics, Where } from '../../support/diagnostics.js';
import { type Loc, nowhere } from '../../support/location.js';
import { type Code, didYouMean, type Params } from '../../support/messages.js';
import { nearest } from '../../support/suggest.js';
import { declaredElsewhere } from './out-of-scope.js';

/** What a name in scope stands for. */
export interface Entity {
  readonly kind: LocalDecl['kind'] | 'parameter';
  readonly type?: Type;
  readonly writable: boolean;
  readonly loc: Loc;
  readonly decl?: LocalDecl;
  /** Its place among declarations: what comes before it cannot use it. */
  readonly order?: number;
}

export class Scope {
  readonly #names = new Map<string, Entity>();
  readonly #parent: Scope | undefined;
  constructor(parent?: Scope) {
    this.#parent = parent;
  }

  /** What the name means here, among the kinds of things that fit: a table and a variable can share a name. */
  find(name: string, fits: (entity: Entity) => boolean = () => true): Entity | undefined {
    const own = this.#names.get(name);
    return own && fits(own) ? own : this.#parent?.find(name, fits);
  }
  /** What the name means in this very scope. */
  own(name: string): Entity | undefined {
    return this.#names.get(name);
  }
  set(name: string, entity: Entity): void {
    this.#names.set(name, entity);
  }
  names(fits: (entity: Entity) => boolean): string[] {
    const own = [...this.#names].filter(([, entity]) => fits(entity)).map(([name]) => name);
    return [...own, ...(this.#parent?.names(fits) ?? [])];
  }
}

/** Where an expression or statement stands. */
export interface Place {
  readonly scope: Scope;
  readonly kind: 'parser' | 'apply' | 'action' | 'function' | 'declaration';
  /** Which block of the architecture it is in, where it is in one. */
  readonly block?: ArchBlock;
  /** Declarations with a higher order are not visible yet. */
  readonly order: number;
  /** What the function returns. */
  readonly returns?: Type;
  readonly inLoop?: boolean;
  /** The part for one target that it is in, or for all others. */
  readonly target?: { readonly name: string; readonly is: boolean };
  /** The parser or control that it is in. */
  readonly inside?: ParserDecl | ControlDecl;
}

export class Environment {
  readonly types: ReadonlyMap<string, TypeDecl>;
  readonly externs: ReadonlyMap<string, ArchExtern>;
  /** Extern functions; several of one name differ in their number of parameters. */
  readonly functions: ReadonlyMap<string, readonly ArchMethod[]>;
  readonly blocks: ReadonlyMap<string, ParserDecl | ControlDecl>;
  readonly errors: ReadonlySet<string>;
  readonly matchKinds: ReadonlySet<string>;
  /** The program is written in P4-16, which allows more than the language of p4ts. */
  readonly isP4: boolean;
  /** The program's constants, functions, actions and extern objects. */
  readonly top = new Scope();
  #order = 0;

  constructor(
    readonly program: Program,
    readonly arch: ArchSpec,
    readonly diagnostics: Diagnostics,
    /** Checks the statements of functions given at calls, which stand inside statements. */
    readonly checkStatements: (env: Environment, block: Block, place: Place) => boolean,
  ) {
    this.isP4 = program.language === 'p4';
    this.types = new Map([...program.types, ...archTypes(arch)].map((decl) => [decl.name, decl]));
    this.externs = new Map([...coreExterns, ...arch.externs].map((extern) => [extern.name, extern]));
    this.functions = byName([...coreFunctions, ...arch.functions]);
    this.blocks = new Map([...program.parsers, ...program.controls].map((block) => [block.name, block]));
    this.errors = new Set(errorsOf(program));
    this.matchKinds = new Set([...coreMatchKinds, ...arch.matchKinds]);
  }

  /** The order of the next declaration. */
  nextOrder(): number {
    return ++this.#order;
  }

  report<C extends Code>(code: C, params: Params<C>, loc: Loc, where: Omit<Where, 'loc'> = {}): void {
    this.diagnostics.report(code, params, { ...where, loc });
  }

  unknown(what: string, name: string, candidates: Iterable<string>, loc: Loc, help?: string): void {
    this.report('unknown-name', { what, name, suggestion: didYouMean(nearest(name, candidates)) }, loc, help === undefined ? {} : { help });
  }

  /** The declaration of a named type of the program or the architecture. */
  declaration(type: Type): TypeDecl | undefined {
    return type.kind === 'named' ? this.types.get(type.name) : undefined;
  }
  /** The fields of a struct, header or union. */
  fields(type: Type): readonly FieldDecl[] | undefined {
    const decl = this.declaration(type);
    return decl && 'fields' in decl ? decl.fields : undefined;
  }
  isHeader(type: Type): boolean {
    return this.declaration(type)?.kind === 'header';
  }
  isUnion(type: Type): boolean {
    return this.declaration(type)?.kind === 'header_union';
  }
  extern(type: Type): ArchExtern | undefined {
    return type.kind === 'named' ? this.externs.get(type.name) : undefined;
  }
  /** The type that values of the type are made of: what a serializable enum or a newtype stands for. */
  underlying(type: Type): Type {
    const decl = this.declaration(type);
    if (decl?.kind === 'enum' && decl.base) return decl.base;
    return decl?.kind === 'newtype' ? this.underlying(decl.type) : type;
  }
  /** The header that a program declares for packets to or from the controller. */
  controllerHeader(name: string): HeaderDecl | undefined {
    return this.program.types.find(
      (t): t is HeaderDecl =>
        t.kind === 'header' && (t.annotations?.some((a) => a.name === 'controller_header' && a.body === `"${name}"`) ?? false),
    );
  }

  /** What `name` means at the place; reports what is unknown or declared further down. */
  lookup(name: string, place: Place, what: string, fits: (entity: Entity) => boolean, loc: Loc): Entity | undefined {
    const entity = place.scope.find(name, fits);
    if (!entity) {
      const elsewhere = declaredElsewhere(this.program, name);
      if (elsewhere)
        this.report('out-of-scope', { ...elsewhere, name }, loc, { notes: [{ message: 'declared here', loc: elsewhere.loc }] });
      else this.unknown(what, name, place.scope.names(fits), loc);
      return undefined;
    }
    if (entity.order === undefined || entity.order < place.order) return entity;
    const notes = [{ message: `\`${name}\` is declared here`, loc: entity.loc }];
    if (entity.order === place.order) this.report('recursive-call', { what, name }, loc);
    else this.report('declared-later', { what, name }, loc, { notes });
    return undefined;
  }

  action(name: string, place: Place, loc: Loc): ActionDecl | undefined {
    if (name === 'NoAction' && !place.scope.find(name, (e) => e.kind === 'action')) return noAction;
    const decl = this.lookup(name, place, 'action', (e) => e.kind === 'action', loc)?.decl;
    return decl?.kind === 'action' ? decl : undefined;
  }
  function(name: string, place: Place, loc: Loc): FunctionDecl | undefined {
    const decl = this.lookup(name, place, 'function', (e) => e.kind === 'function', loc)?.decl;
    return decl?.kind === 'function' ? decl : undefined;
  }
  instance(name: string, place: Place, loc: Loc): InstanceDecl | undefined {
    const decl = this.lookup(name, place, 'instance', (e) => e.kind === 'instance', loc)?.decl;
    return decl?.kind === 'instance' ? decl : undefined;
  }
}

/** core.p4's action that does nothing. */
const noAction: ActionDecl = { kind: 'action', name: 'NoAction', params: [], body: [], loc: nowhere };

function byName(functions: readonly ArchMethod[]): Map<string, ArchMethod[]> {
  const map = new Map<string, ArchMethod[]>();
  for (const fn of functions) map.set(fn.name, [...(map.get(fn.name) ?? []), fn]);
  return map;
}
