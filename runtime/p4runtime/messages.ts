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
/** Exactly one of the fields is set. */
export interface Entity {
  readonly table_entry?: TableEntry;
  readonly counter_entry?: CounterEntry;
  readonly direct_counter_entry?: DirectCounterEntry;
  readonly packet_replication_engine_entry?: PacketReplicationEngineEntry;
  readonly extern_entry?: ExternEntry;
  readonly action_profile_member?: ActionProfileMember;
  readonly action_profile_group?: ActionProfileGroup;
  readonly meter_entry?: MeterEntry;
  readonly direct_meter_entry?: DirectMeterEntry;
  readonly value_set_entry?: ValueSetEntry;
  readonly register_entry?: RegisterEntry;
  readonly digest_entry?: DigestEntry;
}
export type EntityKind = keyof Entity;
/** Of an extern that the specification knows nothing of. */
export interface ExternEntry {
  readonly extern_type_id?: number;
  readonly extern_id?: number;
  readonly entry?: Any;
}

// ── tables ──

export interface TableEntry {
  readonly table_id?: number;
  readonly match?: readonly FieldMatch[];
  readonly action?: TableAction;
  readonly priority?: number;
  readonly controller_metadata?: bigint;
  readonly meter_config?: MeterConfig;
  readonly counter_data?: CounterData;
  readonly meter_counter_data?: MeterCounterData;
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
  readonly action_profile_action_set?: ActionProfileActionSet;
}
export interface Action {
  readonly action_id?: number;
  readonly params?: readonly { readonly param_id?: number; readonly value?: Uint8Array }[];
}

// ── action profiles and selectors ──

export type ActionSelectionMode = 'DEFAULT_MODE_DETERMINED_BY_ACTION_SELECTOR' | 'HASH' | 'RANDOM';
export type SizeSemantics = 'DEFAULT_SIZE_DETERMINED_BY_ACTION_SELECTOR' | 'SUM_OF_WEIGHTS' | 'SUM_OF_MEMBERS';
/** A one-shot group: its members live and die with the entry. */
export interface ActionProfileActionSet {
  readonly action_profile_actions?: readonly ActionProfileAction[];
  readonly action_selection_mode?: ActionSelectionMode;
  readonly size_semantics?: SizeSemantics;
}
/** At most one of `watch` and `watch_port` is set. */
export interface Watch {
  /** Deprecated: use `watch_port`. */
  readonly watch?: number;
  readonly watch_port?: Uint8Array;
}
export interface ActionProfileAction extends Watch {
  readonly action?: Action;
  readonly weight?: number;
}
export interface ActionProfileMember {
  readonly action_profile_id?: number;
  readonly member_id?: number;
  readonly action?: Action;
}
export interface ActionProfileGroup {
  readonly action_profile_id?: number;
  readonly group_id?: number;
  readonly members?: readonly ActionProfileGroupMember[];
  readonly max_size?: number;
}
export interface ActionProfileGroupMember extends Watch {
  readonly member_id?: number;
  readonly weight?: number;
}

// ── counters, meters and replication ──

/** Without an index, all cells are meant. */
export interface Index {
  readonly index?: bigint;
}
/** Rates per second and bursts, in the meter's unit. */
export interface MeterConfig {
  readonly cir?: bigint;
  readonly cburst?: bigint;
  readonly pir?: bigint;
  readonly pburst?: bigint;
  readonly eburst?: bigint;
}
export interface MeterCounterData {
  readonly green?: CounterData;
  readonly yellow?: CounterData;
  readonly red?: CounterData;
}
export interface MeterEntry {
  readonly meter_id?: number;
  readonly index?: Index;
  readonly config?: MeterConfig;
  readonly counter_data?: MeterCounterData;
}
export interface DirectMeterEntry {
  readonly table_entry?: TableEntry;
  readonly config?: MeterConfig;
  readonly counter_data?: MeterCounterData;
}

export interface CounterData {
  readonly byte_count?: bigint;
  readonly packet_count?: bigint;
}
export interface CounterEntry {
  readonly counter_id?: number;
  readonly index?: Index;
  readonly data?: CounterData;
}
export interface DirectCounterEntry {
  readonly table_entry?: TableEntry;
  readonly data?: CounterData;
}
export interface PacketReplicationEngineEntry {
  readonly multicast_group_entry?: MulticastGroupEntry;
  readonly clone_session_entry?: CloneSessionEntry;
}
export interface MulticastGroupEntry {
  readonly multicast_group_id?: number;
  readonly replicas?: readonly Replica[];
  readonly metadata?: Uint8Array;
}
export interface CloneSessionEntry {
  readonly session_id?: number;
  readonly replicas?: readonly Replica[];
  readonly class_of_service?: number;
  /** Longer packets are cut; 0: they are not. */
  readonly packet_length_bytes?: number;
}
export interface Replica {
  /** Deprecated since 1.5: use `port`. */
  readonly egress_port?: number;
  readonly port?: Uint8Array;
  readonly instance?: number;
  /** The first whose port is up takes the place of a replica whose port is down. */
  readonly backup_replicas?: readonly { readonly port?: Uint8Array; readonly instance?: number }[];
}

// ── value sets, registers and digests ──

export interface ValueSetEntry {
  readonly value_set_id?: number;
  readonly members?: readonly { readonly match?: readonly FieldMatch[] }[];
}
export interface RegisterEntry {
  readonly register_id?: number;
  readonly index?: Index;
  readonly data?: P4Data;
}
/** A value of any P4 type: one of the fields is set. What no register and no digest has, varbit, is left out. */
export interface P4Data {
  readonly bitstring?: Uint8Array;
  readonly bool?: boolean;
  readonly tuple?: P4StructLike;
  readonly struct?: P4StructLike;
  readonly header?: P4Header;
  readonly header_union?: P4HeaderUnion;
  readonly header_stack?: { readonly entries?: readonly P4Header[] };
  readonly header_union_stack?: { readonly entries?: readonly P4HeaderUnion[] };
  readonly enum?: string;
  readonly error?: string;
  readonly enum_value?: Uint8Array;
}
/** In the order of their declaration. */
export interface P4StructLike {
  readonly members?: readonly P4Data[];
}
export interface P4Header {
  readonly is_valid?: boolean;
  /** One for each field, in order; none when the header is not valid. */
  readonly bitstrings?: readonly Uint8Array[];
}
export interface P4HeaderUnion {
  /** Empty: no header of it is valid. */
  readonly valid_header_name?: string;
  readonly valid_header?: P4Header;
}
export interface DigestEntry {
  readonly digest_id?: number;
  readonly config?: DigestConfig;
}
export interface DigestConfig {
  readonly max_timeout_ns?: bigint;
  readonly max_list_size?: number;
  readonly ack_timeout_ns?: bigint;
}

// ── the stream ──

export interface StreamMessageRequest {
  readonly arbitration?: MasterArbitrationUpdate;
  readonly packet?: PacketOut;
  readonly digest_ack?: DigestListAck;
  readonly other?: Any;
}
export interface StreamMessageResponse {
  readonly arbitration?: MasterArbitrationUpdate;
  readonly packet?: PacketIn;
  readonly digest?: DigestList;
  readonly idle_timeout_notification?: IdleTimeoutNotification;
  readonly other?: Any;
  readonly error?: StreamError;
}
export interface DigestListAck {
  readonly digest_id?: number;
  readonly list_id?: bigint;
}
export interface DigestList {
  readonly digest_id?: number;
  readonly list_id?: bigint;
  readonly data?: readonly P4Data[];
  /** Nanoseconds, on a clock of the server's choice. */
  readonly timestamp?: bigint;
}
export interface IdleTimeoutNotification {
  readonly table_entry?: readonly TableEntry[];
  /** Nanoseconds since 1970, by the server's clock. */
  readonly timestamp?: bigint;
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
  readonly digest_list_ack?: { readonly digest_list_ack?: DigestListAck };
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
