/** What `grpc-status-details-bin` carries: a google.rpc.Status with a p4.v1.Error for each element of a batch. */
import type { P4Error, RpcStatus } from '../p4runtime/messages.js';
import { codeOf, type StatusError } from '../p4runtime/status.js';
import { decodeMessage, encodeMessage } from './proto.js';

const errorType = 'p4.v1.Error';

export function encodeStatus(error: StatusError): Buffer {
  const status: RpcStatus = {
    code: codeOf(error.code),
    message: error.message,
    details: error.errors.map((e) => ({ type_url: `type.googleapis.com/${errorType}`, value: encodeMessage(errorType, e) })),
  };
  return encodeMessage('google.rpc.Status', status);
}

/** In bytes. */
export const sizeOf = (error: P4Error): number => encodeMessage(errorType, error).length;

/** Details of other types count as errors without text. */
export function decodeErrors(bytes: Uint8Array): readonly P4Error[] {
  const status = decodeMessage<RpcStatus>('google.rpc.Status', bytes);
  return (status.details ?? []).map((any) =>
    any.type_url?.endsWith(`/${errorType}`) ? decodeMessage<P4Error>(errorType, any.value ?? new Uint8Array()) : {},
  );
}
