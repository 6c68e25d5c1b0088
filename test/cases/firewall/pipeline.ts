export { firewall } from '../../../examples/firewall/pipeline.js';
