/** The reference interpreter: what a program means, one packet at a time. */
import type { Program } from '../../compiler/ir/index.js';
import { bytesToHex } from '../../compiler/support/bits.js';
import { InternalError, invariant } from '../../compiler/support/invariant.js';
import type {
  ColorCounts,
  CounterData,
  DataPlaneStatistics,
  DigestMessage,
  EntryKey,
  EntryOrDefault,
  OutputPacket,
  Replica,
  StateUpdate,
} from '../data-plane/messages.js';
import { ActionProfile } from '../data-plane/profiles.js';
import type { Trace } from '../data-plane/trace.js';
import type { Architecture, CloneSession } from './arch/architecture.js';
import { psa } from './arch/psa.js';
import { v1model } from './arch/v1model.js';
import { CounterArray } from './counters.js';
import { type LoadedProgram, load } from './load.js';
import { MeterArray } from './meters.js';
import { RegisterArray } from './registers.js';
import type { InitialTable, Table } from './tables.js';
import { Tracer } from './tracer.js';

const architectures: readonly Architecture[] = [v1model, psa];

/** A packet that arrives. */
export interface PacketRequest {
  readonly port: number;
  readonly bytes: Uint8Array;
  /** Since the switch started; 0 when absent. */
  readonly timestampNs?: bigint;
  readonly trace?: boolean;
}
export interface PacketResult {
  readonly outputs: readonly OutputPacket[];
  readonly digests: readonly DigestMessage[];
  readonly trace?: Trace;
}

/** What the interpreter depends on. */
export interface InterpreterOptions {
  /** Of the extern `random` and of groups that choose at random: the same numbers for the same seed; 0 when absent. */
  readonly seed?: number;
}

/**
 * One program with its state: tables, counters, meters, registers and what else the control plane can write. Names are
 * those of P4Info. Updates have been validated: one that does not fit throws InternalError.
 */
export class Interpreter {
  readonly #loaded: LoadedProgram;
  readonly #arch: Architecture;
  readonly #multicastGroups = new Map<number, readonly Replica[]>();
  readonly #cloneSessions = new Map<number, CloneSession>();
  readonly #portsDown = new Set<number>();
  /** The latest time that anyone gave. */
  #nowNs = 0n;

  constructor(program: Program, { seed = 0 }: InterpreterOptions = {}) {
    this.#arch = architectureOf(program);
    this.#loaded = load(program, this.#arch, seed);
  }

  /** Runs one packet. Any bytes will do. */
  process({ port, bytes, timestampNs = 0n, trace }: PacketRequest): PacketResult {
    this.#advance(timestampNs);
    const tracer = trace ? new Tracer() : undefined;
    const packet = { port, bytes, timestampNs, ...(tracer ? { trace: tracer } : {}) };
    const state = { multicastGroups: this.#multicastGroups, cloneSessions: this.#cloneSessions, portsDown: this.#portsDown };
    const processed = this.#arch.process(this.#loaded, packet, state);
    if (!tracer) return processed;
    const { name: program } = this.#loaded.program;
    return { ...processed, trace: { program, port, bytes: bytesToHex(bytes), timestampNs: `${timestampNs}`, events: tracer.events } };
  }

  /** `nowNs`: since the switch started; without it, the latest time that was given. */
  write(updates: readonly StateUpdate[], nowNs = 0n): void {
    this.#advance(nowNs);
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
        this.#object(update.counter, CounterArray, 'counter').write(update.index, update.data);
        break;
      case 'direct-counter':
        this.#table(update.table).setCounter(update.entry, update.data);
        break;
      case 'register':
        this.#object(update.register, RegisterArray, 'register').setCell(update.index, update.value);
        break;
      case 'meter':
        this.#object(update.meter, MeterArray, 'meter').configure(update.index, update.config);
        break;
      case 'direct-meter':
        this.#table(update.table).setMeter(update.entry, update.config);
        break;
      case 'clear-colors':
        this.#object(update.meter, MeterArray, 'meter').clearCounts(update.index);
        break;
      case 'clear-direct-colors':
        this.#table(update.table).clearColors(update.entry);
        break;
      case 'profile-member':
        this.#object(update.profile, ActionProfile, 'action profile').setMember(update.member, update.action);
        break;
      case 'profile-group':
        this.#object(update.profile, ActionProfile, 'action profile').setGroup(update.group, update.members, update.choice);
        break;
      case 'port':
        if (update.up) this.#portsDown.delete(update.port);
        else this.#portsDown.add(update.port);
        for (const object of this.#loaded.objects.values()) if (object instanceof ActionProfile) object.setPort(update.port, update.up);
        break;
      case 'clone-session': {
        const { kind, session, replicas, ...options } = update;
        if (replicas) this.#cloneSessions.set(session, { replicas, ...options });
        else this.#cloneSessions.delete(session);
        break;
      }
      case 'value-set': {
        const valueSet = this.#loaded.valueSets.get(update.valueSet);
        invariant(valueSet, `no value set ${update.valueSet}`);
        valueSet.fill(update.members);
        break;
      }
      case 'multicast-group':
        if (update.replicas) this.#multicastGroups.set(update.group, update.replicas);
        else this.#multicastGroups.delete(update.group);
    }
  }

  /** All cells, or the one named. */
  readCounter(counter: string, index?: number): readonly CounterData[] {
    return this.#object(counter, CounterArray, 'counter').read(index);
  }

  /** All cells, or the one named, as unsigned bits. */
  readRegister(register: string, index?: number): readonly bigint[] {
    return this.#object(register, RegisterArray, 'register').cells(index);
  }

  /** The counters of these entries of a table. */
  readDirectCounters(table: string, entries: readonly EntryOrDefault[]): readonly CounterData[] {
    return entries.map((entry) => this.#table(table).counter(entry));
  }

  /** What cells of a meter have counted, by colour. */
  readColors(meter: string, indexes: readonly number[]): readonly ColorCounts[] {
    const cells = this.#object(meter, MeterArray, 'meter');
    return indexes.map((index) => cells.counts(index));
  }

  /** What the meters of these entries of a table have counted, by colour. */
  readDirectColors(table: string, entries: readonly EntryOrDefault[]): readonly ColorCounts[] {
    return entries.map((entry) => this.#table(table).colors(entry));
  }

  /** Nanoseconds since the last hit of each entry, or since it was written. */
  readIdle(table: string, entries: readonly EntryKey[], nowNs: bigint): readonly bigint[] {
    this.#advance(nowNs);
    return entries.map((entry) => this.#nowNs - this.#table(table).find(entry).usedNs);
  }

  /** Drops, parser errors and lookups since the program was loaded. */
  readStatistics(): DataPlaneStatistics {
    const { drops, parserErrors } = this.#loaded.globals.statistics;
    const tables = [...this.#loaded.tables.values()].map(({ name, hits, misses }) => ({ name, hits, misses }));
    return { drops: new Map(drops), parserErrors: new Map(parserErrors), tables };
  }

  #advance(nowNs: bigint): void {
    if (nowNs > this.#nowNs) this.#nowNs = nowNs;
  }

  #table(name: string): Table {
    const table = this.#loaded.tables.get(name);
    invariant(table, `no table ${name}`);
    return table;
  }

  #object<T>(name: string, type: abstract new (...args: never) => T, what: string): T {
    const object = this.#loaded.objects.get(name);
    invariant(object instanceof type, `no ${what} ${name}`);
    return object;
  }
}

/** The entries and default actions that the program itself declares, by table. */
export function initialTables(program: Program): ReadonlyMap<string, InitialTable> {
  return new Map([...load(program, architectureOf(program), 0).tables].map(([name, table]) => [name, table.initial]));
}

function architectureOf(program: Program): Architecture {
  const arch = architectures.find((a) => a.spec.name === program.arch);
  if (!arch) throw new InternalError(`the interpreter does not run programs written for ${program.arch}`);
  return arch;
}
