/** The reference interpreter: what a program means, one packet at a time. */
import type { Program } from '../../compiler/ir/index.js';
import { bytesToHex } from '../../compiler/support/bits.js';
import { InternalError, invariant } from '../../compiler/support/invariant.js';
import type { CounterData, EntryKey, OutputPacket, Replica, StateUpdate } from '../switch/messages.js';
import type { Architecture } from './arch/architecture.js';
import { v1model } from './arch/v1model.js';
import { CounterArray } from './counters.js';
import { type LoadedProgram, load } from './load.js';
import type { InitialTable, Table } from './tables.js';
import type { Trace } from './trace.js';
import { Tracer } from './tracer.js';

const architectures: readonly Architecture[] = [v1model];

export interface PacketRequest {
  readonly port: number;
  readonly bytes: Uint8Array;
  /** Since the switch started; 0 when absent. */
  readonly timestampNs?: bigint;
  readonly trace?: boolean;
}
export interface PacketResult {
  readonly outputs: readonly OutputPacket[];
  readonly trace?: Trace;
}

/**
 * One program with its tables, counters and multicast groups. Names are those of P4Info. Updates have been validated:
 * one that does not fit throws InternalError.
 */
export class Interpreter {
  readonly #loaded: LoadedProgram;
  readonly #arch: Architecture;
  readonly #multicastGroups = new Map<number, readonly Replica[]>();

  constructor(program: Program) {
    this.#arch = architectureOf(program);
    this.#loaded = load(program, this.#arch);
  }

  /** Runs one packet. Any bytes will do. */
  process({ port, bytes, timestampNs = 0n, trace }: PacketRequest): PacketResult {
    const tracer = trace ? new Tracer() : undefined;
    const packet = { port, bytes, timestampNs, ...(tracer ? { trace: tracer } : {}) };
    const outputs = this.#arch.process(this.#loaded, packet, { multicastGroups: this.#multicastGroups });
    if (!tracer) return { outputs };
    const { name: program } = this.#loaded.program;
    return { outputs, trace: { program, port, bytes: bytesToHex(bytes), timestampNs: `${timestampNs}`, events: tracer.events } };
  }

  write(updates: readonly StateUpdate[]): void {
    for (const update of updates) this.#write(update);
  }

  #write(update: StateUpdate): void {
    switch (update.kind) {
      case 'insert':
        this.#table(update.table).insert(update.entry);
        break;
      case 'modify':
        this.#table(update.table).modify(update.entry);
        break;
      case 'delete':
        this.#table(update.table).delete(update.entry);
        break;
      case 'default-action':
        this.#table(update.table).setDefault(update.action);
        break;
      case 'counter':
        this.#counter(update.counter).write(update.index, update.data);
        break;
      case 'direct-counter':
        this.#table(update.table).setCounter(update.entry, update.data);
        break;
      case 'multicast-group':
        if (update.replicas) this.#multicastGroups.set(update.group, update.replicas);
        else this.#multicastGroups.delete(update.group);
        break;
      default:
        throw new InternalError(`the interpreter cannot write ${update.kind}`);
    }
  }

  /** All cells, or the one named. */
  readCounter(counter: string, index?: number): readonly CounterData[] {
    return this.#counter(counter).read(index);
  }

  readDirectCounters(table: string, entries: readonly EntryKey[]): readonly CounterData[] {
    return entries.map((entry) => ({ ...this.#table(table).find(entry).counter }));
  }

  #table(name: string): Table {
    const table = this.#loaded.tables.get(name);
    invariant(table, `no table ${name}`);
    return table;
  }

  #counter(name: string): CounterArray {
    const counter = this.#loaded.objects.get(name);
    invariant(counter instanceof CounterArray, `no counter ${name}`);
    return counter;
  }
}

/** The entries and default actions that the program itself declares, by table. */
export function initialTables(program: Program): ReadonlyMap<string, InitialTable> {
  return new Map([...load(program, architectureOf(program)).tables].map(([name, table]) => [name, table.initial]));
}

function architectureOf(program: Program): Architecture {
  const arch = architectures.find((a) => a.spec.name === program.arch);
  if (!arch) throw new InternalError(`the interpreter does not run programs written for ${program.arch}`);
  return arch;
}
