/** A switch as its controller sees it. */
import type { ControlSchema, TableSchema } from '../../compiler/control/schema.js';
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
import { toUtf8 } from '../../compiler/support/bytes.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { CapabilitiesResponse, Entity, Update } from '../p4runtime/messages.js';
import type { CallOptions } from '../p4runtime/transport.js';
import type { BatchOptions, BatchStep } from './batch.js';
import { SwitchByName } from './by-name.js';
import type { CounterHandle } from './counter.js';
import { type Desired, encoded } from './desired.js';
import { type Difference, identityOf } from './difference.js';
import type { DigestList, DigestOptions } from './digest.js';
import { expectPart, type PartKind, type PartOf, type Parts } from './handle-parts.js';
import type { MeterHandle } from './meter.js';
import type { ProfileHandle } from './profile.js';
import { type PipelineStep, stepPipeline } from './push.js';
import { mapped, type Stream } from './queue.js';
import type { RegisterHandle } from './register.js';
import type { CloneSessionHandle, MulticastHandle } from './replication.js';
import type { Session } from './session.js';
import type { SwitchEvent } from './session-events.js';
import { takes } from './signatures.js';
import type { TableHandle } from './table.js';
import type { Target, TargetConfig } from './target.js';
import { checkEntity } from './target-limits.js';
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
   * Reads the entities of the switch and writes the differences to `desired`: first the entities that others refer to,
   * last the deletions. Entities outside the scope stay as they are. Default actions, value sets, meters, and the cells of
   * counters and registers change only if `desired` names them. With `dryRun`, nothing is written. Concurrent calls run one
   * after another.
   * @throws DiagnosticError for a desired entity outside the scope
   */
  reconcile(desired: readonly Desired[], options?: ReconcileOptions): Promise<Difference>;
  /** Several updates in one request. */
  batch(steps: readonly BatchStep[], options?: BatchOptions): Promise<void>;
  /**
   * The other actions of SetForwardingPipelineConfig: 'verify' only checks the pipeline, 'save' stores it, 'commit' runs
   * the saved pipeline, 'reconcile' runs the pipeline and keeps the entries of the switch.
   */
  pipeline(step: PipelineStep): Promise<void>;
  /** Reads and writes messages of P4Runtime, for entities without a handle, such as externs of an architecture. */
  readonly raw: RawSwitch;
  /** The packet-ins since the session began; each goes to one reader. */
  packetIns(): Stream<Outs<PacketInOf<P>> & { readonly payload: Uint8Array }>;
  /** Sends a packet-out: the packet enters the pipeline with `packetOut` valid. */
  packetOut(payload: Uint8Array, metadata: PacketOutVals<P>): Promise<void>;
  /** The digest lists that arrive after this call; each list goes to one reader. */
  digests<F extends ControllerFields>(digest: Digest<F>, options?: DigestOptions): Stream<DigestList<F>>;
  /**
   * The idle timeout notifications that arrive after this call: entries without a hit for `idleTimeoutNs`. Each goes to one
   * reader. The entry stays in the table, and the notification repeats after each further period without a hit.
   */
  idleTimeouts<K, A extends string, I extends Impl>(table: Table<K, A, I>): Stream<IdleEntry<K>>;
  /** The events of the session after this call, such as `primary`, `backup`, `disconnected`, `reconnected` and `port`. */
  events(): Stream<SwitchEvent>;
  /** The same switch; its requests end when the signal is aborted, or after `timeoutMs` milliseconds. */
  with(options: CallOptions): Switch<P>;
  /**
   * The ports that are down, as far as the switch tells it: the embedded switch does, also where it is simulated; the event `port`
   * says when it changes. BMv2 tells of no ports.
   */
  readonly portsDown: ReadonlySet<number>;
  /** Whether this controller may write. */
  readonly isPrimary: boolean;
  /** The election id of this controller; 0 while the controller stands by. */
  readonly electionId: bigint;
  /** Ends the session. */
  close(): Promise<void>;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How `reconcile` works. */
export interface ReconcileOptions {
  readonly scope?: Scope;
  /** Compares, and writes nothing. */
  readonly dryRun?: boolean;
}
/** The entities that are reconciled; without a scope, all that are not constant. A role limits the scope further. */
export interface Scope {
  /** Only these tables, with their profiles. */
  readonly tables?: readonly Table<unknown, string, Impl>[];
  /** Whether the scope has multicast groups and clone sessions; by default, if `tables` is absent. */
  readonly replication?: boolean;
  /** Only table entries with this metadata; entries that are written get it. */
  readonly tag?: string;
}
/** The switch by the messages of P4Runtime. */
export interface RawSwitch {
  /** Errors of the switch are described with the names of its P4Info. */
  write(updates: readonly Update[], options?: BatchOptions): Promise<void>;
  /** The entities that match these; an absent id matches all. */
  read(...entities: readonly Entity[]): AsyncIterable<Entity>;
  /** The version of P4Runtime that the switch speaks. */
  capabilities(): Promise<CapabilitiesResponse>;
  /** @internal */
  readonly schema: ControlSchema;
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
  const own = <K extends PartKind>(among: K, handle: unknown, what: string): PartOf<K> =>
    parts.find(among, expectPart(among, handle, what), captureLocation());
  const table = (handle: unknown, what: string): TableSchema => own('tables', handle, what);
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
    profile: (handle) => byName.profile(own('profiles', handle, 'profile()')),
    counter: (handle) => byName.counter(own('counters', handle, 'counter()')),
    meter: (handle) => byName.meter(own('meters', handle, 'meter()')),
    register: (handle) => byName.register(own('registers', handle, 'register()')),
    valueSet: (handle) => byName.valueSet(own('valueSets', handle, 'valueSet()')),
    reconcile: async (desired, options = {}) => {
      takes.reconcile([desired, options]);
      const { scope = {}, dryRun = false } = options;
      const loc = captureLocation();
      const { tables, replication, tag } = scope;
      const entityScope = {
        ...(tables ? { tables: new Set(tables.map((handle) => table(handle, 'reconcile()').id)) } : {}),
        ...(replication === undefined ? {} : { replication }),
        ...(tag === undefined ? {} : { tag: toUtf8(tag) }),
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
      schema: byName.schema,
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
      return byName.digests(own('digests', handle, 'digests()'), options);
    },
    idleTimeouts: <K, A extends string, I extends Impl>(handle: Table<K, A, I>) =>
      byName.idleTimeouts(table(handle, 'idleTimeouts()')) as Stream<IdleEntry<K>>,
    events: () => mapped(session.events(), (event) => event, options.signal),
    with: (more) => {
      takes.with([more]);
      return createClient(context, { ...options, ...more, ...bothSignals(options.signal, more.signal) });
    },
    get portsDown() {
      return session.portsDown;
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
