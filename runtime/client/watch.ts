/** The port that a member of a group watches: it is left out while the port is down. */
import { fromBytes } from '../../compiler/support/bits.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { Watch } from '../p4runtime/messages.js';
import { toUint32 } from './values.js';

export const encodeWatch = (port: number | undefined): Watch =>
  port === undefined ? {} : { watch_port: encodeBits(BigInt(toUint32(port, 'watchPort'))) };

export function decodeWatch({ watch, watch_port: bytes }: Watch): { readonly watchPort?: number } {
  if (bytes?.length) return { watchPort: Number(fromBytes(bytes)) };
  return watch ? { watchPort: watch } : {};
}
