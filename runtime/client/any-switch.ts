/** A switch of which only its own P4Info is known: for tools that control any P4Runtime switch. */
import { fail } from '../../compiler/support/diagnostics.js';
import { nowhere } from '../../compiler/support/location.js';
import type { Entity, Update } from '../p4runtime/messages.js';
import { StatusError } from '../p4runtime/status.js';
import type { CallOptions, Transport } from '../p4runtime/transport.js';
import { type BatchOptions, writeBatch } from './batch.js';
import { type Catalog, catalogOf } from './catalog.js';
import { isNamed } from './cells.js';
import type { Change, Difference } from './difference.js';
import type { IfPrimaryExists } from './election.js';
import { asking, P4RuntimeError } from './errors.js';
import { carryOut, compareWith, type EntityScope, readEach } from './reconcile.js';
import { type Requests, requestsOf } from './requests.js';
import { Session } from './session.js';

export interface AnySwitchOptions extends CallOptions {
  readonly address: string;
  readonly deviceId: bigint;
  readonly electionId?: bigint;
  readonly role?: string;
  readonly ifPrimaryExists?: IfPrimaryExists;
  /** Looks for a switch that went away. */
  readonly reconnect?: boolean;
}

export class AnySwitch {
  readonly requests: Requests;
  readonly session: Session;
  readonly #transport: Transport;
  readonly #options: CallOptions;
  readonly #pipeline: { catalog: Catalog };

  /** @throws DiagnosticError switch-unreachable, controller-not-primary, switch-without-pipeline */
  static async open(transport: Transport, options: AnySwitchOptions): Promise<AnySwitch> {
    let session: Session | undefined;
    try {
      const { role, ...rest } = options;
      session = await Session.open({ ...rest, ...(role === undefined ? {} : { role: { name: role } }), transport, loc: nowhere });
      return new AnySwitch(transport, session, { catalog: await readCatalog(session, options) }, options);
    } catch (error) {
      session?.close();
      await transport.close();
      throw error;
    }
  }

  private constructor(transport: Transport, session: Session, pipeline: { catalog: Catalog }, options: CallOptions) {
    this.#transport = transport;
    this.session = session;
    this.#pipeline = pipeline;
    this.#options = options;
    this.requests = requestsOf(session, options);
  }

  /** What the pipeline names that the switch had when it was last asked. */
  get catalog(): Catalog {
    return this.#pipeline.catalog;
  }

  /** Asks for the pipeline again: a switch that was away, or another controller's, may have another one. */
  async refresh(): Promise<void> {
    this.#pipeline.catalog = await readCatalog(this.session, this.#options);
  }

  /** The same switch, of which requests end when the signal is aborted. */
  until(signal: AbortSignal): AnySwitch {
    return new AnySwitch(this.#transport, this.session, this.#pipeline, { ...this.#options, signal });
  }

  /** All that is not the program's own, as the switch sends it. */
  entities(scope: EntityScope = {}): AsyncGenerator<Entity> {
    return readEach(scope, this.catalog, this.requests, new Set());
  }

  /** What controllers configure of that which a switch always has: the rates of meters, and value sets. */
  async settings(): Promise<Entity[]> {
    const { meters, valueSets } = this.catalog;
    const found: Entity[] = [];
    const read = async (what: string, ...entities: Entity[]): Promise<void> => {
      try {
        if (entities.length > 0) for await (const one of this.requests.read(`read ${what}`, ...entities)) found.push(one);
      } catch (error) {
        // BMv2's server has no value sets.
        if (!(error instanceof P4RuntimeError && error.code === 'UNIMPLEMENTED')) throw error;
      }
    };
    await read('meters', ...meters.map(({ id }) => ({ meter_entry: { meter_id: id } })));
    await read('value sets', ...valueSets.map(({ id }) => ({ value_set_entry: { value_set_id: id } })));
    return found.filter((entity) => entity.meter_entry?.config || entity.value_set_entry?.members?.length);
  }

  /** What is between the switch and `desired`; without `exact`, what is not desired may stay. */
  async compare(desired: readonly Entity[], scope: EntityScope, exact: boolean): Promise<Difference> {
    if (exact) return compareWith(desired, scope, this.catalog, this.requests);
    const difference = await compareWith(desired, {}, this.catalog, this.requests);
    const stays = ({ kind, update: { entity = {} } }: Change): boolean => kind !== 'delete' && isNamed(entity, desired);
    return { ...difference, changes: difference.changes.filter(stays) };
  }

  carryOut(difference: Difference): Promise<void> {
    return carryOut(difference, this.requests);
  }

  write(updates: readonly Update[], options: BatchOptions = {}): Promise<void> {
    return writeBatch(updates, options, this.catalog, this.requests);
  }

  async close(): Promise<void> {
    this.session.close();
    await this.#transport.close();
  }
}

async function readCatalog(session: Session, options: CallOptions): Promise<Catalog> {
  const { transport, deviceId, address } = session;
  const p4info = await asking(`reading the pipeline of ${address}`, async () => {
    try {
      return (await transport.getPipeline({ device_id: deviceId, response_type: 'P4INFO_AND_COOKIE' }, options)).config?.p4info;
    } catch (error) {
      // How BMv2 says that it has none; the specification's answer has no `config`.
      if (error instanceof StatusError && error.code === 'FAILED_PRECONDITION') return undefined;
      throw error;
    }
  });
  return catalogOf(p4info ?? fail('switch-without-pipeline', { address }));
}
