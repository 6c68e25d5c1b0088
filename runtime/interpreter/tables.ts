/** A table of one control instance: its entries, its default action, and what the entries' actions are bound to. */
import type { ActionDecl, Expr, KeyDecl, Param, TableDecl } from '../../compiler/ir/index.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { Loc } from '../../compiler/support/location.js';
import type { ActionValue, CounterData, EntryAction, EntryKey, MeterConfig, TableEntry } from '../switch/messages.js';
import type { Cell } from './counters.js';
import { identify, type KeyShape, type MatchIndex, matchIndex } from './match.js';
import { MeterCell } from './meters.js';
import type { ActionProfile, Chosen } from './profiles.js';
import type { ObjectValue, Scope } from './scope.js';
import type { Types } from './types.js';
import type { Value } from './values.js';

/** An action that the table may run. */
export interface TableAction {
  /** As the control plane knows it. */
  readonly name: string;
  readonly decl: ActionDecl;
  /** The parameters that the control plane gives. */
  readonly params: readonly Param[];
  readonly directional: readonly Param[];
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
  readonly meter: MeterCell;
  /** When it was hit last, or written. */
  usedNs: bigint;
}
/** What an applied table runs; nothing for an empty group. */
export interface Choice {
  readonly run?: ActionRun;
  /** Where the entry names a group: the hash of the selector's keys, and the member that it chose. */
  readonly selection?: { readonly hash: bigint; readonly chosen?: Chosen };
}

/** What the program itself puts into a table. */
export interface InitialTable {
  /** Entries without a priority of their own have those of their order, the first the highest. */
  readonly entries: readonly TableEntry[];
  readonly defaultAction: ActionValue;
}

/** What a table's properties attach to it. */
export interface Attached {
  readonly direct: readonly DirectResource[];
  readonly profile?: ActionProfile;
}
/** A counter or meter that has a cell for each entry of its table. */
export interface DirectResource extends ObjectValue {
  /** The table was applied: the entry that was hit, if any, is that of the action about to run. */
  applied(entry: Installed | undefined, scope: Scope, loc: Loc): void;
}

export class Table {
  readonly decl: TableDecl;
  /** As the control plane knows it. */
  readonly name: string;
  readonly attached: Attached;
  /** The keys that entries match. */
  readonly keys: readonly KeyDecl[];
  /** The keys whose hash selects a member of a group. */
  readonly selectorKeys: readonly KeyDecl[];
  readonly initial: InitialTable;
  readonly #types: Types;
  readonly #shapes: readonly KeyShape[];
  readonly #actions: ReadonlyMap<string, TableAction>;
  readonly #entries = new Map<string, Installed>();
  readonly #index: MatchIndex<Installed>;
  /** Actions that were resolved before. */
  readonly #runs = new WeakMap<ActionValue, ActionRun>();
  readonly #declaredDefault: ActionRun;
  #default: ActionRun;
  /** How often it was applied. */
  hits = 0;
  misses = 0;

  /** Installs what the program declares. */
  constructor(decl: TableDecl, name: string, actions: readonly TableAction[], attached: Attached, initial: InitialTable, types: Types) {
    this.decl = decl;
    this.name = name;
    this.attached = attached;
    this.keys = decl.keys.filter((key) => key.match !== 'selector');
    this.selectorKeys = decl.keys.filter((key) => key.match === 'selector');
    this.initial = initial;
    this.#types = types;
    this.#shapes = this.keys.map((key) => ({ match: key.match, width: types.width(key.expr.type) }));
    this.#actions = new Map(actions.map((a) => [a.name, a]));
    this.#index = matchIndex(this.#shapes);
    this.#declaredDefault = this.#resolve(initial.defaultAction);
    this.#default = this.#declaredDefault;
    for (const entry of initial.entries) this.insert(entry, 0n);
  }

  /** `values` has one for each of `keys`. */
  lookup(values: readonly Value[]): Installed | undefined {
    const found =
      this.#shapes.length === 0
        ? undefined
        : this.#index.lookup(values.map((value, i) => this.#types.toBits(value, this.keys[i]?.expr.type as Expr['type'])));
    if (found) this.hits++;
    else this.misses++;
    return found;
  }

  /** What to run for the entry, or for none; `selectorData` gives the bits of the selector's keys. */
  choose(entry: Installed | undefined, selectorData: () => Uint8Array): Choice {
    if (!entry) return { run: this.#default };
    const { action } = entry;
    if ('name' in action) return { run: this.#resolve(action) };
    const profile = this.#profile;
    if ('member' in action) return { run: this.#resolve(profile.action(action.member)) };
    const hash = profile.hash(selectorData());
    const chosen = profile.choose(action.group, hash);
    if (!chosen) return { selection: { hash } };
    return { run: this.#resolve(profile.action(chosen.member)), selection: { hash, chosen } };
  }

  insert(entry: TableEntry, nowNs: bigint): void {
    const id = identify(entry, this.#shapes);
    invariant(!this.#entries.has(id), `${this.name} already has the entry ${id}`);
    this.#put(id, { ...entry, counter: { packets: 0n, bytes: 0n }, meter: new MeterCell(), usedNs: nowNs });
  }

  /** Changes the action; counter and meter go on. */
  modify(entry: TableEntry, nowNs: bigint): void {
    const old = this.find(entry);
    this.#check(entry.action);
    this.#index.delete(old);
    this.#put(identify(entry, this.#shapes), { ...entry, counter: old.counter, meter: old.meter, usedNs: nowNs });
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

  setMeter(key: EntryKey, config: MeterConfig | undefined): void {
    this.find(key).meter.configure(config);
  }

  #put(id: string, entry: Installed): void {
    this.#check(entry.action);
    this.#entries.set(id, entry);
    this.#index.insert(entry);
  }

  #check(action: EntryAction): void {
    if ('name' in action) this.#resolve(action);
    else if ('member' in action) invariant(this.#profile.hasMember(action.member), `${this.name} has no member ${action.member}`);
    else invariant(this.#profile.hasGroup(action.group), `${this.name} has no group ${action.group}`);
  }

  get #profile(): ActionProfile {
    invariant(this.attached.profile, `${this.name} has no action profile`);
    return this.attached.profile;
  }

  #resolve(value: ActionValue): ActionRun {
    const known = this.#runs.get(value);
    if (known) return known;
    const { name, args } = value;
    const action = this.#actions.get(name);
    invariant(action, `${this.name} has no action ${name}`);
    const { params } = action;
    invariant(params.length === args.length, `${name} takes ${params.length} arguments, not ${args.length}`);
    const run = { action, args: params.map((p, i) => this.#types.fromBits(args[i] as bigint, p.type)) };
    this.#runs.set(value, run);
    return run;
  }
}
