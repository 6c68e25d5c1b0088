/** A switch core behind gRPC: the service p4.v1.P4Runtime on an address of this machine. */
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceError,
} from '@grpc/grpc-js';
import { DiagnosticError, diagnostic } from '../../compiler/support/diagnostics.js';
import type { SwitchCore } from '../switch/core.js';
import type {
  CapabilitiesRequest,
  CapabilitiesResponse,
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
import type { P4RuntimeServer } from './serve.js';
import { p4RuntimeService } from './service.js';
import { codeOf, StatusError } from './status.js';
import { encodeStatus } from './status-details.js';

const megabyte = 1024 * 1024;
/** Device configurations are the largest messages. */
const maxMessage = 64 * megabyte;
const maxStreamsPerConnection = 256;

/** @throws DiagnosticError address-in-use, address-not-usable */
export async function startServer(core: SwitchCore, address: string): Promise<P4RuntimeServer> {
  const server = new Server({
    'grpc.max_receive_message_length': maxMessage,
    'grpc.max_send_message_length': maxMessage,
    'grpc.max_concurrent_streams': maxStreamsPerConnection,
  });
  server.addService(p4RuntimeService().service, handlers(core));
  const port = await bind(server, address);
  return {
    address: `${address.slice(0, address.lastIndexOf(':'))}:${port}`,
    close: async () => {
      // Streams would keep a graceful shutdown waiting for the clients.
      server.forceShutdown();
    },
  };
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (!error) resolve(port);
      else if (error.message.includes('EADDRINUSE')) reject(new DiagnosticError([diagnostic('address-in-use', { address })]));
      else reject(new DiagnosticError([diagnostic('address-not-usable', { address, why: error.message })]));
    });
  });
}

function handlers(core: SwitchCore) {
  return {
    Write: unary((request: WriteRequest) => core.write(request).then(() => ({}))),
    SetForwardingPipelineConfig: unary((request: SetForwardingPipelineConfigRequest) => {
      const p4info = request.config?.p4info;
      const config = request.config && { ...request.config, ...(p4info ? { p4info: plainP4Info(p4info) } : {}) };
      return core.setPipeline({ ...request, ...(config ? { config } : {}) }).then(() => ({}));
    }),
    GetForwardingPipelineConfig: unary<GetForwardingPipelineConfigRequest, GetForwardingPipelineConfigResponse>((request) =>
      core.getPipeline(request),
    ),
    Capabilities: unary<CapabilitiesRequest, CapabilitiesResponse>((request) => core.capabilities(request)),
    Read: readHandler(core),
    StreamChannel: streamHandler(core),
  };
}

function unary<Q, R>(call: (request: Q) => Promise<R>): handleUnaryCall<Q, R> {
  return ({ request }, callback) => {
    call(request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(serviceError(error)),
    );
  };
}

function readHandler(core: SwitchCore): handleServerStreamingCall<ReadRequest, ReadResponse> {
  return async (call) => {
    try {
      for await (const response of core.read(call.request)) {
        if (call.cancelled) return;
        if (!call.write(response))
          await new Promise<void>((resolve) => {
            call.once('drain', resolve);
            call.once('cancelled', resolve);
          });
      }
      call.end();
    } catch (error) {
      call.emit('error', serviceError(error));
    }
  };
}

function streamHandler(core: SwitchCore): handleBidiStreamingCall<StreamMessageRequest, StreamMessageResponse> {
  return (call) => {
    const stream = core.openStream({
      message: (message) => {
        // What a controller does not read is lost, as packets are on a link; arbitration is what it must know.
        if (!message.arbitration && call.writableLength > maxPending) return;
        call.write(message);
      },
      end: (error) => {
        if (error) call.emit('error', serviceError(error));
        else call.end();
      },
    });
    call.on('data', (message: StreamMessageRequest) => stream.send(message));
    call.on('end', () => stream.close());
    call.on('cancelled', () => stream.close());
    call.on('error', () => stream.close());
  };
}

/** Messages that wait to be sent on one stream. */
const maxPending = 1024;

/** Trailers beyond 64 KB cannot be sent; base64 makes a third more of the details. */
const maxDetails = 44 * 1024;

function serviceError(error: unknown): Partial<ServiceError> {
  const status = error instanceof StatusError ? error : new StatusError('INTERNAL', error instanceof Error ? error.message : String(error));
  const metadata = new Metadata();
  const details = status.errors.length > 0 ? encodeDetails(status) : undefined;
  if (details) metadata.set('grpc-status-details-bin', details);
  return { code: codeOf(status.code), details: status.message, metadata };
}

/** With the messages of all errors, or when that is too much with the codes alone, or nothing. */
function encodeDetails(status: StatusError): Buffer | undefined {
  const full = encodeStatus(status);
  if (full.length <= maxDetails) return full;
  const codes = status.errors.map(({ canonical_code, space, code }) => ({
    ...(canonical_code === undefined ? {} : { canonical_code }),
    ...(space === undefined ? {} : { space }),
    ...(code === undefined ? {} : { code }),
  }));
  const short = encodeStatus(new StatusError(status.code, status.message, codes));
  return short.length <= maxDetails ? short : undefined;
}
