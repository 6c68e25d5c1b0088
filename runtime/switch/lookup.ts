/** Things of the pipeline by the ids of requests. */
import type { ExternEntry } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';
import type {
  CounterSchema,
  DigestSchema,
  MeterSchema,
  ProfileSchema,
  RegisterSchema,
  Schema,
  TableSchema,
  ValueSetSchema,
} from './schema.js';

/** @throws Refusal INVALID_ARGUMENT for 0 and for the id of something else, NOT_FOUND for an id of nothing */
export const tableOf = (schema: Schema, id: number): TableSchema => find(schema, schema.tables, 'table', id);
export const counterOf = (schema: Schema, id: number): CounterSchema => find(schema, schema.counters, 'counter', id);
export const meterOf = (schema: Schema, id: number): MeterSchema => find(schema, schema.meters, 'meter', id);
export const registerOf = (schema: Schema, id: number): RegisterSchema => find(schema, schema.registers, 'register', id);
export const profileOf = (schema: Schema, id: number): ProfileSchema => find(schema, schema.profiles, 'action profile', id);
export const digestOf = (schema: Schema, id: number): DigestSchema => find(schema, schema.digests, 'digest', id);
export const valueSetOf = (schema: Schema, id: number): ValueSetSchema => find(schema, schema.valueSets, 'value set', id);

/** No architecture of the switch has externs beside those with entities of their own, so there is none to find. */
export function externOf(schema: Schema, { extern_type_id: type = 0, extern_id: id = 0 }: ExternEntry): never {
  find(schema, new Map(), 'extern type', type);
  return find(schema, new Map<number, never>(), 'extern', id);
}

function find<T>(schema: Schema, map: ReadonlyMap<number, T>, kind: string, id: number): T {
  const found = map.get(id);
  if (found) return found;
  if (id === 0) return refuse('id-zero', { kind });
  const is = schema.kinds.get(id);
  return is === undefined ? refuse('no-such-id', { kind, id }) : refuse('wrong-id-kind', { kind, id, is });
}
