/** A mistake of p4ts itself. It is thrown, never reported as a diagnostic: users' mistakes are diagnostics. */
export class InternalError extends Error {
  constructor(message: string) {
    super(`${message} (this is a bug in p4ts, not in your program)`);
    this.name = 'InternalError';
  }
}

export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new InternalError(message);
}

/** For the end of exhaustive switches: tsc rejects the call while a case is missing. */
export function unreachable(value: never): never {
  throw new InternalError(`unexpected ${JSON.stringify(value)}`);
}
