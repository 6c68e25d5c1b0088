/** P4Info read from messages of protobuf. */
import protobuf from 'protobufjs/dist/light/protobuf.min.js';
import type { P4Info } from './messages.js';
import descriptor from './proto/p4/config/v1/p4info.proto';
import { p4infoMessage } from './schema.js';

let loaded: protobuf.Type | undefined;

function schema(): protobuf.Type {
  loaded ??= protobuf.Root.fromJSON(descriptor).lookupType(p4infoMessage);
  return loaded;
}

/** From the binary form. Throws when the bytes are not a P4Info. */
export function fromBinary(bytes: Uint8Array): P4Info {
  // A plain reader: the one that protobufjs chooses in Node makes Buffers, which compare unlike Uint8Arrays.
  const message = schema().decode(new protobuf.Reader(new Uint8Array(bytes)));
  return schema().toObject(message, { enums: String, longs: Number, arrays: true, objects: true }) as P4Info;
}
