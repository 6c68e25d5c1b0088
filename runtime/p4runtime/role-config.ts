/** The configuration of a role as bytes: the message stratum.P4RoleConfig. Only sessions with roles need to load protobuf for it. */
import protobuf from 'protobufjs/dist/light/protobuf.min.js';
import descriptor from './proto/p4_role_config.proto';

export interface P4RoleConfig {
  readonly exclusive_p4_ids?: readonly number[];
  readonly shared_p4_ids?: readonly number[];
  readonly packet_in_filter?: { readonly metadata_id?: number; readonly value?: Uint8Array };
  readonly receives_packet_ins?: boolean;
  readonly can_push_pipeline?: boolean;
}

const message = protobuf.Root.fromJSON(descriptor).lookupType('stratum.P4RoleConfig');

export const encodeRoleConfig = (config: P4RoleConfig): Uint8Array => message.encode(message.fromObject(config)).finish();

/** Throws when the bytes are no such message. */
export const decodeRoleConfig = (bytes: Uint8Array): P4RoleConfig => message.toObject(message.decode(bytes)) as P4RoleConfig;
