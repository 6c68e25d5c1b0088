/** What a program declares, by the names of its P4Info: the types of what controllers see. */

import { declaredDigests } from '../analysis/digests.js';
import { type ControllerHeader, type ProgramInfo, programInfo } from '../analysis/program-info.js';
import { visibleBlocks } from '../analysis/visible-blocks.js';
import type { ActionDecl, InstanceDecl, TableDecl } from '../ir/decl.js';
import { controlPlaneName, externalName } from '../ir/names.js';
import type { Program } from '../ir/program.js';
import type { Type } from '../ir/types.js';
import type { Format } from '../support/values.js';

/** A program, and the names that the P4Info has for those of the program where they differ. */
export interface Source {
  readonly program: Program;
  readonly binding?: ReadonlyMap<string, string>;
}

export interface Typed {
  readonly type: Type;
  readonly format?: Format;
}

export class Declared {
  readonly info: ProgramInfo;
  /** From the P4Info's name to the program's. */
  readonly #names: ReadonlyMap<string, string> | undefined;
  readonly #tables = new Map<string, TableDecl>();
  readonly #actions = new Map<string, ActionDecl>();
  readonly #instances = new Map<string, InstanceDecl>();
  readonly #valueSets = new Map<string, Type>();
  readonly #digests: ReadonlyMap<string, Type>;

  constructor({ program, binding }: Source) {
    this.info = programInfo(program);
    this.#names = binding && new Map([...binding].map(([name, inTarget]) => [inTarget, name]));
    const target = (name: string): string => binding?.get(name) ?? name;
    for (const { actions, children, valueSets } of visibleBlocks(program)) {
      for (const { name, decl } of actions) this.#actions.set(target(name), decl);
      for (const { name, decl } of valueSets) this.#valueSets.set(target(name), decl.type);
      for (const child of children) {
        if (child.kind === 'table') this.#tables.set(target(child.name), child.decl);
        else this.#instances.set(target(child.name), child.decl);
      }
    }
    for (const decl of program.instances) this.#instances.set(target(controlPlaneName(undefined, decl)), decl);
    this.#digests = declaredDigests(program);
  }

  /** As the program calls it. */
  nameOf(name: string): string {
    return this.#names?.get(name) ?? name;
  }

  key(table: string, name: string): Typed | undefined {
    const key = this.#tables.get(table)?.keys.find((k) => k.match !== 'selector' && k.name === name);
    return key && { type: key.expr.type, ...(key.format ? { format: key.format } : {}) };
  }

  param(action: string, name: string): Typed | undefined {
    return this.#actions.get(action)?.params.find((p) => externalName(p) === name);
  }

  cell(register: string): Type | undefined {
    const instance = this.#instances.get(register);
    return instance && this.info.cellType(instance.type);
  }

  /** A digest is called as its type is, where it is not an object. */
  digest(name: string): Type | undefined {
    const found = this.#digests.get(name);
    const named = found ? undefined : this.info.program.types.find((t) => externalName(t) === name);
    return found ?? (named && { kind: 'named', name: named.name });
  }

  /** Without a name: the one value that the members of a set are. */
  valueSetField(set: string, name: string | undefined): Typed | undefined {
    const type = this.#valueSets.get(set);
    const decl = this.info.declaration(type);
    return decl?.kind === 'struct' ? decl.fields.find((f) => externalName(f) === name) : type && { type };
  }

  header(name: string): ControllerHeader | undefined {
    return this.info.controllerHeader(name);
  }
}
