import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBits, decodeSigned, encodeBits, encodeSigned } from '../../runtime/p4runtime/bytestrings.js';

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

// The tables of the specification, "Bytestrings"; values of type int<W> occur only in P4Data.
describe('byte strings of the specification', () => {
  test.each([
    [8, 99n, '63', true],
    [16, 99n, '0063', false],
    [16, 99n, '63', true],
    [16, 12388n, '3064', true],
    [16, 12388n, '003064', false],
    [12, 99n, '0063', false],
    [12, 99n, '63', true],
    [12, 99n, '000063', false],
  ])('bit<%i> %i is read from %s', (width, value, hex, canonical) => {
    expect(decodeBits(bytes(hex), width)).toBe(value);
    expect(Buffer.from(encodeBits(value)).toString('hex') === hex).toBe(canonical);
  });

  test.each([
    [8, '0163'],
    [8, ''],
    [16, '010063'],
    [12, '1063'],
    [12, '010063'],
    [12, '004063'],
  ])('bit<%i> is not read from %s', (width, hex) => {
    expect(decodeBits(bytes(hex), width)).toBeUndefined();
  });

  test.each([
    [8, 99n, '63', true],
    [8, -99n, '9d', true],
    [8, -99n, 'ff9d', false],
    [12, -739n, 'fd1d', true],
    [16, 0n, '0000', false],
    [16, 0n, '00', true],
  ])('int<%i> %i is read from %s', (width, value, hex, canonical) => {
    const bits = BigInt.asUintN(width, value);
    expect(decodeSigned(bytes(hex), width)).toBe(bits);
    expect(Buffer.from(encodeSigned(bits, width)).toString('hex') === hex).toBe(canonical);
  });

  test.each([
    [8, '009d'],
    [12, '8d1d'],
    [16, ''],
  ])('int<%i> is not read from %s', (width, hex) => {
    expect(decodeSigned(bytes(hex), width)).toBeUndefined();
  });

  test('0 is one byte', () => {
    expect([...encodeBits(0n)]).toEqual([0]);
    expect(decodeBits(bytes('00'), 1)).toBe(0n);
  });
});

test('every value is read back, from the shortest string that holds it, whatever the padding', () => {
  fc.assert(
    fc.property(fc.bigInt(0n, (1n << 128n) - 1n), fc.nat(5), (value, padding) => {
      const encoded = encodeBits(value);
      expect(encoded.length).toBe(Math.max(1, Math.ceil(value.toString(2).length / 8)));
      expect(decodeBits(new Uint8Array([...new Uint8Array(padding), ...encoded]), 128)).toBe(value);
      const width = value === 0n ? 0 : value.toString(2).length;
      if (width > 0) expect(decodeBits(encoded, width - 1)).toBeUndefined();
    }),
  );
});
