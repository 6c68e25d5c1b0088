export { serviceProxy } from '../../../examples/service-proxy/pipeline.js';
