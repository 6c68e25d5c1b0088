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

/** `count` of the packets, each cut to 120 bytes and with a few bytes changed, mostly in the headers, or cut off anywhere. */
export function damaged<P extends { readonly bytes: Uint8Array }>(packets: readonly P[], count: number, seed: number): P[] {
  const next = random(seed);
  return Array.from({ length: count }, () => {
    const sent = packets[next() % packets.length] as P;
    const changed = Uint8Array.from(sent.bytes.subarray(0, 120));
    for (let i = next() % 3; i >= 0; i--) changed[next() % Math.min(changed.length, 60)] = next() & 0xff;
    return { ...sent, bytes: next() % 4 === 0 ? changed.subarray(0, 1 + (next() % changed.length)) : changed };
  });
}
