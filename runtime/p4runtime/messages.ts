/**
 * The messages of p4.v1 as plain objects, with the names of the specification. A field that is not set is absent: reading
 * code treats it as its default. 64-bit integers are bigints, enums are the names of their members, bytes are byte arrays.
 */
import type { P4Info } from '../../compiler/p4info/messages.js';

/** google.protobuf.Any. */
export interface Any {
  readonly type_url?: string;
  readonly value?: Uint8Array;
}
/** google.rpc.Status. */
export interface RpcStatus {
  readonly code?: number;
  readonly message?: string;
  readonly details?: readonly Any[];
}

export interface Uint128 {
  readonly high?: bigint;
  readonly low?: bigint;
}

// ── Write and Read ──

export type Atomicity = 'CONTINUE_ON_ERROR' | 'ROLLBACK_ON_ERROR' | 'DATAPLANE_ATOMIC';
export interface WriteRequest {
  readonly device_id?: bigint;
  readonly role?: string;
  readonly election_id?: Uint128;
  readonly updates?: readonly Update[];
  readonly atomicity?: Atomicity;
}
export interface ReadRequest {
  readonly device_id?: bigint;
  readonly role?: string;
  readonly entities?: readonly Entity[];
}
export interface ReadResponse {
  readonly entities?: readonly Entity[];
}
export type UpdateType = 'UNSPECIFIED' | 'INSERT' | 'MODIFY' | 'DELETE';
export interface Update {
  readonly type?: UpdateType;
  readonly entity?: Entity;
}
/** Exactly one of the fields is set. Those that the server does not know yet are only named. */
export interface Entity {
  readonly table_entry?: TableEntry;
  readonly counter_entry?: CounterEntry;
  readonly direct_counter_entry?: DirectCounterEntry;
  readonly packet_replication_engine_entry?: PacketReplicationEngineEntry;
  readonly extern_entry?: unknown;
  readonly action_profile_member?: unknown;
  readonly action_profile_group?: unknown;
  readonly meter_entry?: unknown;
  readonly direct_meter_entry?: unknown;
  readonly value_set_entry?: unknown;
  readonly register_entry?: unknown;
  readonly digest_entry?: unknown;
}
export type EntityKind = keyof Entity;

// ── tables ──

export interface TableEntry {
  readonly table_id?: number;
  readonly match?: readonly FieldMatch[];
  readonly action?: TableAction;
  readonly priority?: number;
  readonly controller_metadata?: bigint;
  readonly meter_config?: unknown;
  readonly counter_data?: CounterData;
  readonly meter_counter_data?: unknown;
  readonly is_default_action?: boolean;
  readonly idle_timeout_ns?: bigint;
  readonly time_since_last_hit?: { readonly elapsed_ns?: bigint };
  readonly metadata?: Uint8Array;
  readonly is_const?: boolean;
}
/** One of `exact` … `other` is set. */
export interface FieldMatch {
  readonly field_id?: number;
  readonly exact?: { readonly value?: Uint8Array };
  readonly ternary?: { readonly value?: Uint8Array; readonly mask?: Uint8Array };
  readonly lpm?: { readonly value?: Uint8Array; readonly prefix_len?: number };
  readonly range?: { readonly low?: Uint8Array; readonly high?: Uint8Array };
  readonly optional?: { readonly value?: Uint8Array };
  readonly other?: Any;
}
export interface TableAction {
  readonly action?: Action;
  readonly action_profile_member_id?: number;
  readonly action_profile_group_id?: number;
  readonly action_profile_action_set?: unknown;
}
export interface Action {
  readonly action_id?: number;
  readonly params?: readonly { readonly param_id?: number; readonly value?: Uint8Array }[];
}

// ── counters and replication ──

export interface CounterData {
  readonly byte_count?: bigint;
  readonly packet_count?: bigint;
}
export interface CounterEntry {
  readonly counter_id?: number;
  readonly index?: { readonly index?: bigint };
  readonly data?: CounterData;
}
export interface DirectCounterEntry {
  readonly table_entry?: TableEntry;
  readonly data?: CounterData;
}
export interface PacketReplicationEngineEntry {
  readonly multicast_group_entry?: MulticastGroupEntry;
  readonly clone_session_entry?: unknown;
}
export interface MulticastGroupEntry {
  readonly multicast_group_id?: number;
  readonly replicas?: readonly Replica[];
  readonly metadata?: Uint8Array;
}
export interface Replica {
  /** Deprecated since 1.5: use `port`. */
  readonly egress_port?: number;
  readonly port?: Uint8Array;
  readonly instance?: number;
  readonly backup_replicas?: readonly { readonly port?: Uint8Array; readonly instance?: number }[];
}

// ── the stream ──

export interface StreamMessageRequest {
  readonly arbitration?: MasterArbitrationUpdate;
  readonly packet?: PacketOut;
  readonly digest_ack?: { readonly digest_id?: number; readonly list_id?: bigint };
  readonly other?: Any;
}
export interface StreamMessageResponse {
  readonly arbitration?: MasterArbitrationUpdate;
  readonly packet?: PacketIn;
  readonly digest?: unknown;
  readonly idle_timeout_notification?: unknown;
  readonly other?: Any;
  readonly error?: StreamError;
}
export interface MasterArbitrationUpdate {
  readonly device_id?: bigint;
  readonly role?: Role;
  readonly election_id?: Uint128;
  readonly status?: RpcStatus;
}
export interface Role {
  readonly name?: string;
  readonly config?: Any;
}
export interface PacketMetadata {
  readonly metadata_id?: number;
  readonly value?: Uint8Array;
}
export interface PacketOut {
  readonly payload?: Uint8Array;
  readonly metadata?: readonly PacketMetadata[];
}
export type PacketIn = PacketOut;
export interface StreamError {
  readonly canonical_code?: number;
  readonly message?: string;
  readonly space?: string;
  readonly code?: number;
  readonly packet_out?: { readonly packet_out?: PacketOut };
  readonly digest_list_ack?: unknown;
  readonly other?: { readonly other?: Any };
}

// ── the pipeline ──

export type PipelineAction = 'UNSPECIFIED' | 'VERIFY' | 'VERIFY_AND_SAVE' | 'VERIFY_AND_COMMIT' | 'COMMIT' | 'RECONCILE_AND_COMMIT';
export interface SetForwardingPipelineConfigRequest {
  readonly device_id?: bigint;
  readonly role?: string;
  readonly election_id?: Uint128;
  readonly action?: PipelineAction;
  readonly config?: ForwardingPipelineConfig;
}
export interface ForwardingPipelineConfig {
  readonly p4info?: P4Info;
  readonly p4_device_config?: Uint8Array;
  readonly cookie?: { readonly cookie?: bigint };
}
export type ConfigResponseType = 'ALL' | 'COOKIE_ONLY' | 'P4INFO_AND_COOKIE' | 'DEVICE_CONFIG_AND_COOKIE';
export interface GetForwardingPipelineConfigRequest {
  readonly device_id?: bigint;
  readonly response_type?: ConfigResponseType;
}
export interface GetForwardingPipelineConfigResponse {
  readonly config?: ForwardingPipelineConfig;
}

// ── errors and capabilities ──

/** p4.v1.Error: the status of one element of a batch. */
export interface P4Error {
  readonly canonical_code?: number;
  readonly message?: string;
  readonly space?: string;
  readonly code?: number;
  readonly details?: Any;
}
export interface CapabilitiesRequest {
  readonly device_id?: bigint;
}
export interface CapabilitiesResponse {
  readonly p4runtime_api_version?: string;
  readonly experimental?: Any;
}
