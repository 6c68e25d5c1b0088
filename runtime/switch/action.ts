/** Actions of entries: from the messages of P4Runtime, checked, and back (P4Runtime, "Action Specification"). */
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { Action, TableAction } from '../p4runtime/messages.js';
import { decodeValue } from './match.js';
import type { ActionValue } from './messages.js';
import { refuse } from './refusals.js';
import type { ActionSchema, Schema, TableSchema } from './schema.js';

/** The action of an entry or, with `role` default, the default action. */
export function decodeAction(schema: Schema, table: TableSchema, given: TableAction, role: 'entry' | 'default'): ActionValue {
  const at = `table ${table.name}`;
  if (given.action === undefined) {
    const other = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
    return other ? refuse('wrong-action-kind', { at, given: other }) : refuse('action-missing', { at });
  }
  const id = given.action.action_id ?? 0;
  const ref = table.actions.get(id);
  if (!ref) {
    const action = schema.actions.get(id)?.name ?? `id ${id}`;
    return refuse('not-an-action-of', { at, action, known: [...table.actions.values()].map((a) => a.action.name) });
  }
  if (ref.scope === 'table' && role === 'default')
    return refuse('action-scope', { at, action: ref.action.name, only: 'an action of entries' });
  if (ref.scope === 'default' && role === 'entry')
    return refuse('action-scope', { at, action: ref.action.name, only: 'the default action' });
  return { name: ref.action.name, args: decodeParams(ref.action, given.action, at) };
}

function decodeParams(action: ActionSchema, given: Action, table: string): bigint[] {
  const at = `${table}, action ${action.name}`;
  const values = new Map<number, Uint8Array | undefined>();
  for (const { param_id: id = 0, value } of given.params ?? []) {
    const param = action.params.find((p) => p.id === id);
    if (!param) return refuse('no-such-param', { at, id, known: action.params.map((p) => `${p.name} (${p.id})`) });
    if (values.has(id)) return refuse('duplicate-param', { at: `${at}, parameter ${param.name}` });
    values.set(id, value);
  }
  return action.params.map((param) => {
    const where = `${at}, parameter ${param.name}`;
    if (!values.has(param.id)) return refuse('missing-param', { at: where });
    return decodeValue(values.get(param.id), param.width, where);
  });
}

export function encodeAction(table: TableSchema, value: ActionValue): TableAction {
  const action = [...table.actions.values()].find((a) => a.action.name === value.name)?.action;
  if (!action) return {};
  return {
    action: {
      action_id: action.id,
      ...(action.params.length > 0
        ? { params: action.params.map((p, i) => ({ param_id: p.id, value: encodeBits(value.args[i] ?? 0n) })) }
        : {}),
    },
  };
}
