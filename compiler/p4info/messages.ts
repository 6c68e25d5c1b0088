/**
 * P4Info as plain objects: fields named as in p4info.proto, enums by name, bytes as Uint8Array, int64 as number.
 * Lists are there even when empty, except those of annotations; other optional fields are absent when they have
 * their default value.
 */
export interface P4Info {
  readonly pkg_info: PkgInfo;
  readonly tables: readonly TableInfo[];
  readonly actions: readonly ActionInfo[];
  readonly action_profiles: readonly ActionProfileInfo[];
  readonly counters: readonly CounterInfo[];
  readonly direct_counters: readonly DirectCounterInfo[];
  readonly meters: readonly MeterInfo[];
  readonly direct_meters: readonly DirectMeterInfo[];
  readonly controller_packet_metadata: readonly ControllerPacketMetadata[];
  readonly value_sets: readonly ValueSetInfo[];
  readonly registers: readonly RegisterInfo[];
  readonly digests: readonly DigestInfo[];
  readonly type_info?: TypeInfo;
}

export interface Annotated {
  readonly annotations?: readonly string[];
  readonly structured_annotations?: readonly StructuredAnnotation[];
}
export interface StructuredAnnotation {
  readonly name: string;
  readonly expression_list?: { readonly expressions: readonly AnnotationValue[] };
  readonly kv_pair_list?: { readonly kv_pairs: readonly { readonly key: string; readonly value: AnnotationValue }[] };
}
export interface AnnotationValue {
  readonly string_value?: string;
  readonly int64_value?: number;
  readonly bool_value?: boolean;
}
export interface Documentation {
  readonly brief?: string;
  readonly description?: string;
}
/** What the program needs of its switch; 0 or absent: nothing. */
export interface PlatformProperties {
  readonly multicast_group_table_size?: number;
  readonly multicast_group_table_total_replicas?: number;
  readonly multicast_group_table_max_replicas_per_entry?: number;
}
export interface PkgInfo extends Annotated {
  readonly arch: string;
  readonly name?: string;
  readonly version?: string;
  readonly doc?: Documentation;
  readonly organization?: string;
  readonly contact?: string;
  readonly url?: string;
  readonly platform_properties?: PlatformProperties;
}
export interface Preamble extends Annotated {
  readonly id: number;
  /** Fully qualified, such as `ingress.routes`. */
  readonly name: string;
  /** The shortest suffix of the name that is unique in the program. */
  readonly alias: string;
  readonly doc?: Documentation;
}
export interface NamedTypeRef {
  readonly name: string;
}

export type MatchType = 'EXACT' | 'LPM' | 'TERNARY' | 'RANGE' | 'OPTIONAL';
export interface MatchFieldInfo extends Annotated {
  readonly id: number;
  readonly name: string;
  /** In bits; absent where the control plane writes text. */
  readonly bitwidth?: number;
  readonly match_type?: MatchType;
  /** A match kind that the architecture adds. */
  readonly other_match_type?: string;
  readonly doc?: Documentation;
  readonly type_name?: NamedTypeRef;
}
export interface ActionRefInfo extends Annotated {
  readonly id: number;
  /** Absent: as an entry's action and as the default. */
  readonly scope?: 'TABLE_AND_DEFAULT' | 'TABLE_ONLY' | 'DEFAULT_ONLY' | 'GROUP_ACTION';
}
export interface TableActionCall {
  readonly action_id: number;
  readonly arguments: readonly { readonly param_id: number; readonly value: Uint8Array }[];
}
export interface TableInfo {
  readonly preamble: Preamble;
  readonly match_fields: readonly MatchFieldInfo[];
  readonly action_refs: readonly ActionRefInfo[];
  readonly const_default_action_id?: number;
  readonly initial_default_action?: TableActionCall;
  readonly implementation_id?: number;
  readonly direct_resource_ids: readonly number[];
  readonly size: number;
  readonly idle_timeout_behavior?: 'NO_TIMEOUT' | 'NOTIFY_CONTROL';
  readonly is_const_table?: boolean;
  readonly has_initial_entries?: boolean;
}
export interface ActionParamInfo extends Annotated {
  readonly id: number;
  readonly name: string;
  readonly bitwidth?: number;
  readonly doc?: Documentation;
  readonly type_name?: NamedTypeRef;
}
export interface ActionInfo {
  readonly preamble: Preamble;
  readonly params: readonly ActionParamInfo[];
}
export interface ActionProfileInfo {
  readonly preamble: Preamble;
  readonly table_ids: readonly number[];
  readonly with_selector?: boolean;
  readonly size: number;
  readonly max_group_size?: number;
  /** Given where the program says it; it holds as well where neither of the two is given. */
  readonly sum_of_weights?: object;
  readonly sum_of_members?: { readonly max_member_weight?: number };
  /** The switch weighs the members of groups; controllers do not. */
  readonly weights_disallowed?: boolean;
}

export interface CounterSpec {
  readonly unit: 'BYTES' | 'PACKETS' | 'BOTH';
}
export interface CounterInfo {
  readonly preamble: Preamble;
  readonly spec: CounterSpec;
  readonly size: number;
  readonly index_type_name?: NamedTypeRef;
}
export interface DirectCounterInfo {
  readonly preamble: Preamble;
  readonly spec: CounterSpec;
  readonly direct_table_id: number;
}
export interface MeterSpec {
  readonly unit: 'BYTES' | 'PACKETS';
  /** Absent: two rates and three colours. */
  readonly type?: 'TWO_RATE_THREE_COLOR' | 'SINGLE_RATE_THREE_COLOR' | 'SINGLE_RATE_TWO_COLOR';
}
export interface MeterInfo {
  readonly preamble: Preamble;
  readonly spec: MeterSpec;
  readonly size: number;
  readonly index_type_name?: NamedTypeRef;
}
export interface DirectMeterInfo {
  readonly preamble: Preamble;
  readonly spec: MeterSpec;
  readonly direct_table_id: number;
}
export interface ControllerMetadataField extends Annotated {
  readonly id: number;
  readonly name: string;
  readonly bitwidth?: number;
  readonly type_name?: NamedTypeRef;
}
export interface ControllerPacketMetadata {
  /** Its name is `packet_in` or `packet_out`. */
  readonly preamble: Preamble;
  readonly metadata: readonly ControllerMetadataField[];
}
export interface ValueSetInfo {
  readonly preamble: Preamble;
  /** A set of plain bits has one field, without a name. */
  readonly match: readonly (Omit<MatchFieldInfo, 'name'> & { readonly name?: string })[];
  readonly size: number;
}
export interface RegisterInfo {
  readonly preamble: Preamble;
  readonly type_spec: DataTypeSpec;
  readonly size: number;
  readonly index_type_name?: NamedTypeRef;
}
export interface DigestInfo {
  readonly preamble: Preamble;
  readonly type_spec: DataTypeSpec;
}

/** The named types that data has, by their names. */
export interface TypeInfo {
  readonly structs: Readonly<Record<string, StructSpec>>;
  readonly headers: Readonly<Record<string, HeaderSpec>>;
  readonly header_unions: Readonly<Record<string, HeaderUnionSpec>>;
  readonly enums: Readonly<Record<string, EnumSpec>>;
  readonly error?: { readonly members: readonly string[] };
  readonly serializable_enums: Readonly<Record<string, SerializableEnumSpec>>;
  readonly new_types: Readonly<Record<string, NewTypeSpec>>;
}
/** A type of data: exactly one field is present. */
export interface DataTypeSpec {
  readonly bitstring?: BitstringSpec;
  readonly bool?: Readonly<Record<string, never>>;
  readonly tuple?: { readonly members: readonly DataTypeSpec[] };
  readonly struct?: NamedTypeRef;
  readonly header?: NamedTypeRef;
  readonly header_union?: NamedTypeRef;
  readonly header_stack?: { readonly header: NamedTypeRef; readonly size: number };
  readonly header_union_stack?: { readonly header_union: NamedTypeRef; readonly size: number };
  readonly enum?: NamedTypeRef;
  readonly error?: Readonly<Record<string, never>>;
  readonly serializable_enum?: NamedTypeRef;
  readonly new_type?: NamedTypeRef;
}
/** Exactly one field is present; widths in bits. */
export interface BitstringSpec {
  readonly bit?: { readonly bitwidth: number };
  readonly int?: { readonly bitwidth: number };
  readonly varbit?: { readonly max_bitwidth: number };
}
export interface StructSpec {
  readonly members: readonly { readonly name: string; readonly type_spec: DataTypeSpec }[];
}
/** Structs in a header are flattened: their members are called `outer.inner`. */
export interface HeaderSpec {
  readonly members: readonly { readonly name: string; readonly type_spec: BitstringSpec }[];
}
export interface HeaderUnionSpec {
  readonly members: readonly { readonly name: string; readonly header: NamedTypeRef }[];
}
export interface EnumSpec {
  readonly members: readonly { readonly name: string }[];
}
export interface SerializableEnumSpec {
  readonly underlying_type: { readonly bitwidth: number };
  readonly members: readonly { readonly name: string; readonly value: Uint8Array }[];
}
/** Exactly one of the two is present. */
export interface NewTypeSpec extends Annotated {
  readonly original_type?: DataTypeSpec;
  readonly translated_type?: {
    readonly uri: string;
    readonly sdn_bitwidth?: number;
    readonly sdn_string?: Readonly<Record<string, never>>;
  };
}
