/** A parser value set of a switch. */
import { fromBytes } from '../../compiler/support/bits.js';
import { captureLocation } from '../../compiler/support/location.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { ClientValueSet } from './names.js';
import { firstOf, type Requests } from './requests.js';
import { fromBits, toBits } from './values.js';

export interface ValueSetHandle {
  /** Replaces all members. */
  set(values: readonly (number | bigint)[]): Promise<void>;
  read(): Promise<readonly (number | bigint)[]>;
}

export function valueSetHandle({ id, path, field }: ClientValueSet, { read, write }: Requests): ValueSetHandle {
  const at = `value set ${path}`;
  return {
    set: async (values) => {
      const loc = captureLocation();
      const members = values.map((value) => ({
        match: [{ field_id: field.id, exact: { value: encodeBits(toBits(value, field, { at, loc })) } }],
      }));
      await write(`set ${at}`, { type: 'MODIFY', entity: { value_set_entry: { value_set_id: id, members } } });
    },
    read: async () => {
      const found = await firstOf(read(`read ${at}`, { value_set_entry: { value_set_id: id } }));
      return (found?.value_set_entry?.members ?? []).map(
        ({ match }) => fromBits(fromBytes(match?.[0]?.exact?.value ?? new Uint8Array()), field) as number | bigint,
      );
    },
  };
}
