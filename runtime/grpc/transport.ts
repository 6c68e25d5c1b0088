/** A P4Runtime server reached over gRPC. */
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import {
  type ChannelCredentials,
  type Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  credentials,
  type CallOptions as GrpcOptions,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js';
import { DiagnosticError, diagnostic, fail } from '../../compiler/support/diagnostics.js';
import type {
  CapabilitiesRequest,
  CapabilitiesResponse,
  Entity,
  GetForwardingPipelineConfigRequest,
  GetForwardingPipelineConfigResponse,
  ReadRequest,
  SetForwardingPipelineConfigRequest,
  StreamMessageRequest,
  StreamMessageResponse,
} from '../p4runtime/messages.js';
import { codeName, StatusError } from '../p4runtime/status.js';
import type { CallOptions, ClientStream, StreamHandlers, Transport } from '../p4runtime/transport.js';
import { plainP4Info } from './p4info.js';
import { type PackedReadResponse, type PackedWriteRequest, packUpdate, unpackEntities } from './packed-messages.js';
import { p4RuntimeService } from './service.js';
import { decodeErrors } from './status-details.js';
import { unavailableBecause } from './unavailable.js';

/** Certificates and keys in PEM. */
export interface TlsOptions {
  /** Who signed the switch's certificate; where it is not said, the authorities that Node trusts. */
  readonly ca?: string | Uint8Array;
  /** This controller's own certificate and key, where the switch wants to know who controls it. */
  readonly cert?: string | Uint8Array;
  readonly key?: string | Uint8Array;
  /** The name in the switch's certificate, where it is not the host of the address. */
  readonly serverName?: string;
}

type Callback<R> = (error: ServiceError | null, response: R) => void;
type Unary<Q, R> = (request: Q, metadata: Metadata, options: GrpcOptions, callback: Callback<R>) => ClientUnaryCall;
interface Service extends Client {
  readonly Write: Unary<PackedWriteRequest, object>;
  readonly SetForwardingPipelineConfig: Unary<SetForwardingPipelineConfigRequest, object>;
  readonly GetForwardingPipelineConfig: Unary<GetForwardingPipelineConfigRequest, GetForwardingPipelineConfigResponse>;
  readonly Capabilities: Unary<CapabilitiesRequest, CapabilitiesResponse>;
  readonly Read: (request: ReadRequest, metadata: Metadata, options: GrpcOptions) => ClientReadableStream<PackedReadResponse>;
  readonly StreamChannel: (metadata: Metadata) => ClientDuplexStream<StreamMessageRequest, StreamMessageResponse>;
}

const maxMessage = 256 * 1024 * 1024;

/** A switch that was away is looked for again this soon, and later ever less often up to the second. */
const reconnectBackoffMs = { first: 100, most: 5000 };

/** gRPC would take port 443 where there is none, and the scheme of a URL for a host. */
const hostAndPort = /^(?:\[([^\]/]+)\]|([^:/[\]]+)):(\d{1,5})$/;

/** @throws DiagnosticError bad-address, bad-certificate */
export function grpcTransport(address: string, tls?: TlsOptions): Transport {
  const [, ipv6, host = ipv6 ?? '', port] = hostAndPort.exec(address) ?? [];
  if (!address.startsWith('unix:') && (!port || Number(port) > 65535)) throw new DiagnosticError([diagnostic('bad-address', { address })]);
  const Constructor = p4RuntimeService();
  const isByNumber = tls !== undefined && tls.serverName === undefined && isIP(host) !== 0;
  const service = new Constructor(address, credentialsOf(tls, isByNumber ? host : undefined), {
    'grpc.initial_reconnect_backoff_ms': reconnectBackoffMs.first,
    'grpc.max_reconnect_backoff_ms': reconnectBackoffMs.most,
    ...(tls?.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': tls.serverName, 'grpc.default_authority': tls.serverName }),
    // An address in numbers is no name to ask for in TLS (RFC 6066): the certificate is compared with it all the same.
    ...(isByNumber ? { 'grpc.ssl_target_name_override': 'localhost' } : {}),
    // A server may answer a Read with one message.
    'grpc.max_receive_message_length': maxMessage,
    'grpc.max_send_message_length': maxMessage,
  }) as unknown as Service;
  const streams = new Set<StreamCall>();

  function call<Q, R>(
    method: 'Write' | 'SetForwardingPipelineConfig' | 'GetForwardingPipelineConfig' | 'Capabilities',
    request: Q,
    options: CallOptions = {},
  ): Promise<R> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const running = (service[method] as unknown as Unary<Q, R>).call(
        service,
        request,
        new Metadata(),
        deadlineOf(options),
        (error, response) => {
          signal?.removeEventListener('abort', cancel);
          if (!error) resolve(response);
          else reject(signal?.aborted ? signal.reason : statusError(error));
        },
      );
      const cancel = (): void => running.cancel();
      signal?.addEventListener('abort', cancel);
    });
  }

  return {
    pack: packUpdate,
    write: async (request, options) => {
      const updates = request.updates?.map((update) => (update instanceof Uint8Array ? update : packUpdate(update)));
      await call('Write', { ...request, ...(updates ? { updates } : {}) }, options);
    },
    read: (request, options = {}) => readEntities(() => service.Read(request, new Metadata(), deadlineOf(options)), options.signal),
    setPipeline: async (request, options) => {
      await call('SetForwardingPipelineConfig', request, options);
    },
    getPipeline: async (request, options) => {
      const { config } = await call<GetForwardingPipelineConfigRequest, GetForwardingPipelineConfigResponse>(
        'GetForwardingPipelineConfig',
        request,
        options,
      );
      if (!config) return {};
      return { config: { ...config, ...(config.p4info ? { p4info: plainP4Info(config.p4info) } : {}) } };
    },
    capabilities: (request, options) => call('Capabilities', request, options),
    openStream: (handlers) => {
      const { call, stream } = openStream(service, handlers);
      streams.add(call);
      // Not 'close', which a stream that the server ends does not tell.
      call.once('status', () => streams.delete(call));
      return stream;
    },
    close: async () => {
      for (const call of streams) call.cancel();
      service.close();
    },
  };
}

/** The certificate has to name `host`, where it is given, rather than the name that is asked for. */
function credentialsOf(tls: TlsOptions | undefined, host: string | undefined): ChannelCredentials {
  if (!tls) return credentials.createInsecure();
  const pem = (what: string, given: string | Uint8Array | undefined): Buffer | null => {
    if (given === undefined) return null;
    const bytes = Buffer.from(given);
    if (!bytes.includes('-----BEGIN ')) fail('bad-certificate', { why: `${what} is not in PEM, which has a line -----BEGIN …-----` });
    return bytes;
  };
  const [ca, key, cert] = [pem('ca', tls.ca), pem('key', tls.key), pem('cert', tls.cert)];
  try {
    return credentials.createSsl(ca, key, cert, {
      ...(host === undefined ? {} : { checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate) }),
    });
  } catch (error) {
    throw new DiagnosticError([diagnostic('bad-certificate', { why: (error as Error).message })]);
  }
}

const deadlineOf = ({ timeoutMs }: CallOptions): GrpcOptions => (timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs });

async function* readEntities(
  start: () => ClientReadableStream<PackedReadResponse>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Entity> {
  signal?.throwIfAborted();
  const call = start();
  const cancel = (): void => call.cancel();
  signal?.addEventListener('abort', cancel);
  try {
    for await (const response of call) yield* unpackEntities(response as PackedReadResponse);
  } catch (error) {
    throw signal?.aborted ? signal.reason : statusError(error as ServiceError);
  } finally {
    signal?.removeEventListener('abort', cancel);
    call.cancel();
  }
}

type StreamCall = ClientDuplexStream<StreamMessageRequest, StreamMessageResponse>;

function openStream(service: Service, handlers: StreamHandlers): { readonly call: StreamCall; readonly stream: ClientStream } {
  const call = service.StreamChannel(new Metadata());
  let open = true;
  const end = (error?: StatusError): void => {
    if (!open) return;
    open = false;
    handlers.end(error);
  };
  call.on('data', (message: StreamMessageResponse) => handlers.message(message));
  call.on('end', () => end());
  call.on('error', (error: ServiceError) => end(statusError(error)));
  const stream: ClientStream = {
    send: (message) => {
      if (open) call.write(message);
    },
    close: () => {
      if (open) call.end();
      end();
    },
  };
  return { call, stream };
}

function statusError(error: ServiceError): StatusError {
  const [details] = error.metadata?.get('grpc-status-details-bin') ?? [];
  const errors = details === undefined || typeof details === 'string' ? [] : decodeErrors(details);
  const code = codeName(error.code);
  const message = error.details ?? error.message;
  return new StatusError(code, code === 'UNAVAILABLE' ? unavailableBecause(message) : message, errors);
}
