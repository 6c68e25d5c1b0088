/** Integers as byte strings (P4Runtime, "Bytestrings"): big-endian, the shortest that holds the value, never empty. */
import { bitLength, fromBytes, toBytes } from '../../compiler/support/bits.js';

/** The canonical form of an unsigned value. */
export function encodeBits(value: bigint): Uint8Array {
  return toBytes(value, Math.max(1, (bitLength(value) + 7) >> 3));
}

/** The value of a byte string of any padding; undefined when it is empty or does not fit `bit<width>`. */
export function decodeBits(bytes: Uint8Array | undefined, width: number): bigint | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const value = fromBytes(bytes);
  return bitLength(value) <= width ? value : undefined;
}
