/** The data plane in the core's own thread: the reference interpreter behind the messages. */
import { InternalError } from '../../compiler/support/invariant.js';
import type { DataPlane, DataPlaneRequests } from '../switch/messages.js';
import { Interpreter } from './reference.js';

type Handlers = { readonly [K in keyof DataPlaneRequests]: (request: DataPlaneRequests[K]['request']) => DataPlaneRequests[K]['reply'] };

const missing = (what: string): never => {
  throw new InternalError(`the interpreter has no ${what}`);
};

/** A request that cannot be served rejects and changes nothing: a program that cannot run leaves the old one. */
export function createDataPlane(): DataPlane {
  let interpreter: Interpreter | undefined;
  const loaded = (): Interpreter => {
    if (!interpreter) throw new InternalError('no program is loaded');
    return interpreter;
  };
  const handlers: Handlers = {
    load: ({ program }) => {
      interpreter = new Interpreter(program);
    },
    write: ({ updates }) => {
      loaded().write(updates);
    },
    'read-counter': ({ counter, index }) => loaded().readCounter(counter, index),
    'read-direct-counters': ({ table, entries }) => loaded().readDirectCounters(table, entries),
    'read-register': () => missing('registers'),
    'read-idle': () => missing('idle timeouts'),
    packet: (request) => loaded().process(request),
  };
  return {
    request: async (kind, request) => handlers[kind](request),
    close: async () => {
      interpreter = undefined;
    },
  };
}
