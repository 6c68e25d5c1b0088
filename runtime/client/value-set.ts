/** A parser value set of a switch. */
import type { KeyForm, ValueSetSchema } from '../../compiler/control/schema.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { captureLocation, type Loc } from '../../compiler/support/location.js';
import type { FieldMatch } from '../p4runtime/messages.js';
import { firstOf, type Requests } from './requests.js';
import { takes } from './signatures.js';
import { checkReach, type ReachTarget } from './target-limits.js';
import { fromWire, toWire } from './values.js';

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

/** @throws DiagnosticError entity-unsupported */
export function valueSetHandle(set: ValueSetSchema, { read, write, target }: Requests): ValueSetHandle {
  const { id, name } = set;
  const at = `value set ${name}`;
  checkReach(at, 'valueSets', target);
  const key = onlyKey(set, target, captureLocation());
  return {
    set: async (values) => {
      takes.valueSetSet([values]);
      const members = encodeMembers(set, values, target, captureLocation());
      await write(`set ${at}`, { type: 'MODIFY', entity: { value_set_entry: { value_set_id: id, members } } });
    },
    read: async () => {
      const found = await firstOf(read(`read ${at}`, { value_set_entry: { value_set_id: id } }));
      return (found?.value_set_entry?.members ?? []).map(({ match }) => fromWire(match?.[0]?.exact?.value, key) as number | bigint);
    },
  };
}

/** @throws DiagnosticError entity-unsupported, entry-value */
export function encodeMembers(set: ValueSetSchema, values: readonly (number | bigint)[], target: ReachTarget, loc: Loc): ValueSetMember[] {
  const key = onlyKey(set, target, loc);
  return values.map((value) => ({
    match: [{ field_id: key.id, exact: { value: toWire(value, key, { at: `value set ${set.name}`, loc }) } }],
  }));
}

function onlyKey({ name, keys }: ValueSetSchema, target: ReachTarget, loc: Loc): KeyForm {
  const [key] = keys;
  if (key && keys.length === 1) return key;
  const why = 'its members have several fields; write them with sw.raw, or in a file of entries';
  return fail('entity-unsupported', { what: `value set ${name}`, target: target.name, why }, { loc });
}
