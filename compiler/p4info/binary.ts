/** P4Info in the binary form of protobuf. */
import { toUtf8 } from '../support/bytes.js';
import { invariant } from '../support/invariant.js';
import type { P4Info } from './messages.js';
import { type FieldSpec, type Fields, isMessage, p4infoMessage, presentFields } from './schema.js';

/** Written here, because to load protobufjs and to compile the messages for it takes as long as the rest of P4Info. */
export const toBinary = (p4info: P4Info): Uint8Array => Uint8Array.from(encode(p4infoMessage, p4info as unknown as Fields));

/** How a field's value is laid out: a varint, or its length and so many bytes. */
const varintWire = 0;
const lengthWire = 2;

const encode = (type: string, message: Fields): number[] =>
  [...presentFields(type, message)].flatMap(([field, values]) => {
    if (isMessage(field) || field.type === 'string' || field.type === 'bytes')
      return values.flatMap((value) => withLength(field.id, contents(field, value)));
    const numbers = values.map((value) => varint(integer(field, value)));
    if (field.repeated) return numbers.length > 0 ? withLength(field.id, numbers.flat()) : [];
    return numbers.flatMap((bytes) => [...tag(field.id, varintWire), ...bytes]);
  });

const tag = (id: number, wire: number): number[] => varint(id * 8 + wire);

const withLength = (id: number, bytes: ArrayLike<number>): number[] => [
  ...tag(id, lengthWire),
  ...varint(bytes.length),
  ...Array.from(bytes),
];

function contents(field: FieldSpec, value: unknown): ArrayLike<number> {
  if (isMessage(field)) return encode(field.type, value as Fields);
  return typeof value === 'string' ? toUtf8(value) : (value as Uint8Array);
}

function integer(field: FieldSpec, value: unknown): number {
  const found = field.values ? field.values[value as string] : Number(value);
  invariant(Number.isSafeInteger(found), `${String(value)} is not a value of the field ${field.name}`);
  return found as number;
}

/** Seven bits at a time, the lowest first; negative numbers as 64 bits of two's complement. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest)];
}
