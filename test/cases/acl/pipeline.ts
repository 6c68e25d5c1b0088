export { acl } from '../../../examples/acl/pipeline.js';
