/** A table of one control instance: its entries, its default action, and what the entries' actions are bound to. */
import type { ActionDecl, Expr, KeyDecl, Param, TableDecl } from '../../compiler/ir/index.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { Loc } from '../../compiler/support/location.js';
import { type KeyShape, type MatchIndex, matchIndex } from '../data-plane/match.js';
import type {
  ActionValue,
  ColorCounts,
  CounterData,
  EntryAction,
  EntryKey,
  EntryOrDefault,
  MeterConfig,
  TableEntry,
} from '../data-plane/messages.js';
import type { ActionProfile, Chosen } from '../data-plane/profiles.js';
import type { Random } from '../data-plane/random.js';
import { type Cell, noCount } from './counters.js';
import { MeterCell, noColors } from './meters.js';
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
/** What the direct counter and meter of a table have for one entry, or for a miss. Most entries of most tables have neither. */
export interface DirectCells {
  /** Undefined until something was counted. */
  counter: Cell | undefined;
  /** Undefined until it is configured or has marked something. */
  meter: MeterCell | undefined;
}
export interface Installed extends EntryKey, DirectCells {
  readonly action: EntryAction;
  /** The action, where the entry itself has it. */
  readonly run: ActionRun | undefined;
  /** When it was hit last, or written. */
  usedNs: bigint;
}
/** What an applied table runs; nothing for an empty group. */
export interface Choice {
  readonly run: ActionRun | undefined;
  /** Where the entry names a group: the hash of the selector's keys, where that chooses, and the member that was chosen. */
  readonly selection: { readonly hash: bigint | undefined; readonly chosen: Chosen | undefined } | undefined;
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
/** A counter or meter that has a cell for each entry of its table, and one for misses. */
export interface DirectResource extends ObjectValue {
  /** The table was applied: the cells are those of the entry whose action is about to run, or of the default entry. */
  applied(cells: DirectCells, hit: boolean, scope: Scope, loc: Loc): void;
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
  readonly #entries: MatchIndex<Installed>;
  /** Actions of members that were resolved before. */
  readonly #memberRuns = new WeakMap<ActionValue, ActionRun>();
  readonly #declaredDefault: ActionRun;
  #default: ActionRun;
  /** What a miss counts and marks with. */
  readonly defaultCells: DirectCells = { counter: undefined, meter: undefined };
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
    this.#entries = matchIndex(this.#shapes);
    this.#declaredDefault = this.#resolve(initial.defaultAction);
    this.#default = this.#declaredDefault;
    for (const entry of initial.entries) this.insert(entry, 0n);
  }

  /** `values` has one for each of `keys`. */
  lookup(values: readonly Value[]): Installed | undefined {
    const found =
      this.#shapes.length === 0
        ? undefined
        : this.#entries.lookup(values.map((value, i) => this.#types.toBits(value, this.keys[i]?.expr.type as Expr['type'])));
    if (found) this.hits++;
    else this.misses++;
    return found;
  }

  /** What to run for the entry, or for none; `selectorData` gives the bits of the selector's keys. */
  choose(entry: Installed | undefined, selectorData: () => Uint8Array, random: Random): Choice {
    if (!entry) return { run: this.#default, selection: undefined };
    const { action, run } = entry;
    if (run) return { run, selection: undefined };
    const profile = this.#profile;
    if ('member' in action) return { run: this.#memberRun(action.member), selection: undefined };
    invariant('group' in action, 'an action that was not resolved');
    const hash = profile.choiceOf(action.group).random ? undefined : profile.hash(selectorData());
    const chosen = hash === undefined ? profile.chooseAtRandom(action.group, random) : profile.choose(action.group, hash);
    return { run: chosen && this.#memberRun(chosen.member), selection: { hash, chosen } };
  }

  insert(entry: TableEntry, nowNs: bigint): void {
    this.#put(entry, nowNs, undefined);
  }

  /** Changes the action; counter and meter go on. */
  modify(entry: TableEntry, nowNs: bigint): void {
    const old = this.find(entry);
    this.#check(entry.action);
    this.#entries.delete(old);
    this.#put(entry, nowNs, old);
  }

  delete(key: EntryKey): void {
    this.#entries.delete(this.find(key));
  }

  /** Without an action: back to what the program declares. */
  setDefault(action?: ActionValue): void {
    this.#default = action ? this.#resolve(action) : this.#declaredDefault;
  }

  find(key: EntryKey): Installed {
    const entry = this.#entries.find(key);
    invariant(entry, `${this.name} has no such entry`);
    return entry;
  }

  counter(of: EntryOrDefault): CounterData {
    const { packets, bytes } = this.#cells(of).counter ?? noCount;
    return { packets, bytes };
  }

  setCounter(of: EntryOrDefault, { packets, bytes }: CounterData): void {
    this.#cells(of).counter = { packets, bytes };
  }

  /** What was counted by colour stays. */
  setMeter(of: EntryOrDefault, config: MeterConfig | undefined): void {
    const cells = this.#cells(of);
    if (!config && !cells.meter) return;
    cells.meter ??= new MeterCell();
    cells.meter.configure(config);
  }

  colors(of: EntryOrDefault): ColorCounts {
    return this.#cells(of).meter?.counts() ?? noColors;
  }

  clearColors(of: EntryOrDefault): void {
    this.#cells(of).meter?.clearCounts();
  }

  #cells(of: EntryOrDefault): DirectCells {
    return of === 'default' ? this.defaultCells : this.find(of);
  }

  #put({ matches, priority, action }: TableEntry, usedNs: bigint, old: Installed | undefined): void {
    const run = this.#check(action);
    const isNew = this.#entries.insert({ matches, priority, action, run, counter: old?.counter, meter: old?.meter, usedNs });
    invariant(isNew, `${this.name} already has the entry`);
  }

  /** What the entry runs, where that does not change. */
  #check(action: EntryAction): ActionRun | undefined {
    if ('name' in action) return this.#resolve(action);
    if ('member' in action) invariant(this.#profile.hasMember(action.member), `${this.name} has no member ${action.member}`);
    else invariant(this.#profile.hasGroup(action.group), `${this.name} has no group ${action.group}`);
    return undefined;
  }

  get #profile(): ActionProfile {
    invariant(this.attached.profile, `${this.name} has no action profile`);
    return this.attached.profile;
  }

  #memberRun(member: number): ActionRun {
    const action = this.#profile.action(member);
    let run = this.#memberRuns.get(action);
    if (!run) {
      run = this.#resolve(action);
      this.#memberRuns.set(action, run);
    }
    return run;
  }

  #resolve({ name, args }: ActionValue): ActionRun {
    const action = this.#actions.get(name);
    invariant(action, `${this.name} has no action ${name}`);
    const { params } = action;
    invariant(params.length === args.length, `${name} takes ${params.length} arguments, not ${args.length}`);
    // Most parameters are bits, whose values need no other form.
    const isBits = params.every((p) => p.type.kind === 'bit');
    return { action, args: isBits ? args : params.map((p, i) => this.#types.fromBits(args[i] as bigint, p.type)) };
  }
}
