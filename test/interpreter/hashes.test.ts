/** Hash algorithms against check values computed elsewhere, and the extern `hash` around them. */

import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bits, bitType } from '../../compiler/ir/build.js';
import type { Expr } from '../../compiler/ir/index.js';
import { hashAlgorithms } from '../../runtime/data-plane/hashes.js';
import { fromHex } from '../support/packets.js';
import { a, b, events, extractK, hash, inIngress, Lab, outValue, show, v, wide, x } from '../support/v1model-lab.js';

const check = new TextEncoder().encode('123456789');
const of = (algorithm: string, bytes: Uint8Array) => hashAlgorithms[algorithm]?.(bytes);

describe('known answers', () => {
  // The check values of the catalogue of parametrised CRC algorithms: CRC-16/ARC and CRC-32/ISO-HDLC.
  test.each([
    ['crc16', 0xbb3dn],
    ['crc16_custom', 0xbb3dn],
    ['crc32', 0xcbf43926n],
    ['crc32_custom', 0xcbf43926n],
  ])('%s of "123456789"', (algorithm, value) => expect(of(algorithm, check)).toBe(value));

  test('csum16: the example of RFC 1071, complemented, and an IPv4 header', () => {
    expect(of('csum16', fromHex('0001 f203 f4f5 f6f7'))).toBe(BigInt(~0xddf2 & 0xffff));
    expect(of('csum16', fromHex('45000073000040004011 0000 c0a80001c0a800c7'))).toBe(0xb861n);
  });
  test('csum16 and xor16 put a zero after an odd byte', () => {
    expect(of('csum16', fromHex('01'))).toBe(0xfeffn);
    expect(of('xor16', fromHex('1234 ab'))).toBe(0x1234n ^ 0xab00n);
  });
  test('xor16 of big-endian words', () => expect(of('xor16', fromHex('00ff 0ff0 f000'))).toBe(0xff0fn));
  test('identity is the first eight bytes', () => {
    expect(of('identity', fromHex('0102'))).toBe(0x0102n);
    expect(of('identity', fromHex('0102030405060708 09'))).toBe(0x0102030405060708n);
  });
  test('of no bytes', () => {
    const empty = new Uint8Array();
    const values = ['crc16', 'crc32', 'csum16', 'xor16', 'identity'].map((algorithm) => of(algorithm, empty));
    expect(values).toEqual([0n, 0n, 0xffffn, 0n, 0n]);
  });
});

test('crc32 is that of zlib', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => of('crc32', bytes) === BigInt(crc32(bytes))));
});

test('a checksum over data and its own checksum is 0', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const even = bytes.subarray(0, bytes.length & ~1);
      const sum = Number(of('csum16', even));
      return of('csum16', Uint8Array.of(...even, sum >> 8, sum & 0xff)) === 0n;
    }),
  );
});

describe('the extern hash', () => {
  const value = (algorithm: string, data: readonly Expr[], base = bits(0, 64), max = bits((1n << 64n) - 1n, 64)) =>
    inIngress(outValue, [...show(a), hash(outValue, algorithm, data, base, max)], { ...wide, states: [extractK] }, '313233');

  test('base + H % max', () => {
    expect(value('identity', [a, b], bits(100, 16), bits(16, 16))).toBe(100n + (0x3132n % 16n));
    expect(value('crc16', [a, b], bits(0, 16), bits(10, 32))).toBe((of('crc16', fromHex('3132')) as bigint) % 10n);
  });
  test('data is packed without gaps, with zeros at its end', () => {
    const nibble: Expr = { kind: 'slice', base: a, high: 3, low: 0, type: bitType(4), loc: a.loc };
    expect(value('identity', [nibble, b])).toBe(0x1320n);
    expect(value('crc16', [nibble, b])).toBe(of('crc16', fromHex('1320')));
  });
  test('fields of invalid headers are hashed as 0', () => {
    expect(value('identity', [a, v(x), b])).toBe(0x310032n);
  });
  test('shows its inputs and its result in the trace', () => {
    const { trace } = new Lab({ ingress: [...show(a), hash(outValue, 'crc16', [a, b], bits(0, 16), bits(10, 32))] }).send('313233');
    const hashed = of('crc16', fromHex('3132')) as bigint;
    expect(events(trace, 'hash')).toMatchObject([
      { algorithm: 'crc16', data: '3132', hash: `${hashed}`, base: '0', max: '10', result: `${hashed % 10n}` },
    ]);
  });
});
