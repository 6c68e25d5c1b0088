/** Requests that a switch refused, as its clients see them. */
import { type CodeName, codeName, StatusError } from '../p4runtime/status.js';

/** One update of a Write that was refused. */
export interface Failure {
  /** Its place among the entries of the call. */
  readonly index: number;
  readonly code: CodeName;
  /** What the switch says, with the likely cause where that says little. */
  readonly message: string;
  /** What was asked, such as `insert into table ingress.routes: dst 10.0.0.0/8`. */
  readonly request: string;
}

/** A switch refused a request. Updates of the same call that are not among `failures` were carried out. */
export class P4RuntimeError extends Error {
  readonly code: CodeName;
  readonly failures: readonly Failure[];
  constructor(code: CodeName, message: string, failures: readonly Failure[] = [], options?: ErrorOptions) {
    super(message, options);
    this.name = 'P4RuntimeError';
    this.code = code;
    this.failures = failures;
  }
}

/** Of errors that say little: what their messages contain, what to look for, and of which requests, where not of all. */
export type Causes = readonly (readonly [contains: string, cause: string, of?: RegExp])[];

/** Runs a request; what the switch refuses becomes a P4RuntimeError that says what was asked. */
export async function asking<T>(what: string, request: () => Promise<T>, causes?: Causes): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw clientError(error, [what], causes);
  }
}

/** `requests` describes the elements of the batch, `first` is the index of its first in the user's call. */
export function clientError(error: unknown, requests: readonly string[], causes: Causes = [], first = 0): unknown {
  if (!(error instanceof StatusError)) return error;
  const explained = (message: string, request = ''): string => {
    const cause = causes.find(([contains, , of]) => message.includes(contains) && (of?.test(request) ?? true))?.[1];
    return cause === undefined ? message : `${message} (${cause})`;
  };
  const failures = error.errors.flatMap(({ canonical_code: code, message }, i): Failure[] =>
    code
      ? [
          {
            index: i + first,
            code: codeName(code),
            message: explained(message || 'the switch gives no reason', requests[i]),
            request: requests[i] ?? '',
          },
        ]
      : [],
  );
  if (failures.length === 0) {
    const what = requests.length === 1 ? `${requests[0]}: ` : '';
    return new P4RuntimeError(error.code, `${what}${error.code}: ${explained(error.message, requests[0])}`, [], { cause: error });
  }
  return failed(failures, error.code, error);
}

/** One error for batches of one call that failed one by one. */
export function mergeErrors(errors: readonly P4RuntimeError[]): P4RuntimeError {
  const [first] = errors as [P4RuntimeError];
  return errors.length === 1
    ? first
    : failed(
        errors.flatMap((e) => e.failures),
        first.code,
        first.cause,
      );
}

/** More lines than these say no more to a person; `failures` has them all. */
const shownFailures = 20;

function failed(failures: readonly Failure[], otherwise: CodeName, cause: unknown): P4RuntimeError {
  const lines = failures.slice(0, shownFailures).map((f) => `${f.request}: ${f.code}: ${f.message}`);
  if (failures.length > shownFailures) lines.push(`and ${failures.length - shownFailures} more`);
  const [only] = failures;
  // One code for the whole, when there is one.
  const code = only && failures.every((f) => f.code === only.code) ? only.code : otherwise;
  return new P4RuntimeError(code, lines.length === 1 ? (lines[0] as string) : `\n  ${lines.join('\n  ')}`, failures, { cause });
}
