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
  Update,
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

/** How long a call may take. Where switch and client share a process, it is over before either could matter. */
export interface CallOptions {
  /** Ends the call when it is aborted; the call then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The call rejects with DEADLINE_EXCEEDED after so many milliseconds. */
  readonly timeoutMs?: number;
}

/** An update as it is, or as the transport sends it. */
export type PackedUpdate = Update | Uint8Array;
export interface PackedWrite extends Omit<WriteRequest, 'updates'> {
  readonly updates?: readonly PackedUpdate[];
}

/** Every call rejects with a StatusError. */
export interface Transport {
  /** The update as it is sent: of many, each can be packed when it is made, and takes less memory afterwards. */
  pack(update: Update): PackedUpdate;
  write(request: PackedWrite, options?: CallOptions): Promise<void>;
  read(request: ReadRequest, options?: CallOptions): AsyncIterable<Entity>;
  setPipeline(request: SetForwardingPipelineConfigRequest, options?: CallOptions): Promise<void>;
  getPipeline(request: GetForwardingPipelineConfigRequest, options?: CallOptions): Promise<GetForwardingPipelineConfigResponse>;
  capabilities(request: CapabilitiesRequest, options?: CallOptions): Promise<CapabilitiesResponse>;
  openStream(handlers: StreamHandlers): ClientStream;
  close(): Promise<void>;
}
