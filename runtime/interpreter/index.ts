export {
  createDataPlane,
  Interpreter,
  type InterpreterOptions,
  initialTables,
  type PacketRequest,
  type PacketResult,
} from './reference.js';
