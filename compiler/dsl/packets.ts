/** Packets from header types and back: the types of a pipeline serve its controllers and tests too. */

import type { EnumDecl, HeaderDecl } from '../ir/types.js';
import { readBits, signed, toBytes } from '../support/bits.js';
import { concatBytes } from '../support/bytes.js';
import { fail } from '../support/diagnostics.js';
import { InternalError } from '../support/invariant.js';
import { captureLocation } from '../support/location.js';
import { didYouMean } from '../support/messages/message.js';
import { nearest } from '../support/suggest.js';
import { addressWidth, type Format, formatValue, parseSigned, parseValue, readNumber, ValueError } from '../support/values.js';
import { signature } from './arguments.js';
import type { AnyNewType, DataType, Fields, HeaderType, TextType } from './surface.js';
import { declarationOf } from './type-declarations.js';
import type { Outs, Vals } from './values.js';

const takes = {
  build: signature('build', { type: 'header', values: 'object' }),
  dissect: signature('dissect', { type: 'header', bytes: 'bytes' }),
  packet: signature('packet', { part: 'bytes' }),
  internetChecksum: signature('internetChecksum', { part: 'bytes' }),
};

/** The bytes of one header. Every field needs a value; a value that does not fit is an error that names the field. */
export function build<F extends Fields>(type: HeaderType<F>, values: Vals<F>): Uint8Array {
  takes.build([type, values]);
  checkFixedWidth(type);
  const names = Object.keys(type.fields);
  for (const key of Object.keys(values)) {
    if (!names.includes(key))
      fail('unknown-argument', { what: `The header ${type.name}`, name: key, names, suggestion: didYouMean(nearest(key, names)) }, here());
  }
  let bits = 0n;
  let width = 0;
  for (const [name, fieldType] of Object.entries(type.fields)) {
    const given = (values as Record<string, unknown>)[name];
    if (given === undefined) fail('missing-argument', { what: `The header ${type.name}`, name }, here());
    try {
      const size = bitWidth(fieldType);
      bits = (bits << BigInt(size)) | fieldValue(fieldType, given);
      width += size;
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      fail(error.code, { what: `${type.name}.${name}`, problem: error.message }, { ...here(), notes: declarationNote(type, name) });
    }
  }
  return toBytes(bits, width >> 3);
}

/** The fields of the header that `bytes` starts with, and what comes after it; undefined when it is not all there. */
export function dissect<F extends Fields>(type: HeaderType<F>, bytes: Uint8Array): readonly [Outs<F>, Uint8Array] | undefined {
  takes.dissect([type, bytes]);
  const fields = Object.entries(type.fields);
  checkFixedWidth(type);
  const width = fields.reduce((sum, [, fieldType]) => sum + bitWidth(fieldType), 0);
  if (bytes.length * 8 < width) return undefined;
  let offset = 0;
  const values: Record<string, unknown> = {};
  for (const [name, fieldType] of fields) {
    const size = bitWidth(fieldType);
    values[name] = shownValue(fieldType, readBits(bytes, offset, size));
    offset += size;
  }
  return [values as Outs<F>, bytes.subarray(width >> 3)];
}

/** One packet from its parts, front to back. */
export function packet(...parts: readonly Uint8Array[]): Uint8Array {
  for (const part of parts) takes.packet([part]);
  return concatBytes(...parts);
}

/** The ones' complement checksum of RFC 1071; over bytes whose checksum is right it is 0. */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  for (const part of parts) takes.internetChecksum([part]);
  const bytes = packet(...parts);
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** The value of a field as the control plane writes it, as an unsigned number. */
export function fieldValue(type: DataType, given: unknown): bigint {
  if (type.kind === 'enum') {
    const member = enumDeclaration(type)?.members.find((m) => m.name === given);
    if (!member) throw new ValueError('value-unknown', `"${String(given)}" is not a member of ${type.name}: ${type.members.join(', ')}`);
    return member.value ?? 0n;
  }
  if (type.kind === 'bool') return parseValue(given as boolean, 1);
  if (type.kind === 'bit') return parseValue(given as string, type.width, type.format as Format);
  if (type.kind === 'newtype') return deviceValue(type, given);
  if (type.kind === 'int') return parseSigned(given as number, type.width);
  throw new InternalError(`a field of type ${type.kind} in a header with a fixed width`);
}

/** A field's value as the control plane reads it. */
function shownValue(type: DataType, value: bigint): unknown {
  switch (type.kind) {
    case 'enum':
      return enumDeclaration(type)?.members.find((m) => m.value === value)?.name ?? value;
    case 'bool':
      return value === 1n;
    case 'int':
      return readNumber(signed(value, type.width), type.width);
    case 'newtype':
      return controllerValue(type, value);
    case 'varbit':
    case 'struct':
    case 'tuple':
      throw new InternalError(`a field of type ${type.kind} in a header with a fixed width`);
    case 'bit':
      if (addressWidth(type.format as Format) !== undefined) return formatValue(value, type.format as Format);
      return readNumber(value, type.width);
  }
}

/** The switch's number for what a controller writes. */
function deviceValue({ name, base, controller }: AnyNewType, given: unknown): bigint {
  if (controller.kind !== 'text') return parseValue(given as number, base.width, controller.format as Format);
  const { values } = controller as TextType;
  const value = typeof given === 'string' && Object.hasOwn(values, given) ? values[given] : undefined;
  if (value === undefined)
    throw new ValueError('value-unknown', `"${String(given)}" is not a value of ${name}: ${Object.keys(values).join(', ')}`);
  return BigInt(value);
}

/** What a controller reads for a number of the switch; numbers that stand for no text are shown as they are. */
function controllerValue({ controller }: AnyNewType, value: bigint): unknown {
  if (controller.kind !== 'text') return shownValue(controller, value);
  return Object.entries((controller as TextType).values).find(([, number]) => BigInt(number) === value)?.[0] ?? `${value}`;
}

/** Where the user's call is: found only for what is wrong, as it takes longer than to build a header. */
const here = () => ({ loc: captureLocation() });

/** The value of a varbit does not tell its width, and only a program knows it of a packet. */
function checkFixedWidth({ name: header, fields }: HeaderType<Fields>): void {
  for (const [field, { kind }] of Object.entries(fields)) {
    if (kind === 'varbit' || kind === 'struct' || kind === 'tuple') fail('header-not-fixed', { header, field, type: kind }, here());
  }
}

const bitWidth = (type: DataType): number => (type.kind === 'bool' ? 1 : 'width' in type ? type.width : 0);

const enumDeclaration = (type: DataType): EnumDecl | undefined => (type as { [declarationOf]?: EnumDecl })[declarationOf];

function declarationNote(type: HeaderType, field: string) {
  const declared = (type as { [declarationOf]?: HeaderDecl })[declarationOf]?.fields.find((f) => f.name === field);
  return declared ? [{ message: `\`${field}\` is declared here`, loc: declared.loc }] : [];
}
