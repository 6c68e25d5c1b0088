/** Things of the pipeline by the ids of requests. */
import type {
  ArraySchema,
  ControlObject,
  DigestSchema,
  MeterSchema,
  Objects,
  ProfileSchema,
  RegisterSchema,
  ValueSetSchema,
} from '../../compiler/control/schema.js';
import type { ExternEntry } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';
import type { Schema, TableSchema } from './schema.js';

/** @throws Refusal INVALID_ARGUMENT for 0 and for the id of something else, NOT_FOUND for an id of nothing */
export const tableOf = (schema: Schema, id: number): TableSchema => find(schema, schema.tables, id);
export const counterOf = (schema: Schema, id: number): ArraySchema => find(schema, schema.counters, id);
export const meterOf = (schema: Schema, id: number): MeterSchema => find(schema, schema.meters, id);
export const registerOf = (schema: Schema, id: number): RegisterSchema => find(schema, schema.registers, id);
export const profileOf = (schema: Schema, id: number): ProfileSchema => find(schema, schema.profiles, id);
export const digestOf = (schema: Schema, id: number): DigestSchema => find(schema, schema.digests, id);
export const valueSetOf = (schema: Schema, id: number): ValueSetSchema => find(schema, schema.valueSets, id);

/** Every extern of the switch's architectures has entities of its own, so a read of other externs finds nothing. */
export function externOf(schema: Schema, { extern_type_id: type = 0, extern_id: id = 0 }: ExternEntry): never {
  refuseId(schema, 'extern type', type);
  return refuseId(schema, 'extern', id);
}

const find = <T extends ControlObject>(schema: Schema, objects: Objects<T>, id: number): T =>
  objects.get(id) ?? refuseId(schema, objects.kind, id);

function refuseId(schema: Schema, kind: string, id: number): never {
  if (id === 0) return refuse('id-zero', { kind });
  const is = schema.kinds.get(id);
  return is === undefined ? refuse('no-such-id', { kind, id }) : refuse('wrong-id-kind', { kind, id, is });
}
