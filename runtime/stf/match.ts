/** What STF's values mean, and whether a packet is the one expected. The rules are those of p4c's runner for BMv2. */
import type { ValueForm } from '../../compiler/control/data.js';
import type { KeyForm } from '../../compiler/control/schema.js';
import { bitLength } from '../../compiler/support/bits.js';
import type { Given } from './ast.js';

/** `0x12`, `0b1*1` or `12`: the value, with the bits of its digits that are not `*`; all bits for a decimal number. */
function digits(text: string): { readonly value: bigint; readonly mask?: bigint; readonly bits: number; readonly wild: boolean } {
  const base = /^0x/i.test(text) ? 4 : /^0b/i.test(text) ? 1 : 0;
  if (base === 0) return { value: BigInt(text), bits: 0, wild: false };
  const body = text.slice(2);
  const prefix = text.slice(0, 2);
  const mask = BigInt(prefix + body.replace(/[^*]/g, base === 4 ? 'f' : '1').replaceAll('*', '0'));
  return {
    value: BigInt(prefix + body.replaceAll('*', '0')),
    mask,
    bits: base * body.replaceAll('*', '').length,
    wild: body.includes('*'),
  };
}

/** What a key does not ask for, where an entry may leave it out. */
export const everything = Symbol('everything');

/** As a client takes it; undefined when the digits `*` stand where there must be a number. */
export function fieldValue(text: string, field: ValueForm): unknown {
  const { value, wild } = digits(text);
  if (wild) return undefined;
  if (field.isBool) return value !== 0n;
  return field.isSigned && bitLength(value) <= field.width ? BigInt.asIntN(field.width, value) : value;
}

export function keyValue({ value: { text }, prefix }: Given, key: KeyForm): unknown {
  const { value, mask, bits } = digits(text);
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
      const any = mask === undefined ? 0n : wildOf(text);
      return (any & (any + 1n)) === 0n ? { low: value, high: value | BigInt.asUintN(key.width, any) } : undefined;
    }
    case 'optional':
      // p4testgen writes 0b******** where an optional key is not matched.
      return mask === 0n ? everything : fieldValue(text, key);
    default:
      return fieldValue(text, key);
  }
}

/** The bits of the digits that are `*`. */
const wildOf = (text: string): bigint =>
  BigInt(
    text.slice(0, 2) +
      text
        .slice(2)
        .replace(/[^*]/g, '0')
        .replaceAll('*', /^0x/i.test(text) ? 'f' : '1'),
  );

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
