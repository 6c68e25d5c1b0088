/** Reads of members and groups; those of one-shot sets are no clients' business. */
import type { ActionProfileGroup, ActionProfileMember } from '../p4runtime/messages.js';
import { encodeAction } from './action.js';
import { profileOf } from './lookup.js';
import { encodeWeight } from './profile-member.js';
import type { ReadContext } from './read.js';

export function readMembers(context: ReadContext, filter: ActionProfileMember): ActionProfileMember[] {
  return profilesOf(context, filter).flatMap((profile) =>
    [...context.store.profile(profile.id).members].flatMap(([member_id, value]) => {
      if (filter.action_profile_id && filter.member_id && filter.member_id !== member_id) return [];
      const action = encodeAction(profile.actions, value);
      return [{ action_profile_id: profile.id, member_id, ...(action ? { action } : {}) }];
    }),
  );
}

export function readSelectorGroups(context: ReadContext, filter: ActionProfileGroup): ActionProfileGroup[] {
  return profilesOf(context, filter).flatMap((profile) =>
    [...context.store.profile(profile.id).groups].flatMap(([group_id, { members, maxSize }]) => {
      if (filter.action_profile_id && filter.group_id && filter.group_id !== group_id) return [];
      return [
        {
          action_profile_id: profile.id,
          group_id,
          members: members.map(({ member, watch, ...weight }) => ({ member_id: member, ...encodeWeight(weight), ...watch })),
          ...(maxSize === 0 ? {} : { max_size: maxSize }),
        },
      ];
    }),
  );
}

const profilesOf = ({ schema }: ReadContext, { action_profile_id: id = 0 }: { readonly action_profile_id?: number }) =>
  id === 0 ? [...schema.profiles.values()] : [profileOf(schema, id)];
