/** What a role may do, as its primary says (P4Runtime, "Role Config"). */
import { toHex } from '../../compiler/support/bytes.js';
import type { Any, Entity, PacketIn } from '../p4runtime/messages.js';
import type { P4RoleConfig } from '../p4runtime/role-config.js';
import { refuse } from './refusals.js';

const messageType = 'stratum.P4RoleConfig';

export interface RoleScope {
  /** Ids of P4Info that no other named role may write. */
  readonly exclusive: ReadonlySet<number>;
  /** Whether the role may write the entity, reads it, and is told of it. */
  includes(entity: Entity): boolean;
  receives(packet: PacketIn): boolean;
  readonly pushesPipelines: boolean;
}

/** That of the default role, and of roles without a configuration. */
export const fullScope: RoleScope = { exclusive: new Set(), includes: () => true, receives: () => true, pushesPipelines: true };

/** @throws Refusal INVALID_ARGUMENT when it is of another kind */
export async function decodeRoleConfig(config: Any | undefined): Promise<RoleScope> {
  if (!config) return fullScope;
  if (!config.type_url?.endsWith(`/${messageType}`)) return refuse('role-config', { why: `it is a "${config.type_url ?? ''}"` });
  const codec = await import('../p4runtime/role-config.js');
  let message: P4RoleConfig;
  try {
    message = codec.decodeRoleConfig(config.value ?? new Uint8Array());
  } catch {
    return refuse('role-config', { why: 'its bytes are no such message' });
  }
  const exclusive = new Set(message.exclusive_p4_ids ?? []);
  const ids = new Set([...exclusive, ...(message.shared_p4_ids ?? [])]);
  const { packet_in_filter: filter, receives_packet_ins: receivesAny = false } = message;
  const wanted = filter && significant(filter.value);
  return {
    exclusive,
    includes: (entity) => {
      const id = objectOf(entity);
      return id !== undefined && ids.has(id);
    },
    receives: ({ metadata = [] }) =>
      receivesAny &&
      (!filter || metadata.some(({ metadata_id, value }) => metadata_id === filter.metadata_id && significant(value) === wanted)),
    pushesPipelines: message.can_push_pipeline === true,
  };
}

/** The id of P4Info that says whose the entity is; multicast groups and clone sessions have none. */
export function objectOf(entity: Entity): number | undefined {
  const { table_entry, counter_entry, direct_counter_entry, meter_entry, direct_meter_entry, register_entry, digest_entry } = entity;
  const { action_profile_member, action_profile_group, value_set_entry, extern_entry } = entity;
  return (
    table_entry?.table_id ??
    action_profile_member?.action_profile_id ??
    action_profile_group?.action_profile_id ??
    counter_entry?.counter_id ??
    direct_counter_entry?.table_entry?.table_id ??
    meter_entry?.meter_id ??
    direct_meter_entry?.table_entry?.table_id ??
    register_entry?.register_id ??
    digest_entry?.digest_id ??
    value_set_entry?.value_set_id ??
    extern_entry?.extern_id
  );
}

/** Leading zeros make no difference. */
const significant = (bytes: Uint8Array = new Uint8Array()): string => toHex(bytes).replace(/^0+/, '');
