export { kvCache } from '../../../examples/kv-cache/pipeline.js';
