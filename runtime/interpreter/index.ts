export { createDataPlane } from './data-plane.js';
export { Interpreter, type InterpreterOptions, initialTables, type PacketRequest, type PacketResult } from './reference.js';
export type { InitialTable } from './tables.js';
