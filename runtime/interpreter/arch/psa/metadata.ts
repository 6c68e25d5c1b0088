/** PSA's structs of metadata, and what is carried with a packet from one block to another. */
import { named } from '../../../../compiler/ir/build.js';
import type { Type } from '../../../../compiler/ir/index.js';
import { type Loc, nowhere } from '../../../../compiler/support/location.js';
import type { NamedTraceValue } from '../../../data-plane/trace.js';
import { traceValue } from '../../tracer.js';
import type { Types } from '../../types.js';
import type { StructValue, Value } from '../../values.js';

/** A struct of psa.p4 with these fields; the others have their defaults. */
export function metadata(types: Types, name: string, fields: Readonly<Record<string, Value>>): StructValue {
  const value = types.default(named(name)) as StructValue;
  for (const field in fields) value.fields.set(field, fields[field] as Value);
  return value;
}

export const flag = (struct: StructValue, name: string): boolean => struct.fields.get(name) === true;
export const number = (struct: StructValue, name: string): number => Number(struct.fields.get(name));

/** While tracing: the statement that wrote the field last. */
export const writtenAt = (struct: StructValue, name: string): Loc => struct.writtenAt?.get(name) ?? nowhere;

/** Metadata of the program's own type that goes with a packet. */
export interface Carried {
  readonly value: Value;
  readonly type: Type;
}

/** For traces: the fields of a struct that is carried. */
export function traceCarried({ value, type }: Carried, types: Types): NamedTraceValue[] {
  const declared = types.resolve(type);
  if (declared.kind !== 'struct' || typeof value !== 'object' || value.kind !== 'struct') return [];
  return declared.fields.map((f) => ({ name: f.name, ...traceValue(value.fields.get(f.name) as Value, f.type, types, f.format) }));
}
