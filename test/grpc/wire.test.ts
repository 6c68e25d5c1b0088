// A client that knows nothing of our .proto files: bytes written by hand from the field numbers of the specification.
import { Client, credentials, Server, ServerCredentials, type ServiceError } from '@grpc/grpc-js';
import { afterEach, expect, test } from 'vitest';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { serve } from '../../runtime/grpc/serve.js';
import { createDataPlane } from '../../runtime/interpreter/index.js';
import { createSwitch } from '../../runtime/switch/core.js';
import { localTransport } from '../../runtime/switch/local-transport.js';
import { labConfig, primary, tableId } from '../support/switches.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

// ── protobuf by hand ──

const varint = (value: bigint | number): number[] => {
  let rest = BigInt(value);
  const out: number[] = [];
  do {
    out.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return out;
};
const int = (field: number, value: bigint | number): number[] => [...varint(field << 3), ...varint(value)];
const data = (field: number, content: readonly number[]): number[] => [...varint((field << 3) | 2), ...varint(content.length), ...content];
interface Field {
  readonly number: number;
  readonly value: bigint;
  readonly content: Buffer;
}
function fields(buffer: Buffer): Field[] {
  const out: Field[] = [];
  let at = 0;
  const next = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = buffer[at++] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < buffer.length) {
    const tag = Number(next());
    const value = next();
    const isData = (tag & 7) === 2;
    out.push({ number: tag >> 3, value, content: isData ? buffer.subarray(at, at + Number(value)) : Buffer.alloc(0) });
    if (isData) at += Number(value);
  }
  return out;
}
const find = (buffer: Buffer, number: number): Field[] => fields(buffer).filter((f) => f.number === number);

async function open() {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const server = await serve(core, { address: '127.0.0.1:0' });
  const client = new Client(server.address, credentials.createInsecure());
  cleanups.push(
    () => core.close(),
    () => server.close(),
    () => client.close(),
  );
  const same = (b: Buffer) => b;
  const call = (method: string, message: readonly number[]): Promise<{ error: ServiceError | null; response: Buffer | undefined }> =>
    new Promise((resolve) => {
      client.makeUnaryRequest(`/p4.v1.P4Runtime/${method}`, same, same, Buffer.from(message), (error, response) =>
        resolve({ error, response }),
      );
    });
  return { core, server, client, call };
}

/** A route to 10.0.0.0/8 in the table, with the action given. */
const route = (table: number, action: readonly number[]): number[] =>
  data(2, [
    ...int(1, table),
    ...data(2, [...int(1, 1), ...data(4, [...data(1, [10, 0, 0, 0]), ...int(2, 8)])]),
    ...data(3, data(1, action)),
  ]);
const writeRequest = (...updates: readonly number[][]): number[] => [
  ...int(1, 1),
  ...data(3, int(2, 1)),
  ...updates.flatMap((entity) => data(4, [...int(1, 1), ...data(2, entity)])),
];

test('Capabilities', async () => {
  const { call } = await open();
  const { response } = await call('Capabilities', []);
  expect(response).toEqual(Buffer.from([0x0a, 5, ...Buffer.from('1.5.0')]));
});

test('arbitration over a stream', async () => {
  const { client } = await open();
  const same = (b: Buffer) => b;
  const stream = client.makeBidiStreamRequest<Buffer, Buffer>('/p4.v1.P4Runtime/StreamChannel', same, same);
  stream.on('error', () => {});
  const answer = new Promise<Buffer>((resolve) => stream.once('data', resolve));
  // arbitration { device_id: 1 election_id { high: 2 low: 3 } }
  stream.write(Buffer.from(data(1, [...int(1, 1), ...data(3, [...int(1, 2), ...int(2, 3)])])));
  const [arbitration] = find(await answer, 1);
  const update = arbitration?.content as Buffer;
  expect(find(update, 1)[0]?.value).toBe(1n);
  const election = find(update, 3)[0]?.content as Buffer;
  expect([find(election, 1)[0]?.value, find(election, 2)[0]?.value]).toEqual([2n, 3n]);
  // OK is 0: the status is there, and its code is 0 or left out.
  const [status] = find(update, 4);
  expect(status).toBeDefined();
  expect(find(status?.content as Buffer, 1)[0]?.value ?? 0n).toBe(0n);
  stream.end();
});

test('the errors of a batch are in grpc-status-details-bin, one for each update', async () => {
  const { core, call } = await open();
  await primary({ core, client: () => localTransport(core) });
  const drop = labConfig.p4info?.actions.find((a) => a.preamble.name === 'ingress.drop')?.preamble.id ?? 0;
  const good = route(tableId('routes'), int(1, drop));
  const { error } = await call('Write', writeRequest(good, good, route(0x02abcdef, int(1, drop))));
  expect(error?.code).toBe(2);
  const status = error?.metadata.get('grpc-status-details-bin')[0] as Buffer;
  expect(find(status, 1)[0]?.value).toBe(2n);
  expect(find(status, 2)[0]?.content.toString()).toBe(error?.details);
  const errors = find(status, 3).map(({ content: any }) => {
    expect(find(any, 1)[0]?.content.toString()).toBe('type.googleapis.com/p4.v1.Error');
    const value = find(any, 2)[0]?.content ?? Buffer.alloc(0);
    return {
      code: find(value, 1)[0]?.value ?? 0n,
      message: find(value, 2)[0]?.content.toString(),
      space: find(value, 3)[0]?.content.toString(),
    };
  });
  expect(errors).toEqual([
    { code: 0n, message: undefined, space: undefined },
    { code: 6n, message: 'table ingress.routes: there is an entry dst=10.0.0.0/8 already', space: 'p4ts' },
    { code: 5n, message: 'there is no table with id 44813807', space: 'p4ts' },
  ]);
});

test('bytes that are no message do not bring the server down', async () => {
  const { call } = await open();
  const { error } = await call('Write', [0x0a, 0xff, 0xff]);
  expect(error).not.toBeNull();
  expect((await call('Capabilities', [])).error).toBeNull();
});

test('an address in use is a diagnostic', async () => {
  const other = new Server();
  const port = await new Promise<number>((resolve, reject) => {
    other.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, p) => (error ? reject(error) : resolve(p)));
  });
  cleanups.push(() => other.forceShutdown());
  const core = createSwitch({ dataPlane: createDataPlane() });
  cleanups.push(() => core.close());
  const error = await serve(core, { address: `127.0.0.1:${port}` }).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(DiagnosticError);
  expect((error as DiagnosticError).diagnostics.map((d) => d.code)).toEqual(['address-in-use']);
  for (const address of ['nowhere.invalid:1', ':9559', '127.0.0.1', '127.0.0.1:65536']) {
    const unusable = await serve(core, { address }).catch((e: unknown) => e);
    expect((unusable as DiagnosticError).diagnostics.map((d) => d.code)).toEqual(['address-not-usable']);
  }
});

test('a closed server frees its port, and ends its streams', async () => {
  const { core, server } = await open();
  await server.close();
  const again = await serve(core, { address: server.address });
  await again.close();
});
