/** A switch as its controller sees it. */
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
import type { CapabilitiesResponse, Entity, PacketIn, TableEntry, Update } from '../p4runtime/messages.js';
import type { CallOptions } from '../p4runtime/transport.js';
import { type BatchOptions, type BatchStep, writeBatch } from './batch.js';
import { type CounterHandle, counterHandle } from './counter.js';
import { type Desired, encoded } from './desired.js';
import { type Difference, identityOf } from './difference.js';
import { type DigestList, type DigestOptions, digestLists } from './digest.js';
import { decodeEntry, encodeFields } from './entry.js';
import type { SwitchEvent } from './events.js';
import { type MeterHandle, meterHandle } from './meter.js';
import type { Names } from './names.js';
import { expectHandle } from './ownership.js';
import { type ProfileHandle, profileHandle } from './profile.js';
import { type PipelineStep, stepPipeline } from './push.js';
import { mapped, type Stream } from './queue.js';
import { checkEntity, checkReach } from './reach.js';
import { carryOut, compareWith } from './reconcile.js';
import { type RegisterHandle, registerHandle } from './register.js';
import { type CloneSessionHandle, cloneSessionHandle, type MulticastHandle, multicastHandle } from './replication.js';
import { requestsOf } from './requests.js';
import type { Session } from './session.js';
import { takes } from './signatures.js';
import { type TableHandle, tableHandle } from './table.js';
import type { Target, TargetConfig } from './target.js';
import type { AnyPipeline, IdleEntry, PacketInOf, PacketOutVals } from './types.js';
import { type ValueSetHandle, valueSetHandle } from './value-set.js';
import { fromWire } from './values.js';

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
  readonly tables?: readonly Table<any, any, any>[];
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

export function createClient<P extends AnyPipeline>(
  session: Session,
  names: Names,
  target: Target,
  config: TargetConfig,
  close: () => Promise<void>,
  callOptions: CallOptions,
): Switch<P> {
  const requests = requestsOf(session, callOptions, target);
  const { signal } = callOptions;
  /** The descriptor of a handle of this pipeline that was given to a method. */
  const own = <T extends PartDescriptor>(read: (handle: unknown) => T | undefined, handle: unknown, what: string, kind: string): T => {
    const part = expectHandle(read, handle, what, kind);
    names.checkOwner(kind, part, captureLocation());
    return part;
  };
  return {
    table: (handle) => tableHandle(names.table(own(tableOf, handle, 'table()', 'table').path), requests),
    profile: (handle) => profileHandle(names.profile(own(profileOf, handle, 'profile()', 'profile or selector').path), requests),
    counter: (handle) => counterHandle(names.counter(own(counterOf, handle, 'counter()', 'counter').path), requests),
    meter: (handle) => meterHandle(names.meter(own(meterOf, handle, 'meter()', 'meter').path), requests),
    register: (handle) => {
      const { path, cell } = own(registerOf, handle, 'register()', 'register');
      checkReach(`register ${path}`, 'registers', target);
      return registerHandle(names.register(path), cell, (name, type) => names.field(name, type), requests);
    },
    valueSet: (handle) => {
      const { path } = own(valueSetOf, handle, 'valueSet()', 'value set');
      checkReach(`value set ${path}`, 'valueSets', target);
      return valueSetHandle(names.valueSet(path), requests);
    },
    reconcile: async (desired, options = {}) => {
      takes.reconcile([desired, options]);
      const { scope = {}, dryRun = false } = options;
      const loc = captureLocation();
      const { tables, replication, tag } = scope;
      const ids = tables?.map((handle) => names.table(own(tableOf, handle, 'reconcile()', 'table').path).id);
      const entityScope = {
        ...(ids ? { tables: new Set(ids) } : {}),
        ...(replication === undefined ? {} : { replication }),
        ...(tag === undefined ? {} : { tag: new TextEncoder().encode(tag) }),
        ...(session.role?.ids ? { ids: session.role.ids } : {}),
      };
      const entities = encoded(desired, names, 'reconcile([…])');
      for (const entity of entities) checkEntity(entity, target);
      // What one reads, no other may write meanwhile: both would insert the same.
      return session.reconciling.take(async () => {
        const difference = await compareWith(entities, entityScope, names.catalog(), requests, loc);
        if (!dryRun) await carryOut(difference, requests);
        return difference;
      }, signal);
    },
    batch: async (steps, options = {}) => {
      takes.batch([steps, options]);
      const updates = steps.flatMap((step): Update[] => {
        const [type, entities] =
          'insert' in step
            ? (['INSERT', step.insert] as const)
            : 'modify' in step
              ? (['MODIFY', step.modify] as const)
              : (['DELETE', step.delete] as const);
        return encoded([entities], names, 'batch([…])').map((entity) => {
          checkEntity(entity, target);
          return { type, entity: type === 'DELETE' ? identityOf(entity) : entity };
        });
      });
      return writeBatch(updates, options, names.catalog(), requests);
    },
    pipeline: async (step) => {
      takes.pipeline([step]);
      await stepPipeline(session, config, step, requests);
    },
    raw: {
      write: async (updates, options = {}) => {
        takes.rawWrite([updates, options]);
        await writeBatch(updates, options, names.catalog(), requests);
      },
      read: (...entities) => {
        takes.rawRead([entities]);
        return requests.read('read', ...entities);
      },
      capabilities: () => requests.ask('capabilities', (left) => session.transport.capabilities({ device_id: session.deviceId }, left)),
    },
    multicast: (group) => {
      takes.multicast([group]);
      return multicastHandle(group, requests);
    },
    cloneSession: (id) => {
      takes.cloneSession([id]);
      return cloneSessionHandle(id, requests);
    },
    packetIns: () =>
      mapped(session.packetIns, (packet) => decodePacketIn(packet, names) as Outs<PacketInOf<P>> & { payload: Uint8Array }, signal),
    packetOut: async (payload, metadata) => {
      takes.packetOut([payload, metadata]);
      const fields = encodeFields(names.packetFields('packet_out'), metadata ?? {}, 'packet-out', 'field', captureLocation());
      session.send({ packet: { payload, metadata: fields.map(({ id, value }) => ({ metadata_id: id, value })) } });
    },
    digests: (handle, options = {}) => {
      takes.digests([options]);
      const { path, fields } = own(digestOf, handle, 'digests()', 'digest');
      return digestLists(names.digest(path, fields), options, session, requests);
    },
    idleTimeouts: <K, A extends string, I extends Impl>(handle: Table<K, A, I>) => {
      const table = names.table(own(tableOf, handle, 'idleTimeouts()', 'table').path);
      const decode = (entry: TableEntry): IdleEntry<K> => {
        const { match, priority, idleTimeoutNs } = decodeEntry(table, entry);
        return { match, ...(priority === undefined ? {} : { priority }), idleTimeoutNs } as unknown as IdleEntry<K>;
      };
      return mapped(session.idleEntries(table.id, table.path), decode, signal);
    },
    events: () => mapped(session.events(), (event) => event, signal),
    with: (more) => {
      takes.with([more]);
      return createClient(session, names, target, config, close, { ...callOptions, ...more, ...bothSignals(signal, more.signal) });
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

function decodePacketIn(packet: PacketIn, names: Names): Record<string, unknown> {
  const fields = names.packetFields('packet_in').map((field) => {
    const bytes = packet.metadata?.find((m) => m.metadata_id === field.id)?.value;
    return [field.name, fromWire(bytes, field)];
  });
  return { ...Object.fromEntries(fields), payload: new Uint8Array(packet.payload ?? []) };
}
