/** The status of a call, with one p4.v1.Error for each element of a batch (P4Runtime, "Error Reporting Messages"). */
import type { P4Error, RpcStatus } from './messages.js';
import { decodeMessage, encodeMessage } from './proto.js';

/** google.rpc.Code: the canonical codes, in their order. */
export const codeNames = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;
export type CodeName = (typeof codeNames)[number];

export const codeOf = (name: CodeName): number => codeNames.indexOf(name);
export const codeName = (code: number | undefined): CodeName => codeNames[code ?? 0] ?? 'UNKNOWN';

/** A call that failed. `errors` has one element for each update or entity of the batch, those that succeeded too. */
export class StatusError extends Error {
  readonly code: CodeName;
  readonly errors: readonly P4Error[];
  constructor(code: CodeName, message: string, errors: readonly P4Error[] = []) {
    super(message);
    this.name = 'StatusError';
    this.code = code;
    this.errors = errors;
  }
}

const errorType = 'p4.v1.Error';

/** What `grpc-status-details-bin` carries: a google.rpc.Status with the errors as its details. */
export function encodeStatus(error: StatusError): Buffer {
  const status: RpcStatus = {
    code: codeOf(error.code),
    message: error.message,
    details: error.errors.map((e) => ({ type_url: `type.googleapis.com/${errorType}`, value: encodeMessage(errorType, e) })),
  };
  return encodeMessage('google.rpc.Status', status);
}

/** The errors in `grpc-status-details-bin`; details of other types count as errors without text. */
export function decodeErrors(bytes: Uint8Array): readonly P4Error[] {
  const status = decodeMessage<RpcStatus>('google.rpc.Status', bytes);
  return (status.details ?? []).map((any) =>
    any.type_url?.endsWith(`/${errorType}`) ? decodeMessage<P4Error>(errorType, any.value ?? new Uint8Array()) : {},
  );
}
