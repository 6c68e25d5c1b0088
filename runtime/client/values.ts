/** Values of the control plane as people write and read them, to and from numbers. */
import { describeHandle } from '../../compiler/dsl/handles.js';
import { fromBytes, maxUnsigned, prefixMask } from '../../compiler/support/bits.js';
import { type Diagnostic, DiagnosticError, diagnostic } from '../../compiler/support/diagnostics.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import { nearest } from '../../compiler/support/suggest.js';
import { type Format, formatValue, parseSigned, parseValue, ValueError } from '../../compiler/support/values.js';
import { encodeBits, encodeSigned } from '../p4runtime/bytestrings.js';
import type { FieldMatch, P4Data } from '../p4runtime/messages.js';
import type { ClientField, ClientKey } from './names.js';

/** Where a value stands: how diagnostics call it, and the place of the call. */
export interface Place {
  /** Such as `table ingress.routes, key dst`. */
  readonly at: string;
  readonly loc: Loc;
}

/**
 * A value as its bytes on the wire.
 * @throws DiagnosticError entry-value, entry-unknown
 */
export function toWire(input: unknown, field: ClientField, place: Place): Uint8Array {
  if (!field.texts) return encodeBits(toBits(input, field, place));
  if (typeof input !== 'string') throw valueError(place, `${describeValue(input)} is not text`);
  if (field.texts.length > 0 && !field.texts.includes(input)) {
    const suggestion = nearest(input, field.texts);
    const about = { at: place.at, what: 'value', name: input, suggestion, valid: field.texts };
    throw failure(diagnostic('entry-unknown', about, { loc: place.loc }));
  }
  return new TextEncoder().encode(input);
}

/** The value whose bytes came. */
export function fromWire(bytes: Uint8Array | undefined, field: ClientField): string | number | bigint | boolean {
  return field.texts ? new TextDecoder().decode(bytes) : fromBits(fromBytes(bytes ?? new Uint8Array()), field);
}

/** @throws DiagnosticError entry-value, entry-unknown */
export function toBits(input: unknown, field: ClientField, place: Place): bigint {
  if (field.members && typeof input === 'string' && !/^\d/.test(input)) {
    const value = field.members.get(input);
    if (value !== undefined) return value;
    const valid = [...field.members.keys()];
    const about = { at: place.at, what: 'member', name: input, suggestion: nearest(input, valid), valid };
    throw failure(diagnostic('entry-unknown', about, { loc: place.loc }));
  }
  const plain = typeof input === 'string' || typeof input === 'number' || typeof input === 'bigint' || typeof input === 'boolean';
  if (!plain) throw valueError(place, `${describeValue(input)} is not a value of ${field.isSigned ? 'int' : 'bit'}<${field.width}>`);
  return checked(place, () => (field.isSigned ? parseSigned(input, field.width) : parseValue(input, field.width, field.format)));
}

/** Addresses as text, enum members by name, booleans; numbers up to 32 bits and of 48 as numbers, others as bigints. */
export function fromBits(value: bigint, field: ClientField): string | number | bigint | boolean {
  if (field.isBool) return value !== 0n;
  if (field.isSigned) return small(BigInt.asIntN(field.width, value), field.width);
  for (const [name, member] of field.members ?? []) if (member === value) return name;
  if (isAddress(field.format)) return formatValue(value, field.format);
  return small(value, field.width);
}

const small = (value: bigint, width: number): number | bigint => (width <= 32 || width === 48 ? Number(value) : value);

/** A value of a register or digest, as P4Runtime carries values of its type. */
export function fromData(data: P4Data | undefined, field: ClientField): string | number | bigint | boolean {
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
export function toData(input: unknown, field: ClientField, place: Place): P4Data {
  if (field.isBool) return { bool: toBits(input, field, place) === 1n };
  if (field.isSigned) return { bitstring: encodeSigned(toBits(input, field, place), field.width) };
  const bytes = toWire(input, field, place);
  return field.members ? { enum_value: bytes } : { bitstring: bytes };
}

/**
 * An id, an index, a port or a weight: what does not fit its field would be another number on the wire.
 * @throws DiagnosticError entry-value
 */
export function toUint32(value: number, at: string): number {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
  throw valueError({ at, loc: captureLocation() }, `${describeValue(value)} is not a whole number from 0 to ${2 ** 32 - 1}`);
}

/** A rate, a time or a size: not negative, and at most what P4Runtime carries in 64 bits. */
export function toInt64(input: unknown, place: Place): bigint {
  const value = typeof input === 'number' && Number.isSafeInteger(input) ? BigInt(input) : input;
  if (typeof value !== 'bigint' || value < 0n || value >= 1n << 63n)
    throw valueError(place, `${describeValue(input)} is not a whole number from 0`);
  return value;
}

/** What one key of an entry matches; undefined when it matches everything, which is left out on the wire. */
export function toMatch(input: unknown, key: ClientKey, place: Place): FieldMatch | undefined {
  const one = (value: unknown): bigint => toBits(value, key, place);
  switch (key.match) {
    case 'lpm': {
      const { value, length } = toPrefix(input, key, place);
      if (length === 0) return undefined;
      return { field_id: key.id, lpm: { value: encodeBits(value), prefix_len: length } };
    }
    case 'ternary': {
      const value = isRecord(input, 'value', 'mask') ? one(input.value) : one(input);
      const mask = isRecord(input, 'value', 'mask') ? one(input.mask) : maxUnsigned(key.width);
      if ((value & mask) !== value) {
        throw valueError(place, `${formatValue(value, key.format)} has bits set that the mask ${formatValue(mask, 'hex')} does not cover`);
      }
      return mask === 0n ? undefined : { field_id: key.id, ternary: { value: encodeBits(value), mask: encodeBits(mask) } };
    }
    case 'range': {
      if (!isRecord(input, 'low', 'high')) throw valueError(place, `${describeValue(input)} is not a range such as { low: 1, high: 5 }`);
      const [low, high] = [one(input.low), one(input.high)];
      if (low > high)
        throw valueError(place, `the low end ${formatValue(low, key.format)} is above the high end ${formatValue(high, key.format)}`);
      if (low === 0n && high === maxUnsigned(key.width)) return undefined;
      // BMv2's server takes 0..255 in its shortest form for a range over everything, whatever the key's width.
      const lowBytes = low === 0n ? new Uint8Array((key.width + 7) >> 3) : encodeBits(low);
      return { field_id: key.id, range: { low: lowBytes, high: encodeBits(high) } };
    }
    case 'optional':
      return { field_id: key.id, optional: { value: toWire(input, key, place) } };
    default:
      return { field_id: key.id, exact: { value: toWire(input, key, place) } };
  }
}

const examples: Partial<Record<Format, string>> = {
  ipv4: 'an IPv4 prefix such as 10.0.0.0/8',
  ipv6: 'an IPv6 prefix such as 2001:db8::/32',
};

function toPrefix(input: unknown, key: ClientKey, place: Place): { readonly value: bigint; readonly length: number } {
  const text = typeof input === 'string' ? /^(.+)\/(\d{1,3})$/.exec(input.trim()) : null;
  const parts = text ? { value: text[1], prefix: Number(text[2]) } : input;
  if (!isRecord(parts, 'value', 'prefix')) {
    throw valueError(place, `${describeValue(input)} is not ${examples[key.format] ?? 'a prefix such as { value: 0x0a00, prefix: 8 }'}`);
  }
  const length = parts.prefix;
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 0 || length > key.width) {
    throw valueError(place, `the prefix length of ${describeValue(input)} is not between 0 and ${key.width}`);
  }
  let value: bigint;
  try {
    value = toBits(parts.value, key, place);
  } catch (error) {
    // The whole text says more than the part of it that is wrong.
    if (text && examples[key.format]) throw valueError(place, `${describeValue(input)} is not ${examples[key.format]}`);
    throw error;
  }
  if ((value & prefixMask(length, key.width)) !== value) {
    const network = formatValue(value & prefixMask(length, key.width), key.format);
    throw valueError(
      place,
      `${formatValue(value, key.format)}/${length} has bits set beyond prefix length ${length}; the prefix is ${network}/${length}`,
    );
  }
  return { value, length };
}

/** Whether a match leaves nothing out. The specification has it absent then (§9.1.1); BMv2's server tells it all the same. */
export function matchesEverything({ ternary, lpm, range }: FieldMatch, key: ClientKey): boolean {
  const bits = (bytes: Uint8Array | undefined): bigint => fromBytes(bytes ?? new Uint8Array());
  if (ternary) return bits(ternary.mask) === 0n;
  if (lpm) return !lpm.prefix_len;
  return range !== undefined && bits(range.low) === 0n && bits(range.high) === maxUnsigned(key.width);
}

/** The match as `toMatch` takes it; undefined when it may be left out. */
export function fromMatch(given: FieldMatch | undefined, key: ClientKey): unknown {
  const match = given && matchesEverything(given, key) ? undefined : given;
  const bits = (bytes: Uint8Array | undefined): bigint => fromBytes(bytes ?? new Uint8Array());
  const show = (bytes: Uint8Array | undefined) => fromBits(bits(bytes), key);
  if (key.match === 'lpm') {
    const length = match?.lpm?.prefix_len ?? 0;
    const value = show(match?.lpm?.value);
    return isAddress(key.format) && key.format !== 'mac' ? `${value}/${length}` : { value, prefix: length };
  }
  if (match?.ternary) {
    const mask = bits(match.ternary.mask);
    return mask === maxUnsigned(key.width) ? show(match.ternary.value) : { value: show(match.ternary.value), mask: fromBits(mask, key) };
  }
  if (match?.range) return { low: show(match.range.low), high: show(match.range.high) };
  const exact = match?.exact ?? match?.optional;
  return exact && fromWire(exact.value, key);
}

const isAddress = (format: Format): boolean => format === 'mac' || format === 'ipv4' || format === 'ipv6';

export const valueError = ({ at, loc }: Place, problem: string): DiagnosticError =>
  failure(diagnostic('entry-value', { at, problem }, { loc }));

const failure = (d: Diagnostic): DiagnosticError => new DiagnosticError([d]);

/** What `parse` gives; text and numbers that it does not take are the user's mistake. */
export function checked<T>({ at, loc }: Place, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ValueError) throw failure(diagnostic('entry-value', { at, problem: error.message }, { loc }));
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
