/** Ports as controllers give them. */
import { decodeBits } from '../p4runtime/bytestrings.js';

/** Undefined for what is not a port of the switch. `max`: its highest one. */
export function decodePortNumber(bytes: Uint8Array, max: number): number | undefined {
  const port = decodeBits(bytes, 32);
  return port !== undefined && port <= BigInt(max) ? Number(port) : undefined;
}
