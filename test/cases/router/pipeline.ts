export { router } from '../../../examples/router/pipeline.js';
