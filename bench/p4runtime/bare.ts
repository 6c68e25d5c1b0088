/** gRPC alone, both ends: what the library does with messages such as those of the switch, and nothing else. */
import { fileURLToPath } from 'node:url';
import {
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  loadPackageDefinition,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
  type ServiceClientConstructor,
} from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { batch, packet, routes } from './pipeline.js';

const folder = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

function service(): ServiceClientConstructor {
  const definition = loadSync('p4/v1/p4runtime.proto', {
    includeDirs: [folder('runtime/grpc/proto'), folder('compiler/p4info/proto')],
    keepCase: true,
  });
  return (loadPackageDefinition(definition) as unknown as { p4: { v1: { P4Runtime: ServiceClientConstructor } } }).p4.v1.P4Runtime;
}

/** An entry as the switch has it, of a table and an action of which only the ids count. */
const entry = (i: number) => ({
  table_entry: {
    table_id: 0x0200_0001,
    match: [{ field_id: 1, lpm: { value: Buffer.from([10 + (i >> 16), (i >> 8) & 0xff, i & 0xff, 0]), prefix_len: 24 } }],
    action: {
      action: {
        action_id: 0x0100_0001,
        params: [
          { param_id: 1, value: Buffer.from([1]) },
          { param_id: 2, value: Buffer.from([(i >> 8) & 0xff, i & 0xff]) },
        ],
      },
    },
  },
});
const some = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** Answers a Write with nothing, a Read with entries that are there, and sends packet-ins that are. */
export async function bareServer() {
  const server = new Server();
  const responses = some(routes / batch, (i) => ({ entities: some(batch, (j) => entry(i * batch + j)) }));
  let stream: ServerDuplexStream<object, object> | undefined;
  server.addService(service().service, {
    Write: (_: unknown, callback: (error: null, response: object) => void) => callback(null, {}),
    Read: async (call: ServerWritableStream<object, object>) => {
      for (const response of responses) if (!call.write(response)) await new Promise((resolve) => call.once('drain', resolve));
      call.end();
    },
    StreamChannel: (call: ServerDuplexStream<object, object>) => {
      stream = call;
      call.on('data', () => undefined);
      call.on('error', () => undefined);
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  const message = { packet: { payload: packet, metadata: [1, 2].map((metadata_id) => ({ metadata_id, value: Buffer.from([1]) })) } };
  return { address: `127.0.0.1:${port}`, packetIn: () => stream?.write(message) };
}

interface BareService extends Client {
  Write(request: object, callback: (error: Error | null) => void): void;
  Read(request: object): ClientReadableStream<object>;
  StreamChannel(): ClientDuplexStream<object, object>;
}

export function bareClient(address: string) {
  const Service = service();
  const client = new Service(address, credentials.createInsecure()) as unknown as BareService;
  const stream = client.StreamChannel();
  let packetIn = (): void => undefined;
  stream.on('error', () => undefined);
  stream.on('data', () => packetIn());
  stream.write({ arbitration: { device_id: 1 } });
  return {
    write: (first: number) =>
      new Promise<void>((resolve, reject) => {
        const updates = some(batch, (i) => ({ type: 'INSERT', entity: entry(first + i) }));
        client.Write({ device_id: 1, updates }, (error) => (error ? reject(error) : resolve()));
      }),
    read: async () => {
      for await (const _ of client.Read({ device_id: 1 }));
    },
    onPacketIn: (listener: () => void) => {
      packetIn = listener;
    },
    close: () => {
      stream.cancel();
      client.close();
    },
  };
}
