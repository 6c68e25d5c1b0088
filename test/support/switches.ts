/** Switches for tests, reached in process and over gRPC: whatever is tested through a transport is tested over both. */
import { describe } from 'vitest';
import { programOf } from '../../compiler/dsl/handles.js';
import { toJson } from '../../compiler/ir/json.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import { serve } from '../../runtime/grpc/serve.js';
import { grpcTransport } from '../../runtime/grpc/transport.js';
import { createDataPlane } from '../../runtime/interpreter/index.js';
import type { Entity, ForwardingPipelineConfig, StreamMessageResponse, Uint128, Update } from '../../runtime/p4runtime/messages.js';
import { StatusError } from '../../runtime/p4runtime/status.js';
import type { ClientStream, Transport } from '../../runtime/p4runtime/transport.js';
import { createSwitch, type SwitchCore, type SwitchOptions } from '../../runtime/switch/core.js';
import { localTransport } from '../../runtime/switch/local-transport.js';
import { afterThe } from './cleanups.js';
import { lab } from './lab.js';

const program = (programOf(lab) as NonNullable<ReturnType<typeof programOf>>).ir;
export const labProgram = program;
export const labP4Info: P4Info = buildP4Info(lowerToV1model(program).program);
export const labConfig: ForwardingPipelineConfig = {
  p4info: labP4Info,
  p4_device_config: Buffer.from(toJson(program)),
  cookie: { cookie: 7n },
};

/** The ids that the P4Info of the lab gives. */
export function idOf(kind: 'tables' | 'actions' | 'counters', name: string): number {
  const found = labP4Info[kind].find((t) => t.preamble.name === name);
  if (!found) throw new Error(`no ${name} among the ${kind}`);
  return found.preamble.id;
}
export const tableId = (name: string): number => idOf('tables', `ingress.${name}`);
export const actionId = (name: string): number => idOf('actions', `ingress.${name}`);

export interface Bench {
  readonly core: SwitchCore;
  /** Another client of the same switch. */
  client(): Transport;
  /** Where a gRPC server of the switch listens; undefined in process. */
  readonly address?: string;
}

type Open = (options?: Pick<SwitchOptions, 'clock'>) => Promise<Bench>;

/** A switch in process. */
export const localBench: Open = async (options = {}) => {
  const core = createSwitch({ ...options, dataPlane: createDataPlane() });
  afterThe('test', () => core.close());
  return { core, client: () => localTransport(core) };
};

const grpcBench: Open = async (options = {}) => {
  const core = createSwitch({ ...options, dataPlane: createDataPlane() });
  const server = await serve(core, { address: '127.0.0.1:0' });
  afterThe('test', () => core.close());
  afterThe('test', () => server.close());
  const client = (): Transport => {
    const transport = grpcTransport(server.address);
    afterThe('test', () => transport.close());
    return transport;
  };
  return { core, client, address: server.address };
};

/** Runs the same tests in process and over gRPC on the loopback interface. */
export function onBothTransports(tests: (open: Open) => void): void {
  describe('in process', () => tests(localBench));
  describe('over gRPC', () => tests(grpcBench));
}

/** A stream and what came over it. */
export class TestStream {
  readonly messages: StreamMessageResponse[] = [];
  ended: { readonly error?: StatusError } | undefined;
  readonly #stream: ClientStream;
  #wake: () => void = () => {};

  constructor(transport: Transport) {
    this.#stream = transport.openStream({
      message: (message) => {
        this.messages.push(message);
        this.#wake();
      },
      end: (error) => {
        this.ended = error ? { error } : {};
        this.#wake();
      },
    });
  }

  arbitrate(electionId: bigint | undefined, deviceId = 1n): void {
    this.#stream.send({
      arbitration: { device_id: deviceId, ...(electionId === undefined ? {} : { election_id: uint128(electionId) }) },
    });
  }
  send(message: Parameters<ClientStream['send']>[0]): void {
    this.#stream.send(message);
  }
  close(): void {
    this.#stream.close();
  }

  /** The next message that was not taken yet. */
  async next(): Promise<StreamMessageResponse> {
    await this.#until(() => this.messages.length > 0);
    return this.messages.shift() as StreamMessageResponse;
  }
  async end(): Promise<{ readonly error?: StatusError }> {
    await this.#until(() => this.ended !== undefined);
    return this.ended as { readonly error?: StatusError };
  }

  async #until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

export const uint128 = (id: bigint): Uint128 => ({ high: id >> 64n, low: BigInt.asUintN(64, id) });

/** A client that is primary with election id 1, on a switch that runs the lab. */
export async function primary(bench: Bench): Promise<Transport> {
  return (await primaryStream(bench, labConfig)).transport;
}

/** A client that is primary with election id 1, with its stream, on a switch that runs that pipeline. */
export async function primaryStream(
  bench: Bench,
  config: ForwardingPipelineConfig,
): Promise<{ readonly transport: Transport; readonly stream: TestStream }> {
  const transport = bench.client();
  const stream = new TestStream(transport);
  stream.arbitrate(1n);
  await stream.next();
  await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action: 'VERIFY_AND_COMMIT', config });
  return { transport, stream };
}

export const write = (transport: Transport, ...updates: Update[]): Promise<void> =>
  transport.write({ device_id: 1n, election_id: uint128(1n), updates });

export async function read(transport: Transport, ...entities: Entity[]): Promise<Entity[]> {
  const found: Entity[] = [];
  for await (const entity of transport.read({ device_id: 1n, entities })) found.push(entity);
  return found;
}

/** The status with which a request was refused. */
export async function refused(request: Promise<unknown>): Promise<StatusError> {
  try {
    await request;
  } catch (error) {
    if (error instanceof StatusError) return error;
    throw error;
  }
  throw new Error('the request was not refused');
}

/** Everything that the control plane can read, in a form that compares. */
export async function state(transport: Transport, p4info = labP4Info): Promise<unknown> {
  const defaults = p4info.tables.map((t) => ({ table_entry: { table_id: t.preamble.id, is_default_action: true } }));
  const all = await read(
    transport,
    { table_entry: { counter_data: {}, meter_config: {} } },
    ...defaults,
    { counter_entry: {} },
    { meter_entry: {} },
    { register_entry: {} },
    { action_profile_member: {} },
    { action_profile_group: {} },
    { value_set_entry: {} },
    { digest_entry: {} },
    { packet_replication_engine_entry: { multicast_group_entry: {} } },
    { packet_replication_engine_entry: { clone_session_entry: {} } },
  );
  return plain(all);
}

/** Byte arrays of any kind as hexadecimal text. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}

export const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
