export { labelSwitch } from '../../../examples/mpls/pipeline.js';
