export { nat } from '../../../examples/nat/pipeline.js';
