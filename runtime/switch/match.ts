/** Matches of entries: from the messages of P4Runtime, checked, and back (P4Runtime, "Match Format"). */
import { type MatchValue, matchesEverything, mistakeIn } from '../../compiler/control/match.js';
import type { KeyForm } from '../../compiler/control/schema.js';
import { describeMatch } from '../../compiler/control/text.js';
import { fromUtf8 } from '../../compiler/support/bytes.js';
import type { EntryKey } from '../data-plane/messages.js';
import { encodeFieldMatch } from '../p4runtime/field-match.js';
import type { FieldMatch, TableEntry } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';
import type { TableSchema } from './schema.js';
import { decodeTranslatedMatch, decodeValue, encodeValue, translatedMatch } from './translation.js';

/** One match for each key of a table or value set, in their order; `at` is what has the keys. */
export function decodeMatches(keys: readonly KeyForm[], fields: readonly FieldMatch[], at: string): MatchValue[] {
  // Most controllers give all of them, in order.
  const isInOrder = fields.length === keys.length && keys.every(({ id }, i) => fields[i]?.field_id === id);
  if (!isInOrder) checkIds(keys, fields, at);
  return keys.map((key, i) => {
    const where = `${at}, field ${key.name}`;
    const field = isInOrder ? fields[i] : fields.find((f) => f.field_id === key.id);
    if (field) return decodeMatch(key, field, where);
    if (key.match === 'exact') return refuse('missing-field', { at: where });
    return { kind: 'any' };
  });
}

function checkIds(keys: readonly KeyForm[], fields: readonly FieldMatch[], at: string): void {
  fields.forEach(({ field_id: id = 0 }, i) => {
    const key = keys.find((k) => k.id === id);
    if (!key) refuse('no-such-field', { at, id, known: keys.map((k) => `${k.name} (${k.id})`) });
    else if (fields.findIndex((f) => f.field_id === id) < i) refuse('duplicate-field', { at: `${at}, field ${key.name}` });
  });
}

const matchTypes = ['exact', 'ternary', 'lpm', 'range', 'optional', 'other'] as const;

function decodeMatch(key: KeyForm, field: FieldMatch, at: string): MatchValue {
  const type = matchTypes.find((kind) => field[kind] !== undefined);
  if (type === undefined) return refuse('nothing-set', { what: `${at}: the match` });
  if (type !== key.match || type === 'other') return refuse('wrong-match-type', { at, expected: key.match, given: type });
  if (key.translation && type !== 'exact' && type !== 'optional') return decodeTranslatedMatch(field, key, at);
  const match = readMatch(key, type, field, at);
  if (matchesEverything(match, key.width)) return refuse('dont-care-given', { at, value: describeMatch(match, key) });
  const wrong = mistakeIn(match, key);
  return wrong ? refuse(wrong.mistake, { at, problem: wrong.problem }) : match;
}

function readMatch(
  key: KeyForm,
  type: Exclude<(typeof matchTypes)[number], 'other'>,
  { exact, optional, lpm, ternary, range }: FieldMatch,
  at: string,
): MatchValue {
  const read = (bytes: Uint8Array | undefined): bigint => decodeValue(bytes, key, at);
  switch (type) {
    case 'lpm':
      return { kind: 'lpm', value: read(lpm?.value), prefixLength: lpm?.prefix_len ?? 0 };
    case 'ternary':
      return { kind: 'ternary', value: read(ternary?.value), mask: read(ternary?.mask) };
    case 'range':
      return { kind: 'range', low: read(range?.low), high: read(range?.high) };
    case 'optional':
      return { kind: 'optional', value: read(optional?.value) };
    case 'exact':
      return { kind: 'exact', value: read(exact?.value) };
  }
}

/** Keys that match everything are left out. */
export function encodeMatches(keys: readonly KeyForm[], matches: readonly MatchValue[]): FieldMatch[] {
  const fields: FieldMatch[] = [];
  keys.forEach((key, i) => {
    const match = matches[i] ?? { kind: 'any' };
    const field = key.texts ? encodeText(match, key) : encodeFieldMatch(translatedMatch(match, key), key.id);
    if (field) fields.push(field);
  });
  return fields;
}

function encodeText(match: MatchValue, key: KeyForm): FieldMatch | undefined {
  if (match.kind !== 'exact' && match.kind !== 'optional') return undefined;
  return { field_id: key.id, [match.kind]: { value: encodeValue(match.value, key) } };
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
  if (table.needsPriority && priority === 0) return refuse('priority-missing', { at });
  if (!table.needsPriority && priority !== 0) return refuse('priority-given', { at, priority });
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
  if (table.needsPriority) parts.push(`priority ${key.priority}`);
  return parts.join(', ');
}

export const describeMatches = (keys: readonly KeyForm[], matches: readonly MatchValue[]): string[] =>
  keys.map((k, i) => {
    const match = matches[i] ?? { kind: 'any' };
    return `${k.name}=${k.texts && 'value' in match ? `"${fromUtf8(encodeValue(match.value, k))}"` : describeMatch(match, k)}`;
  });
