/** The messages that answer a Read (P4Runtime, "Read RPC"): as few as their size allows. */
import type { Entity, ReadResponse } from '../p4runtime/messages.js';

/** gRPC's clients take messages of 4 MiB unless they are told otherwise. One entity may have more. */
const bytesPerResponse = 256 * 1024;

export function* inResponses(all: Iterable<Entity>): Generator<ReadResponse> {
  let entities: Entity[] = [];
  let size = 0;
  for (const entity of all) {
    const more = sizeOf(entity);
    if (size + more > bytesPerResponse && entities.length > 0) {
      yield { entities };
      [entities, size] = [[], 0];
    }
    entities.push(entity);
    size += more;
  }
  if (entities.length > 0) yield { entities };
}

/** Of a field: its number, and a length or an integer. */
const bytesPerField = 12;

/** Not less than the bytes on the wire. */
function sizeOf(value: unknown): number {
  if (typeof value === 'string') return bytesPerField + 3 * value.length;
  if (typeof value !== 'object' || value === null) return bytesPerField;
  if (value instanceof Uint8Array) return bytesPerField + value.length;
  let size = bytesPerField;
  for (const name in value) size += sizeOf(value[name as keyof typeof value]);
  return size;
}
