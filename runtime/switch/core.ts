/**
 * The P4Runtime server of one device, whoever brings the messages: gRPC or a client in the same process. It holds what
 * the control plane has written, checks every request against the loaded pipeline, and reaches the data plane by messages.
 */
import type { Program } from '../../compiler/ir/index.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { Trace } from '../interpreter/trace.js';
import type {
  CapabilitiesRequest,
  CapabilitiesResponse,
  DigestList,
  Entity,
  GetForwardingPipelineConfigRequest,
  GetForwardingPipelineConfigResponse,
  IdleTimeoutNotification,
  P4Error,
  PacketIn,
  PacketOut,
  ReadRequest,
  ReadResponse,
  SetForwardingPipelineConfigRequest,
  Uint128,
  WriteRequest,
} from '../p4runtime/messages.js';
import { StatusError } from '../p4runtime/status.js';
import type { ClientStream, StreamHandlers } from '../p4runtime/transport.js';
import { Arbiter, describeElection, electionNumber } from './arbitration.js';
import { type Clock, systemClock } from './clock.js';
import { Digests } from './digests.js';
import { IdleTimeouts } from './idle-timeouts.js';
import { Lock } from './lock.js';
import type { DataPlane, OutputPacket, StateUpdate } from './messages.js';
import { decodePacketIn, encodePacketOut } from './packet-io.js';
import { type Pipeline, partOfConfig, verifyConfig } from './pipeline-config.js';
import { readEntity } from './read.js';
import { asRefusal, type Refusal, refusal, refuse } from './refusals.js';
import { Store } from './store.js';
import { Stream } from './stream.js';
import { applyUpdate } from './write.js';

export interface SwitchOptions {
  /** Not 0; 1 where it is not said. */
  readonly deviceId?: bigint;
  /** The port to and from the controller, unless the program's architecture says it; `defaultCpuPort` where it is not said. */
  readonly cpuPort?: number;
  readonly dataPlane: DataPlane;
  /** What digests, idle timeouts, meters and timestamps go by; the time of the machine where it is not said. */
  readonly clock?: Clock;
}
/** The highest port of 9 bits that is not the one that means drop. */
export const defaultCpuPort = 510;
export const apiVersion = '1.5.0';

export interface PacketOptions {
  readonly trace?: boolean;
  /** Since the switch started. */
  readonly timestampNs?: bigint;
}
/** What became of a packet that entered the switch. */
export interface PacketResult {
  /** What left through ports other than the CPU port. */
  readonly outputs: readonly OutputPacket[];
  /** What went to the controller. */
  readonly packetIns: readonly PacketIn[];
  readonly trace?: Trace;
}
export type OutputListener = (packet: OutputPacket) => void;

/** Requests reject with a StatusError; one of a batch has an error for each element. */
export interface SwitchCore {
  readonly deviceId: bigint;
  readonly cpuPort: number;
  write(request: WriteRequest): Promise<void>;
  read(request: ReadRequest): AsyncIterable<ReadResponse>;
  setPipeline(request: SetForwardingPipelineConfigRequest): Promise<void>;
  getPipeline(request: GetForwardingPipelineConfigRequest): Promise<GetForwardingPipelineConfigResponse>;
  capabilities(request: CapabilitiesRequest): Promise<CapabilitiesResponse>;
  openStream(handlers: StreamHandlers): ClientStream;
  /**
   * A packet arrives at a port, now or at the time that is given. It is processed after the writes that came before it.
   * What goes to the CPU port becomes a packet-in; listeners hear of the rest.
   */
  processPacket(port: number, bytes: Uint8Array, options?: PacketOptions): Promise<PacketResult>;
  /** Whether a port works: members of groups that watch it are left out while it does not. Ports are up at the start. */
  setPort(port: number, up: boolean): Promise<void>;
  /** Returns what ends the listening. */
  onOutput(listener: OutputListener): () => void;
  /** The loaded program, as the data plane runs it. */
  readonly program: Program | undefined;
  /** Ends all streams, then the data plane. */
  close(): Promise<void>;
}

/** @throws DiagnosticError bad-cpu-port */
export function createSwitch(options: SwitchOptions): SwitchCore {
  const { cpuPort: port = defaultCpuPort } = options;
  if (!Number.isInteger(port) || port < 1 || port > defaultCpuPort)
    fail('bad-cpu-port', { port, max: defaultCpuPort }, { loc: captureLocation() });
  return new Core(options);
}

const maxControllers = 64;
const entitiesPerResponse = 500;

interface Loaded extends Pipeline {
  readonly store: Store;
  readonly digests: Digests;
  readonly idleTimeouts: IdleTimeouts;
}

class Core implements SwitchCore {
  readonly deviceId: bigint;
  readonly cpuPort: number;
  readonly #dataPlane: DataPlane;
  readonly #clock: Clock;
  readonly #arbiter: Arbiter;
  readonly #lock = new Lock();
  readonly #streams = new Set<Stream>();
  readonly #listeners = new Set<OutputListener>();
  readonly #portsDown = new Set<number>();
  #loaded: Loaded | undefined;

  constructor({ deviceId = 1n, cpuPort = defaultCpuPort, dataPlane, clock = systemClock() }: SwitchOptions) {
    this.deviceId = deviceId;
    this.cpuPort = cpuPort;
    this.#dataPlane = dataPlane;
    this.#clock = clock;
    this.#arbiter = new Arbiter(deviceId, maxControllers);
  }

  get program(): Program | undefined {
    return this.#loaded?.program;
  }

  async write(request: WriteRequest): Promise<void> {
    await this.#lock.run(() => this.#answer(() => this.#write(request)));
  }

  async #write(request: WriteRequest): Promise<void> {
    this.#checkWriter(request);
    const loaded = this.#requirePipeline();
    const atomicity = request.atomicity ?? 'CONTINUE_ON_ERROR';
    if (atomicity !== 'CONTINUE_ON_ERROR') refuse('not-supported', { what: `atomicity ${atomicity}` });
    const changes: StateUpdate[] = [];
    const results = (request.updates ?? []).map((update): Refusal | undefined => {
      try {
        for (const change of applyUpdate(loaded, update)) changes.push(change);
        return undefined;
      } catch (error) {
        return asRefusal(error);
      }
    });
    if (changes.length > 0) await this.#dataPlane.request('write', { updates: changes, nowNs: this.#clock.now() });
    loaded.idleTimeouts.schedule();
    throwBatch(results, 'update');
  }

  async *read(request: ReadRequest): AsyncGenerator<ReadResponse> {
    const { entities, results } = await this.#lock.run(() => this.#answer(() => this.#read(request)));
    for (let i = 0; i < entities.length; i += entitiesPerResponse) yield { entities: entities.slice(i, i + entitiesPerResponse) };
    throwBatch(results, 'read');
  }

  async #read(request: ReadRequest): Promise<{ entities: Entity[]; results: (Refusal | undefined)[] }> {
    this.#checkDevice(request.device_id);
    const loaded = this.#requirePipeline();
    const nowNs = this.#clock.now();
    const entities: Entity[] = [];
    const results: (Refusal | undefined)[] = [];
    for (const filter of request.entities ?? []) {
      try {
        for (const entity of await readEntity({ ...loaded, dataPlane: this.#dataPlane, nowNs }, filter)) entities.push(entity);
        results.push(undefined);
      } catch (error) {
        results.push(asRefusal(error));
      }
    }
    return { entities, results };
  }

  async setPipeline(request: SetForwardingPipelineConfigRequest): Promise<void> {
    await this.#lock.run(() => this.#answer(() => this.#setPipeline(request)));
  }

  async #setPipeline(request: SetForwardingPipelineConfigRequest): Promise<void> {
    this.#checkWriter(request);
    switch (request.action ?? 'UNSPECIFIED') {
      case 'VERIFY':
        verifyConfig(request.config, this.cpuPort);
        return;
      case 'VERIFY_AND_COMMIT': {
        const pipeline = verifyConfig(request.config, this.cpuPort);
        await this.#dataPlane.request('load', { program: pipeline.program });
        this.#unload();
        this.#loaded = this.#start(pipeline);
        const updates = [...this.#portsDown].map((port) => ({ kind: 'port', port, up: false }) as const);
        if (updates.length > 0) await this.#dataPlane.request('write', { updates });
        return;
      }
      case 'VERIFY_AND_SAVE':
      case 'COMMIT':
      case 'RECONCILE_AND_COMMIT':
        return refuse('not-supported', { what: `the action ${request.action}` });
      default:
        return refuse('nothing-set', { what: 'the action' });
    }
  }

  #start(pipeline: Pipeline): Loaded {
    const clock = this.#clock;
    const dataPlane = this.#dataPlane;
    const store = new Store(pipeline.schema, () => clock.now());
    const notify = (idle_timeout_notification: IdleTimeoutNotification): void => this.#primary?.respond({ idle_timeout_notification });
    const primary = (): Stream | undefined => this.#primary;
    const send = (digest: DigestList): Stream | undefined => {
      this.#primary?.respond({ digest });
      return this.#primary;
    };
    return {
      ...pipeline,
      store,
      digests: new Digests({ schema: pipeline.schema, clock, primary, send }),
      idleTimeouts: new IdleTimeouts({ clock, store, dataPlane, lock: this.#lock, notify }),
    };
  }

  /** What waits for its time is called off. */
  #unload(): void {
    this.#loaded?.digests.stop();
    this.#loaded?.idleTimeouts.stop();
  }

  get #primary(): Stream | undefined {
    return this.#arbiter.primary as Stream | undefined;
  }

  getPipeline(request: GetForwardingPipelineConfigRequest): Promise<GetForwardingPipelineConfigResponse> {
    return this.#answer(() => {
      this.#checkDevice(request.device_id);
      return this.#loaded ? { config: partOfConfig(this.#loaded.config, request.response_type ?? 'ALL') } : {};
    });
  }

  capabilities(request: CapabilitiesRequest): Promise<CapabilitiesResponse> {
    return this.#answer(() => {
      if ((request.device_id ?? 0n) !== 0n) this.#checkDevice(request.device_id);
      return { p4runtime_api_version: apiVersion };
    });
  }

  openStream(handlers: StreamHandlers): ClientStream {
    const stream = new Stream(
      {
        deviceId: this.deviceId,
        arbiter: this.#arbiter,
        lock: this.#lock,
        packetOut: (packet) => this.#packetOut(packet),
        digestAck: (ack) => this.#requirePipeline().digests.acknowledge(ack),
        closed: (closed) => this.#streams.delete(closed),
      },
      handlers,
    );
    this.#streams.add(stream);
    return stream;
  }

  async #packetOut(packet: PacketOut): Promise<void> {
    const { schema, cpuPort } = this.#requirePipeline();
    await this.#process(cpuPort, encodePacketOut(schema.packetOut, packet), { timestampNs: this.#clock.now() });
  }

  processPacket(port: number, bytes: Uint8Array, options: PacketOptions = {}): Promise<PacketResult> {
    const { timestampNs = this.#clock.now() } = options;
    return this.#lock.run(() => this.#process(port, bytes, { ...options, timestampNs }));
  }

  async #process(port: number, bytes: Uint8Array, options: PacketOptions): Promise<PacketResult> {
    // A switch without a pipeline has nothing to do with packets.
    if (!this.#loaded) return { outputs: [], packetIns: [] };
    const { schema, digests, cpuPort } = this.#loaded;
    const reply = await this.#dataPlane.request('packet', { port, bytes, ...options });
    const outputs = reply.outputs.filter((o) => o.port !== cpuPort);
    const packetIns = reply.outputs.filter((o) => o.port === cpuPort).flatMap((o) => decodePacketIn(schema.packetIn, o.bytes) ?? []);
    for (const packet of packetIns) this.#primary?.respond({ packet });
    for (const digest of reply.digests ?? []) digests.receive(digest);
    for (const output of outputs) for (const listener of this.#listeners) listener(output);
    return { outputs, packetIns, ...(reply.trace ? { trace: reply.trace } : {}) };
  }

  setPort(port: number, up: boolean): Promise<void> {
    return this.#lock.run(async () => {
      if (up) this.#portsDown.delete(port);
      else this.#portsDown.add(port);
      if (this.#loaded) await this.#dataPlane.request('write', { updates: [{ kind: 'port', port, up }] });
    });
  }

  onOutput(listener: OutputListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    for (const stream of [...this.#streams]) stream.close();
    this.#unload();
    await this.#lock.run(() => this.#dataPlane.close());
  }

  /** The checks of every request that changes something, in the order of the specification ("Write RPC"). */
  #checkWriter(request: { readonly device_id?: bigint; readonly role?: string; readonly election_id?: Uint128 }): void {
    this.#checkDevice(request.device_id);
    if ((request.role ?? '') !== '') refuse('no-such-role', { role: request.role as string });
    const id = electionNumber(request.election_id);
    if (!this.#arbiter.isPrimaryId(id)) refuse('not-primary', { electionId: describeElection(id) });
  }

  #checkDevice(id = 0n): void {
    if (id !== this.deviceId) refuse('no-such-device', { id, known: this.deviceId });
  }

  #requirePipeline(): Loaded {
    return this.#loaded ?? refuse('no-pipeline', {});
  }

  /** What is thrown besides refusals is a failure of the switch. */
  async #answer<T>(task: () => Promise<T> | T): Promise<T> {
    try {
      return await task();
    } catch (error) {
      throw error instanceof StatusError ? error : refusal('internal', { why: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** One error for each element of the batch, unless all succeeded ("Error Reporting"). */
function throwBatch(results: readonly (Refusal | undefined)[], what: 'update' | 'read'): void {
  const failed = results.filter((r) => r !== undefined);
  if (failed.length === 0) return;
  const errors = results.map((r): P4Error => r?.toP4Error() ?? { canonical_code: 0 });
  const count = results.length === 1 ? `the ${what} was refused` : `${failed.length} of ${results.length} ${what}s were refused`;
  throw new StatusError('UNKNOWN', `${count}: ${failed[0]?.message}`, errors);
}
