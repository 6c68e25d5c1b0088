/** P4Info in the binary form of protobuf. */
import type { P4Info } from './messages.js';
import { p4infoSchema } from './schema.js';

export function toBinary(p4info: P4Info): Uint8Array {
  const schema = p4infoSchema();
  return schema.encode(schema.fromObject(p4info)).finish();
}

/** Throws when the bytes are not a P4Info. */
export function fromBinary(bytes: Uint8Array): P4Info {
  return plain(p4infoSchema().decode(bytes));
}

/** P4Info in the form of messages.ts from any that protobuf would take: lists may be missing, numbers may be bigints. */
export function completeP4Info(message: object): P4Info {
  return plain(p4infoSchema().fromObject(message));
}

type Message = ReturnType<ReturnType<typeof p4infoSchema>['decode']>;

function plain(message: Message): P4Info {
  const object = p4infoSchema().toObject(message, { enums: String, longs: Number, arrays: true, objects: true });
  return object as P4Info;
}
