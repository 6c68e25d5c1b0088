/** The data plane in the core's own thread: the reference interpreter behind the messages. */
import type { Program } from '../../compiler/ir/index.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { DataPlane, DataPlaneRequests } from '../data-plane/messages.js';
import { Interpreter, type InterpreterOptions } from './reference.js';

type Handlers = {
  readonly [K in Exclude<keyof DataPlaneRequests, 'load' | 'commit' | 'discard'>]: (
    interpreter: Interpreter,
    request: DataPlaneRequests[K]['request'],
  ) => DataPlaneRequests[K]['reply'];
};

const handlers: Handlers = {
  write: (interpreter, { updates, nowNs }) => {
    interpreter.write(updates, nowNs);
  },
  'read-counter': (interpreter, { counter, index }) => interpreter.readCounter(counter, index),
  'read-direct-counters': (interpreter, { table, entries }) => interpreter.readDirectCounters(table, entries),
  'read-colors': (interpreter, { meter, indexes }) => interpreter.readColors(meter, indexes),
  'read-direct-colors': (interpreter, { table, entries }) => interpreter.readDirectColors(table, entries),
  'read-register': (interpreter, { register, index }) => interpreter.readRegister(register, index),
  'read-idle': (interpreter, { table, entries, nowNs }) => interpreter.readIdle(table, entries, nowNs),
  'read-statistics': (interpreter) => interpreter.readStatistics(),
  packet: (interpreter, request) => interpreter.process(request),
};

/** A request that cannot be served rejects and changes nothing: a program that cannot run leaves the old one. */
export function createDataPlane(options: InterpreterOptions = {}): DataPlane {
  let running: Interpreter | undefined;
  const saved = new Map<number, Interpreter>();
  const find = (number: number | undefined): Interpreter => {
    const interpreter = number === undefined ? running : saved.get(number);
    if (!interpreter) throw new InternalError('no program is loaded');
    return interpreter;
  };
  const programs = {
    load: ({ program, saved: number }: { readonly program: Program; readonly saved?: number }) => {
      const interpreter = new Interpreter(program, options);
      if (number === undefined) running = interpreter;
      else saved.set(number, interpreter);
    },
    commit: ({ saved: number }: { readonly saved: number }) => {
      running = find(number);
      saved.clear();
    },
    discard: ({ saved: number }: { readonly saved: number }) => {
      saved.delete(number);
    },
  };
  return {
    request: async (kind, request) => {
      if (kind in programs) return programs[kind as keyof typeof programs](request as never) as never;
      return handlers[kind as keyof Handlers](find(request.saved), request as never) as never;
    },
    close: async () => {
      running = undefined;
      saved.clear();
    },
  };
}
