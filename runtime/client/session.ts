/** A controller's session: its stream channel, mastership arbitration, and reconnection. */
import { DiagnosticError, diagnostic, fail } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type {
  Any,
  DigestList,
  IdleTimeoutNotification,
  PacketIn,
  StreamError,
  StreamMessageRequest,
  StreamMessageResponse,
  TableEntry,
  Uint128,
} from '../p4runtime/messages.js';
import { decodePortStatus } from '../p4runtime/port-status.js';
import { codeName, StatusError } from '../p4runtime/status.js';
import type { Transport } from '../p4runtime/transport.js';
import { Connection, ElectionIdTaken } from './connection.js';
import { checkElectionId, type IfPrimaryExists, maxElectionId, nextBid, type Standing, uint128 } from './election.js';
import { clientError, P4RuntimeError } from './errors.js';
import { PortStates } from './port-states.js';
import { Queue } from './queue.js';
import type { SessionRole } from './role.js';
import type { SwitchEvent } from './session-events.js';
import { pause, Turns } from './waiting.js';

export interface SessionOptions {
  readonly transport: Transport;
  /** For people: the address of the switch. */
  readonly address: string;
  readonly deviceId: bigint;
  /** What the controller calls the switch, where it has several. */
  readonly name?: string | undefined;
  /** Default: 1, or that of the last primary, if it left. */
  readonly electionId?: bigint | undefined;
  readonly role?: SessionRole | undefined;
  readonly ifPrimaryExists?: IfPrimaryExists | undefined;
  readonly reconnect?: boolean | undefined;
  /** The length of the queue of each kind of message. */
  readonly queueLimit?: number | undefined;
  /** The time limit for the answer to an arbitration message. */
  readonly timeoutMs?: number | undefined;
  readonly loc: Loc;
}

/** The work each time this controller becomes the primary: at first, and after each reconnection. */
export interface Preparation {
  /** Requests wait for it. */
  pipeline(): Promise<void>;
  /** Makes requests of its own. */
  controller(): Promise<void>;
}

const defaultQueueLimit = 4096;
const maxEvents = 256;
/** Between attempts to reconnect, doubling. */
const backoffMs = { first: 50, most: 5000 };
/** The number of election ids that are tried. */
const maxBids = 16;

export class Session {
  readonly transport: Transport;
  readonly deviceId: bigint;
  readonly address: string;
  readonly packetIns: Queue<PacketIn>;
  readonly reconciling = new Turns();
  readonly #ports = new PortStates((port, up) => this.#tell({ kind: 'port', port, up }));
  readonly #digests = new Map<number, Queue<DigestList>>();
  readonly #idleEntries = new Map<number, Queue<TableEntry>>();
  readonly #listeners = new Set<Queue<SwitchEvent>>();
  readonly #options: SessionOptions;
  readonly #closing = new AbortController();
  readonly #restorers = new Map<string, () => Promise<void>>();
  #connection: Connection | undefined;
  #electionId: bigint;
  #standing: Standing = { isPrimary: false, hasPrimary: false, highest: undefined };
  #ended: { readonly reason: unknown } | undefined;
  #preparation: Preparation | undefined;
  #isReconnecting = false;
  #pending: Promise<void> | undefined;

  /** @throws DiagnosticError switch-unreachable, controller-not-primary, election-id-below, bad-election-id */
  static async open(options: SessionOptions): Promise<Session> {
    checkElectionId(options.electionId, options.loc);
    const session = new Session(options);
    try {
      await session.#connect();
      if (options.ifPrimaryExists !== 'stand-by') session.#refuseBackup();
    } catch (error) {
      session.close();
      throw error instanceof ElectionIdTaken ? session.#notPrimary(session.#electionId) : error;
    }
    return session;
  }

  private constructor(options: SessionOptions) {
    this.#options = options;
    this.transport = options.transport;
    this.deviceId = options.deviceId;
    this.address = options.address;
    this.#electionId = options.electionId ?? 1n;
    this.packetIns = this.#newQueue('packet-ins');
  }

  /** What writes say of who asks. */
  get identity(): { readonly device_id: bigint; readonly role?: string; readonly election_id: Uint128 } {
    return { ...this.reader, election_id: uint128(this.#electionId) };
  }

  /** What reads say of who asks. */
  get reader(): { readonly device_id: bigint; readonly role?: string } {
    const { role } = this.#options;
    return { device_id: this.deviceId, ...(role ? { role: role.name } : {}) };
  }

  /** What is asked, with the name of the switch where it has one. */
  asked(what: string): string {
    const { name } = this.#options;
    return name === undefined ? what : `${name}: ${what}`;
  }

  get role(): SessionRole | undefined {
    return this.#options.role;
  }

  get electionId(): bigint {
    return this.#electionId;
  }

  /** Whether this controller may write; another one with a higher election id may take over at any time. */
  get isPrimary(): boolean {
    return this.#connection !== undefined && this.#standing.isPrimary;
  }

  get portsDown(): ReadonlySet<number> {
    return this.#ports.down;
  }

  /** Resolves when the switch is connected again; rejects when the session ends. */
  get pending(): Promise<void> | undefined {
    return this.#pending;
  }

  /** Does this each time the controller becomes the primary, and at once if it is the primary. */
  async prepareWith(preparation: Preparation): Promise<void> {
    this.#preparation = preparation;
    if (!this.isPrimary) return;
    await preparation.pipeline();
    await preparation.controller();
  }

  /** The configuration that a reconnected switch needs again. */
  restoreWith(name: string, restore: () => Promise<void>): void {
    this.#restorers.set(name, restore);
  }

  send(message: StreamMessageRequest): void {
    const { over } = this;
    if (over) throw clientError(over, []);
    if (!this.#connection) throw new P4RuntimeError('UNAVAILABLE', `${this.address} is away`);
    this.#connection.send(message);
  }

  /** The events after this call. */
  events(): Queue<SwitchEvent> {
    const queue = new Queue<SwitchEvent>(maxEvents);
    if (this.#ended) queue.end();
    else this.#listeners.add(queue);
    return queue;
  }

  /** The lists of a digest after the first call. */
  digests(id: number, path: string): Queue<DigestList> {
    return this.#queue(this.#digests, id, `digest ${path}`);
  }

  /** The idle timeout notifications of a table after the first call. */
  idleEntries(table: number, path: string): Queue<TableEntry> {
    return this.#queue(this.#idleEntries, table, `idle timeouts of table ${path}`);
  }

  /** The error of requests after the session was closed or ended. */
  get over(): StatusError | undefined {
    if (!this.#ended) return undefined;
    const { reason } = this.#ended;
    const why = reason === undefined ? '' : `: ${reason instanceof Error ? reason.message.trim() : String(reason)}`;
    return new StatusError('CANCELLED', `the session with the switch is over${why}`);
  }

  close(): void {
    this.#closing.abort();
    this.#connection?.close();
    this.#connection = undefined;
    this.#finish();
  }

  #newQueue<T>(stream: string): Queue<T> {
    return new Queue<T>(this.#options.queueLimit ?? defaultQueueLimit, (total) => this.#tell({ kind: 'dropped', stream, total }));
  }

  #queue<T>(queues: Map<number, Queue<T>>, id: number, name: string): Queue<T> {
    const queue = queues.get(id) ?? this.#newQueue<T>(name);
    queues.set(id, queue);
    if (this.#ended) queue.end(this.#ended.reason);
    return queue;
  }

  #tell(event: SwitchEvent): void {
    for (const listener of this.#listeners) listener.push(event);
  }

  #finish(reason?: unknown): void {
    if (this.#ended) return;
    this.#ended = { reason };
    if (reason !== undefined) this.#tell({ kind: 'ended', reason });
    for (const queue of [this.packetIns, ...this.#digests.values(), ...this.#idleEntries.values()]) queue.end(reason);
    for (const listener of this.#listeners) listener.end();
  }

  /** Opens a stream, and another one when the election id turns out to be taken. */
  async #connect(): Promise<void> {
    for (let bids = 0; ; bids++) {
      const connection = new Connection(this.transport, this.#options, {
        standing: (standing) => this.#stand(standing),
        message: (message) => this.#receive(message),
        end: (reason) => this.#lose(reason),
      });
      this.#connection = connection;
      try {
        await this.#elect(connection, this.#options.ifPrimaryExists ?? 'fail');
        return;
      } catch (error) {
        connection.close();
        this.#connection = undefined;
        const next = error instanceof ElectionIdTaken && bids < maxBids ? this.#idAfterTaken() : undefined;
        if (next === undefined) throw error;
        this.#electionId = next;
      }
    }
  }

  /** The election id for a new stream, if another controller has this one. */
  #idAfterTaken(): bigint | undefined {
    const { electionId, ifPrimaryExists } = this.#options;
    if (electionId !== undefined) return undefined;
    if (ifPrimaryExists === 'take-over') return this.#electionId < maxElectionId ? this.#electionId + 1n : undefined;
    // A controller without an election id is a backup, and gets a message when the primary leaves.
    return ifPrimaryExists === 'stand-by' && this.#electionId !== 0n ? 0n : undefined;
  }

  async #elect(connection: Connection, mode: IfPrimaryExists, first?: Standing): Promise<void> {
    const { electionId: chosen, role } = this.#options;
    let standing = first ?? (await connection.arbitrate(this.deviceId, this.#electionId, role));
    for (let bids = 0; bids < maxBids; bids++) {
      const next = chosen === undefined ? nextBid(standing, mode) : undefined;
      if (next === undefined) break;
      this.#electionId = next;
      standing = await connection.arbitrate(this.deviceId, next, role);
    }
    this.#standing = standing;
    this.#tellStanding();
  }

  #tellStanding(): void {
    const { isPrimary, hasPrimary, highest } = this.#standing;
    this.#tell(isPrimary ? { kind: 'primary', electionId: this.#electionId } : { kind: 'backup', hasPrimary, highest });
  }

  /** Another controller came or went. */
  #stand(standing: Standing): void {
    const was = this.#standing.isPrimary;
    this.#standing = standing;
    const { ifPrimaryExists, electionId } = this.#options;
    const connection = this.#connection;
    // Two controllers that take over would outbid each other for ever: this one waits until there is no primary.
    const bids = ifPrimaryExists !== undefined && ifPrimaryExists !== 'fail' && electionId === undefined;
    if (!standing.isPrimary && !standing.hasPrimary && bids && connection) {
      this.#elect(connection, 'stand-by', standing).then(
        () => this.#promote(was),
        () => undefined,
      );
      return;
    }
    this.#tellStanding();
    this.#promote(was);
  }

  #promote(was: boolean): void {
    if (was || !this.isPrimary || this.#isReconnecting) return;
    void this.#settle(this.#preparation?.pipeline() ?? Promise.resolve());
  }

  /** Requests wait for `prepared`; then the controller does its part. */
  async #settle(prepared: Promise<void>, then?: () => void): Promise<void> {
    this.#pending = prepared;
    let connection = this.#connection;
    try {
      await prepared.finally(() => {
        if (this.#pending === prepared) this.#pending = undefined;
      });
      connection = this.#connection;
      then?.();
      if (!this.isPrimary) return;
      for (const restore of this.#restorers.values()) await restore();
      await this.#preparation?.controller();
    } catch (error) {
      this.#fail(error, connection);
    }
  }

  /** The work on that connection failed; without a connection, the reconnection failed. */
  #fail(error: unknown, connection: Connection | undefined): void {
    if (this.#closing.signal.aborted) return;
    // On another connection, or as the primary again, the work starts from the beginning.
    if (connection && (this.#connection !== connection || !this.isPrimary)) return;
    this.#connection?.close();
    if (connection && this.#options.reconnect && isAway(error)) {
      this.#lose(error);
      return;
    }
    this.#connection = undefined;
    this.#finish(error);
  }

  #receive(message: StreamMessageResponse): void {
    if (message.packet) this.packetIns.push(message.packet);
    else if (message.digest) this.#digests.get(message.digest.digest_id ?? 0)?.push(message.digest);
    else if (message.idle_timeout_notification) this.#receiveIdle(message.idle_timeout_notification);
    else if (message.other) this.#receiveOther(message.other);
    else if (message.error) this.#tell({ kind: 'refused', reason: streamError(message.error) });
  }

  #receiveOther(other: Any): void {
    const down = decodePortStatus(other);
    if (down) this.#ports.receive(down);
  }

  #receiveIdle({ table_entry: entries = [] }: IdleTimeoutNotification): void {
    for (const entry of entries) this.#idleEntries.get(entry.table_id ?? 0)?.push(entry);
  }

  /** The switch ended the stream. */
  #lose(reason: unknown): void {
    this.#connection = undefined;
    this.#ports.lost();
    this.#tell({ kind: 'disconnected', reason });
    if (!this.#options.reconnect) this.#finish(reason);
    else if (!this.#isReconnecting) void this.#settle(this.#reconnect(), () => this.#tell({ kind: 'reconnected' }));
  }

  async #reconnect(): Promise<void> {
    this.#isReconnecting = true;
    const { signal } = this.#closing;
    try {
      for (let retryMs = backoffMs.first; ; retryMs = Math.min(2 * retryMs, backoffMs.most)) {
        await pause(retryMs, signal);
        try {
          await this.#connect();
          if (this.isPrimary) await this.#preparation?.pipeline();
          if (!this.#connection) continue;
          this.#ports.reconnected();
          return;
        } catch (error) {
          if (signal.aborted || !isTransient(error)) throw error;
          this.#connection?.close();
          this.#connection = undefined;
          this.#tell({ kind: 'retry', reason: error, retryMs });
        }
      }
    } finally {
      this.#isReconnecting = false;
    }
  }

  #refuseBackup(): void {
    const { isPrimary, hasPrimary, highest } = this.#standing;
    if (isPrimary) return;
    const { address, loc } = this.#options;
    if (!hasPrimary && highest !== undefined) fail('election-id-below', { address, electionId: this.#electionId, highest }, { loc });
    throw this.#notPrimary(highest);
  }

  #notPrimary(highest: bigint | undefined): DiagnosticError {
    const { address, loc } = this.#options;
    return new DiagnosticError([diagnostic('controller-not-primary', { address, electionId: this.#electionId, highest }, { loc })]);
  }
}

/** Statuses that a retry does not change. */
const lasting: ReadonlySet<string> = new Set(['INVALID_ARGUMENT', 'NOT_FOUND', 'FAILED_PRECONDITION', 'UNIMPLEMENTED', 'UNAUTHENTICATED']);

/** The connection may be lost before its stream ends. */
function isAway(error: unknown): boolean {
  return error instanceof P4RuntimeError && (error.code === 'UNAVAILABLE' || error.code === 'DEADLINE_EXCEEDED');
}

function isTransient(error: unknown): boolean {
  if (error instanceof ElectionIdTaken) return true;
  if (error instanceof DiagnosticError) return error.diagnostics.every((d) => d.code === 'switch-unreachable');
  return error instanceof P4RuntimeError && !lasting.has(error.code);
}

function streamError(error: StreamError): P4RuntimeError {
  const what = error.packet_out ? 'packet-out' : error.digest_list_ack ? 'digest acknowledgement' : 'message';
  return new P4RuntimeError(codeName(error.canonical_code), `${what}: ${error.message ?? 'the switch gives no reason'}`);
}
