export { createDataPlane } from './data-plane.js';
export { Interpreter, type InterpreterOptions, initialTables, type PacketRequest, type PacketResult } from './reference.js';
export { formatTraceMatch, formatTraceValue, renderTrace, summarizeTrace } from './render-trace.js';
export type { InitialTable } from './tables.js';
export type * from './trace.js';
export { allEvents } from './trace.js';
