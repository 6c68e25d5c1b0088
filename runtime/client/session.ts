/** A controller's session: its stream, and being the primary (P4Runtime, "Client Arbitration and Controller Replication"). */
import { DiagnosticError, diagnostic, fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type {
  DigestList,
  IdleTimeoutNotification,
  MasterArbitrationUpdate,
  PacketIn,
  StreamError,
  StreamMessageRequest,
  StreamMessageResponse,
  TableEntry,
  Uint128,
} from '../p4runtime/messages.js';
import { codeName, type StatusError } from '../p4runtime/status.js';
import type { ClientStream, Transport } from '../p4runtime/transport.js';
import { clientError, P4RuntimeError } from './errors.js';
import { Queue } from './queue.js';

export interface SessionOptions {
  readonly transport: Transport;
  /** For people: the address of the switch. */
  readonly address: string;
  readonly deviceId: bigint;
  /** Without one: 1, or what the last primary had once that is gone. */
  readonly electionId?: bigint;
  readonly loc: Loc;
}

/** Packets, digests and notifications that wait for the controller to read them; later ones are dropped. */
const maxWaiting = 4096;

const electionNumber = (id: Uint128): bigint => ((id.high ?? 0n) << 64n) | (id.low ?? 0n);
const uint128 = (id: bigint): Uint128 => ({ high: id >> 64n, low: BigInt.asUintN(64, id) });

export class Session {
  readonly transport: Transport;
  readonly deviceId: bigint;
  readonly packetIns = new Queue<PacketIn>(maxWaiting);
  readonly #digests = new Map<number, Queue<DigestList>>();
  readonly #idleEntries = new Map<number, Queue<TableEntry>>();
  readonly #options: SessionOptions;
  readonly #stream: ClientStream;
  #electionId: bigint;
  #isPrimary = false;
  #closed = false;
  #ended: { readonly reason: unknown } | undefined;
  /** Ends the wait for the answer to arbitration. */
  #answer: { resolve(update: MasterArbitrationUpdate): void; reject(error: unknown): void } | undefined;

  /** @throws DiagnosticError switch-unreachable, controller-not-primary, election-id-below */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(options);
    try {
      await session.#becomePrimary();
    } catch (error) {
      session.close();
      throw error;
    }
    return session;
  }

  private constructor(options: SessionOptions) {
    this.#options = options;
    this.transport = options.transport;
    this.deviceId = options.deviceId;
    this.#electionId = options.electionId ?? 1n;
    this.#stream = options.transport.openStream({
      message: (message) => this.#receive(message),
      end: (error) => this.#end(error),
    });
  }

  get electionId(): Uint128 {
    return uint128(this.#electionId);
  }

  /** Whether this controller may write; another one with a higher election id may take over at any time. */
  get isPrimary(): boolean {
    return this.#isPrimary;
  }

  send(message: StreamMessageRequest): void {
    if (this.#closed) throw new P4RuntimeError('CANCELLED', 'the session with the switch is over');
    this.#stream.send(message);
  }

  /** Lists of a digest, from the first call on. */
  digests(id: number): Queue<DigestList> {
    return this.#queue(this.#digests, id);
  }

  /** Entries of a table that had no hit for as long as their timeout, from the first call on. */
  idleEntries(table: number): Queue<TableEntry> {
    return this.#queue(this.#idleEntries, table);
  }

  close(): void {
    this.#closed = true;
    this.#isPrimary = false;
    this.#stream.close();
    this.#endQueues();
  }

  #queue<T>(queues: Map<number, Queue<T>>, id: number): Queue<T> {
    const queue = queues.get(id) ?? new Queue<T>(maxWaiting);
    queues.set(id, queue);
    if (this.#ended) queue.end(this.#ended.reason);
    return queue;
  }

  #endQueues(reason?: unknown): void {
    this.#ended = { reason };
    for (const queue of [this.packetIns, ...this.#digests.values(), ...this.#idleEntries.values()]) queue.end(reason);
  }

  async #becomePrimary(): Promise<void> {
    const { address, loc } = this.#options;
    let update = await this.#arbitrate();
    const highest = update.election_id && electionNumber(update.election_id);
    if (codeName(update.status?.code) === 'NOT_FOUND' && highest !== undefined) {
      // Nobody is primary, and the last one had a higher id.
      if (this.#options.electionId !== undefined) fail('election-id-below', { address, electionId: this.#electionId, highest }, { loc });
      this.#electionId = highest;
      update = await this.#arbitrate();
    }
    if (codeName(update.status?.code) !== 'OK') this.#refuseBackup(highest);
  }

  #arbitrate(): Promise<MasterArbitrationUpdate> {
    return new Promise((resolve, reject) => {
      this.#answer = { resolve, reject };
      this.#stream.send({ arbitration: { device_id: this.deviceId, election_id: this.electionId } });
    });
  }

  #refuseBackup(highest: bigint | undefined): never {
    const { address, loc } = this.#options;
    return fail('controller-not-primary', { address, electionId: this.#electionId, highest }, { loc });
  }

  #receive(message: StreamMessageResponse): void {
    if (message.arbitration) {
      this.#isPrimary = codeName(message.arbitration.status?.code) === 'OK';
      this.#answer?.resolve(message.arbitration);
      this.#answer = undefined;
    } else if (message.packet) this.packetIns.push(message.packet);
    else if (message.digest) this.#digests.get(message.digest.digest_id ?? 0)?.push(message.digest);
    else if (message.idle_timeout_notification) this.#receiveIdle(message.idle_timeout_notification);
    else if (message.error) this.packetIns.pushError(this.#streamError(message.error));
  }

  #receiveIdle({ table_entry: entries = [] }: IdleTimeoutNotification): void {
    for (const entry of entries) this.#idleEntries.get(entry.table_id ?? 0)?.push(entry);
  }

  #end(error: StatusError | undefined): void {
    this.#isPrimary = false;
    if (this.#closed) return;
    this.#closed = true;
    const reason = this.#reasonOf(error);
    this.#answer?.reject(reason);
    this.#answer = undefined;
    this.#endQueues(reason);
  }

  /** Why the stream is over, as the user should hear it. */
  #reasonOf(error: StatusError | undefined): unknown {
    const { address, loc } = this.#options;
    if (!error) return new P4RuntimeError('UNAVAILABLE', `${address} ended the session`);
    if (error.code === 'UNAVAILABLE')
      return new DiagnosticError([diagnostic('switch-unreachable', { address, why: error.message }, { loc })]);
    if (this.#answer && error.code === 'INVALID_ARGUMENT') {
      // The id is taken by a controller that is connected.
      const electionId = this.#electionId;
      return new DiagnosticError([diagnostic('controller-not-primary', { address, electionId, highest: electionId }, { loc })]);
    }
    return clientError(error, [`session with ${address}`]);
  }

  #streamError(error: StreamError): P4RuntimeError {
    const what = error.packet_out ? 'packet-out' : 'message';
    return new P4RuntimeError(codeName(error.canonical_code), `${what}: ${error.message ?? 'the switch gives no reason'}`);
  }
}
