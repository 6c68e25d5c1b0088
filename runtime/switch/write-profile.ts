/** Writes of members and groups (P4Runtime, "ActionProfileMember & ActionProfileGroup"). */
import type { ProfileSchema } from '../../compiler/control/schema.js';
import type { StateUpdate } from '../data-plane/messages.js';
import type { ActionProfileGroup, ActionProfileMember } from '../p4runtime/messages.js';
import { decodeAction } from './action.js';
import { profileOf } from './lookup.js';
import { decodeWatch, decodeWeight } from './profile-member.js';
import { inGroups, type ProfileStore, sizeOf, type WatchedMember } from './profile-store.js';
import { refuse } from './refusals.js';
import type { Schema } from './schema.js';
import type { WriteContext, WriteType } from './write.js';

export function writeMember({ schema, store }: WriteContext, type: WriteType, entry: ActionProfileMember): StateUpdate[] {
  const profile = profileOf(schema, entry.action_profile_id ?? 0);
  const at = `action profile ${profile.name}`;
  const state = store.profile(profile.id);
  const member = entry.member_id ?? 0;
  const what = `member ${member}`;
  if (member === 0) return refuse('profile-id-zero', { at, what: 'member' });
  if (type === 'DELETE') {
    if (!state.members.has(member)) return refuse('no-such-member', { at, what });
    if (state.isInGroups(member)) return refuse('member-in-use', { at, what, by: 'a group has' });
    if (state.isInEntries({ member })) return refuse('member-in-use', { at, what, by: 'an entry runs' });
    state.members.delete(member);
    return [{ kind: 'profile-member', profile: profile.name, member }];
  }
  if (!entry.action) return refuse('action-missing', { at: `${at}, ${what}` });
  const action = decodeAction(schema, profile.actions, entry.action, at, 'entry');
  checkMode(state, at);
  if (type === 'INSERT') {
    if (state.members.has(member)) return refuse('member-exists', { at, what });
    if (state.memberCount >= profile.size) return refuse('profile-full', { at, size: profile.size, what: 'members' });
  } else if (!state.members.has(member)) return refuse('no-such-member', { at, what });
  state.members.set(member, action);
  return [{ kind: 'profile-member', profile: profile.name, member, action }];
}

export function writeSelectorGroup({ schema, store }: WriteContext, type: WriteType, entry: ActionProfileGroup): StateUpdate[] {
  const profile = profileOf(schema, entry.action_profile_id ?? 0);
  const at = `action profile ${profile.name}`;
  const state = store.profile(profile.id);
  const group = entry.group_id ?? 0;
  const what = `group ${group}`;
  if (!profile.hasSelector) return refuse('no-selector', { at, what: 'groups' });
  if (group === 0) return refuse('profile-id-zero', { at, what: 'group' });
  const before = state.groups.get(group);
  if (type === 'DELETE') {
    if (!before) return refuse('no-such-member', { at, what });
    if (state.isInEntries({ group })) return refuse('member-in-use', { at, what, by: 'an entry runs' });
    state.setGroup(group, undefined);
    return [{ kind: 'profile-group', profile: profile.name, group }];
  }
  const maxSize = decodeMaxSize(profile, entry.max_size ?? 0, `${at}, ${what}`);
  const members = decodeMembers(schema, state, profile, entry, `${at}, ${what}`);
  checkMode(state, at);
  if (type === 'INSERT' && before) return refuse('member-exists', { at, what });
  if (type === 'MODIFY' && !before) return refuse('no-such-member', { at, what });
  if (before && before.maxSize !== maxSize)
    return refuse('group-max-size-changed', { at: `${at}, ${what}`, was: before.maxSize, given: maxSize });
  const { sizeIn, size } = profile;
  const makes = sizeOf(members, sizeIn);
  const limit = maxSize || size;
  if (makes > limit) return refuse('group-full', { at: `${at}, ${what}`, makes, sizeIn, size: limit });
  if (state.groupSizes - sizeOf(before?.members ?? [], sizeIn) + makes > size)
    return refuse('profile-full', { at, size, what: inGroups[sizeIn] });
  state.setGroup(group, { members, maxSize });
  const plain = members.map(({ watch, isUnweighted, ...member }) => member);
  const choice = sizeIn === 'members' ? { choice: { shares: true } } : {};
  return [{ kind: 'profile-group', profile: profile.name, group, members: plain, ...choice }];
}

function checkMode(state: ProfileStore, at: string): void {
  if (state.mode === 'one-shot sets') refuse('programmed-otherwise', { at, now: state.mode, given: 'members and groups' });
}

/** "Rules on Setting max_size". */
function decodeMaxSize({ maxGroupSize, size }: ProfileSchema, given: number, at: string): number {
  if (given < 0) return refuse('group-max-size-negative', { at, given });
  if (maxGroupSize > 0 && (given === 0 || given > maxGroupSize)) return refuse('group-max-size', { at, given, max: maxGroupSize });
  if (given > size) return refuse('group-max-size-unsupported', { at, given, size });
  return given;
}

function decodeMembers(
  { device }: Schema,
  state: ProfileStore,
  profile: ProfileSchema,
  entry: ActionProfileGroup,
  at: string,
): WatchedMember[] {
  const seen = new Set<number>();
  return (entry.members ?? []).map(({ member_id: member = 0, weight, ...watch }) => {
    if (seen.has(member)) return refuse('duplicate-member', { at, member });
    seen.add(member);
    if (!state.members.has(member)) return refuse('no-such-member', { at: `action profile ${profile.name}`, what: `member ${member}` });
    const weights = { max: profile.maxMemberWeight, weightsDisallowed: profile.weightsDisallowed };
    return { member, ...decodeWeight(weight, at, weights), ...decodeWatch(watch, at, device) };
  });
}
