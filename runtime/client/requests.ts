/** Reads and writes of a session, with errors that say what was asked. */
import type { Entity, Update } from '../p4runtime/messages.js';
import { asking, clientError, P4RuntimeError } from './errors.js';
import type { Session } from './session.js';

export interface Requests {
  /** `what` says what is asked, such as `set counter ingress.hits`. */
  write(what: string, ...updates: Update[]): Promise<void>;
  read(what: string, entity: Entity): AsyncGenerator<Entity>;
}

export function requestsOf(session: Session): Requests {
  return {
    write: (what, ...updates) =>
      asking(what, () => session.transport.write({ device_id: session.deviceId, election_id: session.electionId, updates })),
    read: async function* (what, entity) {
      try {
        yield* session.transport.read({ device_id: session.deviceId, entities: [entity] });
      } catch (error) {
        throw clientError(error, [what]);
      }
    },
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
