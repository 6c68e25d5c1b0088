/** Makes a program ready to run: instances with their tables and extern objects, and what the program puts into them. */
import { digestCalls } from '../../compiler/analysis/digests.js';
import { type Attachment, type BlockDecl, type ProgramInfo, programInfo } from '../../compiler/analysis/program-info.js';
import { noAction } from '../../compiler/arch/core.js';
import { initialTables } from '../../compiler/control/initial-tables.js';
import type { CallStmt, InstanceDecl, Program, TableDecl } from '../../compiler/ir/index.js';
import { controlPlaneName } from '../../compiler/ir/names.js';
import { visiting } from '../../compiler/ir/visit.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { invariant } from '../../compiler/support/invariant.js';
import { SeededChoices } from '../data-plane/choices.js';
import type { ActionValue } from '../data-plane/messages.js';
import type { ActionProfile } from '../data-plane/profiles.js';
import { State } from '../data-plane/state.js';
import { Table } from '../data-plane/tables.js';
import { ValueSet } from '../data-plane/value-sets.js';
import type { Architecture } from './arch/architecture.js';
import { type PreparedCall, prepareCall } from './calls.js';
import { coreFunctions } from './core.js';
import { evaluate } from './eval.js';
import { declareLocals, runControl } from './exec.js';
import type { DirectExtern, ExternObject, Externs } from './externs.js';
import { listed } from './fields.js';
import { runParser } from './parser.js';
import { type BlockInstance, type Globals, type ObjectValue, type Pass, Scope, type ValueSetInstance } from './scope.js';
import type { ActionRun, AppliedTable, TableAction } from './tables.js';
import { Types } from './types.js';
import type { Value } from './values.js';

export interface LoadedProgram {
  readonly program: Program;
  readonly globals: Globals;
  /** The extern objects of the top level. */
  readonly objects: readonly ObjectValue[];
  /** The blocks of the package, in the order of its parameters. */
  readonly blocks: readonly BlockInstance[];
}

/** Throws a DiagnosticError for what the interpreter does not know, such as an extern. */
export function load(program: Program, arch: Architecture): LoadedProgram {
  return new Loader(program, arch).load();
}

class Loader {
  readonly #program: Program;
  readonly #info: ProgramInfo;
  readonly #arch: Architecture;
  readonly #globals: Globals;
  readonly #values = new Map<string, Value>();
  readonly #calls = new Map<CallStmt, PreparedCall>();
  /** Blocks that hold nothing: one instance stands for all. */
  readonly #stateless = new Map<string, BlockInstance>();

  constructor(program: Program, arch: Architecture) {
    this.#program = program;
    this.#info = programInfo(program);
    this.#arch = arch;
    this.#globals = {
      types: new Types(this.#info),
      actions: byName([noAction, ...program.actions]),
      functions: byName(program.functions),
      calls: this.#calls,
      values: this.#values,
      state: new State(),
      meaningOf: arch.meaningOf,
    };
  }

  load(): LoadedProgram {
    this.#prepare({ ...coreFunctions, ...this.#arch.functions(this.#globals) });
    const scope = this.#scope();
    for (const constant of this.#program.constants) this.#values.set(constant.name, evaluate(constant.value, scope));
    const objects = this.#program.instances.map((instance) => {
      const object = this.#object(instance, undefined, scope);
      this.#values.set(instance.name, object);
      return object;
    });
    const blocks = this.#program.main.blocks.map((name) => {
      const decl = this.#info.blocks.get(name);
      invariant(decl, `no parser or control ${name}`);
      return this.#instantiate(decl, decl.name, new Map());
    });
    return { program: this.#program, globals: this.#globals, objects, blocks };
  }

  /** Prepares the calls of externs, and ends with what the interpreter does not know: no packet shall find it. */
  #prepare(functions: Externs): void {
    const info = this.#info;
    const locals = [...this.#program.parsers, ...this.#program.controls].flatMap((block) => block.locals);
    const declared = new Set([...this.#program.functions, ...locals].map((decl) => decl.name));
    // Looked for when the first is made.
    let digests: ReturnType<typeof digestCalls> | undefined;
    visiting({
      stmt: (s) => {
        if (s.kind !== 'call' || (s.callee.kind !== 'function' && s.callee.kind !== 'method')) return;
        if (s.callee.kind === 'function' && declared.has(s.callee.name)) return;
        const method = info.externMethod(s);
        const implementation = s.callee.kind === 'function' ? functions[s.callee.name] : undefined;
        if (s.callee.kind === 'function' && !implementation)
          fail('not-yet', { feature: `${s.callee.name}() in the interpreter` }, { loc: s.loc });
        invariant(method, 'a call of an extern that the architecture does not declare');
        digests ??= method.role === 'digest' ? digestCalls(this.#program) : undefined;
        const data = info.argument(s, 'data');
        this.#calls.set(s, prepareCall(s, method, implementation, data && digests?.get(data)));
      },
      expr: (e) => {
        const feature = this.#arch.refuses(e);
        if (feature) fail('not-yet', { feature: `${feature} in the interpreter` }, { loc: e.loc });
      },
    }).program(this.#program);
  }

  /** A scope for what is known before any packet: constants. */
  #scope(): Scope {
    const choices = new SeededChoices(0);
    const pass: Pass = { packetLength: 0, lengthChange: 0, payload: new Uint8Array(), timestampNs: 0n, trace: undefined, choices };
    return new Scope(this.#globals, pass, undefined);
  }

  #object(instance: InstanceDecl, owner: string | undefined, scope: Scope): ObjectValue {
    const make = this.#arch.externs[instance.type.name];
    if (!make) return fail('not-yet', { feature: `The extern ${instance.type.name} in the interpreter` }, { loc: instance.loc });
    const name = controlPlaneName(owner, instance);
    const args = instance.args.map((arg) => evaluate(arg, scope));
    const object = make({ name, args, typeArgs: instance.type.args ?? [] }, this.#globals);
    return { kind: 'object', type: instance.type.name, ...object };
  }

  #instantiate(decl: BlockDecl, name: string, constructorArgs: ReadonlyMap<string, Value>): BlockInstance {
    const objects = new Map<string, ObjectValue>();
    const blocks = new Map<string, BlockInstance>();
    const tables = new Map<string, AppliedTable>();
    const valueSets = new Map<string, ValueSetInstance>();
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
        const inner = this.#info.blocks.get(local.type.name);
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
          if (args.size === 0 && this.#info.objectsIn(inner) === 0) this.#stateless.set(inner.name, block);
        }
      } else if (local.kind === 'table') {
        tables.set(local.name, this.#table(local, name, instance));
      } else if (local.kind === 'value-set') {
        const { types, state } = this.#globals;
        const type = types.resolve(local.type);
        const fields = type.kind === 'struct' ? type.fields.map((f) => f.type) : type.kind === 'tuple' ? type.elements : [local.type];
        const set = new ValueSet(fields.map((field) => types.width(field)));
        valueSets.set(local.name, { set, fields });
        state.valueSets.set(controlPlaneName(name, local), set);
      }
    }
    return instance;
  }

  #table(decl: TableDecl, owner: string, instance: BlockInstance): AppliedTable {
    const { types, state } = this.#globals;
    const name = controlPlaneName(owner, decl);
    const named = [
      ...decl.actions,
      ...this.#sharing(decl, instance).flatMap((table) => table.actions),
      { action: noAction.name, args: [] },
    ];
    const refs = named.filter((ref, i) => named.findIndex((other) => other.action === ref.action) === i);
    const actions = refs.map((ref): TableAction => {
      const local = instance.actions.get(ref.action);
      const action = local ?? this.#globals.actions.get(ref.action);
      invariant(action, `no action ${ref.action}`);
      const params = action.params.filter((p) => p.direction === undefined);
      const directional = action.params.filter((p) => p.direction !== undefined);
      return { name: controlPlaneName(local && owner, action), decl: action, params, directional, bound: ref.args };
    });
    const keys = decl.keys.filter((key) => key.match !== 'selector');
    const initial = initialTables(this.#program).get(name);
    invariant(initial, `no table ${name}`);
    const { direct, profile } = this.#attached(decl, instance);
    const byControlPlaneName = byName(actions);
    const table = new Table<ActionRun>({
      name,
      keys: keys.map((key) => ({ match: key.match, width: types.width(key.expr.type) })),
      initial,
      profile,
      entryActions: this.#entryActions(decl, actions),
      trial: state.trial,
      resolve: (value) => this.#resolve(value, byControlPlaneName, name),
    });
    state.tables.set(name, table);
    const selectorKeys = decl.keys.filter((key) => key.match === 'selector');
    return { entries: table, keys, selectorKeys, selectorFields: selectorKeys.flatMap((key) => listed(key.expr)), direct };
  }

  #entryActions(decl: TableDecl, actions: readonly TableAction[]): readonly { readonly name: string; readonly params: number }[] {
    if (decl.constEntries) return [];
    const forEntries = new Set(decl.actions.filter((ref) => ref.scope !== 'defaultonly').map((ref) => ref.action));
    return actions.filter(({ decl }) => forEntries.has(decl.name)).map(({ name, params }) => ({ name, params: params.length }));
  }

  #resolve({ name, args }: ActionValue, actions: ReadonlyMap<string, TableAction>, table: string): ActionRun {
    const action = actions.get(name);
    invariant(action, `${table} has no action ${name}`);
    const { params } = action;
    invariant(params.length === args.length, `${name} takes ${params.length} arguments, not ${args.length}`);
    // Most parameters are bits, whose values need no other form.
    const isBits = params.every((p) => p.type.kind === 'bit');
    return { action, args: isBits ? args : params.map((p, i) => this.#globals.types.fromBits(args[i] as bigint, p.type)) };
  }

  /** The other tables that share members with this one: it runs their actions too. */
  #sharing(decl: TableDecl, { decl: block }: BlockInstance): readonly TableDecl[] {
    const profileOf = (table: TableDecl): InstanceDecl | undefined => this.#info.attached(table, 'profile', block);
    const profile = profileOf(decl);
    if (!profile) return [];
    return block.locals.filter((local): local is TableDecl => local.kind === 'table' && local !== decl && profileOf(local) === profile);
  }

  /** What the table's properties name. */
  #attached(
    decl: TableDecl,
    { decl: block, objects }: BlockInstance,
  ): { readonly direct: readonly DirectExtern[]; readonly profile: ActionProfile | undefined } {
    const object = (what: Attachment): ExternObject => {
      const { name } = this.#info.attached(decl, what, block) ?? {};
      const found = name === undefined ? undefined : (objects.get(name) ?? this.#values.get(name));
      return typeof found === 'object' && found.kind === 'object' ? found : {};
    };
    return { direct: [object('counter'), object('meter')].flatMap(({ direct }) => direct ?? []), profile: object('profile').profile };
  }
}

const byName = <T extends { readonly name: string }>(decls: readonly T[]): Map<string, T> => new Map(decls.map((d) => [d.name, d]));
