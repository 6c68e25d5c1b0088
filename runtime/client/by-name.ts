/** A switch of which the schema is known: what controllers do with the things of the schema. */
import type {
  ArraySchema,
  ControlSchema,
  DigestSchema,
  ProfileSchema,
  RegisterSchema,
  TableSchema,
  ValueSetSchema,
} from '../../compiler/control/schema.js';
import type { Impl } from '../../compiler/dsl/surface.js';
import { captureLocation, type Loc, nowhere } from '../../compiler/support/location.js';
import type { Entity, PacketIn, TableEntry, Update } from '../p4runtime/messages.js';
import type { CallOptions } from '../p4runtime/transport.js';
import { type BatchOptions, writeBatch } from './batch.js';
import { isNamed } from './cells.js';
import { type CounterHandle, counterHandle } from './counter.js';
import type { Change, Difference } from './difference.js';
import { type DigestList, type DigestOptions, digestLists } from './digest.js';
import { decodeEntry, encodeFields } from './entry.js';
import { P4RuntimeError } from './errors.js';
import { type MeterHandle, meterHandle } from './meter.js';
import { type ProfileHandle, profileHandle } from './profile.js';
import { mapped, type Stream } from './queue.js';
import { carryOut, compareWith, type EntityScope, readEach } from './reconcile.js';
import { type RegisterHandle, registerHandle } from './register.js';
import { type CloneSessionHandle, cloneSessionHandle, type MulticastHandle, multicastHandle } from './replication.js';
import { type Requests, requestsOf } from './requests.js';
import type { Session } from './session.js';
import { type TableByName, tableHandle } from './table.js';
import { checkEntity, type ReachTarget } from './target-limits.js';
import { type ValueSetHandle, valueSetHandle } from './value-set.js';
import { fromWire } from './values.js';

export class SwitchByName {
  readonly session: Session;
  readonly requests: Requests;
  readonly #pipeline: { readonly schema: ControlSchema };
  readonly #signal: AbortSignal | undefined;

  /** Without a target it is any switch that follows the specification. */
  constructor(session: Session, pipeline: { readonly schema: ControlSchema }, options: CallOptions, target?: ReachTarget) {
    this.session = session;
    this.requests = requestsOf(session, options, target);
    this.#pipeline = pipeline;
    this.#signal = options.signal;
  }

  get schema(): ControlSchema {
    return this.#pipeline.schema;
  }

  table(table: TableSchema): TableByName {
    return tableHandle(table, this.requests);
  }
  profile<I extends Impl>(profile: ProfileSchema): ProfileHandle<I> {
    return profileHandle(profile, this.requests);
  }
  counter(counter: ArraySchema): CounterHandle {
    return counterHandle(counter, this.requests);
  }
  meter(meter: ArraySchema): MeterHandle {
    return meterHandle(meter, this.requests);
  }
  register(register: RegisterSchema): RegisterHandle<any> {
    return registerHandle(register, this.requests);
  }
  valueSet(set: ValueSetSchema): ValueSetHandle {
    return valueSetHandle(set, this.requests);
  }
  multicast(group: number): MulticastHandle {
    return multicastHandle(group, this.requests);
  }
  cloneSession(id: number): CloneSessionHandle {
    return cloneSessionHandle(id, this.requests);
  }

  /** All entities but constant entries of the program, in the order of the switch. */
  entities(scope: EntityScope = {}): AsyncGenerator<Entity> {
    return readEach(scope, this.schema, this.requests, new Set());
  }

  /** The configured entities that always exist: the rates of meters, and value sets. */
  async settings(): Promise<Entity[]> {
    const { meters, valueSets } = this.schema;
    const found: Entity[] = [];
    const read = async (what: string, ...entities: Entity[]): Promise<void> => {
      try {
        if (entities.length > 0) for await (const one of this.requests.read(`read ${what}`, ...entities)) found.push(one);
      } catch (error) {
        // BMv2's server has no value sets.
        if (!(error instanceof P4RuntimeError && error.code === 'UNIMPLEMENTED')) throw error;
      }
    };
    await read('meters', ...[...meters.keys()].map((meter_id) => ({ meter_entry: { meter_id } })));
    await read('value sets', ...[...valueSets.keys()].map((value_set_id) => ({ value_set_entry: { value_set_id } })));
    return found.filter((entity) => entity.meter_entry?.config || entity.value_set_entry?.members?.length);
  }

  /** The differences between the switch and `desired`; without `exact`, other entities may stay. */
  async compare(desired: readonly Entity[], scope: EntityScope, exact: boolean): Promise<Difference> {
    if (exact) return compareWith(desired, scope, this.schema, this.requests);
    const difference = await compareWith(desired, {}, this.schema, this.requests);
    const stays = ({ kind, update: { entity = {} } }: Change): boolean => kind !== 'delete' && isNamed(entity, desired);
    return { ...difference, changes: difference.changes.filter(stays) };
  }

  carryOut(difference: Difference): Promise<void> {
    return carryOut(difference, this.schema, this.requests);
  }

  /** Compares and, but for a dry run, writes what differs; of what a role may not write, nothing is looked at. */
  reconcile(desired: readonly Entity[], scope: EntityScope, dryRun: boolean, loc: Loc = nowhere): Promise<Difference> {
    for (const entity of desired) checkEntity(entity, this.requests.target);
    const { role, reconciling } = this.session;
    const own = role?.ids ? { ...scope, ids: role.ids } : scope;
    // Two reconciliations at a time would both insert the same entry.
    return reconciling.take(async () => {
      const difference = await compareWith(desired, own, this.schema, this.requests, loc);
      if (!dryRun) await this.carryOut(difference);
      return difference;
    }, this.#signal);
  }

  write(updates: readonly Update[], options: BatchOptions = {}): Promise<void> {
    return writeBatch(updates, options, this.schema, this.requests);
  }

  packetIns(): Stream<Record<string, unknown> & { readonly payload: Uint8Array }> {
    return mapped(this.session.packetIns, (packet) => decodePacketIn(packet, this.schema), this.#signal);
  }

  packetOut(payload: Uint8Array, metadata: Readonly<Record<string, unknown>>): void {
    const fields = encodeFields(this.schema.packetOut?.metadata ?? [], metadata, 'packet-out', 'field', captureLocation());
    this.session.send({ packet: { payload, metadata: fields.map(({ id, value }) => ({ metadata_id: id, value })) } });
  }

  digests(digest: DigestSchema, options: DigestOptions): Stream<DigestList<any>> {
    return digestLists(digest, options, this.session, this.requests);
  }

  idleTimeouts(table: TableSchema): Stream<Record<string, unknown>> {
    const decode = (entry: TableEntry) => {
      const { match, priority, idleTimeoutNs } = decodeEntry(table, entry);
      return { match, ...(priority === undefined ? {} : { priority }), idleTimeoutNs };
    };
    return mapped(this.session.idleEntries(table.id, table.name), decode, this.#signal);
  }
}

const decodePacketIn = ({ metadata, payload }: PacketIn, { packetIn }: ControlSchema) => ({
  ...Object.fromEntries(
    (packetIn?.metadata ?? []).map((field) => [field.name, fromWire(metadata?.find((m) => m.metadata_id === field.id)?.value, field)]),
  ),
  payload: new Uint8Array(payload ?? []),
});
