/** The entries of one table: what matches, what runs then, and what direct counters and meters have for it. */
import { invariant } from '../../compiler/support/invariant.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Choices } from './choices.js';
import { type Cell, noCount } from './counters.js';
import { type KeyShape, type MatchIndex, matchIndex } from './match.js';
import type {
  ActionValue,
  ColorCounts,
  CounterData,
  EntryAction,
  EntryKey,
  EntryOrDefault,
  InitialTable,
  MeterConfig,
  TableEntry,
} from './messages.js';
import { MeterCell, noColors } from './meters.js';
import type { ActionProfile, Chosen } from './profiles.js';
import type { Trial } from './trial.js';

/** What the direct counter and meter of a table have for one entry, or for a miss. Most entries of most tables have neither. */
export interface DirectCells {
  /** Undefined until something was counted. */
  counter: Cell | undefined;
  /** Undefined until it is configured or has marked something. */
  meter: MeterCell | undefined;
}
/** `Run` is an action with its arguments as the executor runs it. */
export interface Installed<Run> extends EntryKey, DirectCells {
  readonly action: EntryAction;
  /** The action, where the entry itself has it. */
  readonly run: Run | undefined;
  /** When it was hit last, or written. */
  usedNs: bigint;
}
/** What an applied table runs; nothing for an empty group. */
export interface Choice<Run> {
  readonly run: Run | undefined;
  /** Where the entry names a group: the hash of the selector's keys, where that chooses, and the member that was chosen. */
  readonly selection: { readonly hash: bigint | undefined; readonly chosen: Chosen | undefined } | undefined;
}

export interface TableOptions<Run> {
  /** As the control plane knows it. */
  readonly name: string;
  /** Of the keys that entries match. */
  readonly keys: readonly KeyShape[];
  readonly initial: InitialTable;
  /** What its entries share actions through. */
  readonly profile: ActionProfile | undefined;
  /** The actions that entries may run, and how many arguments each takes; none where all entries are the program's. */
  readonly entryActions: readonly { readonly name: string; readonly params: number }[];
  readonly trial: Trial;
  /** Once for each action that is written, not for each packet. */
  readonly resolve: (action: ActionValue) => Run;
}

export class Table<Run = unknown> {
  readonly name: string;
  readonly profile: ActionProfile | undefined;
  readonly #resolve: (action: ActionValue) => Run;
  readonly #entries: MatchIndex<Installed<Run>>;
  readonly #hasKeys: boolean;
  /** Actions of members that were resolved before. */
  readonly #entryActions: TableOptions<Run>['entryActions'];
  readonly #trial: Trial;
  readonly #memberRuns = new WeakMap<ActionValue, Run>();
  readonly #declaredDefault: Run;
  #default: Run;
  /** What a miss counts and marks with. */
  readonly defaultCells: DirectCells = { counter: undefined, meter: undefined };
  /** How often it was applied. */
  hits = 0;
  misses = 0;

  /** Installs what the program declares. */
  constructor({ name, keys, initial, profile, entryActions, trial, resolve }: TableOptions<Run>) {
    this.name = name;
    this.profile = profile;
    this.#resolve = resolve;
    this.#entryActions = entryActions;
    this.#trial = trial;
    this.#entries = matchIndex(keys);
    this.#hasKeys = keys.length > 0;
    this.#declaredDefault = resolve(initial.defaultAction);
    this.#default = this.#declaredDefault;
    for (const entry of initial.entries) this.insert(entry, 0n);
  }

  /** The entry that the packet hits; `values` has unsigned bits for each of the keys. */
  lookup(values: readonly bigint[], nowNs: bigint): Installed<Run> | undefined {
    return this.use(this.#hasKeys ? this.#entries.lookup(values) : undefined, nowNs);
  }

  /** A packet hits the entry, or none. */
  use(found: Installed<Run> | undefined, nowNs: bigint): Installed<Run> | undefined {
    if (this.#trial.isOn) this.#keep(found);
    if (found) {
      found.usedNs = nowNs;
      this.hits++;
    } else this.misses++;
    return found;
  }

  /** What a packet changes of the table. */
  #keep(found: Installed<Run> | undefined): void {
    const { hits, misses } = this;
    const cells = found ?? this.defaultCells;
    const { counter, meter } = cells;
    const [before, usedNs, restoreMeter] = [counter && { ...counter }, found?.usedNs, meter?.save()];
    this.#trial.keep(() => {
      this.hits = hits;
      this.misses = misses;
      cells.counter = before;
      cells.meter = meter;
      restoreMeter?.();
      if (found && usedNs !== undefined) found.usedNs = usedNs;
    });
  }

  /**
   * Entries for all that a hit may run, whatever it matches: the actions of its entries with their arguments, and actions
   * that take no argument; with a profile, also its groups and its members in no group. `unknown` are the actions whose
   * arguments no entry gives.
   */
  possible(): { readonly entries: readonly Installed<Run>[]; readonly unknown: readonly string[] } {
    const found = new Map<string, EntryAction>();
    const add = (action: EntryAction): void => {
      found.set('name' in action ? `${action.name}(${action.args})` : JSON.stringify(action), action);
    };
    for (const { action } of this.#entries.all()) add(action);
    for (const action of this.profile?.groupsAndMembers() ?? []) add(action);
    const known = [...found.values(), ...(this.profile?.actions() ?? [])];
    const names = new Set(known.flatMap((action) => ('name' in action ? [action.name] : [])));
    const others = this.#entryActions.filter(({ name }) => !names.has(name));
    for (const { name, params } of others) if (params === 0) add({ name, args: [] });
    return {
      entries: [...found.values()].map((action) => {
        const run = 'name' in action ? this.#resolve(action) : undefined;
        return { matches: [], priority: 0, action, run, counter: undefined, meter: undefined, usedNs: 0n };
      }),
      unknown: others.filter(({ params }) => params > 0).map(({ name }) => name),
    };
  }

  /** What to run for the entry, or for none; `selectorData` gives the bits of the selector's keys. */
  choose(entry: Installed<Run> | undefined, selectorData: () => Uint8Array, choices: Choices, loc: Loc): Choice<Run> {
    if (!entry) return { run: this.#default, selection: undefined };
    const { action, run } = entry;
    if (run !== undefined) return { run, selection: undefined };
    const profile = this.#profile;
    if ('member' in action) return { run: this.#memberRun(action.member), selection: undefined };
    invariant('group' in action, 'an action that was not resolved');
    const hash = profile.choiceOf(action.group).random ? undefined : profile.hash(selectorData());
    const chosen = choices.member(this.name, profile, action.group, hash, loc);
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

  find(key: EntryKey): Installed<Run> {
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

  #put({ matches, priority, action }: TableEntry, usedNs: bigint, old: Installed<Run> | undefined): void {
    const run = this.#check(action);
    const isNew = this.#entries.insert({ matches, priority, action, run, counter: old?.counter, meter: old?.meter, usedNs });
    invariant(isNew, `${this.name} already has the entry`);
  }

  /** What the entry runs, where that does not change. */
  #check(action: EntryAction): Run | undefined {
    if ('name' in action) return this.#resolve(action);
    if ('member' in action) invariant(this.#profile.hasMember(action.member), `${this.name} has no member ${action.member}`);
    else invariant(this.#profile.hasGroup(action.group), `${this.name} has no group ${action.group}`);
    return undefined;
  }

  get #profile(): ActionProfile {
    invariant(this.profile, `${this.name} has no action profile`);
    return this.profile;
  }

  #memberRun(member: number): Run {
    const action = this.#profile.action(member);
    let run = this.#memberRuns.get(action);
    if (run === undefined) {
      run = this.#resolve(action);
      this.#memberRuns.set(action, run);
    }
    return run;
  }
}
