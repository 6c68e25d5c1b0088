/** A switch core behind gRPC: the service p4.v1.P4Runtime on an address of this machine. */
import { setImmediate } from 'node:timers/promises';
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceError,
} from '@grpc/grpc-js';
import type { AnyDefinition } from '@grpc/proto-loader';
import type {
  CapabilitiesRequest,
  CapabilitiesResponse,
  GetForwardingPipelineConfigRequest,
  GetForwardingPipelineConfigResponse,
  P4Error,
  ReadRequest,
  SetForwardingPipelineConfigRequest,
  StreamMessageRequest,
  StreamMessageResponse,
} from '../p4runtime/messages.js';
import { codeOf, StatusError } from '../p4runtime/status.js';
import type { SwitchCore } from '../switch/core.js';
import { Lock } from '../switch/lock.js';
import { eagerSending } from './eager-sending.js';
import { listen } from './listen.js';
import { plainP4Info } from './p4info.js';
import { type PackedReadResponse, type PackedWriteRequest, packEntities, unpackUpdates } from './packed-messages.js';
import { definitions } from './proto.js';
import type { P4RuntimeServer, ServeOptions, ServerObserver } from './serve.js';
import { p4RuntimeService } from './service.js';
import { encodeStatus, sizeOf } from './status-details.js';
import { listenerOf } from './tls-listener.js';

const megabyte = 1024 * 1024;
/** Device configurations are the largest messages. */
const maxMessage = 64 * megabyte;
const maxCallsPerConnection = 256;
/** Of which each holds memory and a file descriptor. */
const maxConnections = 256;
/** A controller that answers no ping for so long is gone. */
const pingMs = 30_000;
const pingTimeoutMs = 10_000;
/** Messages that wait to be sent on one stream. What a controller does not read is lost, as packets are on a link. */
const maxUnsent = 1024;
/** Messages of one stream that wait to be handled; the controller waits with the next ones. */
const maxUnhandled = 256;

/** @throws DiagnosticError address-in-use, address-not-usable */
export async function startServer(
  core: SwitchCore,
  address: string,
  { tls, observer: given }: Omit<ServeOptions, 'address'>,
): Promise<P4RuntimeServer> {
  const observer = { ...noObserver, ...given };
  const server = new Server({
    'grpc.max_receive_message_length': maxMessage,
    'grpc.max_send_message_length': maxMessage,
    'grpc.max_concurrent_streams': maxCallsPerConnection,
    'grpc.keepalive_time_ms': pingMs,
    'grpc.keepalive_timeout_ms': pingTimeoutMs,
    interceptors: [eagerSending],
  });
  server.addService(p4RuntimeService().service, handlers(core, observer));
  await addCommonServices(server);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const listener = listenerOf(address, tls, observer, (socket) => injector.injectConnection(socket));
  listener.maxConnections = maxConnections;
  return {
    address: await listen(listener, address),
    close: async () => {
      listener.close();
      // Streams would keep a graceful shutdown waiting for the clients.
      server.forceShutdown();
    },
  };
}

const noObserver: ServerObserver = { call: () => undefined, messageDropped: () => undefined, handshakeFailed: () => undefined };

/** gRPC's own health and reflection services: for supervisors, and for tools such as grpcurl. */
async function addCommonServices(server: Server): Promise<void> {
  const [{ HealthImplementation }, { ReflectionService }] = await Promise.all([import('grpc-health-check'), import('@grpc/reflection')]);
  new HealthImplementation({ '': 'SERVING', 'p4.v1.P4Runtime': 'SERVING' }).addToServer(server);
  // Every message has the descriptors of all files with it, and the service would decode them for each again.
  const one = 'p4.v1.WriteRequest';
  new ReflectionService({ [one]: definitions()[one] as AnyDefinition }).addToServer(server);
}

function handlers(core: SwitchCore, observer: ServerObserver) {
  const unary = unaryHandler(observer);
  const writes = new Lock();
  return {
    Write: unary('Write', async (request: PackedWriteRequest) => {
      const written = writes.run(() => core.write({ ...request, updates: unpackUpdates(request.updates) }));
      // The answer is on its way before the next Write begins, so that controller and switch work at the same time.
      writes.run(() => setImmediate());
      await written;
      return {};
    }),
    SetForwardingPipelineConfig: unary('SetForwardingPipelineConfig', (request: SetForwardingPipelineConfigRequest) => {
      const p4info = request.config?.p4info;
      const config = request.config && { ...request.config, ...(p4info ? { p4info: plainP4Info(p4info) } : {}) };
      return core.setPipeline({ ...request, ...(config ? { config } : {}) }).then(() => ({}));
    }),
    GetForwardingPipelineConfig: unary<GetForwardingPipelineConfigRequest, GetForwardingPipelineConfigResponse>(
      'GetForwardingPipelineConfig',
      (request) => core.getPipeline(request),
    ),
    Capabilities: unary<CapabilitiesRequest, CapabilitiesResponse>('Capabilities', (request) => core.capabilities(request)),
    Read: readHandler(core, observer),
    StreamChannel: streamHandler(core, observer),
  };
}

/** Tells the observer when the call that begins now is over. */
function timed(observer: ServerObserver, method: string): (error?: unknown) => void {
  const start = performance.now();
  return (error) => {
    const seconds = (performance.now() - start) / 1000;
    if (error === undefined) observer.call(method, 'OK', seconds);
    else {
      const { code, message } = asStatus(error);
      observer.call(method, code, seconds, message);
    }
  };
}

const unaryHandler =
  (observer: ServerObserver) =>
  <Q, R>(method: string, call: (request: Q) => Promise<R>): handleUnaryCall<Q, R> =>
  ({ request }, callback) => {
    const over = timed(observer, method);
    call(request).then(
      (response) => {
        over();
        callback(null, response);
      },
      (error: unknown) => {
        over(error);
        callback(serviceError(error));
      },
    );
  };

function readHandler(core: SwitchCore, observer: ServerObserver): handleServerStreamingCall<ReadRequest, PackedReadResponse> {
  return async (call) => {
    const over = timed(observer, 'Read');
    let wake = (): void => undefined;
    call.on('drain', () => wake());
    call.on('cancelled', () => wake());
    try {
      for await (const response of packEntities(core.read(call.request))) {
        if (call.cancelled) return over(cancelled);
        if (!call.write(response) && !call.cancelled)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
      over();
      call.end();
    } catch (error) {
      over(error);
      call.emit('error', serviceError(error));
    }
  };
}

const cancelled = new StatusError('CANCELLED', 'the controller cancelled the call');

function streamHandler(core: SwitchCore, observer: ServerObserver): handleBidiStreamingCall<StreamMessageRequest, StreamMessageResponse> {
  return (call) => {
    const over = timed(observer, 'StreamChannel');
    const stream = core.openStream({
      message: (message) => {
        // Arbitration is what a controller must know.
        if (message.arbitration || call.writableLength < maxUnsent) call.write(message);
        else observer.messageDropped(Object.keys(message)[0] ?? '');
      },
      end: (error) => {
        over(error);
        if (error) call.emit('error', serviceError(error));
        else call.end();
      },
    });
    let unhandled = 0;
    call.on('data', async (message: StreamMessageRequest) => {
      if (++unhandled >= maxUnhandled) call.pause();
      await stream.send(message);
      if (--unhandled < maxUnhandled) call.resume();
    });
    call.on('end', () => stream.close());
    call.on('cancelled', () => stream.close());
    call.on('error', () => stream.close());
  };
}

/** Trailers beyond 64 KB cannot be sent; base64 makes a third more of the details. */
const maxDetails = 44 * 1024;

const asStatus = (error: unknown): StatusError =>
  error instanceof StatusError ? error : new StatusError('INTERNAL', error instanceof Error ? error.message : String(error));

function serviceError(error: unknown): Partial<ServiceError> {
  const status = asStatus(error);
  const metadata = new Metadata();
  const details = status.errors.length > 0 ? encodeDetails(status) : undefined;
  if (details) metadata.set('grpc-status-details-bin', details);
  return { code: codeOf(status.code), details: status.message, metadata };
}

/** The code of each error, with as many of their messages as there is room for; nothing where the codes are too much. */
function encodeDetails(status: StatusError): Buffer | undefined {
  const full = encodeStatus(status);
  if (full.length <= maxDetails) return full;
  const codes = status.errors.map(({ canonical_code = 0 }): P4Error => ({ canonical_code }));
  const encode = (errors: readonly P4Error[]): Buffer => encodeStatus(new StatusError(status.code, status.message, errors));
  let room = maxDetails - encode(codes).length;
  if (room < 0) return undefined;
  return encode(
    status.errors.map((error, i) => {
      // A longer message may need a byte more for its length, and so may what holds it.
      room -= sizeOf(error) - sizeOf(codes[i] as P4Error) + 2;
      return room < 0 ? (codes[i] as P4Error) : error;
    }),
  );
}
