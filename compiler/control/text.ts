/** Values and matches as people write them: in files of entries, in the shell and in messages. */
import { prefixMask } from '../support/bits.js';
import { formatValue } from '../support/values.js';
import type { ValueForm } from './data.js';
import type { MatchValue } from './match.js';
import type { KeyForm } from './schema.js';

/** What a controller writes for the text of a value. */
export function valueFromText(text: string, { isBool, width }: ValueForm): unknown {
  if (!/^(true|false)$/.test(text) || (width !== 1 && !isBool)) return text;
  // P4Info has a bool as one bit.
  return isBool ? text === 'true' : Number(text === 'true');
}

/** What a controller writes for the text of a key; undefined for `_`, which leaves out a key that may be left out. */
export function matchFromText(text: string, key: KeyForm): unknown {
  switch (key.match) {
    case 'ternary': {
      if (text === '_') return undefined;
      const [value, mask] = text.split('&', 2);
      if (mask !== undefined) return { value, mask };
      const prefix = /^(.+)\/(\d{1,3})$/.exec(text);
      if (!prefix || Number(prefix[2]) > key.width) return valueFromText(text, key);
      return { value: prefix[1], mask: prefixMask(Number(prefix[2]), key.width) };
    }
    case 'range': {
      if (text === '_') return undefined;
      const [low, high = low] = text.split('..', 2);
      return { low, high };
    }
    case 'optional':
      return text === '_' ? undefined : valueFromText(text, key);
    case 'lpm':
      return text === '_' ? { value: 0, prefix: 0 } : text;
    default:
      return valueFromText(text, key);
  }
}

/** What a controller reads of a key, as text that `matchFromText` reads. */
export function matchText(value: unknown, key: KeyForm): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = value as Readonly<Record<string, unknown>>;
  if ('prefix' in parts) return `${parts.value}/${parts.prefix}`;
  if ('low' in parts) return `${parts.low}..${parts.high}`;
  const { mask } = parts;
  const isNumber = typeof mask === 'number' || typeof mask === 'bigint';
  return `${parts.value}&${isNumber ? formatValue(BigInt(mask), key.format === 'num' ? 'hex' : key.format) : mask}`;
}

/** A match in a message; `*` is everything. */
export function describeMatch(match: MatchValue, { format }: ValueForm): string {
  const show = (value: bigint): string => formatValue(value, format);
  switch (match.kind) {
    case 'exact':
    case 'optional':
      return show(match.value);
    case 'lpm':
      return `${show(match.value)}/${match.prefixLength}`;
    case 'ternary':
      return `${show(match.value)} &&& ${formatValue(match.mask, 'hex')}`;
    case 'range':
      return `${show(match.low)}..${show(match.high)}`;
    case 'any':
      return '*';
  }
}

/** Such as `bit<9>`, `ipv4` or `text`. */
export const formText = ({ width, format }: ValueForm): string => (format !== 'num' ? format : width ? `bit<${width}>` : 'text');
