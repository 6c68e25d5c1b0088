export { zeroTrust } from '../../../examples/zero-trust/pipeline.js';
