/** One StreamChannel: a controller's session (P4Runtime, "P4Runtime Stream Messages"). */
import type {
  DigestListAck,
  MasterArbitrationUpdate,
  PacketOut,
  StreamError,
  StreamMessageRequest,
  StreamMessageResponse,
} from '../p4runtime/messages.js';
import { encodePortStatus } from '../p4runtime/port-status.js';
import type { StreamHandlers } from '../p4runtime/transport.js';
import { type Controller, electionNumber } from './arbitration.js';
import type { Lock } from './lock.js';
import { asRefusal, type Refusal, refuse } from './refusals.js';
import { decodeRoleConfig } from './role-config.js';
import type { Role, Roles } from './roles.js';

export interface StreamContext {
  readonly deviceId: bigint;
  readonly roles: Roles;
  /** Messages are handled in their order, and not during a Write. */
  readonly lock: Lock;
  readonly portsDown: ReadonlySet<number>;
  packetOut(packet: PacketOut): Promise<void>;
  digestAck(ack: DigestListAck): void;
  closed(stream: Stream): void;
}

export class Stream implements Controller {
  readonly #context: StreamContext;
  readonly #handlers: StreamHandlers;
  /** What the controller asked for with its first arbitration. */
  #role: Role | undefined;
  #open = true;

  constructor(context: StreamContext, handlers: StreamHandlers) {
    this.#context = context;
    this.#handlers = handlers;
  }

  /** Takes a message of the controller. Resolves when it was handled. */
  send(message: StreamMessageRequest): Promise<void> {
    return this.#context.lock.run(async () => {
      if (!this.#open) return;
      if (message.arbitration) await this.#arbitrate(message.arbitration);
      else await this.#handle(message);
    });
  }

  /** Ends the session; with an error when the server ends it. */
  close(error?: Refusal): void {
    if (!this.#open) return;
    this.#open = false;
    // Whoever stays hears of it only after the writes that are under way.
    void this.#context.lock.run(() => this.#role?.arbiter.leave(this));
    this.#context.closed(this);
    this.#handlers.end(error);
  }

  notify(arbitration: MasterArbitrationUpdate): void {
    this.respond({ arbitration });
  }

  respond(message: StreamMessageResponse): void {
    if (this.#open) this.#handlers.message(message);
  }

  /** Which ports are down; before the first arbitration, the controller is told nothing. */
  tellPorts(): void {
    if (this.#role) this.respond({ other: encodePortStatus(this.#context.portsDown) });
  }

  /** Whether its controller has asked for a role, and got it. */
  get hasRole(): boolean {
    return this.#role !== undefined;
  }

  get #isPrimary(): boolean {
    return this.#role?.arbiter.primary === this;
  }

  /** Mistakes in arbitration end the stream ("Rules for Handling MasterArbitrationUpdate"). */
  async #arbitrate(update: MasterArbitrationUpdate): Promise<void> {
    const { roles } = this.#context;
    try {
      const name = this.#checkTarget(update);
      const scope = await decodeRoleConfig(update.role?.config);
      if (name === '' && update.role?.config) refuse('role-config', { why: 'the default role has none' });
      const role = roles.forController(name);
      roles.checkExclusive(role, scope);
      role.arbiter.arbitrate(this, electionNumber(update.election_id), update.role?.config, () => {
        role.scope = scope;
      });
      roles.keep(role);
      const isNew = this.#role === undefined;
      this.#role = role;
      if (isNew && this.#context.portsDown.size > 0) this.tellPorts();
    } catch (error) {
      this.close(asRefusal(error));
    }
  }

  /** The name of the role. */
  #checkTarget(update: MasterArbitrationUpdate): string {
    const id = update.device_id ?? 0n;
    const name = update.role?.name ?? '';
    const { deviceId } = this.#context;
    if (id !== deviceId) {
      if (this.#role) refuse('device-changed', { id, was: deviceId });
      refuse('no-such-device', { id, known: deviceId });
    }
    if (this.#role && this.#role.name !== name) refuse('role-changed', { role: name, was: this.#role.name });
    return name;
  }

  /** Mistakes in other messages are told on the stream ("Stream Error Reporting"). */
  async #handle(message: StreamMessageRequest): Promise<void> {
    try {
      if (message.packet) {
        if (!this.#isPrimary) refuse('packet-out-not-primary', {});
        await this.#context.packetOut(message.packet);
      } else if (message.digest_ack) {
        if (!this.#isPrimary) refuse('digest-ack-not-primary', {});
        this.#context.digestAck(message.digest_ack);
      } else if (message.other) refuse('not-supported', { what: 'the message' });
      else refuse('empty-stream-message', {});
    } catch (error) {
      this.respond({ error: streamError(asRefusal(error), message) });
    }
  }
}

function streamError(error: Refusal, message: StreamMessageRequest): StreamError {
  const details: StreamError = message.packet
    ? { packet_out: { packet_out: message.packet } }
    : message.digest_ack
      ? { digest_list_ack: { digest_list_ack: message.digest_ack } }
      : { other: message.other ? { other: message.other } : {} };
  return { ...error.toP4Error(), ...details };
}
