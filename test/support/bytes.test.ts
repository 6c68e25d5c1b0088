import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, concatBytes, fnv1a, fromHex, fromUtf8, isBytes, toHex, toUtf8 } from '../../compiler/support/bytes.js';

const bytes = fc.uint8Array({ maxLength: 40 });

describe('bytes', () => {
  it('are read from hexadecimal of either case, and written in lower case', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        expect(toHex(some)).toBe(Buffer.from(some).toString('hex'));
        expect(fromHex(toHex(some))).toEqual(some);
        expect(fromHex(toHex(some).toUpperCase())).toEqual(some);
      }),
    );
  });

  it('are compared and joined as Node does', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
        expect(concatBytes(a, b)).toEqual(new Uint8Array(Buffer.concat([a, b])));
      }),
    );
    expect(compareBytes(Uint8Array.of(1, 2), Uint8Array.of(1))).toBeGreaterThan(0);
  });

  it('keep the byte order mark of a text, and have U+FFFD for what is not UTF-8', () => {
    expect(fromUtf8(toUtf8('\uFEFFé€😀'))).toBe('\uFEFFé€😀');
    expect(fromUtf8(Uint8Array.of(0x61, 0xff))).toBe('a\uFFFD');
  });

  it('are Uint8Arrays, and no other views', () => {
    expect([new Uint8Array(), Buffer.alloc(1)].every(isBytes)).toBe(true);
    expect([new Int8Array(), new Uint16Array(), new DataView(new ArrayBuffer(1)), [1], 'a', null, undefined].some(isBytes)).toBe(false);
  });

  // From the test vectors of the hash's authors (draft-eastlake-fnv, appendix C).
  it('have the hash FNV-1a of 64 bits', () => {
    expect(fnv1a(toUtf8(''))).toBe(0xcbf29ce484222325n);
    expect(fnv1a(toUtf8('a'))).toBe(0xaf63dc4c8601ec8cn);
    expect(fnv1a(toUtf8('foobar'))).toBe(0x85944171f73967e8n);
  });
});
