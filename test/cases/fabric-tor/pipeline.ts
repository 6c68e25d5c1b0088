export { tor } from '../../../examples/fabric/tor.js';
