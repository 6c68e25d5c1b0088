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

/** P4Info in the form of messages.ts from any that protobuf would take: lists may be missing, numbers may be bigints. */
export const completeP4Info = (message: object): P4Info =>
  fromBinary(
    schema()
      .encode(schema().fromObject(withNumbers(message) as object))
      .finish(),
  );

/** The sizes of tables are int64, and never near 2⁵³. */
function withNumbers<T>(value: T): T {
  if (typeof value === 'bigint') return Number(value) as T;
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map(withNumbers) as T;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withNumbers(part)])) as T;
}
