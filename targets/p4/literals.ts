/** Numbers in P4 text: hexadecimal where people read the digits of addresses, types and masks. */
import type { Type } from '../../compiler/ir/types.js';
import { maxUnsigned } from '../../compiler/support/bits.js';
import { InternalError } from '../../compiler/support/invariant.js';

/** A literal whose type its context gives. */
export function number(value: bigint, type: Type, use: 'value' | 'mask' = 'value'): string {
  if (type.kind !== 'bit' || value < 0n) return String(value);
  return isHexadecimal(value, type.width, use) ? `0x${value.toString(16).padStart(Math.ceil(type.width / 4), '0')}` : String(value);
}

/** `16w0x0800`, `8s5`, `-8s5`. */
export function numberWithWidth(value: bigint, type: Type): string {
  switch (type.kind) {
    case 'bit':
      return `${type.width}w${number(value, type)}`;
    case 'int':
      // The least value has no positive counterpart, so it is cast from an int without width.
      if (value === -(1n << BigInt(type.width - 1))) return `(int<${type.width}>)(${value})`;
      return value < 0n ? `-${type.width}s${-value}` : `${type.width}s${value}`;
    case 'integer':
      return String(value);
    default:
      throw new InternalError(`a number of type ${type.kind}`);
  }
}

/** Masks, EtherTypes and wider values; counts and ports stay decimal. */
function isHexadecimal(value: bigint, width: number, use: 'value' | 'mask'): boolean {
  if (use === 'mask') return width >= 8;
  if (value < 10n || width < 8) return false;
  if (value === maxUnsigned(width)) return true;
  if (width === 16) return value >= 0x600n;
  return width > 16 && value > 0xfffffn;
}
