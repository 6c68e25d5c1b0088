/** Entries and calls of actions against the constraints of the program, as messages have them: before they are sent, and when they come. */
import type { Restriction } from '../../compiler/control/constraints/restriction.js';
import { plainForm, type ValueForm } from '../../compiler/control/data.js';
import type { MatchValue } from '../../compiler/control/match.js';
import type { ActionSchema, TableSchema } from '../../compiler/control/schema.js';
import { describeMatch } from '../../compiler/control/text.js';
import { bitLength, byteLength, fromBytes, toBytes } from '../../compiler/support/bits.js';
import { fromUtf8 } from '../../compiler/support/bytes.js';
import { decodeFieldMatch } from './field-match.js';
import type { Action, TableEntry } from './messages.js';

const any: MatchValue = { kind: 'any' };

/** Why the table does not take the entry; undefined where nothing is wrong. The entry fits the keys. */
export function brokenByEntry({ restriction, keys }: TableSchema, { match = [], priority = 0 }: TableEntry): string | undefined {
  if (!restriction) return undefined;
  const values = keys.map(({ id }) => {
    const field = match.find(({ field_id }) => field_id === id);
    return (field && decodeFieldMatch(field)) ?? any;
  });
  return broken('an entry', restriction, keys, values, priority);
}

/** Why the action cannot be called so; undefined where nothing is wrong. The arguments fit the parameters. */
export function brokenByCall({ restriction, params }: ActionSchema, { params: given = [] }: Action): string | undefined {
  if (!restriction) return undefined;
  const values = params.map(({ id }): MatchValue => {
    const found = given.find(({ param_id }) => param_id === id);
    return { kind: 'exact', value: fromBytes(found?.value ?? new Uint8Array()) };
  });
  return broken('a call', restriction, params, values, 0);
}

function broken(
  what: string,
  restriction: Restriction,
  forms: readonly (ValueForm & { readonly name: string })[],
  values: readonly MatchValue[],
  priority: number,
): string | undefined {
  const violation = restriction.violation({ values, priority });
  if (!violation) return undefined;
  const { condition, must, comment, names, hasPriority } = violation;
  const has = names.map((i) => `${forms[i]?.name}=${shown(values[i] ?? any, forms[i] ?? plainForm(0))}`);
  if (hasPriority) has.push(`priority ${priority}`);
  const rule = `${what} must ${must ? '' : 'not '}satisfy \`${condition}\`${comment ? ` ("${comment}")` : ''}`;
  return `${rule}, and this one ${has.length > 0 ? `has ${has.join(', ')}` : must ? 'does not' : 'does'}`;
}

function shown(match: MatchValue, form: ValueForm): string {
  if (!form.texts || !('value' in match)) return describeMatch(match, form);
  return `"${fromUtf8(toBytes(match.value, byteLength(bitLength(match.value))))}"`;
}
