/** Addresses and prefixes as text; the usual forms of IPv6 are the examples of RFC 5952. */
import fc from 'fast-check';
import { DiagnosticError, Ipv4Address, Ipv4Prefix, Ipv6Address, Ipv6Prefix, MacAddress } from 'p4ts';
import { expect, test } from 'vitest';
import { bytes } from '../support/switches.js';

test.each([
  [MacAddress, '2:0:0:AA:bB:1', '02:00:00:aa:bb:01'],
  [MacAddress, '02-00-00-00-00-01', '02:00:00:00:00:01'],
  [Ipv4Address, ' 10.0.0.1 ', '10.0.0.1'],
  [Ipv6Address, '2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  [Ipv6Address, '2001:DB8::0001', '2001:db8::1'],
  [Ipv6Address, '::ffff:192.0.2.1', '::ffff:c000:201'],
  [Ipv4Prefix, '10.0.0.0/8', '10.0.0.0/8'],
  [Ipv4Prefix, '0.0.0.0/0', '0.0.0.0/0'],
  [Ipv6Prefix, '2001:0DB8::/32', '2001:db8::/32'],
])('%#: the usual form of %s', (kind, text, usual) => {
  expect(kind.parse(text)).toBe(usual);
  expect(kind.is(usual)).toBe(true);
});

test.each([
  [MacAddress, '02:00:00:00:00', '"02:00:00:00:00" is not a MAC address'],
  [MacAddress, '02:00:00:00:00:100', 'is not a MAC address'],
  [Ipv4Address, '10', '"10" is not an IPv4 address'],
  [Ipv4Address, '0x0a000001', 'is not an IPv4 address'],
  [Ipv4Address, '10.0.0.256', 'is not an IPv4 address'],
  [Ipv4Address, '10.0.0.01', 'is not an IPv4 address'],
  [Ipv4Address, '', '"" is not an IPv4 address'],
  [Ipv6Address, '2001:db8', 'is not an IPv6 address'],
  [Ipv6Address, '1::2::3', 'is not an IPv6 address'],
  [Ipv4Prefix, '10.0.0.0', '"10.0.0.0" is not a prefix such as 10.0.0.0/8'],
  [Ipv4Prefix, '10.0.0.0/33', 'prefix length 33 is not between 0 and 32'],
  [Ipv4Prefix, '10.0.0.7/24', '10.0.0.7/24 has bits set beyond prefix length 24; the prefix is 10.0.0.0/24'],
  [Ipv6Prefix, '2001:db8::1/32', 'the prefix is 2001:db8::/32'],
])('%#: %s refuses %s', (kind, text, problem) => {
  expect(kind.is(text)).toBe(false);
  expect(() => kind.parse(text)).toThrow(problem);
  expect(() => kind.parse(text)).toThrow(/addresses\.test\.ts:\d+:\d+ - error value-\w+: \w+\.parse\(\): /);
});

test('text with spaces around it, or with hyphens, is parsed, and is no address yet', () => {
  expect(Ipv4Address.is('10.0.0.1 ')).toBe(false);
  expect(Ipv4Prefix.is(' 10.0.0.0/8')).toBe(false);
  expect(MacAddress.is('02-00-00-00-00-01')).toBe(false);
});

test.each([
  [() => Ipv4Prefix.of('10.0.0.1', 1.5), 'prefix length 1.5 is not between 0 and 32'],
  [() => Ipv4Prefix.of('10.0.0.1', Number.NaN), 'prefix length NaN is not between 0 and 32'],
  [() => Ipv4Address.fromNumber(1.5), '1.5 is not an exact integer'],
  [() => MacAddress.fromNumber(2n ** 48n), 'does not fit bit<48>'],
  [() => Ipv6Prefix.parse('2001:db8::/-1'), '"2001:db8::/-1" is not a prefix such as 2001:db8::/32'],
])('%#: %s', (run, problem) => {
  expect(run).toThrow(DiagnosticError);
  expect(run).toThrow(problem);
});

test('bytes and numbers', () => {
  expect(MacAddress.fromBytes(bytes('02000000000a'))).toBe('02:00:00:00:00:0a');
  expect(Ipv4Address.toBytes('192.0.2.1')).toEqual(bytes('c0000201'));
  expect(Ipv6Address.toBytes('2001:db8::1')).toEqual(bytes('20010db8000000000000000000000001'));
  expect(Ipv4Address.toNumber('10.0.0.1')).toBe(0x0a000001n);
  expect(Ipv4Address.fromNumber(0x0a000001)).toBe('10.0.0.1');
  expect(() => Ipv4Address.fromBytes(bytes('0a0000'))).toThrow('Ipv4Address.fromBytes(): an address has 4 bytes, not 3');
  expect(() => Ipv4Address.fromNumber(2n ** 32n)).toThrow('does not fit bit<32>');
  expect(() => MacAddress.fromNumber(-1)).toThrow('is negative');
  expect(() => MacAddress.parse(5 as never)).toThrow('parse takes a string as `text`, not 5');
});

test('prefixes', () => {
  expect(Ipv4Prefix.of('10.0.1.7', 24)).toBe('10.0.1.0/24');
  expect(Ipv4Prefix.of('10.0.1.7', 32)).toBe('10.0.1.7/32');
  expect(Ipv6Prefix.of('2001:db8:1::7', 32)).toBe('2001:db8::/32');
  expect(() => Ipv4Prefix.of('10.0.1.7', 33)).toThrow('Ipv4Prefix.of(): prefix length 33 is not between 0 and 32');
  expect(Ipv4Prefix.contains('10.0.0.0/8', '10.255.0.1')).toBe(true);
  expect(Ipv4Prefix.contains('10.0.0.0/8', '11.0.0.1')).toBe(false);
  expect(Ipv4Prefix.contains('0.0.0.0/0', '11.0.0.1')).toBe(true);
  expect(() => Ipv4Prefix.contains('10.0.0.0/8', '2001:db8::1' as never)).toThrow('"2001:db8::1" is not an IPv4 address');
  expect(Ipv4Prefix.toTernary('10.128.0.0/9')).toEqual({ value: '10.128.0.0', mask: '255.128.0.0' });
  expect(Ipv6Prefix.toTernary('2001:db8::/33')).toEqual({ value: '2001:db8::', mask: 'ffff:ffff:8000::' });
});

test.each([
  [MacAddress, 48],
  [Ipv4Address, 32],
  [Ipv6Address, 128],
])('%#: text, number and bytes are the same address', (kind, width) => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** BigInt(width) - 1n }), (value) => {
      const text = kind.fromNumber(value);
      expect(kind.toNumber(text as never)).toBe(value);
      expect(kind.parse(text)).toBe(text);
      expect(kind.fromBytes(kind.toBytes(text as never))).toBe(text);
    }),
    { seed: 5, numRuns: 100 },
  );
});

test('a prefix contains exactly the addresses whose prefix of its length it is', () => {
  const addresses = fc.nat(0xffffffff).map((n) => Ipv4Address.fromNumber(n));
  fc.assert(
    fc.property(addresses, addresses, fc.nat(32), (a, b, length) => {
      expect(Ipv4Prefix.contains(Ipv4Prefix.of(a, length), b)).toBe(Ipv4Prefix.of(a, length) === Ipv4Prefix.of(b, length));
    }),
    { seed: 6, numRuns: 200 },
  );
});
