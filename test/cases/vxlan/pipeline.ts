export { vxlanGateway } from '../../../examples/vxlan/pipeline.js';
