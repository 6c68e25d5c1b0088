/** Reads of parser value sets. */
import type { ValueSetEntry } from '../p4runtime/messages.js';
import { valueSetOf } from './lookup.js';
import { encodeMatches } from './match.js';
import type { ReadContext } from './read.js';

export function readValueSets({ schema, store }: ReadContext, filter: ValueSetEntry): ValueSetEntry[] {
  const id = filter.value_set_id ?? 0;
  const sets = id === 0 ? [...schema.valueSets.values()] : [valueSetOf(schema, id)];
  return sets.map((set) => ({
    value_set_id: set.id,
    members: (store.valueSets.get(set.id) ?? []).map((matches) => ({ match: encodeMatches(set.keys, matches) })),
  }));
}
