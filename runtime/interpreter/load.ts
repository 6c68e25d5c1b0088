/** Makes a program ready to run: instances with their tables and extern objects, and what the program puts into them. */

import { digestCalls } from '../../compiler/analysis/digests.js';
import type {
  ActionCallExpr,
  ActionDecl,
  ControlDecl,
  EntryDecl,
  InstanceDecl,
  KeySet,
  ParserDecl,
  Program,
  TableDecl,
} from '../../compiler/ir/index.js';
import { objectsIn } from '../../compiler/ir/instances.js';
import { controlPlaneName } from '../../compiler/ir/names.js';
import { visiting } from '../../compiler/ir/visit.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { invariant } from '../../compiler/support/invariant.js';
import { nowhere } from '../../compiler/support/location.js';
import { hasPriorities } from '../data-plane/match.js';
import type { ActionValue, MatchValue, TableEntry } from '../data-plane/messages.js';
import { ActionProfile } from '../data-plane/profiles.js';
import { Random } from '../data-plane/random.js';
import type { Architecture } from './arch/architecture.js';
import { coreFunctions } from './core.js';
import { evaluate } from './eval.js';
import { declareLocals, runControl } from './exec.js';
import { runParser } from './parser.js';
import { type BlockInstance, type Globals, type ObjectValue, type Pass, Scope } from './scope.js';
import { Statistics } from './statistics.js';
import { type Attached, type DirectResource, Table, type TableAction } from './tables.js';
import { Types } from './types.js';
import { ValueSet } from './value-sets.js';
import type { Value } from './values.js';

export interface LoadedProgram {
  readonly program: Program;
  readonly globals: Globals;
  /** The blocks of the package, in the order of its parameters. */
  readonly blocks: readonly BlockInstance[];
  /** By the names that the control plane knows. */
  readonly tables: ReadonlyMap<string, Table>;
  readonly objects: ReadonlyMap<string, ObjectValue>;
  readonly valueSets: ReadonlyMap<string, ValueSet>;
}

/** Action that core.p4 declares: tables may name it without a declaration. */
const noAction: ActionDecl = { kind: 'action', name: 'NoAction', params: [], body: [], loc: nowhere };

/** Throws a DiagnosticError for what the interpreter does not know, such as an extern. `seed` is that of `random`. */
export function load(program: Program, arch: Architecture, seed: number): LoadedProgram {
  return new Loader(program, arch, seed).load();
}

class Loader {
  readonly #program: Program;
  readonly #arch: Architecture;
  readonly #globals: Globals;
  readonly #values = new Map<string, Value>();
  readonly #tables = new Map<string, Table>();
  readonly #objects = new Map<string, ObjectValue>();
  readonly #valueSets = new Map<string, ValueSet>();
  readonly #objectsIn: (block: ParserDecl | ControlDecl) => number;
  /** Blocks that hold nothing: one instance stands for all. */
  readonly #stateless = new Map<string, BlockInstance>();

  constructor(program: Program, arch: Architecture, seed: number) {
    this.#program = program;
    this.#arch = arch;
    this.#objectsIn = objectsIn(program);
    // Looked for when the first is made.
    let digests: ReturnType<typeof digestCalls> | undefined;
    this.#globals = {
      types: new Types(program, arch.spec),
      actions: byName([noAction, ...program.actions]),
      functions: byName(program.functions),
      externs: new Map(Object.entries({ ...coreFunctions, ...arch.functions })),
      values: this.#values,
      random: new Random(seed),
      statistics: new Statistics(),
      digestOf: (data) => {
        digests ??= digestCalls(program);
        return digests.get(data);
      },
      meaningOf: arch.meaningOf,
    };
  }

  load(): LoadedProgram {
    this.#refuse();
    const scope = this.#scope();
    for (const constant of this.#program.constants) this.#values.set(constant.name, evaluate(constant.value, scope));
    for (const instance of this.#program.instances) this.#values.set(instance.name, this.#object(instance, undefined, scope));
    const blocks = this.#program.main.blocks.map((name) => {
      const decl = this.#declaration(name);
      invariant(decl, `no parser or control ${name}`);
      return this.#instantiate(decl, controlPlaneName(undefined, decl), new Map());
    });
    return {
      program: this.#program,
      globals: this.#globals,
      blocks,
      tables: this.#tables,
      objects: this.#objects,
      valueSets: this.#valueSets,
    };
  }

  /** Ends with what the program uses and the interpreter does not know: no packet shall find it. */
  #refuse(): void {
    const locals = [...this.#program.parsers, ...this.#program.controls].flatMap((block) => block.locals);
    const functions = new Set([...this.#program.functions, ...locals].map((decl) => decl.name));
    visiting({
      stmt: (s) => {
        if (s.kind !== 'call' || s.callee.kind !== 'function') return;
        const { name } = s.callee;
        if (!functions.has(name) && !this.#globals.externs.has(name))
          fail('not-yet', { feature: `${name}() in the interpreter` }, { loc: s.loc });
      },
      expr: (e) => {
        const feature = this.#arch.refuses(e);
        if (feature) fail('not-yet', { feature: `${feature} in the interpreter` }, { loc: e.loc });
      },
    }).program(this.#program);
  }

  #declaration(name: string): ParserDecl | ControlDecl | undefined {
    return [...this.#program.parsers, ...this.#program.controls].find((decl) => decl.name === name);
  }

  /** A scope for what is known before any packet: constants. */
  #scope(): Scope {
    const pass: Pass = { packetLength: 0, lengthChange: 0, payload: new Uint8Array(), timestampNs: 0n, trace: undefined };
    return new Scope(this.#globals, pass, undefined);
  }

  #object(instance: InstanceDecl, owner: string | undefined, scope: Scope): ObjectValue {
    const make = this.#arch.externs[instance.type.name];
    if (!make) return fail('not-yet', { feature: `The extern ${instance.type.name} in the interpreter` }, { loc: instance.loc });
    const name = controlPlaneName(owner, instance);
    const args = instance.args.map((arg) => evaluate(arg, scope));
    const object = make({ name, args, typeArgs: instance.type.args ?? [] }, this.#globals.types);
    this.#objects.set(name, object);
    return object;
  }

  #instantiate(decl: ParserDecl | ControlDecl, name: string, constructorArgs: ReadonlyMap<string, Value>): BlockInstance {
    const objects = new Map<string, ObjectValue>();
    const blocks = new Map<string, BlockInstance>();
    const tables = new Map<string, Table>();
    const valueSets = new Map<string, ValueSet>();
    const states = decl.kind === 'parser' ? byName(decl.states) : undefined;
    const instance: BlockInstance = {
      decl,
      constructorArgs,
      objects,
      blocks,
      tables,
      valueSets,
      actions: byName(decl.locals.filter((local) => local.kind === 'action')),
      functions: byName(decl.locals.filter((local) => local.kind === 'function')),
      run: (scope) => {
        if (decl.kind === 'control') return runControl(instance, decl.body, scope);
        runParser(instance, decl, states as NonNullable<typeof states>, scope);
        return 'next';
      },
    };
    const scope = this.#scope();
    declareLocals(instance, scope, 'constant');
    for (const local of decl.locals) {
      if (local.kind === 'instance') {
        const inner = this.#declaration(local.type.name);
        if (!inner) {
          const object = this.#object(local, name, scope);
          objects.set(local.name, object);
          scope.declare(local.name, object);
        } else {
          const same = this.#stateless.get(inner.name);
          if (same) {
            blocks.set(local.name, same);
            continue;
          }
          const args = new Map(inner.constructorParams?.map((p, i) => [p.name, evaluate(local.args[i] ?? p.default!, scope)]));
          const block = this.#instantiate(inner, controlPlaneName(name, local), args);
          blocks.set(local.name, block);
          if (args.size === 0 && this.#objectsIn(inner) === 0) this.#stateless.set(inner.name, block);
        }
      } else if (local.kind === 'table') {
        const table = this.#table(local, name, instance, scope);
        tables.set(local.name, table);
        this.#tables.set(table.name, table);
      } else if (local.kind === 'value-set') {
        const valueSet = new ValueSet(local, this.#globals.types);
        valueSets.set(local.name, valueSet);
        this.#valueSets.set(controlPlaneName(name, local), valueSet);
      }
    }
    return instance;
  }

  #table(decl: TableDecl, owner: string, instance: BlockInstance, scope: Scope): Table {
    const listed = [
      ...decl.actions,
      ...this.#sharing(decl, instance).flatMap((table) => table.actions),
      { action: noAction.name, args: [] },
    ];
    const refs = listed.filter((ref, i) => listed.findIndex((other) => other.action === ref.action) === i);
    const actions = refs.map((ref): TableAction => {
      const local = instance.actions.get(ref.action);
      const action = local ?? this.#globals.actions.get(ref.action);
      invariant(action, `no action ${ref.action}`);
      const params = action.params.filter((p) => p.direction === undefined);
      const directional = action.params.filter((p) => p.direction !== undefined);
      return { name: controlPlaneName(local && owner, action), decl: action, params, directional, bound: ref.args };
    });
    const actionValue = (call: ActionCallExpr): ActionValue => {
      const action = actions.find((a) => a.decl.name === call.action);
      invariant(action, `${decl.name} has no action ${call.action}`);
      const args = action.decl.params.flatMap((p, i) => {
        const given = call.args[i] ?? p.default;
        return p.direction === undefined && given ? [this.#bits(given, scope)] : [];
      });
      return { name: action.name, args };
    };
    const keys = decl.keys.filter((key) => key.match !== 'selector');
    const prioritized = hasPriorities(keys);
    const entries = (decl.entries ?? []).map(
      (entry, i, all): TableEntry => ({
        matches: keys.map((key, k) => this.#match(matchOf(entry, k), key.match, this.#globals.types.width(key.expr.type), scope)),
        priority: prioritized ? (entry.priority ?? all.length - i) : 0,
        action: actionValue(entry.action),
      }),
    );
    const defaultAction = decl.defaultAction ? actionValue(decl.defaultAction) : { name: noAction.name, args: [] };
    const attached = this.#attached(decl, instance);
    return new Table(decl, controlPlaneName(owner, decl), actions, attached, { entries, defaultAction }, this.#globals.types);
  }

  /** The other tables that share members with this one: it runs their actions too. */
  #sharing(decl: TableDecl, { decl: { locals } }: BlockInstance): readonly TableDecl[] {
    const profileOf = (table: TableDecl): string | undefined => {
      const value = table.properties?.find((p) => p.name === this.#arch.spec.attachments.profile)?.value;
      return value?.kind === 'name' ? value.name : undefined;
    };
    const profile = profileOf(decl);
    if (profile === undefined) return [];
    return locals.filter((local): local is TableDecl => local.kind === 'table' && local !== decl && profileOf(local) === profile);
  }

  #attached(decl: TableDecl, instance: BlockInstance): Attached {
    const object = (property: string): Value | undefined => {
      const value = decl.properties?.find((p) => p.name === property)?.value;
      return value?.kind === 'name' ? (instance.objects.get(value.name) ?? this.#values.get(value.name)) : undefined;
    };
    const { counter, meter, profile: profileName } = this.#arch.spec.attachments;
    const profile = object(profileName);
    return {
      direct: [object(counter), object(meter)].filter(isDirect),
      ...(profile instanceof ActionProfile ? { profile } : {}),
    };
  }

  #match(set: KeySet, match: string, width: number, scope: Scope): MatchValue {
    switch (set.kind) {
      case 'any':
      case 'value-set':
        return { kind: 'any' };
      case 'range':
        return { kind: 'range', low: this.#bits(set.low, scope), high: this.#bits(set.high, scope) };
      case 'mask': {
        const [value, mask] = [this.#bits(set.value, scope), this.#bits(set.mask, scope)];
        if (match !== 'lpm') return { kind: 'ternary', value, mask };
        return { kind: 'lpm', value: value & mask, prefixLength: mask.toString(2).replaceAll('0', '').length };
      }
      case 'value': {
        const value = this.#bits(set.value, scope);
        if (match === 'lpm') return { kind: 'lpm', value, prefixLength: width };
        if (match === 'ternary') return { kind: 'ternary', value, mask: (1n << BigInt(width)) - 1n };
        if (match === 'range') return { kind: 'range', low: value, high: value };
        return { kind: match === 'optional' ? 'optional' : 'exact', value };
      }
    }
  }

  #bits(expr: Parameters<typeof evaluate>[0], scope: Scope): bigint {
    return this.#globals.types.toBits(evaluate(expr, scope), expr.type);
  }
}

const isDirect = (value: Value | undefined): value is DirectResource => typeof value === 'object' && 'applied' in value;

/** One `_` may stand for all keys. */
const matchOf = (entry: EntryDecl, key: number): KeySet => entry.keys[key] ?? { kind: 'any' };

const byName = <T extends { readonly name: string }>(decls: readonly T[]): Map<string, T> => new Map(decls.map((d) => [d.name, d]));
