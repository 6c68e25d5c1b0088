export { loadBalancer } from '../../../examples/load-balancer/pipeline.js';
