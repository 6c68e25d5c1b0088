/** Packets as hexadecimal text, and back. */
export const fromHex = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
export const toHex = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('hex');

/** A seeded generator of 32-bit numbers (xorshift32), the same on every machine. */
export function random(seed: number): () => number {
  let x = seed >>> 0 || 1;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x;
  };
}

/** Bytes for each byte of `length`. */
export const randomBytes = (next: () => number, length: number): Uint8Array => Uint8Array.from({ length }, () => next() & 0xff);
