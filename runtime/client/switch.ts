/** A switch as its controller sees it. */
import { counterOf, tableOf } from '../../compiler/dsl/handles.js';
import type { Counter, DataType, Digest, Fields, Impl, Out, Outs, Register, Table, Vals, ValueSet } from '../../compiler/dsl/surface.js';
import { fromBytes } from '../../compiler/support/bits.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { captureLocation } from '../../compiler/support/location.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { CounterEntry, Entity, PacketIn, Update } from '../p4runtime/messages.js';
import { type CounterValue, encodeFields } from './entry.js';
import { asking, clientError, P4RuntimeError } from './errors.js';
import type { Names } from './names.js';
import type { Session } from './session.js';
import { type TableHandle, tableHandle } from './table.js';
import type { AnyPipeline, PacketInOf, PacketOutOf } from './types.js';
import { fromBits } from './values.js';

export interface CounterHandle {
  /** All cells, in order. */
  read(): Promise<readonly CounterValue[]>;
  /** @throws P4RuntimeError OUT_OF_RANGE beyond its size */
  read(index: number): Promise<CounterValue>;
  /** Without an index, all cells; without a value, to 0. */
  set(index?: number, value?: CounterValue): Promise<void>;
}
export interface Replica {
  readonly port: number;
  /** What egress sees as `std.replica`; 0 where it is not said. */
  readonly instance?: number;
}
export interface MulticastHandle {
  /** Makes the group, or replaces its replicas. */
  set(replicas: readonly Replica[]): Promise<void>;
  /** Undefined when there is no such group. */
  read(): Promise<readonly Replica[] | undefined>;
  delete(): Promise<void>;
}

export interface RegisterHandle<C> {
  read(index: number): Promise<C extends DataType ? Out<C> : Outs<C>>;
}
/** What the pipeline reported with `c.digest`; the switch waits for `ack` before it reports the same again. */
export interface DigestList<F extends Fields> {
  readonly entries: readonly Outs<F>[];
  ack(): Promise<void>;
}
export interface ValueSetHandle {
  set(values: readonly (number | bigint)[]): Promise<void>;
}

/** Requests that the switch refuses throw a P4RuntimeError. */
export interface Switch<P extends AnyPipeline> {
  table<K, A extends string, I extends Impl>(table: Table<K, A, I>): TableHandle<NoInfer<K>, NoInfer<A>, I>;
  counter(counter: Counter): CounterHandle;
  /** Group ids are from 1 to 65535. */
  multicast(group: number): MulticastHandle;
  /** Packets that the pipeline sent to the controller since the session began; each is given to one reader. */
  packetIns(): AsyncIterable<Outs<PacketInOf<P>> & { readonly payload: Uint8Array }>;
  /** The packet enters the pipeline with `packetOut` valid. */
  packetOut(payload: Uint8Array, metadata: Vals<PacketOutOf<P>>): Promise<void>;
  register<C>(register: Register<C>): RegisterHandle<C>;
  digests<F extends Fields>(digest: Digest<F>): AsyncIterable<DigestList<F>>;
  valueSet<W extends number>(set: ValueSet<W>): ValueSetHandle;
  /** Whether this controller may write. */
  readonly isPrimary: boolean;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export function createClient<P extends AnyPipeline>(session: Session, names: Names, close: () => Promise<void>): Switch<P> {
  const request = { device_id: session.deviceId, election_id: session.electionId };
  const notYet = (feature: string) => (): never => fail('not-yet', { feature }, { loc: captureLocation() });

  async function write(what: string, updates: readonly Update[]): Promise<void> {
    await asking(what, () => session.transport.write({ ...request, updates }));
  }
  async function* read(what: string, entity: Entity): AsyncGenerator<Entity> {
    try {
      yield* session.transport.read({ device_id: session.deviceId, entities: [entity] });
    } catch (error) {
      throw clientError(error, [what]);
    }
  }

  return {
    table: (handle) => {
      const table = tableOf(handle);
      if (!table) return fail('not-a-handle', { what: 'table()', kind: 'table' }, { loc: captureLocation() });
      return tableHandle(names.table(table.path), session);
    },
    counter: (handle) => {
      const found = counterOf(handle);
      if (!found) return fail('not-a-handle', { what: 'counter()', kind: 'counter' }, { loc: captureLocation() });
      const counter = names.counter(found.path);
      const entry = (index?: number): CounterEntry => ({
        counter_id: counter.id,
        ...(index === undefined ? {} : { index: { index: BigInt(index) } }),
      });
      const readCells = async (index?: number): Promise<CounterValue[]> => {
        const cells: CounterValue[] = [];
        for await (const { counter_entry: cell } of read(`read counter ${counter.path}`, { counter_entry: entry(index) })) {
          cells.push({ packets: cell?.data?.packet_count ?? 0n, bytes: cell?.data?.byte_count ?? 0n });
        }
        return cells;
      };
      return {
        read: (async (index?: number) => (index === undefined ? readCells() : (await readCells(index))[0])) as CounterHandle['read'],
        set: (index, value = { packets: 0n, bytes: 0n }) =>
          write(`set counter ${counter.path}`, [
            {
              type: 'MODIFY',
              entity: { counter_entry: { ...entry(index), data: { packet_count: value.packets, byte_count: value.bytes } } },
            },
          ]),
      };
    },
    multicast: (group) => multicastHandle(group, read, write),
    packetIns: () => decoded(session.packetIns, (packet) => decodePacketIn(packet, names) as Outs<PacketInOf<P>> & { payload: Uint8Array }),
    packetOut: async (payload, metadata) => {
      const fields = encodeFields(names.packetFields('packet_out'), metadata, 'packet-out', 'field', captureLocation());
      session.packetOut({ payload, metadata: fields.map(({ id, value }) => ({ metadata_id: id, value })) });
    },
    register: notYet('Reading registers'),
    digests: notYet('Receiving digests'),
    valueSet: notYet('Writing value sets'),
    get isPrimary() {
      return session.isPrimary;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function multicastHandle(
  group: number,
  read: (what: string, entity: Entity) => AsyncIterable<Entity>,
  write: (what: string, updates: readonly Update[]) => Promise<void>,
): MulticastHandle {
  const what = `multicast group ${group}`;
  const entity = (replicas?: readonly Replica[]): Entity => ({
    packet_replication_engine_entry: {
      multicast_group_entry: {
        multicast_group_id: group,
        ...(replicas ? { replicas: replicas.map(({ port, instance = 0 }) => ({ port: encodeBits(BigInt(port)), instance })) } : {}),
      },
    },
  });
  const current = async (): Promise<readonly Replica[] | undefined> => {
    try {
      for await (const found of read(`read ${what}`, entity())) {
        const entry = found.packet_replication_engine_entry?.multicast_group_entry;
        return (entry?.replicas ?? []).map((r) => ({
          port: r.port ? Number(fromBytes(r.port)) : (r.egress_port ?? 0),
          instance: r.instance ?? 0,
        }));
      }
    } catch (error) {
      // BMv2's server says so of a group that is not there, where the specification has it answer with nothing.
      if (!(error instanceof P4RuntimeError && error.code === 'NOT_FOUND')) throw error;
    }
    return undefined;
  };
  return {
    read: current,
    set: async (replicas) => {
      const type = (await current()) === undefined ? 'INSERT' : 'MODIFY';
      await write(`set ${what}`, [{ type, entity: entity(replicas) }]);
    },
    delete: () => write(`delete ${what}`, [{ type: 'DELETE', entity: entity() }]),
  };
}

function decodePacketIn(packet: PacketIn, names: Names): Record<string, unknown> {
  const fields = names.packetFields('packet_in').map((field) => {
    const bytes = packet.metadata?.find((m) => m.metadata_id === field.id)?.value;
    return [field.name, fromBits(fromBytes(bytes ?? new Uint8Array()), field)];
  });
  return { ...Object.fromEntries(fields), payload: new Uint8Array(packet.payload ?? []) };
}

/** Iterates like the source: leaving the loop leaves the rest there. */
function decoded<T, U>(source: AsyncIterable<T>, decode: (item: T) => U): AsyncIterable<U> {
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = source[Symbol.asyncIterator]();
      return {
        next: async () => {
          const result = await iterator.next();
          return result.done ? { value: undefined, done: true } : { value: decode(result.value), done: false };
        },
      };
    },
  };
}
