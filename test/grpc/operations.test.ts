// What a server has besides P4Runtime: TLS, health, reflection, metrics, and limits that a slow controller meets.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type ChannelCredentials, Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createMetrics, serveMetrics } from '../../cli/metrics.js';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { decodeMessage, encodeMessage } from '../../runtime/grpc/proto.js';
import { type ServeOptions, serve } from '../../runtime/grpc/serve.js';
import { grpcTransport } from '../../runtime/grpc/transport.js';
import { createDataPlane } from '../../runtime/interpreter/index.js';
import type { StreamMessageResponse } from '../../runtime/p4runtime/messages.js';
import { createSwitch, type SwitchCore } from '../../runtime/switch/core.js';
import { folderWith } from '../support/folders.js';
import { actionId, bytes, labConfig, TestStream, tableId, uint128, write } from '../support/switches.js';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
async function start(options: ServeOptions = {}, core: SwitchCore = createSwitch({ dataPlane: createDataPlane() })) {
  const server = await serve(core, { address: '127.0.0.1:0', ...options });
  cleanups.push(
    () => core.close(),
    () => server.close(),
  );
  return { core, address: server.address };
}
const call = (
  address: string,
  method: string,
  request: Buffer,
  how: ChannelCredentials = credentials.createInsecure(),
): Promise<Buffer> => {
  // By its name, as the name of a server in TLS is never a number (RFC 6066).
  const client = new Client(address, how, { 'grpc.ssl_target_name_override': 'localhost' });
  cleanups.push(() => client.close());
  const same = (message: Buffer): Buffer => message;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(method, same, same, request, (error: ServiceError | null, reply?: Buffer) => {
      if (error || !reply) reject(error);
      else resolve(reply);
    });
  });
};

describe('TLS', () => {
  let folder: string;
  const file = (name: string): Buffer => readFileSync(join(folder, name));
  beforeAll(() => {
    folder = folderWith({});
    const openssl = (...args: string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
    const make = (name: string, subject: string, ...more: string[]): void =>
      openssl(
        'req',
        '-x509',
        '-newkey',
        'rsa:2048',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        `${name}.key`,
        '-out',
        `${name}.crt`,
        '-subj',
        subject,
        ...more,
      );
    make('ca', '/CN=authority');
    make('other', '/CN=other');
    for (const name of ['server', 'client'])
      make(
        name,
        `/CN=${name}`,
        '-CA',
        'ca.crt',
        '-CAkey',
        'ca.key',
        '-addext',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-addext',
        'basicConstraints=critical,CA:FALSE',
      );
  });

  const capabilities = async (address: string, how: ChannelCredentials): Promise<unknown> =>
    decodeMessage('p4.v1.CapabilitiesResponse', await call(address, '/p4.v1.P4Runtime/Capabilities', Buffer.alloc(0), how));

  test('a client that trusts the authority is served; one without TLS is not', async () => {
    const { address } = await start({ tls: { cert: file('server.crt'), key: file('server.key') } });
    expect(await capabilities(address, credentials.createSsl(file('ca.crt')))).toEqual({ p4runtime_api_version: '1.5.0' });
    await expect(capabilities(address, credentials.createInsecure())).rejects.toMatchObject({ code: 14 });
  });

  test('mutual: only a client with a certificate of the authority is served', async () => {
    const { address } = await start({ tls: { cert: file('server.crt'), key: file('server.key'), clientCa: file('ca.crt') } });
    const known = credentials.createSsl(file('ca.crt'), file('client.key'), file('client.crt'));
    expect(await capabilities(address, known)).toEqual({ p4runtime_api_version: '1.5.0' });
    await expect(capabilities(address, credentials.createSsl(file('ca.crt')))).rejects.toMatchObject({ code: 14 });
  });

  test('handshakes that fail are told, with the peer and why', async () => {
    const failures: [string, string][] = [];
    const observer = { handshakeFailed: (peer: string, why: string) => void failures.push([peer, why]) };
    const { address } = await start({
      tls: { cert: file('server.crt'), key: file('server.key'), clientCa: file('ca.crt') },
      observer,
    });
    const port = Number(address.split(':')[1]);
    /** Ends once the server has ended it, or at once. */
    const plain = async (sent: string): Promise<string> => {
      const socket = connect(port, '127.0.0.1').resume();
      await once(socket, 'connect');
      const peer = `127.0.0.1:${socket.localPort}`;
      socket.on('error', () => undefined);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      if (sent === '') socket.end();
      else socket.write(sent);
      await closed;
      return peer;
    };
    const secure = async (options: ConnectionOptions): Promise<string> => {
      const socket = connectTls({ port, host: '127.0.0.1', ca: file('ca.crt'), ALPNProtocols: ['h2'], ...options }).resume();
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      const peer = `127.0.0.1:${socket.localPort}`;
      await new Promise((resolve) => socket.once('close', resolve));
      return peer;
    };
    const tried = [
      [await plain('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), 'wrong version number: it does not speak TLS'],
      [await plain('GET / HTTP/1.1\r\n\r\n'), 'http request: it does not speak TLS'],
      [await plain(''), 'it ended the connection'],
      [await secure({}), 'peer did not return a certificate'],
      [await secure({ cert: file('ca.crt'), key: file('ca.key'), ALPNProtocols: ['http/1.1'] }), 'no application protocol'],
      [await secure({ cert: file('other.crt'), key: file('other.key') }), 'its certificate is not accepted: DEPTH_ZERO_SELF_SIGNED_CERT'],
    ];
    await expect.poll(() => failures).toEqual(tried);
    const known = credentials.createSsl(file('ca.crt'), file('client.key'), file('client.crt'));
    await capabilities(address, known);
    expect(failures).toHaveLength(tried.length);
  });

  test('files that are no certificate are a diagnostic', async () => {
    const nothing = Buffer.from('nothing');
    await expect(start({ tls: { cert: nothing, key: nothing } })).rejects.toBeInstanceOf(DiagnosticError);
  });
});

test('the health service says that the switch serves', async () => {
  const { address } = await start();
  // HealthCheckResponse.status (1) is SERVING (1).
  expect(await call(address, '/grpc.health.v1.Health/Check', Buffer.alloc(0))).toEqual(Buffer.from([8, 1]));
  const name = Buffer.from('p4.v1.P4Runtime');
  expect(await call(address, '/grpc.health.v1.Health/Check', Buffer.concat([Buffer.from([10, name.length]), name]))).toEqual(
    Buffer.from([8, 1]),
  );
});

test('connections beyond the limit are closed; when others have ended there is room', async () => {
  const { address } = await start();
  const open = (): Promise<Socket> =>
    new Promise((resolve) => {
      const socket = connect(Number(address.split(':')[1]), '127.0.0.1', () => resolve(socket.resume()));
      cleanups.push(() => socket.destroy());
    });
  const ended = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.on('close', resolve));
  const sockets = await Promise.all(Array.from({ length: 256 }, open));
  const over = new Set<Socket>();
  for (const socket of sockets) socket.on('close', () => over.add(socket));
  await ended(await open());
  expect(over.size).toBe(0);
  const [first] = sockets as [Socket];
  const gone = ended(first);
  first.end();
  await gone;
  // There is room for one more.
  expect(await call(address, '/grpc.health.v1.Health/Check', Buffer.alloc(0))).toEqual(Buffer.from([8, 1]));
});

test('the reflection service lists P4Runtime and describes it', async () => {
  const { address } = await start();
  const client = new Client(address, credentials.createInsecure());
  cleanups.push(() => client.close());
  const same = (message: Buffer): Buffer => message;
  const stream = client.makeBidiStreamRequest('/grpc.reflection.v1.ServerReflection/ServerReflectionInfo', same, same);
  const next = (request: Buffer): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      stream.once('data', resolve);
      stream.once('error', reject);
      stream.write(request);
    });
  // list_services is field 7, file_containing_symbol field 4.
  expect((await next(Buffer.from([58, 0]))).toString('latin1')).toContain('p4.v1.P4Runtime');
  const symbol = Buffer.from('p4.v1.P4Runtime');
  expect((await next(Buffer.concat([Buffer.from([34, symbol.length]), symbol]))).toString('latin1')).toContain(
    'SetForwardingPipelineConfig',
  );
  stream.end();
});

const packet = (destination: string): Uint8Array => bytes(`020000000002020000000001080040060a000001${destination}`);
const punt = {
  type: 'MODIFY' as const,
  entity: {
    table_entry: {
      table_id: tableId('routes'),
      is_default_action: true,
      action: { action: { action_id: actionId('punt'), params: [{ param_id: 1, value: bytes('01') }] } },
    },
  },
};

test('metrics: packets, drops, parser errors, tables and calls', async () => {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const metrics = createMetrics(core);
  const { address } = await start({ observer: metrics.observer }, core);
  const transport = grpcTransport(address);
  cleanups.push(() => transport.close());
  const stream = new TestStream(transport);
  stream.arbitrate(1n);
  await stream.next();
  await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action: 'VERIFY_AND_COMMIT', config: labConfig });
  await core.processPacket(1, packet('0a000001'));
  await core.processPacket(1, packet('0a000001'));
  await core.processPacket(1, packet('0a000001').subarray(0, 20));
  await write(transport, punt);
  await core.processPacket(1, packet('0a000001'));
  const server = await serveMetrics(metrics, '127.0.0.1:0');
  cleanups.push(() => server.close());
  const text = await (await fetch(`${server.url}?from=here`)).text();
  const lines = text.split('\n');
  for (const line of [
    'p4ts_packets_total{way="received"} 4',
    'p4ts_packets_total{way="packet_in"} 1',
    'p4ts_dropped_packets_total{where="ingress"} 3',
    'p4ts_parser_errors_total{error="PacketTooShort"} 1',
    'p4ts_table_lookups_total{table="ingress.routes",result="miss"} 3',
    'p4ts_table_entries{table="ingress.routes"} 0',
    'p4ts_table_size{table="ingress.routes"} 4',
    'p4ts_streams 1',
    'p4ts_rpc_duration_seconds_count{method="Write",code="OK"} 1',
  ])
    expect(lines).toContain(line);
  expect((await fetch(server.url.replace('/metrics', '/else'))).status).toBe(404);
});

test('a controller that does not read holds up neither packets nor another controller, and what it loses is counted', async () => {
  const lost: string[] = [];
  const { core, address } = await start({ observer: { messageDropped: (kind) => void lost.push(kind) } });
  const transport = grpcTransport(address);
  cleanups.push(() => transport.close());
  const stream = new TestStream(transport);
  stream.arbitrate(1n);
  await stream.next();
  await transport.setPipeline({ device_id: 1n, election_id: uint128(1n), action: 'VERIFY_AND_COMMIT', config: labConfig });
  await write(transport, punt);
  // Another controller of another role: it gets packets, and reads none.
  const client = new Client(address, credentials.createInsecure());
  cleanups.push(() => client.close());
  const slow = client.makeBidiStreamRequest(
    '/p4.v1.P4Runtime/StreamChannel',
    (message: object) => encodeMessage('p4.v1.StreamMessageRequest', message),
    (message: Buffer) => decodeMessage<StreamMessageResponse>('p4.v1.StreamMessageResponse', message),
  );
  slow.on('error', () => undefined);
  slow.write({ arbitration: { device_id: 1n, role: { name: 'slow' }, election_id: uint128(1n) } });
  await new Promise((resolve) => slow.once('data', resolve));
  slow.pause();
  const large = new Uint8Array(8192);
  large.set(packet('0a000001'));
  const count = 3000;
  let read = 0;
  for (let i = 0; i < count; i++) {
    await core.processPacket(1, large);
    if (i % 100 === 99) for (; read <= i; read++) expect((await stream.next()).packet).toBeDefined();
  }
  expect(lost.length).toBeGreaterThan(0);
  expect(new Set(lost)).toEqual(new Set(['packet']));
  slow.cancel();
});
