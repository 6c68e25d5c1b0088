// Requests whose bytes were damaged, seeded: each has a status, none brings the switch down, and nothing is written by halves.
import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { expect, test } from 'vitest';
import { type PackedWriteRequest, unpackUpdates } from '../../runtime/grpc/packed-messages.js';
import { decodeMessage, encodeMessage } from '../../runtime/grpc/proto.js';
import { serve } from '../../runtime/grpc/serve.js';
import { createDataPlane } from '../../runtime/interpreter/index.js';
import type { Entity, ReadRequest, StreamMessageRequest, Update } from '../../runtime/p4runtime/messages.js';
import { StatusError } from '../../runtime/p4runtime/status.js';
import type { Transport } from '../../runtime/p4runtime/transport.js';
import { createSwitch, type SwitchCore } from '../../runtime/switch/core.js';
import { localTransport } from '../../runtime/switch/local-transport.js';
import { random } from '../support/packets.js';
import { actionId, bytes, idOf, primary, state, TestStream, tableId, uint128, write } from '../support/switches.js';

const requests = 50_000;
const overGrpc = 1_000;
const seed = 20_160_101;

const routes = tableId('routes');
const acl = tableId('acl');
const hits = idOf('counters', 'ingress.hits');
const forward = (port: number) => ({
  action: {
    action_id: actionId('forward'),
    params: [
      { param_id: 1, value: Uint8Array.of(port) },
      { param_id: 2, value: bytes('0200000000ff') },
    ],
  },
});
const entities: readonly Entity[] = [
  {
    table_entry: {
      table_id: routes,
      match: [{ field_id: 1, lpm: { value: bytes('0a000000'), prefix_len: 8 } }],
      action: forward(1),
      metadata: bytes('c0de'),
    },
  },
  {
    table_entry: {
      table_id: routes,
      match: [{ field_id: 1, lpm: { value: bytes('0b010000'), prefix_len: 16 } }],
      action: forward(2),
      counter_data: { packet_count: 3n, byte_count: 4n },
    },
  },
  { table_entry: { table_id: routes, is_default_action: true, action: { action: { action_id: actionId('drop') } } } },
  {
    table_entry: {
      table_id: acl,
      match: [
        { field_id: 1, ternary: { value: bytes('0a000000'), mask: bytes('ff000000') } },
        { field_id: 2, exact: { value: bytes('11') } },
        { field_id: 3, range: { low: bytes('01'), high: bytes('40') } },
        { field_id: 4, optional: { value: bytes('0123') } },
        { field_id: 5, exact: { value: bytes('01') } },
      ],
      priority: 7,
      action: { action: { action_id: actionId('count'), params: [{ param_id: 1, value: bytes('02') }] } },
    },
  },
  { counter_entry: { counter_id: hits, index: { index: 1n }, data: { packet_count: 5n, byte_count: 6n } } },
  {
    direct_counter_entry: {
      table_entry: { table_id: routes, match: [{ field_id: 1, lpm: { value: bytes('0a000000'), prefix_len: 8 } }] },
      data: { packet_count: 1n, byte_count: 2n },
    },
  },
  {
    packet_replication_engine_entry: {
      multicast_group_entry: {
        multicast_group_id: 1,
        replicas: [
          { port: bytes('01'), instance: 2 },
          { egress_port: 3, instance: 4 },
        ],
      },
    },
  },
  {
    packet_replication_engine_entry: {
      clone_session_entry: { session_id: 5, replicas: [{ port: bytes('02'), instance: 1 }], packet_length_bytes: 64 },
    },
  },
];
const types = ['INSERT', 'MODIFY', 'DELETE'] as const;
const atomicities = ['CONTINUE_ON_ERROR', 'ROLLBACK_ON_ERROR', 'DATAPLANE_ATOMIC'] as const;

type Next = () => number;
const pick = <T>(next: Next, from: readonly T[]): T => from[next() % from.length] as T;

function writeBytes(next: Next): Buffer {
  const updates = Array.from({ length: 1 + (next() % 4) }, (): Update => ({ type: pick(next, types), entity: pick(next, entities) }));
  return encodeMessage('p4.v1.WriteRequest', { device_id: 1n, election_id: uint128(1n), updates, atomicity: pick(next, atomicities) });
}
const readBytes = (next: Next): Buffer =>
  encodeMessage('p4.v1.ReadRequest', { device_id: 1n, entities: [pick(next, entities), { table_entry: {} }] });
const streamBytes = (next: Next): Buffer =>
  encodeMessage(
    'p4.v1.StreamMessageRequest',
    pick<StreamMessageRequest>(next, [
      {
        packet: {
          payload: bytes('0102'),
          metadata: [
            { metadata_id: 1, value: bytes('01') },
            { metadata_id: 2, value: bytes('01') },
            { metadata_id: 3, value: bytes('00') },
          ],
        },
      },
      { digest_ack: { digest_id: 1, list_id: 2n } },
    ]),
  );

/** A few bytes changed, left out, doubled or put in. One in eight stays as it is. */
function damaged(next: Next, whole: Buffer): Buffer {
  let now: Buffer = Buffer.from(whole);
  for (let i = next() % 8; i > 0; i -= 3) {
    const at = next() % (now.length + 1);
    const length = next() % 6;
    switch (next() % 5) {
      case 0:
        if (at < now.length) now[at] = next() & 0xff;
        break;
      case 1:
        if (at < now.length) now[at] = (now[at] as number) ^ (1 << (next() % 8));
        break;
      case 2:
        now = Buffer.concat([now.subarray(0, at), now.subarray(at + length)]);
        break;
      case 3:
        now = Buffer.concat([now.subarray(0, at + length), now.subarray(at)]);
        break;
      default:
        now = now.subarray(0, at);
    }
  }
  return now;
}

/** The message, or nothing for bytes that gRPC refuses by itself. */
function decoded<T extends object>(type: string, message: Buffer): T | undefined {
  try {
    return decodeMessage<T>(type, message);
  } catch {
    return undefined;
  }
}

async function opened(): Promise<{ core: SwitchCore; transport: Transport; stream: TestStream }> {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const transport = await primary({ core, client: () => localTransport(core) });
  return { core, transport, stream: new TestStream(transport) };
}
/** Undefined when it succeeded. What is no status, and what is a failure of the switch, is a mistake of ours. */
async function statusOf(request: Promise<unknown>): Promise<StatusError | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    for (const code of [error.code, ...error.errors.map((e) => e.canonical_code ?? 0)]) if (code === 'INTERNAL' || code === 13) throw error;
    return error;
  }
}
const sorted = async (transport: Transport): Promise<string[]> =>
  ((await state(transport)) as object[]).map((e) => JSON.stringify(e, (_, v) => (typeof v === 'bigint' ? `${v}` : v))).sort();

test(`${requests} damaged requests`, { timeout: 120_000 }, async () => {
  const { core, transport, stream } = await opened();
  // Gets each update that was accepted, by itself: what the two hold has to be the same.
  const twin = await opened();
  const next = random(seed);
  const seen = { accepted: 0, refused: 0, noMessage: 0 };
  for (let i = 0; i < requests; i++) {
    const kind = next() % 8;
    if (kind === 0) {
      const request = decoded<ReadRequest>('p4.v1.ReadRequest', damaged(next, readBytes(next)));
      const drain = async (): Promise<void> => {
        for await (const _ of core.read(request as ReadRequest));
      };
      if (request) await statusOf(drain());
    } else if (kind === 1) {
      const message = decoded<StreamMessageRequest>('p4.v1.StreamMessageRequest', damaged(next, streamBytes(next)));
      if (message && !message.arbitration) stream.send(message);
    } else {
      const request = decoded<PackedWriteRequest>('p4ts.WriteRequest', damaged(next, writeBytes(next)));
      const error = request && (await statusOf(core.write({ ...request, updates: unpackUpdates(request.updates) })));
      if (!request || error?.message.includes('is no message')) {
        seen.noMessage++;
        continue;
      }
      // Of a request that was not for this controller the updates were not looked at.
      const updates = error && error.errors.length === 0 ? [] : [...unpackUpdates(request.updates)];
      if (error) seen.refused++;
      else seen.accepted++;
      if (error && error.errors.length > 0) expect(error.errors).toHaveLength(updates.length);
      const done = error ? updates.filter((_, k) => error.errors[k]?.canonical_code === 0) : updates;
      for (const update of done) await write(twin.transport, update);
    }
    if (i % 2500 === 0) expect(await sorted(transport)).toEqual(await sorted(twin.transport));
  }
  expect(await sorted(transport)).toEqual(await sorted(twin.transport));
  // The damage is neither so small nor so great that it would show nothing.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(requests / 50);
  await core.close();
  await twin.core.close();
});

test(`${overGrpc} damaged messages over gRPC: each call ends with a status, and the server goes on`, { timeout: 60_000 }, async () => {
  const core = createSwitch({ dataPlane: createDataPlane() });
  await primary({ core, client: () => localTransport(core) });
  const server = await serve(core, { address: '127.0.0.1:0' });
  const client = new Client(server.address, credentials.createInsecure());
  const next = random(seed);
  const same = (message: Buffer): Buffer => message;
  const call = (message: Buffer): Promise<number> =>
    new Promise((resolve) => {
      client.makeUnaryRequest('/p4.v1.P4Runtime/Write', same, same, message, (error: ServiceError | null) => resolve(error?.code ?? 0));
    });
  const codes = new Set<number>();
  for (let i = 0; i < overGrpc; i += 50) {
    for (const code of await Promise.all(Array.from({ length: 50 }, () => call(damaged(next, writeBytes(next)))))) codes.add(code);
  }
  // UNAVAILABLE would be a server that is gone.
  expect(codes.has(14)).toBe(false);
  expect(codes.has(0)).toBe(true);
  expect((await localTransport(core).capabilities({})).p4runtime_api_version).toBe('1.5.0');
  client.close();
  await server.close();
  await core.close();
});
