/** Arithmetic on fixed-width integers held in bigints (P4-16 §8.5-8.7). */
import { fromHex, toHex } from './bytes.js';

/** The largest value of `width` unsigned bits. */
export function maxUnsigned(width: number): bigint {
  const known = largest[width];
  if (known !== undefined) return known;
  const value = (1n << BigInt(width)) - 1n;
  if (width <= commonWidths) largest[width] = value;
  return value;
}
/** Most widths are below, and are asked for with every packet and every entry. */
const commonWidths = 256;
const largest: bigint[] = [];

/** `value` modulo 2^width, as an unsigned number. */
export const truncate = (value: bigint, width: number): bigint => BigInt.asUintN(width, value);

/** `value` in two's complement of `width` bits, as a signed number. */
export const signed = (value: bigint, width: number): bigint => (width === 0 ? 0n : BigInt.asIntN(width, value));

/** The type of numbers of one size, in bits: `int` ones have a sign. */
export interface Sized {
  readonly kind: 'bit' | 'int';
  readonly width: number;
}

/** The least and the greatest number of the type. */
export function rangeOf({ kind, width }: Sized): readonly [low: bigint, high: bigint] {
  if (kind === 'bit' || width === 0) return [0n, maxUnsigned(width)];
  const low = -(1n << BigInt(width - 1));
  return [low, -low - 1n];
}

/** What a diagnostic says of a number that the type does not hold; undefined where it holds it. `name`: of the type. */
export function misfit(value: bigint | number, type: Sized, name: string): { value: string; type: string; range: string } | undefined {
  const [low, high] = rangeOf(type);
  const isWhole = typeof value === 'bigint' || Number.isSafeInteger(value);
  return isWhole && value >= low && value <= high ? undefined : { value: `${value}`, type: name, range: `${low} to ${high}` };
}

/** The smallest number of bits that holds the non-negative `value`; 0 for 0. */
export function bitLength(value: bigint): number {
  if (value <= 0xffffffffn) return 32 - Math.clz32(Number(value));
  const hex = value.toString(16);
  return 4 * hex.length + 28 - Math.clz32(Number(`0x${hex[0]}`));
}

/** The number of bytes that hold `width` bits. */
export const byteLength = (width: number): number => (width + 7) >> 3;

/** The mask of a prefix of `length` bits in a field of `width` bits. */
export const prefixMask = (length: number, width: number): bigint => maxUnsigned(width) ^ maxUnsigned(width - length);

/** Bytes whose number is exact as a JavaScript number, which is faster than a bigint. */
const exactBytes = 6;

/** Big-endian bytes, padded on the left to `length` bytes. */
export function toBytes(value: bigint, length: number): Uint8Array {
  const low = truncate(value, 8 * length);
  if (length > exactBytes) return fromHex(low.toString(16).padStart(2 * length, '0'));
  const bytes = new Uint8Array(length);
  let rest = Number(low);
  for (let i = length - 1; i >= 0; i--) {
    bytes[i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return bytes;
}

export function fromBytes(bytes: Uint8Array): bigint {
  if (bytes.length > exactBytes) return BigInt(`0x${toHex(bytes)}`);
  let value = 0;
  for (let i = 0; i < bytes.length; i++) value = value * 256 + (bytes[i] as number);
  return BigInt(value);
}

/** `width` bits of `bytes` from bit `offset` (0 is the first bit on the wire), as an unsigned number. */
export function readBits(bytes: Uint8Array, offset: number, width: number): bigint {
  if (width === 0) return 0n;
  const first = offset >> 3;
  const last = (offset + width - 1) >> 3;
  const tail = 8 * (last + 1) - (offset + width);
  if (last - first < exactBytes) {
    let value = 0;
    for (let i = first; i <= last; i++) value = value * 256 + (bytes[i] as number);
    return BigInt(Math.floor(value / 2 ** tail) % 2 ** width);
  }
  return truncate(fromBytes(bytes.subarray(first, last + 1)) >> BigInt(tail), width);
}
