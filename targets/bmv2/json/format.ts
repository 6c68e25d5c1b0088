/** The JSON that BMv2 loads (its docs/JSON_format.md, version 2.23), as p4c and p4ts write it. */

export interface Bmv2Json {
  readonly header_types: readonly HeaderType[];
  readonly headers: readonly HeaderInstance[];
  readonly header_stacks: readonly HeaderStack[];
  readonly header_union_types: readonly unknown[];
  readonly header_unions: readonly unknown[];
  readonly header_union_stacks: readonly unknown[];
  readonly field_lists: readonly FieldList[];
  readonly errors: readonly (readonly [name: string, value: number])[];
  readonly enums: readonly unknown[];
  readonly parsers: readonly Parser[];
  readonly parse_vsets: readonly ParseValueSet[];
  readonly deparsers: readonly Deparser[];
  readonly meter_arrays: readonly MeterArray[];
  readonly counter_arrays: readonly CounterArray[];
  readonly register_arrays: readonly RegisterArray[];
  readonly calculations: readonly Calculation[];
  readonly learn_lists: readonly FieldList[];
  readonly actions: readonly Action[];
  readonly pipelines: readonly Pipeline[];
  readonly checksums: readonly Checksum[];
  readonly force_arith: readonly unknown[];
  readonly extern_instances: readonly unknown[];
  readonly field_aliases: readonly (readonly [alias: string, field: FieldRef])[];
  readonly program: string;
  readonly __meta__: { readonly version: readonly [number, number]; readonly compiler: string };
}

/** A header instance and a field of it; `$valid$` is a field of each. */
export type FieldRef = readonly [header: string, field: string];

export type Json =
  | { readonly type: 'field'; readonly value: FieldRef }
  | { readonly type: 'hexstr'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  /** A parameter of the action, by its number: inside an expression, and as an argument. */
  | { readonly type: 'local' | 'runtime_data'; readonly value: number }
  | { readonly type: 'stack_field'; readonly value: FieldRef }
  /** The bits after the next ones, and how many. */
  | { readonly type: 'lookahead'; readonly value: readonly [offset: number, width: number] }
  | {
      readonly type: 'header' | 'header_stack' | 'calculation' | 'counter_array' | 'meter_array' | 'register_array' | 'regular' | 'stack';
      readonly value: string;
    }
  | { readonly type: 'parameters_vector'; readonly value: readonly Json[] }
  | { readonly type: 'expression'; readonly value: Json | Operation };

export interface Operation {
  readonly op: string;
  readonly left: Json | null;
  readonly right: Json;
  readonly cond?: Json;
}

export interface SourceInfo {
  readonly filename: string;
  readonly line: number;
  readonly column: number;
  readonly source_fragment: string;
}
interface FromSource {
  readonly source_info?: SourceInfo;
}

export interface HeaderType {
  readonly name: string;
  readonly id: number;
  readonly fields: readonly (readonly [name: string, width: number, signed: boolean] | readonly [name: string, width: '*'])[];
  /** In bytes, with a field of variable length. */
  readonly max_length?: number;
}
export interface HeaderInstance {
  readonly name: string;
  readonly id: number;
  readonly header_type: string;
  readonly metadata: boolean;
  readonly pi_omit: boolean;
}
export interface HeaderStack {
  readonly name: string;
  readonly id: number;
  readonly header_type: string;
  readonly size: number;
  readonly header_ids: readonly number[];
}
export interface FieldList {
  readonly id: number;
  readonly name: string;
  readonly elements: readonly Json[];
}
export interface ParserOp extends FromSource {
  readonly op: 'extract' | 'extract_VL' | 'set' | 'verify' | 'advance' | 'primitive';
  readonly parameters: readonly (Json | Primitive)[];
}
export interface ParserTransition {
  readonly type: 'default' | 'hexstr' | 'parse_vset';
  readonly value: string | null;
  readonly mask: string | null;
  readonly next_state: string | null;
}
export interface ParserState {
  readonly name: string;
  readonly id: number;
  readonly parser_ops: readonly ParserOp[];
  readonly transitions: readonly ParserTransition[];
  readonly transition_key: readonly Json[];
}
export interface Parser {
  readonly name: string;
  readonly id: number;
  readonly init_state: string;
  readonly parse_states: readonly ParserState[];
}
export interface ParseValueSet {
  readonly name: string;
  readonly id: number;
  readonly compressed_bitwidth: number;
  readonly max_size: number;
}
export interface Deparser extends FromSource {
  readonly name: string;
  readonly id: number;
  readonly order: readonly string[];
  readonly primitives: readonly Primitive[];
}
export interface MeterArray extends FromSource {
  readonly name: string;
  readonly id: number;
  readonly is_direct: boolean;
  readonly rate_count: number;
  readonly type: 'packets' | 'bytes';
  readonly size: number;
  readonly binding?: string;
  readonly result_target?: FieldRef;
}
export interface CounterArray extends FromSource {
  readonly name: string;
  readonly id: number;
  readonly is_direct: boolean;
  readonly size?: number;
  readonly binding?: string;
}
export interface RegisterArray extends FromSource {
  readonly name: string;
  readonly id: number;
  readonly size: number;
  readonly bitwidth: number;
}
export interface Calculation extends FromSource {
  readonly name: string;
  readonly id: number;
  readonly algo: string;
  readonly input: readonly ((Json & { readonly bitwidth?: number }) | { readonly type: 'payload'; readonly value: null })[];
}
export interface Primitive extends FromSource {
  readonly op: string;
  readonly parameters: readonly Json[];
}
export interface Action {
  readonly name: string;
  readonly id: number;
  readonly runtime_data: readonly { readonly name: string; readonly bitwidth: number }[];
  readonly primitives: readonly Primitive[];
}
export interface Pipeline extends FromSource {
  readonly name: string;
  readonly id: number;
  readonly init_table: string | null;
  readonly tables: readonly Table[];
  readonly action_profiles: readonly ActionProfile[];
  readonly conditionals: readonly Conditional[];
}
export interface ActionProfile {
  readonly name: string;
  readonly id: number;
  readonly max_size: number;
  readonly selector?: { readonly algo: string; readonly input: readonly Json[] };
}
export interface TableKey extends FromSource {
  readonly match_type: string;
  readonly name: string;
  readonly target: FieldRef;
  readonly mask: null;
}
export interface Table extends FromSource {
  readonly name: string;
  readonly id: number;
  readonly key: readonly TableKey[];
  readonly match_type: string;
  readonly type: 'simple' | 'indirect' | 'indirect_ws';
  readonly action_profile?: string;
  readonly max_size: number;
  readonly with_counters: boolean;
  readonly support_timeout: boolean;
  readonly direct_meters: string | null;
  readonly action_ids: readonly number[];
  readonly actions: readonly string[];
  readonly base_default_next: string | null;
  /** By the names of actions, or by `__HIT__` and `__MISS__`. */
  readonly next_tables: Readonly<Record<string, string | null>>;
  readonly default_entry?: {
    readonly action_id: number;
    readonly action_const: boolean;
    readonly action_data: readonly string[];
    readonly action_entry_const: boolean;
  };
  readonly entries?: readonly Entry[];
}
export interface Entry extends FromSource {
  readonly match_key: readonly MatchKey[];
  readonly action_entry: { readonly action_id: number; readonly action_data: readonly string[] };
  readonly priority: number;
}
export type MatchKey =
  | { readonly match_type: 'exact'; readonly key: string }
  | { readonly match_type: 'lpm'; readonly key: string; readonly prefix_length: number }
  | { readonly match_type: 'ternary'; readonly key: string; readonly mask: string }
  | { readonly match_type: 'range'; readonly start: string; readonly end: string };
export interface Conditional extends FromSource {
  readonly name: string;
  readonly id: number;
  readonly expression: Json;
  readonly true_next: string | null;
  readonly false_next: string | null;
}
export interface Checksum extends FromSource {
  readonly name: string;
  readonly id: number;
  readonly type: 'generic';
  readonly target: FieldRef;
  readonly calculation: string;
  readonly verify: boolean;
  readonly update: boolean;
  readonly if_cond: Json | null;
}
