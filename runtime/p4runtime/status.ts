/** The status of a call, with one p4.v1.Error for each element of a batch (P4Runtime, "Error Reporting Messages"). */
import type { P4Error } from './messages.js';

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
