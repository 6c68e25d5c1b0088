/**
 * The state of one program: what its packets and the control plane change. Names are those of P4Info. Updates have been
 * validated: one that does not fit throws InternalError. Whatever executes the program shares it.
 */
import { invariant } from '../../compiler/support/invariant.js';
import type { CounterArray } from './counters.js';
import type { ColorCounts, CounterData, DataPlaneStatistics, EntryKey, EntryOrDefault, Replica, StateUpdate } from './messages.js';
import type { MeterArray } from './meters.js';
import type { ActionProfile } from './profiles.js';
import type { RegisterArray } from './registers.js';
import type { Table } from './tables.js';
import { Trial } from './trial.js';
import type { ValueSet } from './value-sets.js';

export interface CloneSession {
  readonly replicas: readonly Replica[];
  /** Copies leave with at most that many bytes. */
  readonly truncateBytes?: number;
  /** What egress sees, where the architecture has it; 0 when absent. */
  readonly classOfService?: number;
}

/** Where packets end, or copies of them. */
export type DropPlace = 'ingress' | 'egress' | 'multicast' | 'restart';

export class State {
  /** What packets change, but not what the control plane does, can be taken back. */
  readonly trial = new Trial();
  readonly tables = new Map<string, Table>();
  readonly counters = new Map<string, CounterArray>();
  readonly meters = new Map<string, MeterArray>();
  readonly registers = new Map<string, RegisterArray>();
  readonly profiles = new Map<string, ActionProfile>();
  readonly valueSets = new Map<string, ValueSet>();
  readonly multicastGroups = new Map<number, readonly Replica[]>();
  readonly cloneSessions = new Map<number, CloneSession>();
  readonly portsDown = new Set<number>();
  readonly #drops = new Map<DropPlace, number>();
  readonly #parserErrors = new Map<string, number>();
  /** The latest time that anyone gave. */
  #nowNs = 0n;

  /** `nowNs`: since the switch started. */
  advance(nowNs: bigint): void {
    if (nowNs > this.#nowNs) this.#nowNs = nowNs;
  }

  /** Without `nowNs`: at the latest time that was given. */
  write(updates: readonly StateUpdate[], nowNs = 0n): void {
    this.advance(nowNs);
    for (const update of updates) this.#write(update);
  }

  #write(update: StateUpdate): void {
    switch (update.kind) {
      case 'insert':
        this.#table(update.table).insert(update.entry, this.#nowNs);
        break;
      case 'modify':
        this.#table(update.table).modify(update.entry, this.#nowNs);
        break;
      case 'delete':
        this.#table(update.table).delete(update.entry);
        break;
      case 'default-action':
        this.#table(update.table).setDefault(update.action);
        break;
      case 'counter':
        found(this.counters, update.counter, 'counter').write(update.index, update.data);
        break;
      case 'direct-counter':
        this.#table(update.table).setCounter(update.entry, update.data);
        break;
      case 'register':
        found(this.registers, update.register, 'register').write(update.index, update.value);
        break;
      case 'meter':
        found(this.meters, update.meter, 'meter').configure(update.index, update.config);
        break;
      case 'direct-meter':
        this.#table(update.table).setMeter(update.entry, update.config);
        break;
      case 'clear-colors':
        found(this.meters, update.meter, 'meter').clearCounts(update.index);
        break;
      case 'clear-direct-colors':
        this.#table(update.table).clearColors(update.entry);
        break;
      case 'profile-member':
        found(this.profiles, update.profile, 'action profile').setMember(update.member, update.action);
        break;
      case 'profile-group':
        found(this.profiles, update.profile, 'action profile').setGroup(update.group, update.members, update.choice);
        break;
      case 'port':
        if (update.up) this.portsDown.delete(update.port);
        else this.portsDown.add(update.port);
        for (const profile of this.profiles.values()) profile.setPort(update.port, update.up);
        break;
      case 'clone-session': {
        const { kind, session, replicas, ...options } = update;
        if (replicas) this.cloneSessions.set(session, { replicas, ...options });
        else this.cloneSessions.delete(session);
        break;
      }
      case 'value-set':
        found(this.valueSets, update.valueSet, 'value set').fill(update.members);
        break;
      case 'multicast-group':
        if (update.replicas) this.multicastGroups.set(update.group, update.replicas);
        else this.multicastGroups.delete(update.group);
    }
  }

  /** All cells, or the one named. */
  readCounter(counter: string, index?: number): readonly CounterData[] {
    return found(this.counters, counter, 'counter').read(index);
  }

  /** All cells, or the one named, as unsigned bits. */
  readRegister(register: string, index?: number): readonly bigint[] {
    return found(this.registers, register, 'register').read(index);
  }

  /** The counters of these entries of a table. */
  readDirectCounters(table: string, entries: readonly EntryOrDefault[]): readonly CounterData[] {
    return entries.map((entry) => this.#table(table).counter(entry));
  }

  /** What cells of a meter have counted, by colour. */
  readColors(meter: string, indexes: readonly number[]): readonly ColorCounts[] {
    const cells = found(this.meters, meter, 'meter');
    return indexes.map((index) => cells.counts(index));
  }

  /** What the meters of these entries of a table have counted, by colour. */
  readDirectColors(table: string, entries: readonly EntryOrDefault[]): readonly ColorCounts[] {
    return entries.map((entry) => this.#table(table).colors(entry));
  }

  /** Nanoseconds since the last hit of each entry, or since it was written. */
  readIdle(table: string, entries: readonly EntryKey[], nowNs: bigint): readonly bigint[] {
    this.advance(nowNs);
    return entries.map((entry) => this.#nowNs - this.#table(table).find(entry).usedNs);
  }

  countDrop(where: DropPlace): void {
    this.#count(this.#drops, where);
  }

  countParserError(error: string): void {
    this.#count(this.#parserErrors, error);
  }

  #count<K>(counts: Map<K, number>, key: K): void {
    if (!this.trial.isOn) counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  /** Drops, parser errors and lookups since the program was loaded. */
  readStatistics(): DataPlaneStatistics {
    const tables = [...this.tables.values()].map(({ name, hits, misses }) => ({ name, hits, misses }));
    return { drops: new Map(this.#drops), parserErrors: new Map(this.#parserErrors), tables };
  }

  #table(name: string): Table {
    return found(this.tables, name, 'table');
  }
}

function found<T>(all: ReadonlyMap<string, T>, name: string, what: string): T {
  const one = all.get(name);
  invariant(one, `no ${what} ${name}`);
  return one;
}
