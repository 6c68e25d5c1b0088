/** Values of registers and digests: P4Data from and to the numbers of the data plane (P4Runtime, "P4Data in p4runtime.proto"). */
import { bytesToHex } from '../../compiler/support/bits.js';
import { unreachable } from '../../compiler/support/invariant.js';
import { decodeBits, decodeSigned, encodeBits, encodeSigned } from '../p4runtime/bytestrings.js';
import type { P4Data, P4Header, P4HeaderUnion } from '../p4runtime/messages.js';
import { type DataField, type DataShape, type HeaderShape, partWidths, type UnionShape } from './data-shape.js';
import { refuse } from './refusals.js';
import { decodeValue, encodeValue } from './translation.js';

/** The value as one number; the first part is in the most significant bits. */
export function decodeData(data: P4Data, shape: DataShape, at: string): bigint {
  const { kind } = shape;
  if (data[kind] === undefined) {
    const given = Object.entries(data).find(([, value]) => value !== undefined)?.[0] ?? 'nothing';
    return refuse('wrong-data-type', { at, expected: kind, given });
  }
  switch (kind) {
    case 'bitstring':
      return shape.signed ? decodeSignedValue(data.bitstring, shape.width, at) : decodeValue(data.bitstring, shape, at);
    case 'enum_value':
      return decodeValue(data.enum_value, shape, at);
    case 'enum':
    case 'error':
      return BigInt(nameIndex(data[kind] ?? '', shape.names, at));
    case 'bool':
      return data.bool ? 1n : 0n;
    case 'struct':
    case 'tuple': {
      const members = data[kind]?.members ?? [];
      checkCount(members, shape.fields.length, at);
      return joinParts(
        shape,
        shape.fields.map((field, i) => decodeData(members[i] ?? {}, field.shape, `${at}, field ${field.name}`)),
      );
    }
    case 'header':
      return decodeHeader(data.header ?? {}, shape, at);
    case 'header_union':
      return decodeUnion(data.header_union ?? {}, shape, at);
    case 'header_stack':
    case 'header_union_stack': {
      const entries: readonly (P4Header | P4HeaderUnion)[] = data[kind]?.entries ?? [];
      checkCount(entries, shape.size, at);
      const { element } = shape;
      const decode = (entry: P4Header | P4HeaderUnion, where: string): bigint =>
        element.kind === 'header' ? decodeHeader(entry as P4Header, element, where) : decodeUnion(entry as P4HeaderUnion, element, where);
      return joinParts(
        shape,
        entries.map((entry, i) => decode(entry, `${at}, element ${i}`)),
      );
    }
    default:
      return unreachable(kind);
  }
}

/** The bits of a value in two's complement. */
function decodeSignedValue(bytes: Uint8Array | undefined, width: number, at: string): bigint {
  const value = decodeSigned(bytes, width);
  return value ?? refuse('value-out-of-range', { at, bytes: bytesToHex(bytes ?? new Uint8Array()), width });
}

function decodeHeader({ is_valid = false, bitstrings = [] }: P4Header, shape: HeaderShape, at: string): bigint {
  if (!is_valid) return bitstrings.length > 0 ? refuse('invalid-header-fields', { at }) : 0n;
  const fields = bitFields(shape.fields);
  checkCount(bitstrings, fields.length, at);
  return fields.reduce((whole, { name, shape: { width, ...field } }, i) => {
    const where = `${at}, field ${name}`;
    const bytes = bitstrings[i];
    const value =
      field.kind === 'bitstring' && field.signed
        ? decodeSignedValue(bytes, width, where)
        : (decodeBits(bytes, width) ?? refuse('value-out-of-range', { at: where, bytes: bytesToHex(bytes ?? new Uint8Array()), width }));
    return (whole << BigInt(width)) | value;
  }, 1n);
}

function decodeUnion({ valid_header_name: name = '', valid_header: header }: P4HeaderUnion, shape: UnionShape, at: string): bigint {
  if (name === '') return header ? refuse('invalid-header-fields', { at }) : 0n;
  const names = shape.fields.map((f) => f.name);
  const index = nameIndex(name, names, at);
  if (!header?.is_valid) return refuse('nothing-set', { what: `${at}: the valid header` });
  return joinParts(
    shape,
    shape.fields.map((field, i) => (i === index ? decodeHeader(header, field.shape, `${at}, header ${name}`) : 0n)),
  );
}

function nameIndex(name: string, names: readonly string[], at: string): number {
  const index = names.indexOf(name);
  return index < 0 ? refuse('no-such-name', { at, name, known: names }) : index;
}

function checkCount(given: readonly unknown[], expected: number, at: string): void {
  if (given.length !== expected) refuse('wrong-member-count', { at, expected, given: given.length });
}

export function encodeData(value: bigint, shape: DataShape): P4Data {
  switch (shape.kind) {
    case 'bitstring':
      return { bitstring: shape.signed ? encodeSigned(value, shape.width) : encodeValue(value, shape) };
    case 'enum_value':
      return { enum_value: encodeBits(value) };
    case 'enum':
    case 'error':
      return { [shape.kind]: shape.names[Number(value)] ?? '' };
    case 'bool':
      return { bool: value !== 0n };
    case 'struct':
    case 'tuple': {
      const parts = splitParts(shape, value);
      return { [shape.kind]: { members: shape.fields.map((field, i) => encodeData(parts[i] ?? 0n, field.shape)) } };
    }
    case 'header':
      return { header: encodeHeader(value, shape) };
    case 'header_union':
      return { header_union: encodeUnion(value, shape) };
    case 'header_stack':
    case 'header_union_stack': {
      const { element } = shape;
      const encode = (part: bigint) => (element.kind === 'header' ? encodeHeader(part, element) : encodeUnion(part, element));
      return { [shape.kind]: { entries: splitParts(shape, value).map(encode) } };
    }
  }
}

function encodeHeader(value: bigint, shape: HeaderShape): P4Header {
  if (!isValid(value, shape)) return {};
  let left = shape.width - 1;
  const bitstrings = bitFields(shape.fields).map(({ shape: { width, ...field } }) => {
    left -= width;
    const bits = BigInt.asUintN(width, value >> BigInt(left));
    return field.kind === 'bitstring' && field.signed ? encodeSigned(bits, width) : encodeBits(bits);
  });
  return { is_valid: true, bitstrings };
}

function encodeUnion(value: bigint, shape: UnionShape): P4HeaderUnion {
  const parts = splitParts(shape, value);
  const index = shape.fields.findIndex((field, i) => isValid(parts[i] ?? 0n, field.shape));
  const field = shape.fields[index];
  return field ? { valid_header_name: field.name, valid_header: encodeHeader(parts[index] ?? 0n, field.shape) } : {};
}

const isValid = (value: bigint, { width }: HeaderShape): boolean => value >> BigInt(width - 1) === 1n;

/** The fields of a header, with those of structs in it in their place: each has one bit string. */
const bitFields = (fields: readonly DataField[]): readonly DataField[] =>
  fields.flatMap((field) => (field.shape.kind === 'struct' ? bitFields(field.shape.fields) : [field]));

/** The number that these parts make. */
export const joinParts = (shape: DataShape, parts: readonly bigint[]): bigint =>
  partWidths(shape).reduce((whole, width, i) => (whole << BigInt(width)) | (parts[i] ?? 0n), 0n);

function splitParts(shape: DataShape, value: bigint): bigint[] {
  let left = shape.width;
  return partWidths(shape).map((width) => {
    left -= width;
    return BigInt.asUintN(width, value >> BigInt(left));
  });
}
