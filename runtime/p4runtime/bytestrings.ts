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

/** The canonical form of `int<width>`, given as its bits: two's complement without the bytes that only repeat the sign. */
export function encodeSigned(bits: bigint, width: number): Uint8Array {
  const value = BigInt.asIntN(width, bits);
  // One bit more than the magnitude needs, for the sign.
  const needed = bitLength(value < 0n ? -value - 1n : value) + 1;
  const size = (needed + 7) >> 3;
  return toBytes(BigInt.asUintN(8 * size, value), size);
}

/** The bits of `int<width>`; undefined when the byte string is empty or its value does not fit. */
export function decodeSigned(bytes: Uint8Array | undefined, width: number): bigint | undefined {
  if (bytes === undefined || bytes.length === 0) return undefined;
  const value = BigInt.asIntN(8 * bytes.length, fromBytes(bytes));
  return BigInt.asIntN(width, value) === value ? BigInt.asUintN(width, value) : undefined;
}
