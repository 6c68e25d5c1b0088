/** Lengths and masks of numbers, against their text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitLength, maxUnsigned } from '../../compiler/support/bits.js';

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
