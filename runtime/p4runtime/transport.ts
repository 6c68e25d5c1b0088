/** How a client reaches a P4Runtime server: over gRPC, or directly when it is in the same process. */
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
  WriteRequest,
} from './messages.js';
import type { StatusError } from './status.js';

/** The client's end of a StreamChannel. */
export interface ClientStream {
  send(message: StreamMessageRequest): void;
  /** Ends the session. */
  close(): void;
}
export interface StreamHandlers {
  message(message: StreamMessageResponse): void;
  /** The stream is over; with an error when the server ended it with one. */
  end(error?: StatusError): void;
}

/** Every call rejects with a StatusError. */
export interface Transport {
  write(request: WriteRequest): Promise<void>;
  read(request: ReadRequest): AsyncIterable<Entity>;
  setPipeline(request: SetForwardingPipelineConfigRequest): Promise<void>;
  getPipeline(request: GetForwardingPipelineConfigRequest): Promise<GetForwardingPipelineConfigResponse>;
  capabilities(request: CapabilitiesRequest): Promise<CapabilitiesResponse>;
  openStream(handlers: StreamHandlers): ClientStream;
  close(): Promise<void>;
}
