/**
 * Who may write: among the controllers with an open stream the one with the highest election id that was ever seen
 * (P4Runtime, "Client Arbitration and Controller Replication"). One arbiter for each role of a device.
 */
import type { Any, MasterArbitrationUpdate, Uint128 } from '../p4runtime/messages.js';
import { codeOf } from '../p4runtime/status.js';
import { refuse } from './refusals.js';

/** A controller's stream, as far as arbitration is concerned. */
export interface Controller {
  notify(update: MasterArbitrationUpdate): void;
}

/** An election id as a number of 128 bits; undefined where it is not set, which is below every id. */
export const electionNumber = (id: Uint128 | undefined): bigint | undefined => id && ((id.high ?? 0n) << 64n) | (id.low ?? 0n);

export const describeElection = (id: bigint | undefined): string => (id === undefined ? 'no election id' : `election id ${id}`);

export class Arbiter<C extends Controller> {
  readonly #deviceId: bigint;
  readonly #role: string;
  readonly #limit: number;
  readonly #live = new Map<C, bigint | undefined>();
  /** The highest election id of any primary so far. */
  #highest: bigint | undefined;
  /** As the last primary gave it. */
  #config: Any | undefined;

  constructor(deviceId: bigint, role: string, limit: number) {
    this.#deviceId = deviceId;
    this.#role = role;
    this.#limit = limit;
  }

  get primary(): C | undefined {
    if (this.#highest === undefined) return undefined;
    for (const [controller, id] of this.#live) if (id === this.#highest) return controller;
    return undefined;
  }

  isPrimaryId(id: bigint | undefined): boolean {
    return id !== undefined && id === this.#highest && this.primary !== undefined;
  }

  /**
   * A controller's election id, for the first time or again; tells everyone whom it concerns. `lead` is called when the
   * controller becomes the primary, or stays it.
   * @throws Refusal which ends the controller's stream
   */
  arbitrate(controller: C, id: bigint | undefined, config: Any | undefined, lead: () => void): void {
    const known = this.#live.has(controller);
    for (const [other, taken] of this.#live) {
      if (other !== controller && id !== undefined && taken === id) refuse('election-id-taken', { electionId: describeElection(id) });
    }
    if (!known && this.#live.size >= this.#limit) refuse('too-many-streams', { limit: this.#limit });
    const wasPrimary = this.primary === controller;
    this.#live.set(controller, id);
    const becomesPrimary = id !== undefined && (this.#highest === undefined || id >= this.#highest);
    if (becomesPrimary) {
      this.#highest = id;
      this.#config = config;
      lead();
    }
    if (becomesPrimary || wasPrimary) this.#notifyAll(controller);
    else this.#notify(controller);
  }

  /** The controller's stream is over. Nobody takes its place until a controller asks with an id that is high enough. */
  leave(controller: C): void {
    const wasPrimary = this.primary === controller;
    this.#live.delete(controller);
    if (wasPrimary) this.#notifyAll();
  }

  /** The one whose doing it is hears it last. */
  #notifyAll(last?: C): void {
    for (const controller of this.#live.keys()) if (controller !== last) this.#notify(controller);
    if (last) this.#notify(last);
  }

  #notify(controller: C): void {
    const { primary } = this;
    const status =
      controller === primary
        ? { code: codeOf('OK') }
        : primary
          ? { code: codeOf('ALREADY_EXISTS'), message: 'another controller is the primary' }
          : { code: codeOf('NOT_FOUND'), message: 'there is no primary' };
    const config = this.#config;
    controller.notify({
      device_id: this.#deviceId,
      ...(this.#role === '' ? {} : { role: { name: this.#role, ...(config ? { config } : {}) } }),
      ...(this.#highest === undefined ? {} : { election_id: toUint128(this.#highest) }),
      status,
    });
  }
}

const toUint128 = (id: bigint): Uint128 => ({ high: id >> 64n, low: BigInt.asUintN(64, id) });
