import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatValue, parseValue, ValueError } from '../../compiler/support/values.js';

const taken = (text: string): bigint | undefined => {
  try {
    return parseValue(text, 32, 'ipv4');
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
};
const isNumber = (text: string): boolean => /^(0x[\da-f]+|0b[01]+|0o[0-7]+|\d+)$/i.test(text);

describe('IPv4 addresses as text', () => {
  it.each([
    ['0.0.0.0', 0n],
    ['10.0.0.1', 0x0a000001n],
    ['255.255.255.255', 0xffffffffn],
    [' 192.168.1.10 ', 0xc0a8010an],
  ])('%s', (text, value) => expect(taken(text)).toBe(value));

  it.each([
    '',
    '.',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '01.2.3.4',
    '00.1.2.3',
    '256.1.1.1',
    '1.2.3.4a',
    '1.2.3.-4',
    '1.2.3.٤',
  ])('"%s" is none', (text) => expect(taken(text)).toBeUndefined());

  it('are those that Node takes, and print as they were', () => {
    const part = fc.oneof(fc.nat(300).map(String), fc.constantFrom('', '0', '00', '07', '255', '256', ' 1', 'a'));
    const text = fc.oneof(
      fc.array(part, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.')),
      fc.ipV4(),
    );
    fc.assert(
      fc.property(text, (given) => {
        fc.pre(!isNumber(given.trim()));
        const value = taken(given);
        expect(value !== undefined).toBe(isIPv4(given.trim()));
        if (value !== undefined) expect(formatValue(value, 'ipv4')).toBe(given.trim());
      }),
      { numRuns: 2000 },
    );
  });
});
