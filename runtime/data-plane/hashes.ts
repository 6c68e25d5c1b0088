/** Checksums and hashes over bytes (RFC 1071, and the CRCs with the parameters that BMv2 uses). */
import { invariant } from '../../compiler/support/invariant.js';

export type HashFunction = (bytes: Uint8Array) => bigint;

/** The ones' complement of the ones' complement sum of 16-bit words (RFC 1071); an odd byte has a zero after it. */
export function onesComplement16(bytes: Uint8Array): bigint {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    sum += word16(bytes, i);
    sum = (sum & 0xffff) + (sum >>> 16);
  }
  return BigInt(~sum & 0xffff);
}

const word16 = (bytes: Uint8Array, i: number): number => ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0);

function xor16(bytes: Uint8Array): bigint {
  let result = 0;
  for (let i = 0; i < bytes.length; i += 2) result ^= word16(bytes, i);
  return BigInt(result);
}

/** A reflected CRC of at most 32 bits; `polynomial` has its bits reversed. */
const crc =
  (polynomial: number, initial: number, final: number): HashFunction =>
  (bytes) => {
    let rest = initial;
    for (const byte of bytes) {
      rest ^= byte;
      for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ polynomial : rest >>> 1;
    }
    return BigInt((rest ^ final) >>> 0);
  };

const crc16 = crc(0xa001, 0, 0);
const crc32 = crc(0xedb88320, 0xffffffff, 0xffffffff);

/** The members of v1model's HashAlgorithm. The custom ones have the standard's parameters until they can be set. */
export const hashAlgorithms: Readonly<Record<string, HashFunction>> = {
  csum16: onesComplement16,
  xor16,
  crc16,
  crc16_custom: crc16,
  crc32,
  crc32_custom: crc32,
  /** The first eight bytes. */
  identity: (bytes) => bytes.subarray(0, 8).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n),
};

export function hashNamed(algorithm: string): HashFunction {
  const hash = hashAlgorithms[algorithm];
  invariant(hash, `no hash algorithm ${algorithm}`);
  return hash;
}
