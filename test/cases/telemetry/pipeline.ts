export { telemetry } from '../../../examples/telemetry/pipeline.js';
