/** The data plane in the core's own thread: the reference interpreter behind the messages. */
import { InternalError } from '../../compiler/support/invariant.js';
import type { DataPlane, DataPlaneRequests } from '../switch/messages.js';
import { Interpreter, type InterpreterOptions } from './reference.js';

type Handlers = { readonly [K in keyof DataPlaneRequests]: (request: DataPlaneRequests[K]['request']) => DataPlaneRequests[K]['reply'] };

/** A request that cannot be served rejects and changes nothing: a program that cannot run leaves the old one. */
export function createDataPlane(options: InterpreterOptions = {}): DataPlane {
  let interpreter: Interpreter | undefined;
  const loaded = (): Interpreter => {
    if (!interpreter) throw new InternalError('no program is loaded');
    return interpreter;
  };
  const handlers: Handlers = {
    load: ({ program }) => {
      interpreter = new Interpreter(program, options);
    },
    write: ({ updates, nowNs }) => {
      loaded().write(updates, nowNs);
    },
    'read-counter': ({ counter, index }) => loaded().readCounter(counter, index),
    'read-direct-counters': ({ table, entries }) => loaded().readDirectCounters(table, entries),
    'read-register': ({ register, index }) => loaded().readRegister(register, index),
    'read-idle': ({ table, entries, nowNs }) => loaded().readIdle(table, entries, nowNs),
    packet: (request) => loaded().process(request),
  };
  return {
    request: async (kind, request) => handlers[kind](request),
    close: async () => {
      interpreter = undefined;
    },
  };
}
