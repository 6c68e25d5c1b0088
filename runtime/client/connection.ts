/** One stream with a switch, until it ends. */
import { DiagnosticError, diagnostic } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { MasterArbitrationUpdate, StreamMessageRequest, StreamMessageResponse } from '../p4runtime/messages.js';
import { StatusError } from '../p4runtime/status.js';
import type { ClientStream, Transport } from '../p4runtime/transport.js';
import { type Standing, standingOf, uint128 } from './election.js';
import { clientError, P4RuntimeError } from './errors.js';
import type { SessionRole } from './role.js';
import { afterWaiting } from './waiting.js';

export interface ConnectionHandlers {
  /** Another controller came or went. */
  standing(standing: Standing): void;
  /** Anything but arbitration. */
  message(message: StreamMessageResponse): void;
  /** The switch ended it. */
  end(reason: unknown): void;
}

interface About {
  readonly address: string;
  /** Within which the switch has to answer. */
  readonly timeoutMs?: number | undefined;
  readonly loc: Loc;
}

/** The election id is that of another stream, which the switch thinks is open. */
export class ElectionIdTaken extends Error {}

export class Connection {
  readonly #stream: ClientStream;
  readonly #about: About;
  readonly #handlers: ConnectionHandlers;
  #answer: { resolve(standing: Standing): void; reject(error: unknown): void } | undefined;
  #ended: { readonly reason: unknown } | undefined;

  constructor(transport: Transport, about: About, handlers: ConnectionHandlers) {
    this.#about = about;
    this.#handlers = handlers;
    this.#stream = transport.openStream({ message: (message) => this.#receive(message), end: (error) => this.#end(error) });
  }

  get isOpen(): boolean {
    return this.#ended === undefined;
  }

  send(message: StreamMessageRequest): void {
    this.#stream.send(message);
  }

  /** Asks to be the primary; 0 never is. */
  async arbitrate(deviceId: bigint, electionId: bigint, role: SessionRole | undefined): Promise<Standing> {
    if (this.#ended) throw this.#ended.reason;
    const { address, timeoutMs, loc } = this.#about;
    const answered = new Promise<Standing>((resolve, reject) => {
      this.#answer = { resolve, reject };
      const arbitration: MasterArbitrationUpdate = {
        device_id: deviceId,
        ...(role ? { role: { name: role.name, ...(role.config ? { config: role.config } : {}) } } : {}),
        ...(electionId === 0n ? {} : { election_id: uint128(electionId) }),
      };
      this.#stream.send({ arbitration });
    });
    try {
      await afterWaiting(answered, timeoutMs === undefined ? {} : { timeoutMs }, 'it did not answer');
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      throw new DiagnosticError([diagnostic('switch-unreachable', { address, why: error.message }, { loc })]);
    }
    return answered;
  }

  close(): void {
    if (this.#ended) return;
    this.#over(new P4RuntimeError('CANCELLED', 'the session with the switch is over'));
    this.#stream.close();
  }

  #receive(message: StreamMessageResponse): void {
    if (!message.arbitration) {
      this.#handlers.message(message);
      return;
    }
    const standing = standingOf(message.arbitration);
    const answer = this.#answer;
    this.#answer = undefined;
    if (answer) answer.resolve(standing);
    else this.#handlers.standing(standing);
  }

  #end(error: StatusError | undefined): void {
    if (this.#ended) return;
    const reason = this.#reasonOf(error);
    const asked = this.#answer !== undefined;
    this.#over(reason);
    // The caller that waits for the answer gets the error.
    if (!asked) this.#handlers.end(reason);
  }

  #over(reason: unknown): void {
    this.#ended = { reason };
    this.#answer?.reject(reason);
    this.#answer = undefined;
  }

  /** Why the stream is over, as the user should hear it. */
  #reasonOf(error: StatusError | undefined): unknown {
    const { address, loc } = this.#about;
    if (!error) return new P4RuntimeError('UNAVAILABLE', `${address} ended the session`);
    if (error.code === 'UNAVAILABLE')
      return new DiagnosticError([diagnostic('switch-unreachable', { address, why: error.message }, { loc })]);
    if (this.#answer && error.code === 'INVALID_ARGUMENT' && /election/i.test(error.message)) return new ElectionIdTaken();
    return clientError(error, [`session with ${address}`]);
  }
}
