/** Values of the control plane as people write and read them, to and from numbers. */
import type { ScalarForm, ValueForm } from '../../compiler/control/data.js';
import { type MatchValue, matchesEverything, mistakeIn } from '../../compiler/control/match.js';
import { type Place, unknown } from '../../compiler/control/names.js';
import type { KeyForm } from '../../compiler/control/schema.js';
import { describeHandle } from '../../compiler/dsl/handles.js';
import { fromBytes, maxUnsigned } from '../../compiler/support/bits.js';
import { fromUtf8, toUtf8 } from '../../compiler/support/bytes.js';
import { DiagnosticError, diagnostic } from '../../compiler/support/diagnostics.js';
import { captureLocation } from '../../compiler/support/location.js';
import { addressWidth, type Format, formatValue, parseSigned, parseValue, readNumber, ValueError } from '../../compiler/support/values.js';
import { encodeBits, encodeSigned } from '../p4runtime/bytestrings.js';
import { decodeFieldMatch, encodeFieldMatch } from '../p4runtime/field-match.js';
import type { FieldMatch, Index, P4Data } from '../p4runtime/messages.js';

/**
 * A value as its bytes on the wire.
 * @throws DiagnosticError entry-value, entry-unknown
 */
export function toWire(input: unknown, field: ValueForm, place: Place): Uint8Array {
  if (!field.texts) return encodeBits(toBits(input, field, place));
  return toUtf8(toText(input, field.texts, place));
}

/** One of the texts; without any, all text. @throws DiagnosticError entry-value, entry-unknown */
export function toText(input: unknown, texts: readonly string[], place: Place): string {
  if (typeof input !== 'string') throw valueError(place, `${describeValue(input)} is not text`);
  if (texts.length === 0 || texts.includes(input)) return input;
  return unknown('value', input, texts, place);
}

/** The value whose bytes came. */
export function fromWire(bytes: Uint8Array | undefined, field: ValueForm): string | number | bigint | boolean {
  const given = bytes ?? new Uint8Array();
  return field.texts ? fromUtf8(given) : fromBits(fromBytes(given), field);
}

/** @throws DiagnosticError entry-value, entry-unknown */
export function toBits(input: unknown, field: ValueForm, place: Place): bigint {
  if (field.members && typeof input === 'string' && !/^\d/.test(input)) {
    const value = field.members.get(input);
    if (value !== undefined) return value;
    return unknown('member', input, [...field.members.keys()], place);
  }
  const plain = typeof input === 'string' || typeof input === 'number' || typeof input === 'bigint' || typeof input === 'boolean';
  if (!plain) throw valueError(place, `${describeValue(input)} is not a value of ${field.isSigned ? 'int' : 'bit'}<${field.width}>`);
  return checked(place, () => (field.isSigned ? parseSigned(input, field.width) : parseValue(input, field.width, field.format)));
}

/** Addresses as text, enum members by name, booleans, and numbers. */
export function fromBits(value: bigint, field: ValueForm): string | number | bigint | boolean {
  if (field.isBool) return value !== 0n;
  if (field.isSigned) return readNumber(BigInt.asIntN(field.width, value), field.width);
  for (const [name, member] of field.members ?? []) if (member === value) return name;
  if (addressWidth(field.format) !== undefined) return formatValue(value, field.format);
  return readNumber(value, field.width);
}

/** A value of a register or digest, as P4Runtime carries values of its type. */
export function fromData(data: P4Data | undefined, field: ScalarForm): string | number | bigint | boolean {
  if (data?.bool !== undefined) return data.bool;
  const bytes = data?.bitstring ?? data?.enum_value ?? new Uint8Array();
  if (field.texts) return fromWire(bytes, field);
  // Signed values come without the bytes that only repeat the sign.
  const value = fromBytes(bytes);
  return fromBits(field.isSigned ? BigInt.asIntN(8 * bytes.length, value) : value, field);
}

/**
 * As `fromData` takes it.
 * @throws DiagnosticError entry-value, entry-unknown
 */
export function toData(input: unknown, field: ScalarForm, place: Place): P4Data {
  if (field.isBool) return { bool: toBits(input, field, place) === 1n };
  if (field.isSigned) return { bitstring: encodeSigned(toBits(input, field, place), field.width) };
  return { [field.kind]: toWire(input, field, place) };
}

/**
 * An id, an index, a port or a weight: what does not fit its field would be another number on the wire.
 * @throws DiagnosticError entry-value
 */
export function toUint32(value: number, at: string): number {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
  throw valueError({ at, loc: captureLocation() }, `${describeValue(value)} is not a whole number from 0 to ${2 ** 32 - 1}`);
}

/** The index of a cell. @throws DiagnosticError entry-value */
export const toIndex = (index: number, at: string): Index => ({ index: BigInt(toUint32(index, `${at}, index`)) });

/** A rate, a time or a size: not negative, and at most what P4Runtime carries in 64 bits. */
export function toInt64(input: unknown, place: Place): bigint {
  const value = typeof input === 'number' && Number.isSafeInteger(input) ? BigInt(input) : input;
  if (typeof value !== 'bigint' || value < 0n || value >= 1n << 63n)
    throw valueError(place, `${describeValue(input)} is not a whole number from 0`);
  return value;
}

/** What one key of an entry matches; undefined when it matches everything, which is left out on the wire. */
export function toMatch(input: unknown, key: KeyForm, place: Place): FieldMatch | undefined {
  switch (key.match) {
    case 'lpm':
    case 'ternary':
    case 'range':
      return toWiderMatch(readMatch(input, key, place), key, place);
    case 'optional':
      return { field_id: key.id, optional: { value: toWire(input, key, place) } };
    default:
      return { field_id: key.id, exact: { value: toWire(input, key, place) } };
  }
}

function toWiderMatch(match: MatchValue, key: KeyForm, place: Place): FieldMatch | undefined {
  const wrong = mistakeIn(match, key);
  if (wrong) throw valueError(place, wrong.problem);
  if (matchesEverything(match, key.width)) return undefined;
  const field = encodeFieldMatch(match, key.id);
  if (match.kind !== 'range' || match.low !== 0n) return field;
  // BMv2's server takes 0..255 in its shortest form for a range over everything, whatever the key's width.
  return { field_id: key.id, range: { ...field?.range, low: new Uint8Array((key.width + 7) >> 3) } };
}

/** What a user wrote for a key that matches several values. */
function readMatch(input: unknown, key: KeyForm, place: Place): MatchValue {
  const one = (value: unknown): bigint => toBits(value, key, place);
  switch (key.match) {
    case 'lpm':
      return readPrefix(input, key, place);
    case 'ternary':
      if (!isRecord(input, 'value', 'mask')) return { kind: 'ternary', value: one(input), mask: maxUnsigned(key.width) };
      return { kind: 'ternary', value: one(input.value), mask: one(input.mask) };
    default:
      if (!isRecord(input, 'low', 'high')) throw valueError(place, `${describeValue(input)} is not a range such as { low: 1, high: 5 }`);
      return { kind: 'range', low: one(input.low), high: one(input.high) };
  }
}

const examples: Partial<Record<Format, string>> = {
  ipv4: 'an IPv4 prefix such as 10.0.0.0/8',
  ipv6: 'an IPv6 prefix such as 2001:db8::/32',
};

function readPrefix(input: unknown, key: KeyForm, place: Place): MatchValue {
  const text = typeof input === 'string' ? /^(.+)\/(\d{1,3})$/.exec(input.trim()) : null;
  const parts = text ? { value: text[1], prefix: Number(text[2]) } : input;
  if (!isRecord(parts, 'value', 'prefix')) {
    throw valueError(place, `${describeValue(input)} is not ${examples[key.format] ?? 'a prefix such as { value: 0x0a00, prefix: 8 }'}`);
  }
  const prefixLength = parts.prefix;
  if (typeof prefixLength !== 'number') throw valueError(place, `prefix length ${describeValue(prefixLength)} is not a number`);
  try {
    return { kind: 'lpm', value: toBits(parts.value, key, place), prefixLength };
  } catch (error) {
    // The whole text says more than the part of it that is wrong.
    if (text && examples[key.format]) throw valueError(place, `${describeValue(input)} is not ${examples[key.format]}`);
    throw error;
  }
}

/** The match as `toMatch` takes it; undefined when it may be left out: some switches tell of matches of everything, too. */
export function fromMatch(given: FieldMatch | undefined, key: KeyForm): unknown {
  const single = given?.exact ?? given?.optional;
  if (single) return fromWire(single.value, key);
  const match = given && decodeFieldMatch(given);
  const show = (value: bigint) => fromBits(value, key);
  if (key.match === 'lpm') {
    const { value, prefixLength } = match?.kind === 'lpm' && match.prefixLength > 0 ? match : { value: 0n, prefixLength: 0 };
    return key.format === 'ipv4' || key.format === 'ipv6' ? `${show(value)}/${prefixLength}` : { value: show(value), prefix: prefixLength };
  }
  if (!match || matchesEverything(match, key.width)) return undefined;
  if (match.kind === 'ternary') {
    return match.mask === maxUnsigned(key.width) ? show(match.value) : { value: show(match.value), mask: show(match.mask) };
  }
  return match.kind === 'range' ? { low: show(match.low), high: show(match.high) } : undefined;
}

export const valueError = ({ at, loc }: Place, problem: string): DiagnosticError =>
  new DiagnosticError([diagnostic('entry-value', { at, problem }, { loc })]);

/** What `parse` gives; text and numbers that it does not take are the user's mistake. */
function checked<T>(place: Place, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ValueError) throw valueError(place, error.message);
    throw error;
  }
}

/** A value as the user would write it. */
export function describeValue(input: unknown): string {
  if (typeof input === 'string') return `"${input}"`;
  if (!isPlain(input)) return typeof input === 'object' || typeof input === 'function' ? describeHandle(input) : String(input);
  // Deeper than a value can be, there is something else.
  const shown = ([name, value]: [string, unknown]): string => `${name}: ${isPlain(value) ? '{ … }' : describeValue(value)}`;
  return `{ ${Object.entries(input).map(shown).join(', ')} }`;
}
const isPlain = (x: unknown): x is object => typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype;

function isRecord<K extends string>(value: unknown, ...names: readonly K[]): value is Record<K, unknown> {
  return typeof value === 'object' && value !== null && names.every((name) => name in value);
}
