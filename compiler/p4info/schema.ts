/** The messages of p4info.proto, loaded when they are first needed. */
import { fileURLToPath } from 'node:url';
import protobuf from 'protobufjs';

let loaded: protobuf.Type | undefined;

/** The message type `p4.config.v1.P4Info`. */
export function p4infoSchema(): protobuf.Type {
  if (loaded) return loaded;
  const root = new protobuf.Root();
  const folder = fileURLToPath(new URL('./proto/', import.meta.url));
  // google/protobuf/any.proto comes with protobufjs.
  root.resolvePath = (_, target) => (target.startsWith('google/') ? target : folder + target);
  root.loadSync('p4/config/v1/p4info.proto', { keepCase: true }).resolveAll();
  loaded = root.lookupType('p4.config.v1.P4Info');
  return loaded;
}
