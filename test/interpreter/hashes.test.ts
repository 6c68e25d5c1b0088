/** Hash algorithms against check values computed elsewhere, and the extern `hash` around them. */

import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashAlgorithms } from '../../runtime/data-plane/hashes.js';
import { fromHex } from '../support/packets.js';
import { events, extractK, Runs, seen } from '../support/v1model-runs.js';

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
  const hash = (algorithm: string, data: string, base: string, max: string) =>
    `hash(meta.m, HashAlgorithm.${algorithm}, ${base}, { ${data} }, ${max});`;
  const value = (algorithm: string, data: string, base = '64w0', max = '64w0xffffffffffffffff') =>
    seen('meta.m', hash(algorithm, data, base, max), { start: extractK }, '313233');

  test('base + H % max', async () => {
    expect(await value('identity', 'h.k.a, h.k.b', '16w100', '16w16')).toBe(100n + (0x3132n % 16n));
    expect(await value('crc16', 'h.k.a, h.k.b', '16w0', '32w10')).toBe((of('crc16', fromHex('3132')) as bigint) % 10n);
  });
  test('data is packed without gaps, with zeros at its end', async () => {
    expect(await value('identity', 'h.k.a[3:0], h.k.b')).toBe(0x1320n);
    expect(await value('crc16', 'h.k.a[3:0], h.k.b')).toBe(of('crc16', fromHex('1320')));
  });
  test('fields of invalid headers are hashed as 0', async () => {
    expect(await value('identity', 'h.k.a, h.x.v, h.k.b')).toBe(0x310032n);
  });
  test('shows its inputs and its result in the trace', async () => {
    const runs = await Runs.of({ start: extractK, ingress: hash('crc16', 'h.k.a, h.k.b', '16w0', '32w10') });
    const { trace } = runs.send('313233');
    const hashed = of('crc16', fromHex('3132')) as bigint;
    expect(events(trace, 'hash')).toMatchObject([
      { algorithm: 'crc16', data: '3132', hash: `${hashed}`, base: '0', max: '10', result: `${hashed % 10n}` },
    ]);
  });
});
