/**
 * What an entry runs: an action or, in a table whose actions are in a profile, a member, a group or a one-shot set
 * (P4Runtime, "Action Specification" and "One Shot Action Selector Programming").
 */
import type { ProfileSchema, SizeUnit } from '../../compiler/control/schema.js';
import type { ActionValue, EntryAction, StateUpdate } from '../data-plane/messages.js';
import type { ActionProfileActionSet, ActionSelectionMode, SizeSemantics, TableAction } from '../p4runtime/messages.js';
import { decodeAction, encodeAction } from './action.js';
import { decodeWatch, decodeWeight, encodeWeight } from './profile-member.js';
import { inGroups, sizeOf } from './profile-store.js';
import { refuse } from './refusals.js';
import type { Schema, TableSchema } from './schema.js';
import type { OneShot, StoredAction } from './store.js';
import type { WriteContext } from './write.js';

/** As a request gives it, checked: a one-shot set is no group yet. */
export type GivenAction = EntryAction | Omit<OneShot, 'hidden'>;

/** `before` is what the entry runs until now: a one-shot set of it makes room for a new one. */
export function decodeEntryAction(context: WriteContext, table: TableSchema, given: TableAction, before?: StoredAction): GivenAction {
  const at = `table ${table.name}`;
  const { profile } = table;
  if (!profile && given.action) return decodeAction(context.schema, table.actions, given.action, at, 'entry');
  const kind = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
  if (kind === undefined) return refuse('action-missing', { at });
  if (!profile) return refuse('wrong-action-kind', { at, takes: 'an action', given: kind });
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

/** The first where none is said. HASH is what a selector does by itself. */
const modes: readonly [ActionSelectionMode, ...ActionSelectionMode[]] = ['DEFAULT_MODE_DETERMINED_BY_ACTION_SELECTOR', 'HASH', 'RANDOM'];

/** What sizes of the set count; without one, what those of the selector do. */
const sizeUnits: Readonly<Record<SizeSemantics, SizeUnit | undefined>> = {
  DEFAULT_SIZE_DETERMINED_BY_ACTION_SELECTOR: undefined,
  SUM_OF_WEIGHTS: 'weights',
  SUM_OF_MEMBERS: 'members',
};

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
  const semantics = given.size_semantics ?? 'DEFAULT_SIZE_DETERMINED_BY_ACTION_SELECTOR';
  if (!Object.hasOwn(sizeUnits, semantics)) return refuse('unknown-value', { what: `${at}: size_semantics`, value: semantics });
  const sizeIn = sizeUnits[semantics] ?? profile.sizeIn;
  const mode = given.action_selection_mode ?? modes[0];
  if (!modes.includes(mode)) return refuse('unknown-value', { what: `${at}: action_selection_mode`, value: mode });
  const weights = { max: sizeIn === 'members' ? profile.maxMemberWeight : 0, weightsDisallowed: profile.weightsDisallowed };
  const set = (given.action_profile_actions ?? []).map(({ action, weight, ...watch }) => {
    if (!action) return refuse('action-missing', { at });
    return {
      action: decodeAction(schema, table.actions, action, at, 'entry'),
      ...decodeWeight(weight, at, weights),
      ...decodeWatch(watch, at, schema.device),
    };
  });
  const state = store.profile(profile.id);
  if (state.mode === 'members and groups')
    return refuse('programmed-otherwise', { at: profileAt, now: state.mode, given: 'one-shot sets' });
  const makes = sizeOf(set, sizeIn);
  if (profile.maxGroupSize > 0 && makes > profile.maxGroupSize)
    return refuse('set-too-large', { at, makes, sizeIn, size: profile.maxGroupSize });
  const old = before && 'set' in before ? before.hidden.members.length : 0;
  if (state.groupSizes - old + makes > profile.size)
    return refuse('profile-full', { at: profileAt, size: profile.size, what: inGroups[sizeIn] });
  return {
    set,
    sizeIn,
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
export function place({ store }: WriteContext, { profile }: TableSchema, action: GivenAction): Placed {
  if (!('set' in action) || !profile) return { stored: action as EntryAction, run: action as EntryAction, updates: [] };
  const { set, sizeIn, mode } = action;
  const shares = sizeIn === 'members';
  // As BMv2's server does, so that flows go the same way: a member for each unit of weight.
  const places = shares ? set : set.flatMap((of) => Array.from({ length: of.weight }, () => ({ ...of, weight: 1 })));
  const hidden = store.profile(profile.id).hide(places);
  const members = hidden.members.map(
    ({ member }, i): StateUpdate => ({ kind: 'profile-member', profile: profile.name, member, action: places[i]?.action as ActionValue }),
  );
  const choice = { ...(mode === 'RANDOM' ? { random: true } : {}), ...(shares ? { shares } : {}) };
  return {
    stored: { ...action, hidden },
    run: { group: hidden.group },
    updates: [...members, { kind: 'profile-group', profile: profile.name, group: hidden.group, members: hidden.members, choice }],
  };
}

/** Removes the group of a one-shot set that no entry runs any more. */
export function discard({ store }: WriteContext, { profile }: TableSchema, action: StoredAction): StateUpdate[] {
  if (!('set' in action) || !profile) return [];
  const { id, name } = profile;
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
      action_profile_actions: action.set.map(({ action: value, watch, ...weight }) => ({
        action: encodeAction(table.actions, value) ?? {},
        ...encodeWeight(weight),
        ...watch,
      })),
      ...(action.mode ? { action_selection_mode: action.mode } : {}),
      ...(action.semantics ? { size_semantics: action.semantics } : {}),
    },
  };
}
