export { type Binding, identityBinding } from './binding.js';
export { type Lowered, type LowerOptions, lowerToV1model } from './lower-v1model/index.js';
