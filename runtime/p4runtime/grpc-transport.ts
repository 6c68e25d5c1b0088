/** A P4Runtime server reached over gRPC. */
import { type Client, type ClientDuplexStream, type ClientReadableStream, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type {
  CapabilitiesRequest,
  CapabilitiesResponse,
  Entity,
  GetForwardingPipelineConfigRequest,
  GetForwardingPipelineConfigResponse,
  ReadRequest,
  ReadResponse,
  SetForwardingPipelineConfigRequest,
  StreamMessageRequest,
  StreamMessageResponse,
  WriteRequest,
} from './messages.js';
import { plainP4Info } from './p4info.js';
import { p4RuntimeService } from './service.js';
import { codeName, StatusError } from './status.js';
import { decodeErrors } from './status-details.js';
import type { ClientStream, StreamHandlers, Transport } from './transport.js';

type Callback<R> = (error: ServiceError | null, response: R) => void;
type Unary<Q, R> = (request: Q, callback: Callback<R>) => void;
interface Service extends Client {
  readonly Write: Unary<WriteRequest, object>;
  readonly SetForwardingPipelineConfig: Unary<SetForwardingPipelineConfigRequest, object>;
  readonly GetForwardingPipelineConfig: Unary<GetForwardingPipelineConfigRequest, GetForwardingPipelineConfigResponse>;
  readonly Capabilities: Unary<CapabilitiesRequest, CapabilitiesResponse>;
  readonly Read: (request: ReadRequest) => ClientReadableStream<ReadResponse>;
  readonly StreamChannel: (metadata: Metadata) => ClientDuplexStream<StreamMessageRequest, StreamMessageResponse>;
}

const maxMessage = 256 * 1024 * 1024;

export function grpcTransport(address: string): Transport {
  const Constructor = p4RuntimeService();
  const service = new Constructor(address, credentials.createInsecure(), {
    // A server may answer a Read with one message.
    'grpc.max_receive_message_length': maxMessage,
    'grpc.max_send_message_length': maxMessage,
  }) as unknown as Service;
  const streams = new Set<StreamCall>();

  function call<Q, R>(
    method: 'Write' | 'SetForwardingPipelineConfig' | 'GetForwardingPipelineConfig' | 'Capabilities',
    request: Q,
  ): Promise<R> {
    return new Promise((resolve, reject) => {
      (service[method] as unknown as Unary<Q, R>).call(service, request, (error, response) => {
        if (error) reject(statusError(error));
        else resolve(response);
      });
    });
  }

  return {
    write: async (request) => {
      await call('Write', request);
    },
    read: (request) => readEntities(service.Read(request)),
    setPipeline: async (request) => {
      await call('SetForwardingPipelineConfig', request);
    },
    getPipeline: async (request) => {
      const { config } = await call<GetForwardingPipelineConfigRequest, GetForwardingPipelineConfigResponse>(
        'GetForwardingPipelineConfig',
        request,
      );
      if (!config) return {};
      return { config: { ...config, ...(config.p4info ? { p4info: plainP4Info(config.p4info) } : {}) } };
    },
    capabilities: (request) => call('Capabilities', request),
    openStream: (handlers) => {
      const { call, stream } = openStream(service, handlers);
      streams.add(call);
      call.once('close', () => streams.delete(call));
      return stream;
    },
    close: async () => {
      for (const call of streams) call.cancel();
      service.close();
    },
  };
}

async function* readEntities(call: ClientReadableStream<ReadResponse>): AsyncGenerator<Entity> {
  try {
    for await (const response of call) yield* (response as ReadResponse).entities ?? [];
  } catch (error) {
    throw statusError(error as ServiceError);
  } finally {
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
  return new StatusError(codeName(error.code), error.details ?? error.message, errors);
}
