/** Actions with their parameters: from the messages of P4Runtime, checked, and back (P4Runtime, "Action Specification"). */
import type { ActionSchema, HasActions } from '../../compiler/control/schema.js';
import type { ActionValue } from '../data-plane/messages.js';
import type { Action } from '../p4runtime/messages.js';
import { brokenByCall } from '../p4runtime/restrictions.js';
import { refuse } from './refusals.js';
import type { Schema } from './schema.js';
import { decodeValue, encodeValue } from './translation.js';

/** An action of the table or profile that `at` names: as that of an entry or member, or as the default. */
export function decodeAction(
  schema: Schema,
  known: HasActions['actions'],
  given: Action,
  at: string,
  role: 'entry' | 'default',
): ActionValue {
  const id = given.action_id ?? 0;
  const ref = known.get(id);
  if (!ref) {
    const action = schema.actions.get(id)?.name ?? `id ${id}`;
    return refuse('not-an-action-of', { at, action, known: [...known.values()].map((a) => a.action.name) });
  }
  if (ref.scope === 'table' && role === 'default')
    return refuse('action-scope', { at, action: ref.action.name, only: 'an action of entries' });
  if (ref.scope === 'default' && role === 'entry')
    return refuse('action-scope', { at, action: ref.action.name, only: 'the default action' });
  const called = `${at}, action ${ref.action.name}`;
  const args = decodeParams(ref.action, given, called);
  const why = brokenByCall(ref.action, given);
  return why === undefined ? { name: ref.action.name, args } : refuse('call-restricted', { at: called, why });
}

function decodeParams(action: ActionSchema, given: Action, at: string): bigint[] {
  const params = given.params ?? [];
  // Most controllers give all of them, in order.
  const isInOrder = params.length === action.params.length && action.params.every(({ id }, i) => params[i]?.param_id === id);
  if (!isInOrder) checkIds(action, params, at);
  return action.params.map((param, i) => {
    const where = `${at}, parameter ${param.name}`;
    const found = isInOrder ? params[i] : params.find((p) => p.param_id === param.id);
    return found ? decodeValue(found.value, param, where) : refuse('missing-param', { at: where });
  });
}

function checkIds({ params: known }: ActionSchema, given: NonNullable<Action['params']>, at: string): void {
  given.forEach(({ param_id: id = 0 }, i) => {
    const param = known.find((p) => p.id === id);
    if (!param) refuse('no-such-param', { at, id, known: known.map((p) => `${p.name} (${p.id})`) });
    else if (given.findIndex((p) => p.param_id === id) < i) refuse('duplicate-param', { at: `${at}, parameter ${param.name}` });
  });
}

/** Undefined for an action that is not among those known. */
export function encodeAction(known: HasActions['actions'], value: ActionValue): Action | undefined {
  for (const { action } of known.values()) {
    if (action.name !== value.name) continue;
    if (action.params.length === 0) return { action_id: action.id };
    const params = action.params.map((param, i) => ({ param_id: param.id, value: encodeValue(value.args[i] ?? 0n, param) }));
    return { action_id: action.id, params };
  }
  return undefined;
}
