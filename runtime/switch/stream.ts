/** One StreamChannel: a controller's session (P4Runtime, "P4Runtime Stream Messages"). */
import type {
  DigestListAck,
  MasterArbitrationUpdate,
  PacketOut,
  StreamError,
  StreamMessageRequest,
  StreamMessageResponse,
} from '../p4runtime/messages.js';
import type { StreamHandlers } from '../p4runtime/transport.js';
import { type Arbiter, type Controller, electionNumber } from './arbitration.js';
import type { Lock } from './lock.js';
import { asRefusal, type Refusal, refuse } from './refusals.js';

export interface StreamContext {
  readonly deviceId: bigint;
  readonly arbiter: Arbiter;
  /** Messages are handled in their order, and not during a Write. */
  readonly lock: Lock;
  packetOut(packet: PacketOut): Promise<void>;
  digestAck(ack: DigestListAck): void;
  closed(stream: Stream): void;
}

export class Stream implements Controller {
  readonly #context: StreamContext;
  readonly #handlers: StreamHandlers;
  #arbitrated = false;
  #open = true;

  constructor(context: StreamContext, handlers: StreamHandlers) {
    this.#context = context;
    this.#handlers = handlers;
  }

  /** Takes a message of the controller. */
  send(message: StreamMessageRequest): void {
    void this.#context.lock.run(async () => {
      if (!this.#open) return;
      if (message.arbitration) this.#arbitrate(message.arbitration);
      else await this.#handle(message);
    });
  }

  /** Ends the session; with an error when the server ends it. */
  close(error?: Refusal): void {
    if (!this.#open) return;
    this.#open = false;
    // Whoever stays hears of it only after the writes that are under way.
    void this.#context.lock.run(() => this.#context.arbiter.leave(this));
    this.#context.closed(this);
    this.#handlers.end(error);
  }

  notify(arbitration: MasterArbitrationUpdate): void {
    this.respond({ arbitration });
  }

  respond(message: StreamMessageResponse): void {
    if (this.#open) this.#handlers.message(message);
  }

  /** Mistakes in arbitration end the stream ("Rules for Handling MasterArbitrationUpdate"). */
  #arbitrate(update: MasterArbitrationUpdate): void {
    try {
      this.#checkTarget(update);
      this.#context.arbiter.arbitrate(this, electionNumber(update.election_id));
      this.#arbitrated = true;
    } catch (error) {
      this.close(asRefusal(error));
    }
  }

  #checkTarget(update: MasterArbitrationUpdate): void {
    const id = update.device_id ?? 0n;
    const { deviceId } = this.#context;
    const role = update.role?.name ?? '';
    if (id !== deviceId) {
      if (this.#arbitrated) refuse('device-changed', { id, was: deviceId });
      refuse('no-such-device', { id, known: deviceId });
    }
    if (role !== '') {
      if (this.#arbitrated) refuse('role-changed', { role, was: '' });
      refuse('not-supported', { what: `a named role ("${role}")` });
    }
    if (update.role?.config) refuse('not-supported', { what: 'a configuration of the role' });
  }

  /** Mistakes in other messages are told on the stream ("Stream Error Reporting"). */
  async #handle(message: StreamMessageRequest): Promise<void> {
    try {
      if (message.packet) {
        if (this.#context.arbiter.primary !== this) refuse('packet-out-not-primary', {});
        await this.#context.packetOut(message.packet);
      } else if (message.digest_ack) {
        if (this.#context.arbiter.primary !== this) refuse('digest-ack-not-primary', {});
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
