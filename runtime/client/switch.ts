/** A switch as its controller sees it. */
import type { TableSchema } from '../../compiler/control/schema.js';
import {
  counterOf,
  digestOf,
  meterOf,
  type PartDescriptor,
  profileOf,
  registerOf,
  tableOf,
  valueSetOf,
} from '../../compiler/dsl/handles.js';
import type {
  ActionProfile,
  ControllerFields,
  Counter,
  Digest,
  Impl,
  Meter,
  Register,
  Table,
  ValueSet,
} from '../../compiler/dsl/surface.js';
import type { Outs } from '../../compiler/dsl/values.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { CapabilitiesResponse, Entity, Update } from '../p4runtime/messages.js';
import type { CallOptions } from '../p4runtime/transport.js';
import type { BatchOptions, BatchStep } from './batch.js';
import { SwitchByName } from './by-name.js';
import type { CounterHandle } from './counter.js';
import { type Desired, encoded } from './desired.js';
import { type Difference, identityOf } from './difference.js';
import type { DigestList, DigestOptions } from './digest.js';
import type { SwitchEvent } from './events.js';
import type { MeterHandle } from './meter.js';
import { expectHandle } from './ownership.js';
import type { PartKind, Parts } from './parts.js';
import type { ProfileHandle } from './profile.js';
import { type PipelineStep, stepPipeline } from './push.js';
import { mapped, type Stream } from './queue.js';
import { checkEntity } from './reach.js';
import type { RegisterHandle } from './register.js';
import type { CloneSessionHandle, MulticastHandle } from './replication.js';
import type { Session } from './session.js';
import { takes } from './signatures.js';
import type { TableHandle } from './table.js';
import type { Target, TargetConfig } from './target.js';
import type { AnyPipeline, IdleEntry, PacketInOf, PacketOutVals } from './types.js';
import type { ValueSetHandle } from './value-set.js';

/** Requests that the switch refuses throw a P4RuntimeError. */
export interface Switch<P extends AnyPipeline> {
  /** The entries of a table, and its default action. */
  table<K, A extends string, I extends Impl>(table: Table<K, A, I>): TableHandle<NoInfer<K>, NoInfer<A>, I>;
  /** The members of an action profile or selector, and the groups of a selector. */
  profile<I extends Impl>(profile: ActionProfile<I>): ProfileHandle<I>;
  /** The cells of a counter that the program indexes. Counters of entries are read with their entries. */
  counter(counter: Counter): CounterHandle;
  /** The cells of a meter that the program indexes. Meters of entries are written and read with their entries. */
  meter(meter: Meter): MeterHandle;
  /** The cells of a register. */
  register<C>(register: Register<C>): RegisterHandle<C>;
  /** The members of a value set: `sw.valueSet(pipeline.sets.NAME)`. */
  valueSet<W extends number>(set: ValueSet<W>): ValueSetHandle;
  /** Group ids are from 1 to 65535. */
  multicast(group: number): MulticastHandle;
  /** Where mirrored packets go. Session ids are from 1 to 32767. */
  cloneSession(session: number): CloneSessionHandle;
  /**
   * Reads what the switch has, and writes what differs from `desired`: what others depend on first, deletions last. What
   * is outside the scope is never touched. What a switch always has is changed only where it is desired: default actions,
   * value sets, meters, and cells of counters and registers. With `dryRun`, nothing is written. Of several that are asked
   * for at a time, each begins when the one before is over.
   * @throws DiagnosticError for what is desired outside the scope
   */
  reconcile(desired: readonly Desired[], options?: ReconcileOptions): Promise<Difference>;
  /** Several updates in one request. */
  batch(steps: readonly BatchStep[], options?: BatchOptions): Promise<void>;
  /**
   * What P4Runtime does with a pipeline besides loading it: 'verify' only checks it, 'save' keeps it until 'commit' runs
   * it, 'reconcile' runs it with the entries that there are.
   */
  pipeline(step: PipelineStep): Promise<void>;
  /** Entities as messages of P4Runtime: for what has no handle, such as externs of an architecture. */
  readonly raw: RawSwitch;
  /** Packets that the pipeline sent to the controller since the session began; each is given to one reader. */
  packetIns(): Stream<Outs<PacketInOf<P>> & { readonly payload: Uint8Array }>;
  /** The packet enters the pipeline with `packetOut` valid. */
  packetOut(payload: Uint8Array, metadata: PacketOutVals<P>): Promise<void>;
  /** What the pipeline reports from this call on, also before it is read; each list is given to one reader. */
  digests<F extends ControllerFields>(digest: Digest<F>, options?: DigestOptions): Stream<DigestList<F>>;
  /**
   * Entries that had no hit for as long as their `idleTimeoutNs`, from this call on; each is given to one reader. An
   * entry stays, and is given again after another such time.
   */
  idleTimeouts<K, A extends string, I extends Impl>(table: Table<K, A, I>): Stream<IdleEntry<K>>;
  /** What happens to the session from this call on: becoming the primary or a backup, the switch going and coming back. */
  events(): Stream<SwitchEvent>;
  /** The same switch: what is asked through it ends with the signal, or after so many milliseconds. */
  with(options: CallOptions): Switch<P>;
  /** Whether this controller may write. */
  readonly isPrimary: boolean;
  /** By which the switch knows this controller; 0 while it stands by. */
  readonly electionId: bigint;
  /** Ends the session. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How `reconcile` works. */
export interface ReconcileOptions {
  readonly scope?: Scope;
  /** Only compares. */
  readonly dryRun?: boolean;
}
/** What is reconciled; without a scope, all that is not constant. A role limits it too. */
export interface Scope {
  /** Only these tables, with their profiles. */
  readonly tables?: readonly Table<unknown, string, Impl>[];
  /** Whether multicast groups and clone sessions are meant: where it is not said, when no tables are named. */
  readonly replication?: boolean;
  /** Only entries of tables with this metadata, which those that are written get. */
  readonly tag?: string;
}
/** The switch by the messages of P4Runtime. */
export interface RawSwitch {
  /** What the switch refuses is described with the names of its P4Info. */
  write(updates: readonly Update[], options?: BatchOptions): Promise<void>;
  /** What there is of each of these, where ids that are left out mean all. */
  read(...entities: readonly Entity[]): AsyncIterable<Entity>;
  /** The version of P4Runtime that the switch speaks. */
  capabilities(): Promise<CapabilitiesResponse>;
}

/** What makes the client of a pipeline of a switch by its names. */
export interface ClientContext {
  readonly session: Session;
  readonly parts: Parts;
  readonly target: Target;
  readonly config: TargetConfig;
  close(): Promise<void>;
}

export function createClient<P extends AnyPipeline>(context: ClientContext, options: CallOptions): Switch<P> {
  const { session, parts, target, config, close } = context;
  const byName = new SwitchByName(session, parts, options, target);
  const { requests } = byName;
  /** What a handle of this pipeline that was given to a method stands for. */
  const own = <K extends PartKind>(
    among: K,
    read: (handle: unknown) => PartDescriptor | undefined,
    handle: unknown,
    what: string,
    kind: string,
  ) => parts.find(among, expectHandle(read, handle, what, kind), captureLocation());
  const table = (handle: unknown, what: string): TableSchema => own('tables', tableOf, handle, what, 'table');
  const stepUpdates = (step: BatchStep): Update[] => {
    const [type, entities] =
      'insert' in step
        ? (['INSERT', step.insert] as const)
        : 'modify' in step
          ? (['MODIFY', step.modify] as const)
          : (['DELETE', step.delete] as const);
    return encoded([entities], parts, 'batch([…])').map((entity) => {
      checkEntity(entity, target);
      return { type, entity: type === 'DELETE' ? identityOf(entity) : entity };
    });
  };
  return {
    table: (handle) => byName.table(table(handle, 'table()')) as TableHandle<any, any, any>,
    profile: (handle) => byName.profile(own('profiles', profileOf, handle, 'profile()', 'profile or selector')),
    counter: (handle) => byName.counter(own('counters', counterOf, handle, 'counter()', 'counter')),
    meter: (handle) => byName.meter(own('meters', meterOf, handle, 'meter()', 'meter')),
    register: (handle) => byName.register(own('registers', registerOf, handle, 'register()', 'register')),
    valueSet: (handle) => byName.valueSet(own('valueSets', valueSetOf, handle, 'valueSet()', 'value set')),
    reconcile: async (desired, options = {}) => {
      takes.reconcile([desired, options]);
      const { scope = {}, dryRun = false } = options;
      const loc = captureLocation();
      const { tables, replication, tag } = scope;
      const entityScope = {
        ...(tables ? { tables: new Set(tables.map((handle) => table(handle, 'reconcile()').id)) } : {}),
        ...(replication === undefined ? {} : { replication }),
        ...(tag === undefined ? {} : { tag: new TextEncoder().encode(tag) }),
      };
      return byName.reconcile(encoded(desired, parts, 'reconcile([…])'), entityScope, dryRun, loc);
    },
    batch: async (steps, options = {}) => {
      takes.batch([steps, options]);
      return byName.write(steps.flatMap(stepUpdates), options);
    },
    pipeline: async (step) => {
      takes.pipeline([step]);
      await stepPipeline(session, config, step, requests);
    },
    raw: {
      write: async (updates, options = {}) => {
        takes.rawWrite([updates, options]);
        await byName.write(updates, options);
      },
      read: (...entities) => {
        takes.rawRead([entities]);
        return requests.read('read', ...entities);
      },
      capabilities: () => requests.ask('capabilities', (left) => session.transport.capabilities({ device_id: session.deviceId }, left)),
    },
    multicast: (group) => {
      takes.multicast([group]);
      return byName.multicast(group);
    },
    cloneSession: (id) => {
      takes.cloneSession([id]);
      return byName.cloneSession(id);
    },
    packetIns: () => byName.packetIns() as Stream<Outs<PacketInOf<P>> & { payload: Uint8Array }>,
    packetOut: async (payload, metadata) => {
      takes.packetOut([payload, metadata]);
      byName.packetOut(payload, metadata ?? {});
    },
    digests: (handle, options = {}) => {
      takes.digests([options]);
      return byName.digests(own('digests', digestOf, handle, 'digests()', 'digest'), options);
    },
    idleTimeouts: <K, A extends string, I extends Impl>(handle: Table<K, A, I>) =>
      byName.idleTimeouts(table(handle, 'idleTimeouts()')) as Stream<IdleEntry<K>>,
    events: () => mapped(session.events(), (event) => event, options.signal),
    with: (more) => {
      takes.with([more]);
      return createClient(context, { ...options, ...more, ...bothSignals(options.signal, more.signal) });
    },
    get isPrimary() {
      return session.isPrimary;
    },
    get electionId() {
      return session.electionId;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const bothSignals = (a: AbortSignal | undefined, b: AbortSignal | undefined): { readonly signal?: AbortSignal } =>
  a && b ? { signal: AbortSignal.any([a, b]) } : {};
