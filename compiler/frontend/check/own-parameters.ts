/**
 * Parameters that calls of long ago ask for: today they are given what they once reached by themselves, such as the standard
 * metadata. Where the code around such a call has no parameter of the type, it gets one, and so do all between it and a
 * block that has.
 */
import type { ActionDecl, ActionRef, CallExpr, ControlDecl, FunctionDecl, NameExpr, Param, ParserDecl, TypeRef } from '../ast.js';
import type { Call, Checker } from './context.js';
import type { Scope } from './scope.js';
import { prune } from './types.js';

/** What can have a parameter: an action or function of the top, or a block with all that is in it. */
export type Owner = ActionDecl | FunctionDecl | ControlDecl | ParserDecl;

/** A parameter that is passed on; without one, there is nothing to give but a new value of the type. */
export interface AddedArg {
  readonly type: string;
  readonly param: Param | undefined;
}

/** Where an action, function or block is called or, in a table, named. */
export interface Use {
  readonly node: CallExpr | ActionRef | NameExpr;
  readonly used: Owner;
  readonly owner: Owner | undefined;
  readonly scope: Scope;
}

/** Remembers the call where it is one of something of the program; `overloads`: how many it may be. */
export function noteUse(c: Checker, { decl }: Pick<Call, 'decl'>, node: Use['node'], overloads = 1): void {
  if (overloads > 1 || !decl) return;
  if (decl.kind === 'action' || decl.kind === 'function' || decl.kind === 'control' || decl.kind === 'parser')
    c.uses.push({ node, used: decl, owner: c.place.owner, scope: c.scope });
}

export class OwnParameters {
  readonly #c: Checker;
  /** The blocks that the package has: their parameters are given. */
  readonly #fixed: ReadonlySet<object>;
  readonly #uses = new Map<Owner, Use[]>();

  constructor(c: Checker, fixed: ReadonlySet<object>) {
    this.#c = c;
    this.#fixed = fixed;
    for (const use of c.uses) this.#uses.set(use.used, [...(this.#uses.get(use.used) ?? []), use]);
  }

  /** The innermost parameter of the struct that can be written here, which may be a new one of the owner. */
  find(type: string, scope: Scope, owner: Owner | undefined): Param | undefined {
    for (const e of scope.all()) {
      if (e.kind !== 'parameter' || (e.decl.direction !== 'out' && e.decl.direction !== 'inout')) continue;
      const of = prune(e.type);
      if (of.kind === 'struct' && of.info.decl.name.text === type && scope.find(e.name.text) === e) return e.decl;
    }
    if (!owner || this.#fixed.has(owner)) return undefined;
    return this.#c.addedParams.get(owner) ?? this.#add(type, owner);
  }

  #add(type: string, owner: Owner): Param | undefined {
    const entity = this.#c.scope.top.names.get(type);
    if (entity?.kind !== 'type') return undefined;
    const { loc } = owner.name;
    const name = (text: string) => ({ text, loc });
    const ref: TypeRef = { kind: 'named-type', path: { absolute: false, name: name(type), loc }, loc };
    this.#c.typeRefs.set(ref, entity.make([]));
    const param: Param = { name: name(nameOf(type)), annotations: [], direction: 'inout', type: ref, loc };
    this.#c.addedParams.set(owner, param);
    for (const use of this.#uses.get(owner) ?? []) this.#c.addedArgs.set(use.node, { type, param: this.find(type, use.scope, use.owner) });
    return param;
  }
}

/** `standard_metadata` for `standard_metadata_t`. */
export const nameOf = (type: string): string => type.replace(/_t$/, '');
