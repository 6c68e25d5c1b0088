/** Values of registers and digests: P4Data from and to the numbers of the data plane (P4Runtime, "Representation of Arbitrary P4 Types"). */
import { declaredType } from '../../compiler/arch/index.js';
import type { Program, Type } from '../../compiler/ir/index.js';
import { bytesToHex } from '../../compiler/support/bits.js';
import { unreachable } from '../../compiler/support/invariant.js';
import { decodeSigned, encodeBits, encodeSigned } from '../p4runtime/bytestrings.js';
import type { P4Data } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';
import { decodeValue, encodeValue, type ValueForm, valueForm } from './translation.js';

/** What the type of a value says of its P4Data. */
export type DataShape =
  | ({ readonly kind: 'bitstring'; readonly signed: boolean } & ValueForm)
  | { readonly kind: 'enum_value'; readonly width: number }
  | { readonly kind: 'bool'; readonly width: 1 }
  | { readonly kind: 'struct' | 'tuple'; readonly width: number; readonly fields: readonly DataField[] };
export interface DataField {
  readonly name: string;
  readonly shape: DataShape;
}

/** @throws Refusal UNIMPLEMENTED for types that have no width */
export function dataShape(program: Program, type: Type, at: string): DataShape {
  switch (type.kind) {
    case 'bit':
    case 'int':
      return { kind: 'bitstring', width: type.width, signed: type.kind === 'int' };
    case 'bool':
      return { kind: 'bool', width: 1 };
    case 'tuple':
      return composite(
        'tuple',
        type.elements.map((element, i) => ({ name: `${i}`, shape: dataShape(program, element, at) })),
      );
    case 'named': {
      const decl = declaredType(program, type);
      if (decl?.kind === 'newtype') {
        const { translation } = valueForm(program, type, 0);
        return { ...dataShape(program, decl.type, at), ...(translation ? { translation } : {}) };
      }
      if (decl?.kind === 'enum' && decl.base) return { kind: 'enum_value', width: decl.base.width };
      if (decl?.kind === 'struct') {
        return composite(
          'struct',
          decl.fields.map((f) => ({ name: f.name, shape: dataShape(program, f.type, at) })),
        );
      }
      return refuse('not-supported', { what: `${at}: a value of type ${type.name}` });
    }
    default:
      return refuse('not-supported', { what: `${at}: a value of type ${type.kind}` });
  }
}

const composite = (kind: 'struct' | 'tuple', fields: readonly DataField[]): DataShape => ({
  kind,
  width: fields.reduce((sum, f) => sum + f.shape.width, 0),
  fields,
});

/** The value as one number; the first field is in the most significant bits. */
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
    case 'bool':
      return data.bool ? 1n : 0n;
    case 'struct':
    case 'tuple': {
      const members = data[kind]?.members ?? [];
      if (members.length !== shape.fields.length) {
        return refuse('wrong-member-count', { at, expected: shape.fields.length, given: members.length });
      }
      return shape.fields.reduce((whole, field, i) => {
        const value = decodeData(members[i] ?? {}, field.shape, `${at}, field ${field.name}`);
        return (whole << BigInt(field.shape.width)) | value;
      }, 0n);
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

export function encodeData(value: bigint, shape: DataShape): P4Data {
  switch (shape.kind) {
    case 'bitstring':
      return { bitstring: shape.signed ? encodeSigned(value, shape.width) : encodeValue(value, shape) };
    case 'enum_value':
      return { enum_value: encodeBits(value) };
    case 'bool':
      return { bool: value !== 0n };
    case 'struct':
    case 'tuple': {
      let left = shape.width;
      const members = shape.fields.map((field) => {
        left -= field.shape.width;
        return encodeData(BigInt.asUintN(field.shape.width, value >> BigInt(left)), field.shape);
      });
      return { [shape.kind]: { members } };
    }
  }
}
