import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseValue } from '../../compiler/support/values.js';

describe('IPv6 addresses', () => {
  const reads = (text: string): boolean => {
    try {
      parseValue(text, 128, 'ipv6');
      return true;
    } catch {
      return false;
    }
  };

  it.each(['::', '1::', '::1', '1:2:3:4:5:6:7::', '::2:3:4:5:6:7:8', '1:2:3:4:5:6:1.2.3.4', '::1.2.3.4', '1::2:1.2.3.4'])('%s', (text) => {
    expect(reads(text)).toBe(true);
  });

  it.each([
    ':',
    ':::',
    '1:2',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:8::',
    '1::2::3',
    '12345::',
    'g::',
    '::1.2.3',
    '::1.2.3.04',
  ])('%s is not one', (text) => {
    expect(reads(text)).toBe(false);
  });

  it('are what Node takes for them', () => {
    const part = fc.constantFrom('', '0', 'f', 'abcd', '10000', ':', '::', '1.2.3.4', '.');
    fc.assert(
      fc.property(fc.array(part, { minLength: 2, maxLength: 9 }), (parts) => {
        const text = parts.join(':');
        expect(reads(text)).toBe(isIPv6(text));
      }),
      { numRuns: 2000 },
    );
  });
});
