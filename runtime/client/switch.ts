/** A switch as its controller sees it. */
import { counterOf, digestOf, meterOf, profileOf, registerOf, tableOf, valueSetOf } from '../../compiler/dsl/handles.js';
import type {
  ActionProfile,
  Counter,
  Digest,
  Fields,
  Impl,
  Meter,
  Outs,
  Register,
  Table,
  Vals,
  ValueSet,
} from '../../compiler/dsl/surface.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { PacketIn, TableEntry } from '../p4runtime/messages.js';
import type { CallOptions } from '../p4runtime/transport.js';
import { type CounterHandle, counterHandle } from './counter.js';
import { type DigestList, type DigestOptions, digestLists } from './digest.js';
import { decodeEntry, encodeFields } from './entry.js';
import type { SwitchEvent } from './events.js';
import { type MeterHandle, meterHandle } from './meter.js';
import type { Names } from './names.js';
import { type ProfileHandle, profileHandle } from './profile.js';
import { mapped, type Stream } from './queue.js';
import { type RegisterHandle, registerHandle } from './register.js';
import { type CloneSessionHandle, cloneSessionHandle, type MulticastHandle, multicastHandle } from './replication.js';
import { requestsOf } from './requests.js';
import type { Session } from './session.js';
import { type TableHandle, tableHandle } from './table.js';
import type { AnyPipeline, IdleEntry, PacketInOf, PacketOutOf } from './types.js';
import { type ValueSetHandle, valueSetHandle } from './value-set.js';
import { fromWire } from './values.js';

/** Requests that the switch refuses throw a P4RuntimeError. */
export interface Switch<P extends AnyPipeline> {
  table<K, A extends string, I extends Impl>(table: Table<K, A, I>): TableHandle<NoInfer<K>, NoInfer<A>, I>;
  profile<I extends Impl>(profile: ActionProfile<I>): ProfileHandle<I>;
  counter(counter: Counter): CounterHandle;
  meter(meter: Meter): MeterHandle;
  register<C>(register: Register<C>): RegisterHandle<C>;
  valueSet<W extends number>(set: ValueSet<W>): ValueSetHandle;
  /** Group ids are from 1 to 65535. */
  multicast(group: number): MulticastHandle;
  /** Where mirrored packets go. Session ids are from 1 to 32767. */
  cloneSession(session: number): CloneSessionHandle;
  /** Packets that the pipeline sent to the controller since the session began; each is given to one reader. */
  packetIns(): Stream<Outs<PacketInOf<P>> & { readonly payload: Uint8Array }>;
  /** The packet enters the pipeline with `packetOut` valid. */
  packetOut(payload: Uint8Array, metadata: Vals<PacketOutOf<P>>): Promise<void>;
  /** What the pipeline reports from this call on, also before it is read; each list is given to one reader. */
  digests<F extends Fields>(digest: Digest<F>, options?: DigestOptions): Stream<DigestList<F>>;
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
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function createClient<P extends AnyPipeline>(
  session: Session,
  names: Names,
  close: () => Promise<void>,
  options: CallOptions,
): Switch<P> {
  const requests = requestsOf(session, options);
  const { signal } = options;
  /** The descriptor of a handle that was given to a method. */
  const expect = <T>(found: T | undefined, what: string, kind: string): T =>
    found ?? fail('not-a-handle', { what, kind }, { loc: captureLocation() });
  return {
    table: (handle) => tableHandle(names.table(expect(tableOf(handle), 'table()', 'table').path), requests),
    profile: (handle) => profileHandle(names.profile(expect(profileOf(handle), 'profile()', 'profile or selector').path), requests),
    counter: (handle) => counterHandle(names.counter(expect(counterOf(handle), 'counter()', 'counter').path), requests),
    meter: (handle) => meterHandle(names.meter(expect(meterOf(handle), 'meter()', 'meter').path), requests),
    register: (handle) => {
      const { path, cell } = expect(registerOf(handle), 'register()', 'register');
      return registerHandle(names.register(path), cell, (name, type) => names.field(name, type), requests);
    },
    valueSet: (handle) => valueSetHandle(names.valueSet(expect(valueSetOf(handle), 'valueSet()', 'value set').path), requests),
    multicast: (group) => multicastHandle(group, requests),
    cloneSession: (id) => cloneSessionHandle(id, requests),
    packetIns: () =>
      mapped(session.packetIns, (packet) => decodePacketIn(packet, names) as Outs<PacketInOf<P>> & { payload: Uint8Array }, signal),
    packetOut: async (payload, metadata) => {
      const fields = encodeFields(names.packetFields('packet_out'), metadata, 'packet-out', 'field', captureLocation());
      session.send({ packet: { payload, metadata: fields.map(({ id, value }) => ({ metadata_id: id, value })) } });
    },
    digests: (handle, options = {}) => {
      const { path, fields } = expect(digestOf(handle), 'digests()', 'digest');
      return digestLists(names.digest(path, fields), options, session, requests);
    },
    idleTimeouts: <K, A extends string, I extends Impl>(handle: Table<K, A, I>) => {
      const table = names.table(expect(tableOf(handle), 'idleTimeouts()', 'table').path);
      const decode = (entry: TableEntry): IdleEntry<K> => {
        const { match, priority, idleTimeoutNs } = decodeEntry(table, entry);
        return { match, ...(priority === undefined ? {} : { priority }), idleTimeoutNs } as unknown as IdleEntry<K>;
      };
      return mapped(session.idleEntries(table.id, table.path), decode, signal);
    },
    events: () => mapped(session.events(), (event) => event, signal),
    with: (more) => createClient(session, names, close, { ...options, ...more, ...bothSignals(signal, more.signal) }),
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
