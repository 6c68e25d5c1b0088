/** The port that a member of a group watches: it is left out while the port is down. */
import { fromBytes } from '../../compiler/support/bits.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { Watch } from '../p4runtime/messages.js';

export const encodeWatch = (port: number | undefined): Watch => (port === undefined ? {} : { watch_port: encodeBits(BigInt(port)) });

export function decodeWatch({ watch, watch_port: bytes }: Watch): { readonly watchPort?: number } {
  if (bytes?.length) return { watchPort: Number(fromBytes(bytes)) };
  return watch ? { watchPort: watch } : {};
}
