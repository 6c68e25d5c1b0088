/** Lengths, masks and bits of numbers, against their text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitLength, maxUnsigned, readBits } from '../../compiler/support/bits.js';
import { BitWriter } from '../../runtime/interpreter/packet.js';

test('bitLength is the number of binary digits', () => {
  fc.assert(fc.property(fc.bigInt(1n, 1n << 200n), (value) => bitLength(value) === value.toString(2).length));
  for (const bits of [1, 31, 32, 33, 63, 64, 65, 2048]) {
    expect(bitLength(1n << BigInt(bits - 1))).toBe(bits);
    expect(bitLength((1n << BigInt(bits)) - 1n)).toBe(bits);
  }
  expect(bitLength(0n)).toBe(0);
});

test('maxUnsigned is all ones, however often it is asked for', () => {
  for (const width of [0, 1, 8, 64, 256, 257, 2048, 8, 257]) expect(maxUnsigned(width)).toBe(BigInt(`0b0${'1'.repeat(width)}`));
});

const binary = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');

test('readBits gives the bits of the text, wherever they begin', () => {
  const place = fc
    .uint8Array({ minLength: 1, maxLength: 24 })
    .chain((bytes) =>
      fc
        .nat(8 * bytes.length - 1)
        .chain((offset) => fc.tuple(fc.constant(bytes), fc.constant(offset), fc.integer({ min: 1, max: 8 * bytes.length - offset }))),
    );
  fc.assert(
    fc.property(place, ([bytes, offset, width]) => {
      expect(readBits(bytes, offset, width)).toBe(BigInt(`0b${binary(bytes).slice(offset, offset + width)}`));
    }),
    { numRuns: 2000 },
  );
});

test('BitWriter gives what was written, zero bits up to whole bytes, and the tail', () => {
  const part = fc.integer({ min: 1, max: 70 }).chain((width) => fc.tuple(fc.bigInt(0n, (1n << BigInt(width)) - 1n), fc.constant(width)));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), fc.uint8Array({ maxLength: 5 }), (parts, tail) => {
      const writer = new BitWriter();
      for (const [bits, width] of parts) writer.write(bits, width);
      const text = parts.map(([bits, width]) => bits.toString(2).padStart(width, '0')).join('');
      expect(writer.width).toBe(text.length);
      expect(binary(writer.bytes(tail))).toBe(text.padEnd(8 * Math.ceil(text.length / 8), '0') + binary(tail));
    }),
    { numRuns: 2000 },
  );
});
