/** Bytes and text, with what every host of JavaScript has. */

/** Also of bytes that another context made, for which `instanceof` is false. */
export const isBytes = (x: unknown): x is Uint8Array => ArrayBuffer.isView(x) && x[Symbol.toStringTag as never] === 'Uint8Array';

export const toUtf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Bytes that are not UTF-8 become U+FFFD; a byte order mark stays. */
export const fromUtf8 = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i++) text += hexOf[bytes[i] as number];
  return text;
}

/** `hex` has two hexadecimal digits for each byte. */
export function fromHex(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (digit(hex.charCodeAt(2 * i)) << 4) | digit(hex.charCodeAt(2 * i + 1));
  return bytes;
}
/** Letters have 1 to 6 in their last four bits, in both cases. */
const digit = (code: number): number => (code & 15) + (code > 0x39 ? 9 : 0);

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Negative, 0 or positive: the first byte that differs says the order, else the length. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length && i < b.length; i++) if (a[i] !== b[i]) return (a[i] as number) - (b[i] as number);
  return a.length - b.length;
}

/** The 64 bits of FNV-1a. */
export function fnv1a(bytes: Uint8Array): bigint {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let i = 0; i < bytes.length; i++) {
    low = (low ^ (bytes[i] as number)) >>> 0;
    // Times 2⁴⁰ + 0x1b3, modulo 2⁶⁴.
    const product = low * 0x1b3;
    high = (Math.imul(high, 0x1b3) + Math.floor(product / 2 ** 32) + (low << 8)) >>> 0;
    low = product >>> 0;
  }
  return (BigInt(high) << 32n) | BigInt(low);
}
