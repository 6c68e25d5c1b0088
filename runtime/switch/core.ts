/**
 * The P4Runtime server of one device, whoever brings the messages: gRPC or a client in the same process. It holds what
 * the control plane has written, checks every request against the loaded pipeline, and reaches the data plane by messages.
 */

import { expectArguments } from '../../compiler/dsl/arguments.js';
import type { Program } from '../../compiler/ir/index.js';
import { isBytes } from '../../compiler/support/bytes.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { DataPlane, OutputPacket, Transit, TreeReply } from '../data-plane/messages.js';
import type { Trace } from '../data-plane/trace.js';
import type {
  CapabilitiesRequest,
  CapabilitiesResponse,
  Entity,
  GetForwardingPipelineConfigRequest,
  GetForwardingPipelineConfigResponse,
  PacketIn,
  PacketOut,
  ReadRequest,
  SetForwardingPipelineConfigRequest,
  StreamMessageRequest,
  Uint128,
  Update,
  WriteRequest,
} from '../p4runtime/messages.js';
import { StatusError } from '../p4runtime/status.js';
import type { ClientStream, StreamHandlers } from '../p4runtime/transport.js';
import { describeElection, electionNumber } from './arbitration.js';
import { type Clock, systemClock } from './clock.js';
import { filtered, joined } from './lazy-iterables.js';
import type { Loaded } from './loaded-pipeline.js';
import { Lock } from './lock.js';
import { decodePacketIn, encodePacketOut } from './packet-io.js';
import { partOfConfig } from './pipeline-config.js';
import { Pipelines } from './pipelines.js';
import { readEntity } from './read.js';
import { asRefusal, type Refusal, refusal, refuse } from './refusals.js';
import { type Role, Roles } from './roles.js';
import { Stream } from './stream.js';
import { type Results, throwBatch, writeBatch } from './write-batch.js';

/** What a switch is made of. */
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

/** How a packet is processed. */
export interface PacketOptions {
  readonly trace?: boolean;
  /** Since the switch started. */
  readonly timestampNs?: bigint;
  readonly transit?: Transit;
}
/** What became of a packet that entered the switch. */
export interface PacketResult {
  /** What left through ports other than the CPU port. */
  readonly outputs: readonly OutputPacket[];
  /** What left through the CPU port, as it was. */
  readonly toController: readonly OutputPacket[];
  /** The same as the controller has it. */
  readonly packetIns: readonly PacketIn[];
  readonly trace?: Trace;
}
/** What a tree of traces is made with. */
export interface TreeOptions extends Pick<PacketOptions, 'transit'> {
  /** The ids of tables that are taken as if nobody knew their entries. */
  readonly open: readonly number[];
  /** How often the packet is run at most. */
  readonly limit: number;
}
/** Counts since the switch started; those of tables, drops and parser errors since its pipeline was committed. */
export interface SwitchStatistics {
  readonly packets: { readonly received: number; readonly sent: number; readonly packetIns: number; readonly packetOuts: number };
  readonly drops: ReadonlyMap<string, number>;
  readonly parserErrors: ReadonlyMap<string, number>;
  readonly tables: readonly {
    readonly name: string;
    readonly entries: number;
    readonly size: number;
    readonly hits: number;
    readonly misses: number;
  }[];
  /** Open streams. */
  readonly streams: number;
}
/** Is told of each packet that leaves. */
export type OutputListener = (packet: OutputPacket) => void;

/** A controller's stream, as the server's side of a transport uses it. */
export interface ServerStream extends ClientStream {
  /** Resolves when the message was handled. */
  send(message: StreamMessageRequest): Promise<void>;
}

/** A WriteRequest whose updates are made one after the other. When one cannot be made, nothing is written. */
export interface WriteUpdates extends Omit<WriteRequest, 'updates'> {
  readonly updates?: Iterable<Update>;
}

/** Requests reject with a StatusError; one of a batch has an error for each element. */
export interface SwitchCore {
  readonly deviceId: bigint;
  readonly cpuPort: number;
  /** P4Runtime's Write. */
  write(request: WriteUpdates): Promise<void>;
  /** P4Runtime's Read. */
  read(request: ReadRequest): AsyncIterable<Entity>;
  /** P4Runtime's SetForwardingPipelineConfig. */
  setPipeline(request: SetForwardingPipelineConfigRequest): Promise<void>;
  /** P4Runtime's GetForwardingPipelineConfig. */
  getPipeline(request: GetForwardingPipelineConfigRequest): Promise<GetForwardingPipelineConfigResponse>;
  /** P4Runtime's Capabilities. */
  capabilities(request: CapabilitiesRequest): Promise<CapabilitiesResponse>;
  /** P4Runtime's StreamChannel. */
  openStream(handlers: StreamHandlers): ServerStream;
  /**
   * A packet arrives at a port, now or at the time that is given. It is processed after the writes that came before it.
   * What goes to the CPU port becomes a packet-in; listeners hear of the rest.
   */
  processPacket(port: number, bytes: Uint8Array, options?: PacketOptions): Promise<PacketResult>;
  /** All that can happen to a packet that arrives at a port now; nothing of the switch changes. Without a pipeline, undefined. */
  traceTree(port: number, bytes: Uint8Array, options: TreeOptions): Promise<(TreeReply & { readonly cpuPort: number }) | undefined>;
  /**
   * Whether a port works: members of groups that watch it are left out while it does not. Ports are up at the start.
   * Controllers are told.
   */
  setPort(port: number, up: boolean): Promise<void>;
  /** Returns what ends the listening. */
  onOutput(listener: OutputListener): () => void;
  /** The loaded program, as the data plane runs it. */
  readonly program: Program | undefined;
  /** What the switch has counted. */
  statistics(): Promise<SwitchStatistics>;
  /** Ends all streams, then the data plane. */
  close(): Promise<void>;
}

/** @throws DiagnosticError bad-cpu-port, bad-operand for a device id that cannot be */
export function createSwitch(options: SwitchOptions): SwitchCore {
  const wanted = { deviceId: 'bigint?', dataPlane: 'object' } as const;
  expectArguments('createSwitch', { options: { kind: 'object', parts: wanted } }, [options]);
  const { cpuPort: port = defaultCpuPort, deviceId: id = 1n } = options;
  if (id < 1n || id > maxDeviceId)
    fail('bad-operand', { got: String(id), expected: `a device id from 1 to ${maxDeviceId}` }, { loc: captureLocation() });
  if (!Number.isInteger(port) || port < 1 || port > defaultCpuPort)
    fail('bad-cpu-port', { port, max: defaultCpuPort }, { loc: captureLocation() });
  return new Core(options);
}

/** Of 64 bits; 0 is no device (P4Runtime, "Default Role and Default Device ID"). */
const maxDeviceId = 2n ** 64n - 1n;
/** Streams on which nobody has asked for a role yet. */
const maxNewcomers = 64;

class Core implements SwitchCore {
  readonly deviceId: bigint;
  readonly cpuPort: number;
  readonly #dataPlane: DataPlane;
  readonly #clock: Clock;
  readonly #roles: Roles;
  readonly #lock = new Lock();
  readonly #pipelines: Pipelines;
  readonly #streams = new Set<Stream>();
  readonly #listeners = new Set<OutputListener>();
  readonly #packets = { received: 0, sent: 0, packetIns: 0, packetOuts: 0 };

  constructor({ deviceId = 1n, cpuPort = defaultCpuPort, dataPlane, clock = systemClock() }: SwitchOptions) {
    this.deviceId = deviceId;
    this.cpuPort = cpuPort;
    this.#dataPlane = dataPlane;
    this.#clock = clock;
    this.#roles = new Roles(deviceId);
    this.#pipelines = new Pipelines({ cpuPort, dataPlane, clock, lock: this.#lock, roles: this.#roles });
  }

  get program(): Program | undefined {
    return this.#pipelines.running?.program;
  }

  async write(request: WriteUpdates): Promise<void> {
    await this.#lock.run(() => this.#answer(() => this.#write(request)));
  }

  async #write(request: WriteUpdates): Promise<void> {
    const role = this.#checkWriter(request);
    const loaded = this.#requirePipeline();
    const batch = {
      updates: request.updates ?? [],
      atomicity: request.atomicity ?? 'CONTINUE_ON_ERROR',
      checkRight: (entity: Entity) => {
        if (!this.#roles.mayWrite(role, entity)) refuse('not-for-role', { role: role.name, what: 'write it' });
      },
    };
    const results = await writeBatch(loaded, batch, this.#clock.now());
    if (loaded === this.#pipelines.running) loaded.idleTimeouts.schedule();
    throwBatch(results, 'update');
  }

  async *read(request: ReadRequest): AsyncGenerator<Entity> {
    const { entities, results } = await this.#lock.run(() => this.#answer(() => this.#read(request)));
    yield* entities;
    throwBatch(results, 'read');
  }

  /** What there is now; messages are made of it later, when writes go on. */
  async #read(request: ReadRequest): Promise<{ entities: Iterable<Entity>; results: Results }> {
    this.#checkDevice(request.device_id);
    const { scope } = this.#roles.get(request.role);
    const loaded = this.#requirePipeline();
    const nowNs = this.#clock.now();
    const found: Iterable<Entity>[] = [];
    const results: (Refusal | undefined)[] = [];
    for (const filter of request.entities ?? []) {
      try {
        found.push(await readEntity({ ...loaded, nowNs }, filter));
        results.push(undefined);
      } catch (error) {
        results.push(asRefusal(error));
      }
    }
    return { entities: filtered(joined(found), (entity) => scope.includes(entity)), results };
  }

  async setPipeline(request: SetForwardingPipelineConfigRequest): Promise<void> {
    await this.#lock.run(() =>
      this.#answer(() => {
        const role = this.#checkWriter(request);
        if (!role.scope.pushesPipelines) refuse('not-for-role', { role: role.name, what: 'set the pipeline' });
        return this.#pipelines.set(request.action ?? 'UNSPECIFIED', request.config);
      }),
    );
  }

  getPipeline(request: GetForwardingPipelineConfigRequest): Promise<GetForwardingPipelineConfigResponse> {
    return this.#answer(() => {
      this.#checkDevice(request.device_id);
      const loaded = this.#pipelines.current;
      return loaded ? { config: partOfConfig(loaded.config, request.response_type ?? 'ALL') } : {};
    });
  }

  capabilities(request: CapabilitiesRequest): Promise<CapabilitiesResponse> {
    return this.#answer(() => {
      if ((request.device_id ?? 0n) !== 0n) this.#checkDevice(request.device_id);
      return { p4runtime_api_version: apiVersion };
    });
  }

  openStream(handlers: StreamHandlers): ServerStream {
    const stream = new Stream(
      {
        deviceId: this.deviceId,
        roles: this.#roles,
        lock: this.#lock,
        packetOut: (packet) => this.#packetOut(packet),
        digestAck: (ack) => this.#requireRunning().digests.acknowledge(ack),
        portsDown: this.#pipelines.portsDown,
        closed: (closed) => this.#streams.delete(closed),
      },
      handlers,
    );
    this.#endNewcomer();
    this.#streams.add(stream);
    return stream;
  }

  /** Makes room for one more stream without a role: whoever has waited longest is the least likely to ask for one. */
  #endNewcomer(): void {
    const newcomers = [...this.#streams].filter((stream) => !stream.hasRole);
    if (newcomers.length >= maxNewcomers) newcomers[0]?.close(refusal('too-many-newcomers', { limit: maxNewcomers }));
  }

  statistics(): Promise<SwitchStatistics> {
    return this.#lock.run(async () => {
      const { running } = this.#pipelines;
      const counts = await running?.dataPlane.request('read-statistics', {});
      const lookups = new Map(counts?.tables.map((table) => [table.name, table]));
      const tables = [...(running?.schema.tables.values() ?? [])].map((table) => {
        const { hits = 0, misses = 0 } = lookups.get(table.name) ?? {};
        return { name: table.name, entries: running?.store.count(table) ?? 0, size: table.size, hits, misses };
      });
      const { drops = new Map(), parserErrors = new Map() } = counts ?? {};
      return { packets: { ...this.#packets }, drops, parserErrors, tables, streams: this.#streams.size };
    });
  }

  async #packetOut(packet: PacketOut): Promise<void> {
    const { schema, cpuPort } = this.#requireRunning();
    const bytes = encodePacketOut(schema.packetOut, packet);
    this.#packets.packetOuts++;
    await this.#process(cpuPort, bytes, { timestampNs: this.#clock.now() });
  }

  async processPacket(port: number, bytes: Uint8Array, options: PacketOptions = {}): Promise<PacketResult> {
    this.#checkArrival('processPacket', port, bytes);
    const { timestampNs = this.#clock.now() } = options;
    this.#packets.received++;
    return this.#lock.run(() => this.#process(port, bytes, { ...options, timestampNs }));
  }

  async traceTree(port: number, bytes: Uint8Array, { open: ids, ...options }: TreeOptions): ReturnType<SwitchCore['traceTree']> {
    this.#checkArrival('traceTree', port, bytes);
    const timestampNs = this.#clock.now();
    return this.#lock.run(async () => {
      const { running } = this.#pipelines;
      const open = ids.flatMap((id) => running?.schema.tables.get(id)?.name ?? []);
      return (
        running && {
          ...(await running.dataPlane.request('tree', { port, bytes, timestampNs, open, ...options })),
          cpuPort: running.cpuPort,
        }
      );
    });
  }

  #checkArrival(what: string, port: number, bytes: Uint8Array): void {
    if (!isBytes(bytes)) expectArguments(what, { port: 'number', bytes: 'bytes' }, [port, bytes]);
    const { maxIngressPort: max = 0xffff_ffff } = this.#pipelines.running?.schema.device ?? {};
    if (!(Number.isInteger(port) && port >= 0 && port <= max))
      fail('bad-operand', { got: String(port), expected: `a port from 0 to ${max}` }, { loc: captureLocation() });
  }

  async #process(port: number, bytes: Uint8Array, options: PacketOptions): Promise<PacketResult> {
    // A switch without a pipeline has nothing to do with packets.
    const { running } = this.#pipelines;
    if (!running) return { outputs: [], toController: [], packetIns: [] };
    const { schema, digests, cpuPort, dataPlane } = running;
    const reply = await dataPlane.request('packet', { port, bytes, ...options });
    const outputs = reply.outputs.filter((o) => o.port !== cpuPort);
    const toController = reply.outputs.filter((o) => o.port === cpuPort);
    const packetIns = toController.flatMap((o) => decodePacketIn(schema.packetIn, o.bytes) ?? []);
    this.#packets.sent += outputs.length;
    this.#packets.packetIns += packetIns.length;
    for (const packet of packetIns)
      for (const primary of this.#roles.primaries((scope) => scope.receives(packet))) primary.respond({ packet });
    for (const digest of reply.digests ?? []) digests.receive(digest);
    for (const output of outputs) for (const listener of this.#listeners) listener(output);
    return { outputs, toController, packetIns, ...(reply.trace ? { trace: reply.trace } : {}) };
  }

  setPort(port: number, up: boolean): Promise<void> {
    return this.#lock.run(async () => {
      if (this.#pipelines.portsDown.has(port) === !up) return;
      await this.#pipelines.setPort(port, up);
      for (const stream of this.#streams) stream.tellPorts();
    });
  }

  onOutput(listener: OutputListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    for (const stream of [...this.#streams]) stream.close();
    this.#pipelines.stop();
    await this.#lock.run(() => this.#dataPlane.close());
  }

  /** The checks of every request that changes something, in the order of the specification ("Write RPC"). */
  #checkWriter(request: { readonly device_id?: bigint; readonly role?: string; readonly election_id?: Uint128 }): Role {
    this.#checkDevice(request.device_id);
    const role = this.#roles.get(request.role);
    const id = electionNumber(request.election_id);
    if (!role.arbiter.isPrimaryId(id)) refuse('not-primary', { electionId: describeElection(id) });
    return role;
  }

  #checkDevice(id = 0n): void {
    if (id !== this.deviceId) refuse('no-such-device', { id, known: this.deviceId });
  }

  #requirePipeline(): Loaded {
    return this.#pipelines.current ?? refuse('no-pipeline', {});
  }
  #requireRunning(): Loaded {
    return this.#pipelines.running ?? refuse('no-pipeline', {});
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
