/** What STF's values mean, and whether a packet is the one expected. The rules are those of p4c's runner for BMv2. */
import type { ValueForm } from '../../compiler/control/data.js';
import type { KeyForm } from '../../compiler/control/schema.js';
import { bitLength } from '../../compiler/support/bits.js';
import type { Given } from './ast.js';

interface Digits {
  /** The digits `*` as 0. */
  readonly value: bigint;
  /** The bits of the other digits; undefined for a decimal number, which has all bits. */
  readonly mask?: bigint;
  /** The bits of the digits `*`. */
  readonly wild: bigint;
  /** How many bits the mask has. */
  readonly bits: number;
}

/** Reads `0x12`, `0b1*1` or `12`. */
function digits(text: string): Digits {
  const base = /^0x/i.test(text) ? 4 : /^0b/i.test(text) ? 1 : 0;
  if (base === 0) return { value: BigInt(text), wild: 0n, bits: 0 };
  const [prefix, body] = [text.slice(0, 2), text.slice(2)];
  const ones = base === 4 ? 'f' : '1';
  const read = (changed: string): bigint => BigInt(prefix + changed);
  return {
    value: read(body.replaceAll('*', '0')),
    mask: read(body.replace(/[^*]/g, ones).replaceAll('*', '0')),
    wild: read(body.replace(/[^*]/g, '0').replaceAll('*', ones)),
    bits: base * body.replaceAll('*', '').length,
  };
}

/** What a key does not ask for, where an entry may leave it out. */
export const everything = Symbol('everything');

/** As a client takes it; undefined when the digits `*` stand where there must be a number. */
export function fieldValue(text: string, field: ValueForm): unknown {
  const { value, wild } = digits(text);
  if (wild !== 0n) return undefined;
  if (field.isBool) return value !== 0n;
  return field.isSigned && bitLength(value) <= field.width ? BigInt.asIntN(field.width, value) : value;
}

export function keyValue({ value: { text }, prefix }: Given, key: KeyForm): unknown {
  const { value, mask, wild, bits } = digits(text);
  switch (key.match) {
    case 'ternary':
      // The mask covers the digits that are written: 0x1 matches four bits.
      return mask === undefined ? value : { value, mask: BigInt.asUintN(key.width, mask) };
    case 'lpm': {
      if (prefix) return { value, prefix: Number(prefix.text) };
      return { value, prefix: mask === undefined ? key.width : Math.min(bits, key.width) };
    }
    case 'range': {
      // The digits `*` at the end are any: 0x1* is 0x10..0x1f. Elsewhere they make no range.
      return (wild & (wild + 1n)) === 0n ? { low: value, high: value | BigInt.asUintN(key.width, wild) } : undefined;
    }
    case 'optional':
      // p4testgen writes 0b******** where an optional key is not matched.
      return mask === 0n ? everything : fieldValue(text, key);
    default:
      return fieldValue(text, key);
  }
}

/** What a key that an entry does not name matches: everything, or 0 where it must have a value. */
export function omitted(key: KeyForm): unknown {
  if (key.match === 'lpm') return { value: 0n, prefix: 0 };
  if (key.match === 'exact') return key.isBool ? false : 0n;
  return undefined;
}

/** What is wrong with a packet, in words; undefined when it is as expected. Positions are in hexadecimal digits, from 0. */
export function difference(expected: { readonly hex: string; readonly exact: boolean }, got: string): string | undefined {
  const { hex, exact } = expected;
  if (got.length < hex.length) return `it has ${got.length / 2} bytes, and ${hex.length / 2} are expected`;
  if (exact && got.length > hex.length) return `it has ${got.length / 2} bytes, and exactly ${hex.length / 2} are expected`;
  for (let i = 0; i < hex.length; i++) {
    const want = hex[i]?.toLowerCase();
    if (want !== '*' && want !== got[i]) return `digit ${i} (byte ${i >> 1}) is ${got[i]}, and ${want} is expected`;
  }
  return undefined;
}
