/**
 * The process at the other end of the benchmark of P4Runtime: the embedded switch, or gRPC alone, which answers every
 * Write with nothing and sends packet-ins that are already there. Its parent tells it what to do.
 */
import { loadPackageDefinition, Server, ServerCredentials, type ServerDuplexStream, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { createDataPlane, createSwitch, serve } from 'p4ts/runtime';

export type PeerKind = 'switch' | 'bare';
/** From the parent: how much memory the process takes, or so many packets to the controller. */
export type PeerRequest = { readonly memory: true } | { readonly packetIns: number };
export type PeerReply = { readonly address: string } | { readonly residentBytes: number } | { readonly done: true };

const root = new URL('..', import.meta.url).pathname;
/** Ethernet and IPv4, and as much again. */
const packet = Buffer.alloc(68, 0x45);
/** A network interface gives packets in bursts, too. */
const burst = 64;
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function embedded() {
  const core = createSwitch({ dataPlane: createDataPlane() });
  const server = await serve(core, { address: '127.0.0.1:0' });
  return { address: server.address, send: async () => void (await core.processPacket(1, packet)) };
}

/** The service as the library makes it of the .proto files. */
export function bareService(): ServiceClientConstructor {
  const definition = loadSync(['p4/v1/p4runtime.proto'], {
    includeDirs: [`${root}runtime/p4runtime/proto`, `${root}compiler/p4info/proto`],
    keepCase: true,
  });
  return (loadPackageDefinition(definition) as unknown as { p4: { v1: { P4Runtime: ServiceClientConstructor } } }).p4.v1.P4Runtime;
}

async function bare() {
  const server = new Server();
  let stream: ServerDuplexStream<object, object> | undefined;
  server.addService(bareService().service, {
    Write: (_: unknown, callback: (error: null, response: object) => void) => callback(null, {}),
    StreamChannel: (call: ServerDuplexStream<object, object>) => {
      stream = call;
      call.on('data', () => undefined);
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  const message = {
    packet: {
      payload: packet,
      metadata: [
        { metadata_id: 1, value: Buffer.from([1]) },
        { metadata_id: 2, value: Buffer.from([1]) },
      ],
    },
  };
  return { address: `127.0.0.1:${port}`, send: async () => void stream?.write(message) };
}

if (process.send) {
  const reply = (message: PeerReply): void => void process.send?.(message);
  const peer = await (process.argv[2] === 'bare' ? bare() : embedded());
  process.on('message', async (request: PeerRequest) => {
    if ('memory' in request) {
      globalThis.gc?.();
      reply({ residentBytes: process.memoryUsage.rss() });
      return;
    }
    for (let sent = 0; sent < request.packetIns; sent++) {
      await peer.send();
      if (sent % burst === burst - 1) await pause();
    }
    reply({ done: true });
  });
  process.on('disconnect', () => process.exit());
  reply({ address: peer.address });
}
