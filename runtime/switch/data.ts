/** Values of registers and digests: P4Data from and to the numbers of the data plane (P4Runtime, "P4Data in p4runtime.proto"). */

import {
  type DataForm,
  type HeaderForm,
  joinParts,
  type ScalarForm,
  splitParts,
  type UnionForm,
  type UntoldForm,
} from '../../compiler/control/data.js';
import { toHex } from '../../compiler/support/bytes.js';
import { invariant, unreachable } from '../../compiler/support/invariant.js';
import { decodeSigned, encodeBits, encodeSigned } from '../p4runtime/bytestrings.js';
import type { P4Data, P4Header, P4HeaderUnion } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';
import { decodeValue, encodeValue } from './translation.js';

/** The value as one number; the first part is in the most significant bits. */
export function decodeData(data: P4Data, form: DataForm, at: string): bigint {
  const { kind } = form;
  invariant(kind !== 'untold', 'the pipeline was loaded with data that no message has');
  if (data[kind] === undefined) {
    const given = Object.entries(data).find(([, value]) => value !== undefined)?.[0] ?? 'nothing';
    return refuse('wrong-data-type', { at, expected: kind, given });
  }
  switch (kind) {
    case 'bitstring':
    case 'enum_value':
      return form.isSigned ? decodeSignedValue(data[kind], form.width, at) : decodeValue(data[kind], form, at);
    case 'enum':
    case 'error':
      return BigInt(nameIndex(data[kind] ?? '', form.names, at));
    case 'bool':
      return data.bool ? 1n : 0n;
    case 'struct':
    case 'tuple': {
      const members = data[kind]?.members ?? [];
      checkCount(members, form.fields.length, at);
      return joinParts(
        form,
        form.fields.map((field, i) => decodeData(members[i] ?? {}, field.form, `${at}, field ${field.name}`)),
      );
    }
    case 'header':
      return decodeHeader(data.header ?? {}, form, at);
    case 'header_union':
      return decodeUnion(data.header_union ?? {}, form, at);
    case 'header_stack':
    case 'header_union_stack': {
      const entries: readonly (P4Header | P4HeaderUnion)[] = data[kind]?.entries ?? [];
      checkCount(entries, form.size, at);
      const { element } = form;
      const decode = (entry: P4Header | P4HeaderUnion, where: string): bigint =>
        element.kind === 'header' ? decodeHeader(entry as P4Header, element, where) : decodeUnion(entry as P4HeaderUnion, element, where);
      return joinParts(
        form,
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
  return value ?? refuse('value-out-of-range', { at, bytes: toHex(bytes ?? new Uint8Array()), width });
}

function decodeHeader({ is_valid = false, bitstrings = [] }: P4Header, form: HeaderForm, at: string): bigint {
  if (!is_valid) return bitstrings.length > 0 ? refuse('invalid-header-fields', { at }) : 0n;
  checkCount(bitstrings, form.fields.length, at);
  return form.fields.reduce((whole, { name, form: field }, i) => {
    const where = `${at}, field ${name}`;
    invariant(field.kind !== 'untold', 'the pipeline was loaded with data that no message has');
    const value = field.isSigned ? decodeSignedValue(bitstrings[i], field.width, where) : decodeValue(bitstrings[i], field, where);
    return (whole << BigInt(field.deviceWidth)) | value;
  }, 1n);
}

function decodeUnion({ valid_header_name: name = '', valid_header: header }: P4HeaderUnion, form: UnionForm, at: string): bigint {
  if (name === '') return header ? refuse('invalid-header-fields', { at }) : 0n;
  const names = form.fields.map((f) => f.name);
  const index = nameIndex(name, names, at);
  if (!header?.is_valid) return refuse('nothing-set', { what: `${at}: the valid header` });
  return joinParts(
    form,
    form.fields.map((field, i) => (i === index ? decodeHeader(header, field.form, `${at}, header ${name}`) : 0n)),
  );
}

function nameIndex(name: string, names: readonly string[], at: string): number {
  const index = names.indexOf(name);
  return index < 0 ? refuse('no-such-name', { at, name, known: names }) : index;
}

function checkCount(given: readonly unknown[], expected: number, at: string): void {
  if (given.length !== expected) refuse('wrong-member-count', { at, expected, given: given.length });
}

export function encodeData(value: bigint, form: DataForm): P4Data {
  switch (form.kind) {
    case 'bitstring':
    case 'enum_value':
      return { [form.kind]: form.isSigned ? encodeSigned(value, form.width) : encodeValue(value, form) };
    case 'untold':
      return {};
    case 'enum':
    case 'error':
      return { [form.kind]: form.names[Number(value)] ?? '' };
    case 'bool':
      return { bool: value !== 0n };
    case 'struct':
    case 'tuple': {
      const parts = splitParts(form, value);
      return { [form.kind]: { members: form.fields.map((field, i) => encodeData(parts[i] ?? 0n, field.form)) } };
    }
    case 'header':
      return { header: encodeHeader(value, form) };
    case 'header_union':
      return { header_union: encodeUnion(value, form) };
    case 'header_stack':
    case 'header_union_stack': {
      const { element } = form;
      const encode = (part: bigint) => (element.kind === 'header' ? encodeHeader(part, element) : encodeUnion(part, element));
      return { [form.kind]: { entries: splitParts(form, value).map(encode) } };
    }
  }
}

function encodeHeader(value: bigint, form: HeaderForm): P4Header {
  if (!isValid(value, form)) return {};
  const [, ...parts] = splitParts(form, value);
  const bitstrings = form.fields.map(({ form: field }, i) => {
    const bits = parts[i] ?? 0n;
    return isSigned(field) ? encodeSigned(bits, field.width) : encodeBits(bits);
  });
  return { is_valid: true, bitstrings };
}

function encodeUnion(value: bigint, form: UnionForm): P4HeaderUnion {
  const parts = splitParts(form, value);
  const index = form.fields.findIndex((field, i) => isValid(parts[i] ?? 0n, field.form));
  const field = form.fields[index];
  return field ? { valid_header_name: field.name, valid_header: encodeHeader(parts[index] ?? 0n, field.form) } : {};
}

const isValid = (value: bigint, { deviceWidth }: HeaderForm): boolean => value >> BigInt(deviceWidth - 1) === 1n;

const isSigned = (form: ScalarForm | UntoldForm): form is ScalarForm => form.kind === 'bitstring' && form.isSigned;
