/** An action profile or selector of a switch: members, which are actions, and groups of members. */
import type { ProfileSchema } from '../../compiler/control/schema.js';
import type { ActionCall, Impl } from '../../compiler/dsl/surface.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { ActionProfileGroup, ActionProfileMember } from '../p4runtime/messages.js';
import { decodeAction, encodeCall, type ReadAction } from './entry.js';
import { decodeShare, encodeShare, type Share } from './member-weight.js';
import { firstOf, insertOrModify, type Requests } from './requests.js';
import { takes } from './signatures.js';
import { toUint32 } from './values.js';

/** A member of an action profile or selector. */
export interface MemberHandle {
  /** Makes the member, or replaces its action, which applies to all entries and groups with that member. */
  set(action: ActionCall): Promise<void>;
  /** Undefined when there is no such member. */
  read(): Promise<ReadAction | undefined>;
  /** @throws P4RuntimeError FAILED_PRECONDITION while a group or an entry has it */
  delete(): Promise<void>;
}
/** A member of a group, with its weight. */
export interface GroupMember extends Share {
  readonly member: number;
}
/** A group of an action selector. */
export interface GroupHandle {
  /** Makes the group, or replaces its members, which have to exist. */
  set(members: readonly GroupMember[]): Promise<void>;
  /** Undefined when there is no such group. */
  read(): Promise<readonly GroupMember[] | undefined>;
  /** @throws P4RuntimeError FAILED_PRECONDITION while an entry has it */
  delete(): Promise<void>;
}
/** Ids are from 1. Entries with one-shot sets and entries with members or groups do not mix in one profile. */
export type ProfileHandle<I extends Impl> = {
  /** The member that has this id, from 1. */
  member(id: number): MemberHandle;
  /** All members, by id. */
  members(): Promise<ReadonlyMap<number, ReadAction>>;
} & (I extends 'selector'
  ? {
      /** The group that has this id, from 1. */
      group(id: number): GroupHandle;
      /** All groups, by id. */
      groups(): Promise<ReadonlyMap<number, readonly GroupMember[]>>;
    }
  : unknown);

export function profileHandle<I extends Impl>(profile: ProfileSchema, requests: Requests): ProfileHandle<I> {
  const handle = {
    member: (id: number) => {
      takes.member([id]);
      return memberHandle(profile, id, requests);
    },
    group: (id: number) => {
      takes.group([id]);
      return groupHandle(profile, id, requests);
    },
    members: async () => {
      const members = new Map<number, ReadAction>();
      const all = { action_profile_member: { action_profile_id: profile.id } };
      for await (const { action_profile_member: found } of requests.read(`read members of ${profile.name}`, all)) {
        members.set(found?.member_id ?? 0, decodeAction(profile, found?.action));
      }
      return members;
    },
    groups: async () => {
      const groups = new Map<number, readonly GroupMember[]>();
      const all = { action_profile_group: { action_profile_id: profile.id } };
      for await (const { action_profile_group: found } of requests.read(`read groups of ${profile.name}`, all)) {
        groups.set(found?.group_id ?? 0, decodeMembers(found));
      }
      return groups;
    },
  };
  return handle as ProfileHandle<I>;
}

function memberHandle(profile: ProfileSchema, id: number, { read, write }: Requests): MemberHandle {
  const what = `member ${id} of action profile ${profile.name}`;
  const key: ActionProfileMember = { action_profile_id: profile.id, member_id: toUint32(id, what) };
  const current = async (): Promise<ReadAction | undefined> => {
    const found = await firstOf(read(`read ${what}`, { action_profile_member: key }));
    return found && decodeAction(profile, found.action_profile_member?.action);
  };
  return {
    read: current,
    set: async (call) => {
      const action = encodeCall(profile, call, what, captureLocation());
      await write(`set ${what}`, { type: insertOrModify(await current()), entity: { action_profile_member: { ...key, action } } });
    },
    delete: () => write(`delete ${what}`, { type: 'DELETE', entity: { action_profile_member: key } }),
  };
}

function groupHandle(profile: ProfileSchema, id: number, { read, write }: Requests): GroupHandle {
  const what = `group ${id} of action profile ${profile.name}`;
  const key: ActionProfileGroup = { action_profile_id: profile.id, group_id: toUint32(id, what) };
  const current = async (): Promise<ActionProfileGroup | undefined> =>
    (await firstOf(read(`read ${what}`, { action_profile_group: key })))?.action_profile_group;
  return {
    read: async () => {
      const group = await current();
      return group && decodeMembers(group);
    },
    set: async (members) => {
      takes.groupSet([members]);
      const wanted = encodeGroup(profile, id, members);
      const before = await current();
      const { max_size: _, ...same } = wanted;
      const action_profile_group = before ? { ...same, ...(before.max_size ? { max_size: before.max_size } : {}) } : wanted;
      await write(`set ${what}`, { type: insertOrModify(before), entity: { action_profile_group } });
    },
    delete: () => write(`delete ${what}`, { type: 'DELETE', entity: { action_profile_group: key } }),
  };
}

export const decodeMembers = (group: ActionProfileGroup | undefined): GroupMember[] =>
  (group?.members ?? []).map(({ member_id = 0, ...share }) => ({ member: member_id, ...decodeShare(share) }));

/** @throws DiagnosticError entry-value */
export function encodeGroup(
  { id: action_profile_id, name, maxGroupSize, weightsDisallowed }: ProfileSchema,
  id: number,
  members: readonly GroupMember[],
): ActionProfileGroup {
  const at = `group ${id} of action profile ${name}`;
  return {
    action_profile_id,
    group_id: toUint32(id, at),
    members: members.map(({ member, ...share }) => ({
      member_id: toUint32(member, `${at}, member`),
      ...encodeShare(share, weightsDisallowed, at),
    })),
    ...(maxGroupSize ? { max_size: maxGroupSize } : {}),
  };
}
