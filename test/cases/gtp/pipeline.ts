export { upf } from '../../../examples/gtp/pipeline.js';
