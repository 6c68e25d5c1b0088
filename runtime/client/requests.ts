/** Reads and writes of a session, with errors that say what was asked. */
import type { Atomicity, Entity, Update } from '../p4runtime/messages.js';
import type { CallOptions, PackedUpdate } from '../p4runtime/transport.js';
import { asking, clientError, mergeErrors, P4RuntimeError } from './errors.js';
import type { Session } from './session.js';
import { checkEntity, type ReachTarget } from './target-limits.js';
import { afterWaiting } from './waiting.js';

export interface Requests {
  readonly target: ReachTarget;
  /** Ends the requests, and the waiting for what the switch sends. */
  readonly signal: AbortSignal | undefined;
  /** For `writeAll`. @throws DiagnosticError entity-unsupported */
  pack(update: Update): PackedUpdate;
  /** `what` says what is asked, such as `set counter ingress.hits`. */
  write(what: string, ...updates: Update[]): Promise<void>;
  /** Any number of updates, each of which `describe` describes; those that are not refused are carried out. */
  writeAll(updates: readonly PackedUpdate[], describe: (index: number) => string): Promise<void>;
  /** All updates in one request. */
  writeWhole(updates: readonly PackedUpdate[], describe: (index: number) => string, atomicity: Atomicity): Promise<void>;
  read(what: string, ...entities: Entity[]): AsyncGenerator<Entity>;
  /** Any other request. */
  ask<T>(what: string, request: (options: CallOptions) => Promise<T>): Promise<T>;
}

/** Updates of one Write. More could make an answer of more bytes of errors than gRPC carries. */
const defaultBatch = 100;

/** Without a target it is any switch that follows the specification. */
export function requestsOf(session: Session, options: CallOptions, target: ReachTarget = { name: 'any' }): Requests {
  const { batch = defaultBatch, causes } = target.server ?? {};
  const { signal } = options;
  /** Undefined where the request can be sent at once: requests are carried out in the order in which they are made. */
  const waiting = (): Promise<CallOptions> | undefined => {
    signal?.throwIfAborted();
    const { over, pending } = session;
    if (over) throw over;
    return pending && afterWaiting(pending, options, `${session.address} was away`);
  };
  const call = async <T>(request: (options: CallOptions) => Promise<T>): Promise<T> => {
    const wait = waiting();
    const left = wait ? await wait : options;
    try {
      return await request(left);
    } catch (error) {
      // What was on its way when the session was closed came too late: that the sender is no primary is no news then.
      throw session.over ?? error;
    }
  };
  const write = (updates: readonly PackedUpdate[], atomicity?: Atomicity): Promise<void> =>
    call((left) => session.transport.write({ ...session.identity, updates, ...(atomicity ? { atomicity } : {}) }, left));
  return {
    target,
    signal,
    pack: (update) => {
      checkEntity(update.entity ?? {}, target);
      return session.transport.pack(update);
    },
    write: async (what, ...updates) => {
      for (const { entity = {} } of updates) checkEntity(entity, target);
      await asking(session.asked(what), () => write(updates), causes);
    },
    writeAll: async (updates, describe) => {
      const refused: P4RuntimeError[] = [];
      // One after the other: of several that are under way at a time, the last may come first.
      for (let first = 0; first < updates.length; first += batch) {
        const part = updates.slice(first, first + batch);
        await write(part).catch((error: unknown) => {
          const asked = clientError(
            error,
            part.map((_, i) => session.asked(describe(first + i))),
            causes,
            first,
          );
          // Only where the switch says of each update what became of it, the next ones make sense.
          if (!(asked instanceof P4RuntimeError) || asked.failures.length === 0) throw asked;
          refused.push(asked);
        });
      }
      if (refused.length > 0) throw mergeErrors(refused);
    },
    writeWhole: async (updates, describe, atomicity) => {
      try {
        await write(updates, atomicity);
      } catch (error) {
        throw clientError(
          error,
          updates.map((_, i) => session.asked(describe(i))),
          causes,
        );
      }
    },
    read: async function* (what, ...entities) {
      try {
        const left = (await waiting()) ?? options;
        yield* session.transport.read({ ...session.reader, entities }, left);
      } catch (error) {
        throw clientError(error, [session.asked(what)], causes);
      }
    },
    ask: (what, request) => asking(session.asked(what), () => call(request), causes),
  };
}

/** Whether something is inserted or modified: what exists cannot be inserted. */
export const insertOrModify = (existing: unknown): 'INSERT' | 'MODIFY' => (existing === undefined ? 'INSERT' : 'MODIFY');

/** Undefined when there is none, whether the switch gives nothing or, as BMv2 does, says NOT_FOUND. */
export async function firstOf<T>(items: AsyncIterable<T>): Promise<T | undefined> {
  try {
    for await (const item of items) return item;
  } catch (error) {
    if (!(error instanceof P4RuntimeError && error.code === 'NOT_FOUND')) throw error;
  }
  return undefined;
}
