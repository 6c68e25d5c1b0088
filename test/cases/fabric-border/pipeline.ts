export { border } from '../../../examples/fabric/border.js';
