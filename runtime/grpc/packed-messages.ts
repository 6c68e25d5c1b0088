/**
 * The messages that hold thousands of others, with these as bytes. One element at a time is made of them and thrown away:
 * a message with all of its elements at once is work for the garbage collector.
 */
import type { Entity, Update, WriteRequest } from '../p4runtime/messages.js';
import { StatusError } from '../p4runtime/status.js';
import { decodeMessage, encodeMessage } from './proto.js';

/** A WriteRequest whose updates are bytes of p4.v1.Update. */
export interface PackedWriteRequest extends Omit<WriteRequest, 'updates'> {
  readonly updates?: readonly Uint8Array[];
}
/** A ReadResponse whose entities are bytes of p4.v1.Entity. */
export interface PackedReadResponse {
  readonly entities?: readonly Uint8Array[];
}

export const packUpdate = (update: Update): Uint8Array => encodeMessage('p4.v1.Update', update);

/** @throws StatusError INVALID_ARGUMENT when it comes to bytes that are no update */
export function* unpackUpdates(updates: readonly Uint8Array[] = []): Iterable<Update> {
  for (const [i, bytes] of updates.entries()) {
    try {
      yield decodeMessage<Update>('p4.v1.Update', bytes);
    } catch (error) {
      const which = `update ${i + 1} of ${updates.length}`;
      throw new StatusError('INVALID_ARGUMENT', `${which} is no message p4.v1.Update: ${(error as Error).message}`);
    }
  }
}

/** gRPC's clients take messages of 4 MiB unless they are told otherwise. One entity may have more than this. */
const bytesPerResponse = 256 * 1024;
/** Of an element: the number of its field, and its length. */
const bytesAround = 6;

/** Few answers to a Read, none of them too large. What was there before an error comes before it. */
export async function* packEntities(all: AsyncIterable<Entity>): AsyncGenerator<PackedReadResponse> {
  let entities: Uint8Array[] = [];
  let size = 0;
  let failed: { readonly error: unknown } | undefined;
  try {
    for await (const entity of all) {
      const bytes = encodeMessage('p4.v1.Entity', entity);
      const more = bytes.length + bytesAround;
      if (size + more > bytesPerResponse && entities.length > 0) {
        yield { entities };
        [entities, size] = [[], 0];
      }
      entities.push(bytes);
      size += more;
    }
  } catch (error) {
    failed = { error };
  }
  if (entities.length > 0) yield { entities };
  if (failed) throw failed.error;
}

export function* unpackEntities({ entities = [] }: PackedReadResponse): Iterable<Entity> {
  for (const bytes of entities) yield decodeMessage<Entity>('p4.v1.Entity', bytes);
}
