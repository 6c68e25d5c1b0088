/** Matches of entries: from the messages of P4Runtime, checked, and back (P4Runtime, "Match Format"). */
import { maxUnsigned, prefixMask } from '../../compiler/support/bits.js';
import { formatValue } from '../../compiler/support/values.js';
import type { EntryKey, MatchValue } from '../data-plane/messages.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { FieldMatch, TableEntry } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';
import type { FieldSchema, KeySchema, TableSchema } from './schema.js';
import { decodeTranslatedMatch, decodeValue, encodeValue, translatedMatch } from './translation.js';

/** One match for each key of a table or value set, in their order; `at` is what has the keys. */
export function decodeMatches(keys: readonly KeySchema[], fields: readonly FieldMatch[], at: string): MatchValue[] {
  fields.forEach((field, i) => {
    const id = field.field_id ?? 0;
    const key = keys.find((k) => k.id === id);
    if (!key) refuse('no-such-field', { at, id, known: keys.map((k) => `${k.name} (${k.id})`) });
    else if (fields.findIndex((f) => f.field_id === id) < i) refuse('duplicate-field', { at: `${at}, field ${key.name}` });
  });
  return keys.map((key) => {
    const where = `${at}, field ${key.name}`;
    const field = fields.find((f) => f.field_id === key.id);
    if (field) return decodeMatch(key, field, where);
    if (key.kind === 'exact') return refuse('missing-field', { at: where });
    return { kind: 'any' };
  });
}

const matchTypes = ['exact', 'ternary', 'lpm', 'range', 'optional', 'other'] as const;

function decodeMatch(key: KeySchema, field: FieldMatch, at: string): MatchValue {
  const type = matchTypes.find((t) => field[t] !== undefined);
  if (type === undefined) return refuse('nothing-set', { what: `${at}: the match` });
  if (type !== key.kind) return refuse('wrong-match-type', { at, expected: key.kind, given: type });
  const { width, translation } = key;
  if (translation && type !== 'exact' && type !== 'optional') return decodeTranslatedMatch(field, { width, translation }, at);
  const read = (bytes: Uint8Array | undefined): bigint => decodeValue(bytes, key, at);
  const show = (value: bigint): string => formatValue(value, key.format);
  switch (type) {
    case 'exact':
    case 'optional':
      return { kind: type, value: read(field[type]?.value) };
    case 'lpm': {
      const length = field.lpm?.prefix_len ?? 0;
      const value = read(field.lpm?.value);
      if (length === 0) return refuse('dont-care-given', { at, value: `${show(value)}/0` });
      if (length < 0 || length > width) return refuse('prefix-length', { at, length, width });
      if ((value & prefixMask(length, width)) !== value) return refuse('prefix-tail', { at, value: show(value), length });
      return { kind: 'lpm', value, prefixLength: length };
    }
    case 'ternary': {
      const value = read(field.ternary?.value);
      const mask = read(field.ternary?.mask);
      if (mask === 0n) return refuse('dont-care-given', { at, value: 'mask 0' });
      if ((value & mask) !== value) return refuse('masked-bits', { at, value: show(value), mask: formatValue(mask, 'hex') });
      return { kind: 'ternary', value, mask };
    }
    case 'range': {
      const low = read(field.range?.low);
      const high = read(field.range?.high);
      if (low > high) return refuse('range-order', { at, low: show(low), high: show(high) });
      if (low === 0n && high === maxUnsigned(width)) return refuse('dont-care-given', { at, value: `${show(low)}..${show(high)}` });
      return { kind: 'range', low, high };
    }
  }
}

/** Keys that match everything are left out. */
export function encodeMatches(keys: readonly KeySchema[], matches: readonly MatchValue[]): FieldMatch[] {
  const fields: FieldMatch[] = [];
  keys.forEach((key, i) => {
    const field = encodeMatch(translatedMatch(matches[i] ?? { kind: 'any' }, key), key);
    if (field) fields.push(field);
  });
  return fields;
}

function encodeMatch(match: MatchValue, key: KeySchema): FieldMatch | undefined {
  const field_id = key.id;
  switch (match.kind) {
    case 'exact':
      return { field_id, exact: { value: encodeValue(match.value, key) } };
    case 'optional':
      return { field_id, optional: { value: encodeValue(match.value, key) } };
    case 'lpm':
      return { field_id, lpm: { value: encodeBits(match.value), prefix_len: match.prefixLength } };
    case 'ternary':
      return { field_id, ternary: { value: encodeBits(match.value), mask: encodeBits(match.mask) } };
    case 'range':
      return { field_id, range: { low: encodeBits(match.low), high: encodeBits(match.high) } };
    case 'any':
      return undefined;
  }
}

/** What identifies an entry of a table; entries of a table with the same id are the same entry. */
export interface DecodedKey extends EntryKey {
  readonly id: KeyId;
}
export type KeyId = string | number;

/** The key of an entry, checked. */
export function decodeKey(table: TableSchema, entry: TableEntry): DecodedKey {
  const matches = decodeMatches(table.keys, entry.match ?? [], `table ${table.name}`);
  const priority = decodePriority(table, entry.priority ?? 0);
  return { matches, priority, id: keyId({ matches, priority }) };
}

/** As `decodeKey` takes it. */
export function encodeKey(table: TableSchema, { matches, priority }: EntryKey): TableEntry {
  const match = encodeMatches(table.keys, matches);
  return { table_id: table.id, ...(match.length > 0 ? { match } : {}), ...(priority === 0 ? {} : { priority }) };
}

/** The priority, checked against what the table needs. */
function decodePriority(table: TableSchema, priority: number): number {
  const at = `table ${table.name}`;
  if (priority < 0) return refuse('priority-negative', { at, priority });
  if (table.hasPriority && priority === 0) return refuse('priority-missing', { at });
  if (!table.hasPriority && priority !== 0) return refuse('priority-given', { at, priority });
  return priority;
}

/** Entries of a table with the same id are the same entry. Large tables mostly have one short key, for which a number will do. */
export function keyId({ matches, priority }: EntryKey): KeyId {
  const [only] = matches;
  if (matches.length === 1 && priority === 0) {
    if (only?.kind === 'exact' && only.value <= Number.MAX_SAFE_INTEGER) return Number(only.value);
    if (only?.kind === 'lpm' && only.value <= maxShortPrefix) return Number(only.value) * prefixLengths + only.prefixLength;
  }
  return `${matchesText(matches)} ${priority}`;
}
const prefixLengths = 2 ** 16;
const maxShortPrefix = 2 ** 36;

export const matchesText = (matches: readonly MatchValue[]): string => matches.map(matchText).join(' ');

function matchText(match: MatchValue): string {
  switch (match.kind) {
    case 'exact':
    case 'optional':
      return match.value.toString(16);
    case 'lpm':
      return `${match.value.toString(16)}/${match.prefixLength}`;
    case 'ternary':
      return `${match.value.toString(16)}&${match.mask.toString(16)}`;
    case 'range':
      return `${match.low.toString(16)}-${match.high.toString(16)}`;
    case 'any':
      return '*';
  }
}

/** The entry as people read it: `dst=10.0.0.0/8, priority 3`. */
export function describeEntry(table: TableSchema, key: EntryKey): string {
  const parts = describeMatches(table.keys, key.matches);
  if (table.hasPriority) parts.push(`priority ${key.priority}`);
  return parts.join(', ');
}

export const describeMatches = (keys: readonly KeySchema[], matches: readonly MatchValue[]): string[] =>
  keys.map((k, i) => `${k.name}=${describeMatch(k, matches[i] ?? { kind: 'any' })}`);

function describeMatch({ format }: FieldSchema, match: MatchValue): string {
  switch (match.kind) {
    case 'exact':
    case 'optional':
      return formatValue(match.value, format);
    case 'lpm':
      return `${formatValue(match.value, format)}/${match.prefixLength}`;
    case 'ternary':
      return `${formatValue(match.value, format)} &&& ${formatValue(match.mask, 'hex')}`;
    case 'range':
      return `${formatValue(match.low, format)}..${formatValue(match.high, format)}`;
    case 'any':
      return '*';
  }
}
