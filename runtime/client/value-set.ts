/** A parser value set of a switch. */
import { fromBytes } from '../../compiler/support/bits.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { FieldMatch } from '../p4runtime/messages.js';
import type { ClientValueSet } from './names.js';
import { firstOf, type Requests } from './requests.js';
import { takes } from './signatures.js';
import { fromBits, toBits } from './values.js';

interface ValueSetMember {
  readonly match: readonly FieldMatch[];
}
/** The members of a value set. */
export interface ValueSetHandle {
  /** Replaces all members. */
  set(values: readonly (number | bigint)[]): Promise<void>;
  /** All members. */
  read(): Promise<readonly (number | bigint)[]>;
}

export function valueSetHandle({ id, path, field }: ClientValueSet, { read, write }: Requests): ValueSetHandle {
  const at = `value set ${path}`;
  return {
    set: async (values) => {
      takes.valueSetSet([values]);
      const members = encodeMembers({ id, path, field }, values, captureLocation());
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

/** @throws DiagnosticError entry-value */
export const encodeMembers = ({ path, field }: ClientValueSet, values: readonly (number | bigint)[], loc: Loc): ValueSetMember[] =>
  values.map((value) => {
    const bits = toBits(value, field, { at: `value set ${path}`, loc });
    return { match: [{ field_id: field.id, exact: { value: encodeBits(bits) } }] };
  });
