/** The messages of p4info.proto, and which fields of a value are written. */
import { type FieldSpec, messages } from './proto/p4/config/v1/p4info.proto';

export type { FieldSpec };
export type Fields = Readonly<Record<string, unknown>>;

export const p4infoMessage = 'p4.config.v1.P4Info';

export const isMessage = (field: FieldSpec): boolean => field.type in messages;

/**
 * The fields of a message that have something to write, each with its values: several only where it is repeated. They
 * are in the order of their numbers. Fields that have their default value are left out, except in a oneof.
 */
export function* presentFields(type: string, message: Fields): Generator<readonly [FieldSpec, readonly unknown[]]> {
  for (const field of messages[type] as readonly FieldSpec[]) {
    const value = message[field.name];
    if (value === undefined || value === null) continue;
    if (field.map) yield [field, entriesOf(value)];
    else if (field.repeated) yield [field, value as readonly unknown[]];
    else if (field.oneof || !isDefault(field, value)) yield [field, [value]];
  }
}

/** What a map is in both forms: messages of a key and a value, here in the order of the keys. */
const entriesOf = (map: object): readonly { key: string; value: unknown }[] =>
  Object.entries(map)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => ({ key, value }));

function isDefault(field: FieldSpec, value: unknown): boolean {
  if (field.values) return field.values[value as string] === 0;
  if (value instanceof Uint8Array) return value.length === 0;
  return value === 0 || value === false || value === '';
}
