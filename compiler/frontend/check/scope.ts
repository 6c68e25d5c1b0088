/** What names stand for, where (P4-16 §6.9). */
import type {
  ActionDecl,
  ConstantDecl,
  ExternFunctionDecl,
  FunctionDecl,
  InstanceDecl,
  Name,
  Param,
  TableDecl,
  ValueSetDecl,
  VariableDecl,
} from '../ast.js';
import type { Signature, Type } from './types.js';
import type { Value } from './values.js';

export type Entity =
  /** A type; `make` gives it with type arguments in place of `params`. */
  | {
      readonly kind: 'type';
      readonly name: Name;
      readonly params: readonly Name[];
      readonly make: (args: readonly Type[]) => Type;
      readonly typedef?: boolean;
    }
  | { readonly kind: 'variable'; readonly name: Name; readonly decl: VariableDecl; readonly type: Type; readonly fixed?: boolean }
  | { readonly kind: 'parameter'; readonly name: Name; readonly decl: Param; readonly type: Type; readonly of: ParameterOf }
  | { readonly kind: 'constant'; readonly name: Name; readonly decl: ConstantDecl; readonly type: Type; readonly value?: Value }
  /** Of an enum, in the values of those after it. */
  | { readonly kind: 'member'; readonly name: Name; readonly type: Type; readonly value?: Value }
  | { readonly kind: 'instance'; readonly name: Name; readonly decl: InstanceDecl; readonly type: Type }
  | { readonly kind: 'function'; readonly name: Name; readonly overloads: readonly FunctionEntity[] }
  | { readonly kind: 'action'; readonly name: Name; readonly decl: ActionDecl; readonly signature: Signature }
  | { readonly kind: 'table'; readonly name: Name; readonly decl: TableDecl }
  | { readonly kind: 'value-set'; readonly name: Name; readonly decl: ValueSetDecl; readonly type: Type }
  | { readonly kind: 'state'; readonly name: Name }
  /** What is being declared, and cannot be used in its own declaration. */
  | { readonly kind: 'open'; readonly name: Name; readonly what: string };

export type ParameterOf = 'block' | 'constructor' | 'action' | 'function';

export interface FunctionEntity {
  readonly decl: FunctionDecl | ExternFunctionDecl;
  readonly signature: Signature;
}

export class Scope {
  readonly parent: Scope | undefined;
  readonly names = new Map<string, Entity>();

  constructor(parent?: Scope) {
    this.parent = parent;
  }

  /** What the name stands for, or the first such thing from here outwards that `fits`. */
  find(name: string, fits: (entity: Entity) => boolean = () => true): Entity | undefined {
    for (let at: Scope | undefined = this; at; at = at.parent) {
      const found = at.names.get(name);
      if (found && fits(found)) return found;
    }
    return undefined;
  }

  get top(): Scope {
    let at: Scope = this;
    while (at.parent) at = at.parent;
    return at;
  }

  *all(): Generator<Entity> {
    for (let at: Scope | undefined = this; at; at = at.parent) yield* at.names.values();
  }
}

/** What an entity is, in a sentence. */
export function whatIs(e: Entity): string {
  return e.kind === 'open' ? e.what : e.kind === 'value-set' ? 'value set' : e.kind;
}
