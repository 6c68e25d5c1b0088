/** The data plane in the core's own thread. It answers messages and hands packets to what executes the program. */
import type { Program } from '../../compiler/ir/index.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { DataPlane, DataPlaneRequests, TreeReply, TreeRequest } from './messages.js';
import type { State } from './state.js';

/** A program that is ready to run. */
export interface Executor {
  readonly state: State;
  /** Runs one packet. Any bytes will do. */
  process(request: DataPlaneRequests['packet']['request']): DataPlaneRequests['packet']['reply'];
  /** All that can happen to a packet; the state stays as it is. */
  tree(request: TreeRequest): TreeReply;
}

type Handlers = {
  readonly [K in Exclude<keyof DataPlaneRequests, 'load' | 'commit' | 'discard'>]: (
    executor: Executor,
    request: DataPlaneRequests[K]['request'],
  ) => DataPlaneRequests[K]['reply'];
};

const handlers: Handlers = {
  write: ({ state }, { updates, nowNs }) => {
    state.write(updates, nowNs);
  },
  'read-counter': ({ state }, { counter, index }) => state.readCounter(counter, index),
  'read-direct-counters': ({ state }, { table, entries }) => state.readDirectCounters(table, entries),
  'read-colors': ({ state }, { meter, indexes }) => state.readColors(meter, indexes),
  'read-direct-colors': ({ state }, { table, entries }) => state.readDirectColors(table, entries),
  'read-register': ({ state }, { register, index }) => state.readRegister(register, index),
  'read-idle': ({ state }, { table, entries, nowNs }) => state.readIdle(table, entries, nowNs),
  'read-statistics': ({ state }) => state.readStatistics(),
  packet: (executor, request) => executor.process(request),
  tree: (executor, request) => executor.tree(request),
};

/**
 * `load` throws for a program that cannot run. A request that cannot be served rejects and changes nothing: a program that
 * cannot run leaves the old one.
 */
export function executing(load: (program: Program) => Executor): DataPlane {
  let running: Executor | undefined;
  const saved = new Map<number, Executor>();
  const find = (number: number | undefined): Executor => {
    const executor = number === undefined ? running : saved.get(number);
    if (!executor) throw new InternalError('no program is loaded');
    return executor;
  };
  const programs = {
    load: ({ program, saved: number }: { readonly program: Program; readonly saved?: number }) => {
      const executor = load(program);
      if (number === undefined) running = executor;
      else saved.set(number, executor);
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
