/** What names mean: the declarations of the program, of its architecture and of core.p4, and the scopes within blocks. */
import { coreMatchKinds, noAction } from '../../arch/core.js';
import type { ArchBlock, ArchSpec } from '../../arch/index.js';
import type { ActionDecl, FunctionDecl, InstanceDecl, LocalDecl } from '../../ir/decl.js';
import type { Program } from '../../ir/program.js';
import type { Block } from '../../ir/stmt.js';
import type { Type } from '../../ir/types.js';
import type { Diagnostics, Where } from '../../support/diagnostics.js';
import type { Loc } from '../../support/location.js';
import type { Code, Params } from '../../support/messages.js';
import { nearest } from '../../support/suggest.js';
import { type BlockDecl, ProgramInfo } from '../program-info.js';
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
  readonly inside?: BlockDecl;
}

/** The place, as a sentence says it. */
export const inWords = ({ kind }: Place): string => (kind === 'apply' ? 'in a control' : `in ${kind === 'action' ? 'an' : 'a'} ${kind}`);

/** What the program's names stand for, and what is wrong with it. */
export class Environment extends ProgramInfo {
  readonly matchKinds: ReadonlySet<string>;
  /** The program's constants, functions, actions and extern objects. */
  readonly top = new Scope();
  #order = 0;

  constructor(
    program: Program,
    arch: ArchSpec,
    readonly diagnostics: Diagnostics,
    /** Checks the statements of functions given at calls, which stand inside statements. */
    readonly checkStatements: (env: Environment, block: Block, place: Place) => boolean,
  ) {
    super(program, arch);
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
    this.report('unknown-name', { what, name, suggestion: nearest(name, candidates) }, loc, help === undefined ? {} : { help });
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
    if (entity.order === place.order) this.report('recursion', { what, name }, loc);
    else this.report('declared-later', { what, name }, loc, { notes });
    return undefined;
  }

  action(name: string, place: Place, loc: Loc): ActionDecl | undefined {
    if (name === noAction.name && !place.scope.find(name, (e) => e.kind === 'action')) return noAction;
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
