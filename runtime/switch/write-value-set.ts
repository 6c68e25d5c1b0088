/** Writes of parser value sets (P4Runtime, "ValueSetEntry"). */

import type { StateUpdate } from '../data-plane/messages.js';
import type { ValueSetEntry } from '../p4runtime/messages.js';
import { valueSetOf } from './lookup.js';
import { decodeMatches, describeMatches, matchesText } from './match.js';
import { refuse } from './refusals.js';
import type { WriteContext, WriteType } from './write.js';

/** Replaces all members. */
export function writeValueSet({ schema, store }: WriteContext, type: WriteType, entry: ValueSetEntry): StateUpdate[] {
  const set = valueSetOf(schema, entry.value_set_id ?? 0);
  const at = `value set ${set.name}`;
  if (type !== 'MODIFY') return refuse('only-modify', { at, what: 'value set' });
  const given = entry.members ?? [];
  if (given.length > set.size) return refuse('value-set-full', { at, size: set.size, given: given.length });
  const seen = new Set<string>();
  const members = given.map(({ match }) => {
    const matches = decodeMatches(set.keys, match ?? [], at);
    const text = matchesText(matches);
    if (seen.has(text)) return refuse('duplicate-value', { at, member: describeMatches(set.keys, matches).join(', ') });
    seen.add(text);
    return matches;
  });
  store.valueSets.set(set.id, members);
  return [{ kind: 'value-set', valueSet: set.name, members }];
}
