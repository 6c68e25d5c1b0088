/** What a program itself puts into its tables: a function of the program alone. */
import { type BlockDecl, type ProgramInfo, programInfo } from '../analysis/program-info.js';
import { noAction } from '../arch/core.js';
import { constant, string } from '../ir/build.js';
import { folded, known, type Lookup } from '../ir/fold.js';
import type { ActionCallExpr, ConstDecl, EntryDecl, Expr, InstanceDecl, KeySet, Program, TableDecl } from '../ir/index.js';
import { controlPlaneName } from '../ir/names.js';
import { printExpr } from '../ir/print.js';
import { maxUnsigned, truncate } from '../support/bits.js';
import { invariant } from '../support/invariant.js';
import { type MatchValue, needsPriority } from './match.js';

export interface ActionValue {
  readonly name: string;
  /** The control plane's parameters, in the order of their declaration. */
  readonly args: readonly bigint[];
}
/** What identifies an entry within its table. */
export interface EntryKey {
  /** One for each key of the table, in its order. */
  readonly matches: readonly MatchValue[];
  /** Higher wins; 0 where the table has no ternary, range or optional key. */
  readonly priority: number;
}
/** What the program itself puts into a table. */
export interface InitialTable {
  /** Entries without a priority of their own have those of their order, the first the highest. */
  readonly entries: readonly (EntryKey & { readonly action: ActionValue })[];
  readonly defaultAction: ActionValue;
}

/** By table, as the control plane knows it; the same object each time. */
export function initialTables(program: Program): ReadonlyMap<string, InitialTable> {
  const tables = computed.get(program) ?? new Declared(programInfo(program)).tables;
  computed.set(program, tables);
  return tables;
}
const computed = new WeakMap<Program, ReadonlyMap<string, InitialTable>>();

class Declared {
  readonly tables = new Map<string, InitialTable>();
  readonly #info: ProgramInfo;
  /** The constants of the top level. */
  readonly #globals: Lookup;

  constructor(info: ProgramInfo) {
    const { program } = info;
    this.#info = info;
    this.#globals = withConstants(program.constants, (name) => this.#member(name));
    for (const name of program.main.blocks) {
      const block = info.blocks.get(name);
      invariant(block, `no parser or control ${name}`);
      this.#addBlock(block, name, this.#globals);
    }
  }

  #addBlock(block: BlockDecl, path: string, outer: Lookup): void {
    if (block.kind === 'parser' || this.#info.objectsIn(block) === 0) return;
    const lookup = withConstants(
      block.locals.filter((local) => local.kind === 'constant'),
      outer,
    );
    for (const local of block.locals) {
      if (local.kind === 'table') this.#addTable(local, block, path, lookup);
      if (local.kind === 'instance') this.#addInstance(local, path, lookup);
    }
  }

  /** Constructor parameters are constants of the instance. */
  #addInstance(decl: InstanceDecl, path: string, lookup: Lookup): void {
    const block = this.#info.blocks.get(decl.type.name);
    if (!block) return;
    const given = new Map(block.constructorParams?.map((p, i) => [p.name, folded(decl.args[i] ?? p.default!, lookup)]));
    this.#addBlock(block, controlPlaneName(path, decl), (name) => given.get(name) ?? this.#globals(name));
  }

  #addTable(decl: TableDecl, block: BlockDecl, path: string, lookup: Lookup): void {
    const keys = decl.keys.filter((key) => key.match !== 'selector');
    const prioritized = needsPriority(keys);
    const action = (call: ActionCallExpr): ActionValue => this.#action(call, block, path, lookup);
    this.tables.set(controlPlaneName(path, decl), {
      entries: (decl.entries ?? []).map((entry, i, all) => ({
        matches: keys.map((key, k) => this.#match(setFor(entry, k), key.match, this.#info.width(key.expr.type), lookup)),
        priority: prioritized ? (entry.priority ?? all.length - i) : 0,
        action: action(entry.action),
      })),
      defaultAction: decl.defaultAction ? action(decl.defaultAction) : { name: noAction.name, args: [] },
    });
  }

  #action({ action: name, args }: ActionCallExpr, block: BlockDecl, path: string, lookup: Lookup): ActionValue {
    const decl = this.#info.declaredAction(name, block);
    invariant(decl, `no action ${name}`);
    const isLocal = block.locals.some((local) => local === decl);
    return {
      name: controlPlaneName(isLocal ? path : undefined, decl),
      args: decl.params.flatMap((param, i) => {
        const given = args[i] ?? param.default;
        return param.direction === undefined && given ? [this.#bits(given, lookup)] : [];
      }),
    };
  }

  #match(set: KeySet, match: string, width: number, lookup: Lookup): MatchValue {
    const bits = (expr: Expr): bigint => this.#bits(expr, lookup);
    switch (set.kind) {
      case 'any':
      case 'value-set':
        return { kind: 'any' };
      case 'range':
        return { kind: 'range', low: bits(set.low), high: bits(set.high) };
      case 'mask': {
        const [value, mask] = [bits(set.value), bits(set.mask)];
        if (match !== 'lpm') return { kind: 'ternary', value, mask };
        return { kind: 'lpm', value: value & mask, prefixLength: mask.toString(2).replaceAll('0', '').length };
      }
      case 'value': {
        const value = bits(set.value);
        if (match === 'lpm') return { kind: 'lpm', value, prefixLength: width };
        if (match === 'ternary') return { kind: 'ternary', value, mask: maxUnsigned(width) };
        if (match === 'range') return { kind: 'range', low: value, high: value };
        return { kind: match === 'optional' ? 'optional' : 'exact', value };
      }
    }
  }

  /** The value of a constant as the data plane keeps it: names are counted from 0. */
  #bits(expr: Expr, lookup: Lookup): bigint {
    if (expr.kind === 'default') return 0n;
    const value = known(expr, lookup);
    invariant(value !== undefined, `${printExpr(expr)} is not constant`);
    if (typeof value === 'boolean') return value ? 1n : 0n;
    if (typeof value === 'bigint') return value < 0n ? truncate(value, this.#info.width(expr.type)) : value;
    const type = this.#info.resolve(expr.type);
    const names = type.kind === 'enum' ? type.members.map((member) => member.name) : this.#info.errors;
    return BigInt(names.indexOf(value));
  }

  /** What `Enum.member` and `error.name` stand for: a number, or the name itself. */
  #member(text: string): Expr | undefined {
    const [owner = '', name] = text.split('.');
    if (name === undefined) return undefined;
    const decl = this.#info.types.get(owner);
    const value = decl?.kind === 'enum' ? decl.members.find((member) => member.name === name)?.value : undefined;
    return value === undefined ? string(name) : constant(value, { kind: 'integer' });
  }
}

/** One `_` may stand for all keys. */
const setFor = (entry: EntryDecl, key: number): KeySet => entry.keys[key] ?? { kind: 'any' };

/** Each constant is evaluated once, whatever refers to it. */
function withConstants(constants: readonly ConstDecl[], outer: Lookup): Lookup {
  const values = new Map<string, Expr>();
  const lookup: Lookup = (name) => values.get(name) ?? outer(name);
  for (const { name, value } of constants) values.set(name, folded(value, lookup));
  return lookup;
}
