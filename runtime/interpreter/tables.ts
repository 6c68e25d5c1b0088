/** A table of one control instance: its entries, its default action, and what the entries' actions are bound to. */
import type { ActionDecl, Expr, Param, TableDecl } from '../../compiler/ir/index.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { ActionValue, CounterData, EntryAction, EntryKey, TableEntry } from '../switch/messages.js';
import type { Cell } from './counters.js';
import { identify, type KeyShape, type MatchIndex, matchIndex } from './match.js';
import type { Types } from './types.js';
import type { Value } from './values.js';

/** An action that the table may run. */
export interface TableAction {
  /** As the control plane knows it. */
  readonly name: string;
  readonly decl: ActionDecl;
  /** What the directional parameters are bound to. */
  readonly bound: readonly Expr[];
}
export interface ActionRun {
  readonly action: TableAction;
  /** For the parameters without a direction. */
  readonly args: readonly Value[];
}
export interface Installed extends TableEntry {
  readonly counter: Cell;
  readonly run: ActionRun;
}

/** What the program itself puts into a table. */
export interface InitialTable {
  /** Entries without a priority of their own have those of their order, the first the highest. */
  readonly entries: readonly TableEntry[];
  readonly defaultAction: ActionValue;
}

/** The parameters that the control plane gives. */
export const controlPlaneParams = (decl: ActionDecl): readonly Param[] => decl.params.filter((p) => p.direction === undefined);

export class Table {
  readonly decl: TableDecl;
  /** As the control plane knows it. */
  readonly name: string;
  /** Whether a direct counter is attached. */
  readonly counted: boolean;
  readonly initial: InitialTable;
  readonly #types: Types;
  readonly #shapes: readonly KeyShape[];
  readonly #actions: ReadonlyMap<string, TableAction>;
  readonly #entries = new Map<string, Installed>();
  readonly #index: MatchIndex<Installed>;
  readonly #declaredDefault: ActionRun;
  #default: ActionRun;

  /** Installs what the program declares. */
  constructor(decl: TableDecl, name: string, actions: readonly TableAction[], initial: InitialTable, types: Types) {
    this.decl = decl;
    this.name = name;
    this.counted = decl.properties?.some((p) => p.name === 'counters') ?? false;
    this.initial = initial;
    this.#types = types;
    this.#shapes = decl.keys.map((key) => ({ match: key.match, width: types.width(key.expr.type) }));
    this.#actions = new Map(actions.map((a) => [a.name, a]));
    this.#index = matchIndex(this.#shapes);
    this.#declaredDefault = this.#resolve(initial.defaultAction);
    this.#default = this.#declaredDefault;
    for (const entry of initial.entries) this.insert(entry);
  }

  get defaultAction(): ActionRun {
    return this.#default;
  }

  lookup(values: readonly Value[]): Installed | undefined {
    if (this.#shapes.length === 0) return undefined;
    return this.#index.lookup(values.map((value, i) => this.#types.toBits(value, this.decl.keys[i]?.expr.type as Expr['type'])));
  }

  insert(entry: TableEntry): void {
    const id = identify(entry, this.#shapes);
    invariant(!this.#entries.has(id), `${this.name} already has the entry ${id}`);
    this.#put(id, entry, { packets: 0n, bytes: 0n });
  }

  /** Changes the action; the counter goes on. */
  modify(entry: TableEntry): void {
    const old = this.find(entry);
    this.#index.delete(old);
    this.#put(identify(entry, this.#shapes), entry, old.counter);
  }

  delete(key: EntryKey): void {
    this.#index.delete(this.find(key));
    this.#entries.delete(identify(key, this.#shapes));
  }

  /** Without an action: back to what the program declares. */
  setDefault(action?: ActionValue): void {
    this.#default = action ? this.#resolve(action) : this.#declaredDefault;
  }

  find(key: EntryKey): Installed {
    const id = identify(key, this.#shapes);
    const entry = this.#entries.get(id);
    invariant(entry, `${this.name} has no entry ${id}`);
    return entry;
  }

  setCounter(key: EntryKey, data: CounterData): void {
    Object.assign(this.find(key).counter, { packets: data.packets, bytes: data.bytes });
  }

  #put(id: string, entry: TableEntry, counter: Cell): void {
    const installed: Installed = { ...entry, counter, run: this.#resolve(entry.action) };
    this.#entries.set(id, installed);
    this.#index.insert(installed);
  }

  #resolve(value: EntryAction): ActionRun {
    invariant('name' in value, `${this.name} has no action profile`);
    const { name, args } = value;
    const action = this.#actions.get(name);
    invariant(action, `${this.name} has no action ${name}`);
    const params = controlPlaneParams(action.decl);
    invariant(params.length === args.length, `${name} takes ${params.length} arguments, not ${args.length}`);
    return { action, args: params.map((p, i) => this.#types.fromBits(args[i] as bigint, p.type)) };
  }
}
