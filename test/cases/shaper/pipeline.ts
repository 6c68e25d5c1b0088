export { shaper } from '../../../examples/shaper/pipeline.js';
