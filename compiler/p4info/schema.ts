/** The messages of p4info.proto. */
import protobuf from 'protobufjs/dist/light/protobuf.min.js';
import descriptor from './proto/p4/config/v1/p4info.proto';

let loaded: protobuf.Type | undefined;

/** The message type `p4.config.v1.P4Info`. */
export function p4infoSchema(): protobuf.Type {
  loaded ??= protobuf.Root.fromJSON(descriptor).lookupType('p4.config.v1.P4Info');
  return loaded;
}
