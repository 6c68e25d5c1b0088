/** Numbers as people write them: MAC, IPv4 and IPv6 addresses, ports, hexadecimal and decimal. */
import { maxUnsigned, prefixMask } from './bits.js';

/**
 * How the values of a field are written and printed. `num` is decimal, or hexadecimal from 0x… `any` is for fields of
 * which nobody said what they are: a number, or the address that is as wide.
 */
export type Format = 'num' | 'hex' | 'mac' | 'ipv4' | 'ipv6' | 'port' | 'any';

/** A value that does not fit what is expected; the message is a phrase such as "300 does not fit bit<8>…", the code that of its diagnostic. */
export class ValueError extends Error {
  constructor(
    readonly code: 'value-format' | 'value-range' | 'value-inexact' | 'value-unknown',
    message: string,
  ) {
    super(message);
  }
}

const shapes: Record<Format, string> = {
  num: 'a number',
  hex: 'a number',
  port: 'a port number',
  any: 'a number',
  mac: 'a MAC address such as 08:00:00:00:01:11',
  ipv4: 'an IPv4 address such as 10.0.0.1',
  ipv6: 'an IPv6 address such as 2001:db8::1',
};

const addressWidths: Partial<Record<Format, number>> = { ipv4: 32, mac: 48, ipv6: 128 };
const addresses: ReadonlyMap<number, Format> = new Map(Object.entries(addressWidths).map(([format, width]) => [width, format as Format]));

/** The bits of an address; undefined for other formats. */
export const addressWidth = (format: Format | undefined): number | undefined => format && addressWidths[format];

/** The format of addresses of `width` bits. */
export const addressFormat = (width: number): Format | undefined => addresses.get(width);

/**
 * A number as TypeScript reads it: a number up to 32 bits and of 48 bits, those of timestamps and MAC addresses; a bigint
 * of every other width (`Out` of the DSL says the same to tsc).
 */
export const readNumber = (value: bigint, width: number): number | bigint => (width <= 32 || width === 48 ? Number(value) : value);

/** Reads one value of `width` bits. Text may always be a number (decimal, 0x…, 0b…) whatever the format. */
export function parseValue(input: string | number | bigint | boolean, width: number, format: Format = 'num'): bigint {
  return checkRange(toBigint(input, format === 'any' ? (addressFormat(width) ?? 'num') : format), width, input);
}

/** Reads an address; a number is none. @throws ValueError */
export function parseAddress(text: string, format: 'mac' | 'ipv4' | 'ipv6'): bigint {
  if (/^\w*$/.test(text.trim())) throw new ValueError('value-format', `"${text}" is not ${shapes[format]}`);
  return parseValue(text, addressWidths[format] as number, format);
}

/** What is wrong with a prefix of `length` bits of `width`, and in words; undefined where nothing is. */
export function prefixMistake(
  value: bigint,
  length: number,
  width: number,
  format: Format,
): { readonly mistake: 'prefix-length' | 'prefix-tail'; readonly problem: string } | undefined {
  if (!Number.isInteger(length) || length < 0 || length > width)
    return { mistake: 'prefix-length', problem: `prefix length ${length} is not between 0 and ${width}` };
  const network = value & prefixMask(length, width);
  if (network === value) return undefined;
  const [given, prefix] = [value, network].map((bits) => `${formatValue(bits, format)}/${length}`);
  return { mistake: 'prefix-tail', problem: `${given} has bits set beyond prefix length ${length}; the prefix is ${prefix}` };
}

/** Reads one value of `int<width>` and gives its bits. */
export function parseSigned(input: string | number | bigint | boolean, width: number): bigint {
  const negative = typeof input === 'string' && input.trim().startsWith('-');
  const value = negative ? -toBigint(input.trim().slice(1), 'num') : toBigint(input, 'num');
  if (BigInt.asIntN(width, value) !== value) {
    const half = 1n << BigInt(width - 1);
    throw new ValueError('value-range', `${input} does not fit int<${width}>, which holds ${-half} to ${half - 1n}`);
  }
  return BigInt.asUintN(width, value);
}

export function formatValue(value: bigint, format: Format = 'num'): string {
  switch (format) {
    case 'mac':
      return (value.toString(16).padStart(12, '0').match(/../g) as string[]).join(':');
    case 'ipv4':
      return formatIpv4(Number(value));
    case 'ipv6':
      return formatIpv6(value);
    case 'hex':
      return `0x${value.toString(16)}`;
    case 'any':
      return value < 0x10000n ? value.toString() : `0x${value.toString(16)}`;
    case 'num':
    case 'port':
      return value.toString();
  }
}

export function checkRange(value: bigint, width: number, shown: string | number | bigint | boolean = value): bigint {
  if (value < 0n) throw new ValueError('value-range', `${shown} is negative, and bit<${width}> holds 0 to ${maxUnsigned(width)}`);
  if (value > maxUnsigned(width))
    throw new ValueError('value-range', `${shown} does not fit bit<${width}>; the largest value is ${maxUnsigned(width)}`);
  return value;
}

function toBigint(input: string | number | bigint | boolean, format: Format): bigint {
  if (typeof input === 'bigint') return input;
  if (typeof input === 'boolean') return input ? 1n : 0n;
  if (typeof input === 'number') {
    if (!Number.isSafeInteger(input))
      throw new ValueError('value-inexact', `${input} is not an exact integer; write it as a bigint (${Math.trunc(input)}n)`);
    return BigInt(input);
  }
  if (typeof input !== 'string') throw new ValueError('value-format', `${String(input)} is not ${shapes[format]}`);
  const text = input.trim();
  const address = format === 'ipv4' ? parseIpv4(text) : format === 'ipv6' ? parseIpv6(text) : undefined;
  if (address !== undefined) return address;
  if (/^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|\d+)$/.test(text)) return BigInt(text);
  if (format === 'mac' && /^[0-9a-fA-F]{1,2}([:-][0-9a-fA-F]{1,2}){5}$/.test(text)) {
    return BigInt(
      `0x${text
        .split(/[:-]/)
        .map((byte) => byte.padStart(2, '0'))
        .join('')}`,
    );
  }
  throw new ValueError('value-format', `"${input}" is not ${shapes[format]}`);
}

/** Four numbers up to 255, without zeros in front; undefined for other text. Controllers write addresses by the million. */
function parseIpv4(text: string): bigint | undefined {
  let value = 0;
  let byte = -1;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === dot && byte >= 0) {
      value = value * 256 + byte;
      byte = -1;
      dots++;
      continue;
    }
    const digit = code - zero;
    if (digit < 0 || digit > 9 || byte === 0) return undefined;
    byte = byte < 0 ? digit : byte * 10 + digit;
    if (byte > 255) return undefined;
  }
  return dots === 3 && byte >= 0 ? BigInt(value * 256 + byte) : undefined;
}
const dot = 0x2e;
const zero = 0x30;

/** RFC 4291 §2.2, without a zone; undefined for other text. */
function parseIpv6(text: string): bigint | undefined {
  const [, before = '', dotted = ''] = /^(.*:)([^:]*\.[^:]*)$/.exec(text) ?? [];
  const v4 = parseIpv4(dotted);
  if (dotted !== '' && v4 === undefined) return undefined;
  const [left = [], right, more] = (v4 === undefined ? text : `${before}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}`)
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':')));
  const zeros = 8 - left.length - (right?.length ?? 0);
  if (more || (right ? zeros < 1 : zeros !== 0)) return undefined;
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...(right ?? [])];
  return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))
    ? BigInt(`0x${groups.map((g) => g.padStart(4, '0')).join('')}`)
    : undefined;
}

const formatIpv4 = (value: number): string => `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;

/** RFC 5952: lower case, the longest run of two or more zero groups shortened. */
function formatIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let end = start;
    while (end < 8 && groups[end] === '0') end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  if (best.start < 0) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
