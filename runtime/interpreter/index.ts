export {
  createDataPlane,
  Interpreter,
  type InterpreterOptions,
  type PacketRequest,
  type PacketResult,
} from './reference.js';
