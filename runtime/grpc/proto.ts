/** Our .proto files, loaded once: the service definition for gRPC, and single messages from and to bytes. */
import { fileURLToPath } from 'node:url';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { invariant } from '../../compiler/support/invariant.js';
import { ownFolder } from '../../compiler/support/node.js';

const folder = (path: string): string => fileURLToPath(new URL(path, ownFolder));

let loaded: PackageDefinition | undefined;

export function definitions(): PackageDefinition {
  loaded ??= loadSync(['google/rpc/status.proto', 'p4/v1/p4runtime.proto', 'packed.proto'], {
    includeDirs: [folder('runtime/grpc/proto'), folder('compiler/p4info/proto')],
    keepCase: true,
    // protobufjs takes BigInt here; its types do not say so yet.
    longs: BigInt as unknown as StringConstructor,
    enums: String,
    bytes: Buffer as unknown as ArrayConstructor,
  });
  return loaded;
}

/** Encodes a message such as `p4.v1.Error`. */
export function encodeMessage(type: string, message: object): Buffer {
  return codec(type).serialize(message);
}

/** Decodes a message; throws when the bytes are not one. Its byte strings are parts of `bytes`. */
export function decodeMessage<T extends object>(type: string, bytes: Uint8Array): T {
  return codec(type).deserialize(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)) as T;
}

function codec(type: string): { serialize(message: object): Buffer; deserialize(bytes: Buffer): object } {
  const found = definitions()[type];
  invariant(found && 'serialize' in found, `no message ${type} in the .proto files`);
  return found as { serialize(message: object): Buffer; deserialize(bytes: Buffer): object };
}
