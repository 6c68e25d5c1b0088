/** Waiting that ends with a signal or after a time, and work that is done one after the other. */
import { StatusError } from '../p4runtime/status.js';
import type { CallOptions } from '../p4runtime/transport.js';

/**
 * What of `options` is left for the call once `awaited` is fulfilled. Rejects with the signal's reason, or with
 * DEADLINE_EXCEEDED and `why`.
 */
export async function afterWaiting(awaited: Promise<unknown>, options: CallOptions, why: string): Promise<CallOptions> {
  const { signal, timeoutMs } = options;
  const since = performance.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      signal?.throwIfAborted();
      awaited.then(() => resolve(), reject);
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      if (timeoutMs !== undefined)
        timer = setTimeout(() => reject(new StatusError('DEADLINE_EXCEEDED', `${why} for ${timeoutMs} ms`)), timeoutMs);
    });
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  }
  return timeoutMs === undefined ? options : { ...options, timeoutMs: Math.max(1, timeoutMs - (performance.now() - since)) };
}

/** Rejects with the signal's reason. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await afterWaiting(over, { signal }, '').finally(() => clearTimeout(timer));
}

/** Runs pieces of work one after another, whether or not those before succeeded. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Work whose signal is aborted leaves the queue. */
  async take<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const before = this.#last;
    const mine = afterWaiting(before, signal ? { signal } : {}, '').then(work);
    // Without their results, which would be kept.
    this.#last = Promise.allSettled([before, mine]).then(() => undefined);
    return mine;
  }
}
