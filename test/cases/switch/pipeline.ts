export { l2switch } from '../../../examples/switch/pipeline.js';
