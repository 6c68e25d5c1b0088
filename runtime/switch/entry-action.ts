/**
 * What an entry runs: an action or, in a table whose actions are in a profile, a member, a group or a one-shot set
 * (P4Runtime, "Action Specification" and "One Shot Action Selector Programming").
 */
import type { ActionProfileActionSet, TableAction } from '../p4runtime/messages.js';
import { decodeAction, encodeAction } from './action.js';
import { profileOf } from './lookup.js';
import type { ActionValue, EntryAction, StateUpdate } from './messages.js';
import { decodeWatch, decodeWeight } from './profile-member.js';
import { weightOf } from './profile-store.js';
import { refuse } from './refusals.js';
import type { ProfileSchema, Schema, TableSchema } from './schema.js';
import type { OneShot, StoredAction } from './store.js';
import type { WriteContext } from './write.js';

/** As a request gives it, checked: a one-shot set is no group yet. */
export type GivenAction = EntryAction | Omit<OneShot, 'hidden'>;

/** `before` is what the entry runs until now: a one-shot set of it makes room for a new one. */
export function decodeEntryAction(context: WriteContext, table: TableSchema, given: TableAction, before?: StoredAction): GivenAction {
  const at = `table ${table.name}`;
  if (table.profile === undefined && given.action) return decodeAction(context.schema, table.actions, given.action, at, 'entry');
  const kind = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
  if (kind === undefined) return refuse('action-missing', { at });
  if (table.profile === undefined) return refuse('wrong-action-kind', { at, takes: 'an action', given: kind });
  const profile = profileOf(context.schema, table.profile);
  if (given.action) {
    const takes = profile.hasSelector ? 'a member, a group or a one-shot set' : 'a member';
    return refuse('wrong-action-kind', { at, takes: `${takes} of ${profile.name}`, given: kind });
  }
  return given.action_profile_action_set
    ? decodeSet(context, table, profile, given.action_profile_action_set, before)
    : decodeReference(context, profile, given);
}

/** A default action; without one undefined, which means what the program declares. */
export function decodeDefaultAction(schema: Schema, table: TableSchema, given: TableAction | undefined): ActionValue | undefined {
  if (!given) return undefined;
  const at = `table ${table.name}`;
  if (given.action) return decodeAction(schema, table.actions, given.action, at, 'default');
  const kind = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
  return kind ? refuse('wrong-action-kind', { at, takes: 'an action', given: kind }) : refuse('action-missing', { at });
}

function decodeReference({ store }: WriteContext, profile: ProfileSchema, given: TableAction): EntryAction {
  const at = `action profile ${profile.name}`;
  const state = store.profile(profile.id);
  const [what, id] =
    given.action_profile_group_id === undefined
      ? (['member', given.action_profile_member_id ?? 0] as const)
      : (['group', given.action_profile_group_id] as const);
  if (what === 'group' && !profile.hasSelector) return refuse('no-selector', { at, what: 'groups' });
  if (id === 0) return refuse('profile-id-zero', { at, what });
  if (state.mode === 'one-shot sets') return refuse('programmed-otherwise', { at, now: state.mode, given: 'members and groups' });
  const known: { has(id: number): boolean } = what === 'member' ? state.members : state.groups;
  if (!known.has(id)) return refuse('no-such-member', { at, what: `${what} ${id}` });
  return what === 'member' ? { member: id } : { group: id };
}

function decodeSet(
  { schema, store }: WriteContext,
  table: TableSchema,
  profile: ProfileSchema,
  given: ActionProfileActionSet,
  before: StoredAction | undefined,
): GivenAction {
  const at = `table ${table.name}`;
  const profileAt = `action profile ${profile.name}`;
  if (!profile.hasSelector) return refuse('no-selector', { at: profileAt, what: 'one-shot sets' });
  if (given.action_selection_mode === 'RANDOM') return refuse('not-supported', { what: `${at}: selecting at random` });
  if (given.size_semantics === 'SUM_OF_MEMBERS') return refuse('not-supported', { what: `${at}: a size in members` });
  const set = (given.action_profile_actions ?? []).map(({ action, weight, ...watch }) => {
    if (!action) return refuse('action-missing', { at });
    return {
      action: decodeAction(schema, table.actions, action, at, 'entry'),
      weight: decodeWeight(weight, at),
      ...decodeWatch(watch, at, schema.device),
    };
  });
  const state = store.profile(profile.id);
  if (state.mode === 'members and groups')
    return refuse('programmed-otherwise', { at: profileAt, now: state.mode, given: 'one-shot sets' });
  const weights = weightOf(set);
  if (profile.maxGroupSize > 0 && weights > profile.maxGroupSize)
    return refuse('set-too-large', { at, weights, size: profile.maxGroupSize });
  const old = before && 'set' in before ? before.set : [];
  if (state.weights - weightOf(old) + weights > profile.size)
    return refuse('profile-full', { at: profileAt, size: profile.size, what: 'members, counted with their weights' });
  return {
    set,
    ...(given.action_selection_mode ? { mode: given.action_selection_mode } : {}),
    ...(given.size_semantics ? { semantics: given.size_semantics } : {}),
  };
}

/** What the data plane runs, what to keep, and the updates that have to come before. */
export interface Placed {
  readonly stored: StoredAction;
  readonly run: EntryAction;
  readonly updates: readonly StateUpdate[];
}

/** Makes a group of a one-shot set. */
export function place({ schema, store }: WriteContext, table: TableSchema, action: GivenAction): Placed {
  if (!('set' in action) || table.profile === undefined) return { stored: action as EntryAction, run: action as EntryAction, updates: [] };
  const profile = profileOf(schema, table.profile);
  const hidden = store.profile(profile.id).hide(action.set);
  const actions = action.set.flatMap((of) => Array.from({ length: of.weight }, () => of.action));
  const members = hidden.members.map(
    ({ member }, i): StateUpdate => ({ kind: 'profile-member', profile: profile.name, member, action: actions[i] as ActionValue }),
  );
  return {
    stored: { ...action, hidden },
    run: { group: hidden.group },
    updates: [...members, { kind: 'profile-group', profile: profile.name, group: hidden.group, members: hidden.members }],
  };
}

/** Removes the group of a one-shot set that no entry runs any more. */
export function discard({ schema, store }: WriteContext, table: TableSchema, action: StoredAction): StateUpdate[] {
  if (!('set' in action) || table.profile === undefined) return [];
  const { id, name } = profileOf(schema, table.profile);
  const { hidden } = action;
  store.profile(id).unhide(hidden);
  return [
    { kind: 'profile-group', profile: name, group: hidden.group },
    ...hidden.members.map(({ member }): StateUpdate => ({ kind: 'profile-member', profile: name, member })),
  ];
}

export function encodeEntryAction(table: TableSchema, action: StoredAction): TableAction {
  if ('member' in action) return { action_profile_member_id: action.member };
  if ('group' in action) return { action_profile_group_id: action.group };
  if ('name' in action) {
    const encoded = encodeAction(table.actions, action);
    return encoded ? { action: encoded } : {};
  }
  return {
    action_profile_action_set: {
      action_profile_actions: action.set.map(({ action: value, weight, watch }) => ({
        action: encodeAction(table.actions, value) ?? {},
        weight,
        ...watch,
      })),
      ...(action.mode ? { action_selection_mode: action.mode } : {}),
      ...(action.semantics ? { size_semantics: action.semantics } : {}),
    },
  };
}
