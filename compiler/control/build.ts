/** Builds the schema of the control plane of a program. */
import { callsOf, entriesOf, type Restricted } from '../analysis/constraints/check.js';
import { constraintText, type RestrictionName } from '../analysis/constraints/text.js';
import { annotationIn } from '../ir/annotations.js';
import { externalName, lastName } from '../ir/names.js';
import type { Type } from '../ir/types.js';
import type {
  ActionProfileInfo,
  Annotated,
  DirectMeterInfo,
  MatchFieldInfo,
  MeterInfo,
  NamedTypeRef,
  P4Info,
  Preamble,
  RegisterInfo,
  TableInfo,
} from '../p4info/messages.js';
import { fromBytes } from '../support/bits.js';
import type { Format } from '../support/values.js';
import { referencesIn } from './constraints/references.js';
import { Restriction } from './constraints/restriction.js';
import { type DataForm, dataForm, dataFormOf, likelyFormat, sdnForm, type ValueForm, valueForm } from './data.js';
import { Declared, type Source, type Typed } from './declared-types.js';
import { needsPriority } from './match.js';
import {
  type ActionRef,
  type ActionSchema,
  type ActionScope,
  type ControllerField,
  type ControllerHeader,
  type ControlObject,
  type ControlSchema,
  type FieldForm,
  type KeyForm,
  type MeterType,
  Objects,
  type ProfileSchema,
  type RegisterSchema,
  type TableSchema,
} from './schema.js';
import { writeOrder } from './write-order.js';

/** `p4info` is that of the source as a target has it, or the answer of a switch. */
export function buildSchema(p4info: P4Info, source?: Source): ControlSchema {
  return new Builder(withLists(p4info), source && new Declared(source)).build();
}

type FieldInfo = Annotated & { readonly id: number; readonly name: string; readonly bitwidth?: number; readonly type_name?: NamedTypeRef };

const scopes: Readonly<Record<string, ActionScope>> = { TABLE_ONLY: 'table', DEFAULT_ONLY: 'default' };

class Builder {
  readonly #p4info: P4Info;
  readonly #declared: Declared | undefined;
  readonly #pipeline: Pick<TableSchema, 'pipeline'>;

  constructor(p4info: P4Info, declared: Declared | undefined) {
    this.#p4info = p4info;
    this.#declared = declared;
    this.#pipeline = declared ? { pipeline: declared.info.program.name } : {};
  }

  build(): ControlSchema {
    const { tables, counters, meters, registers, digests, value_sets, action_profiles } = this.#p4info;
    const actions = objects('action', this.#p4info.actions, (info): ActionSchema => {
      const object = this.#object(info);
      const params = info.params.map((param) => this.#field(param, this.#declared?.param(info.preamble.name, param.name)));
      const restriction = restrictionIn(info, 'action_restriction', callsOf(object.name, params));
      return { ...object, call: lastName(object.name), params, ...(restriction ? { restriction } : {}) };
    });
    const refs = new Map(tables.map((info) => [info.preamble.id, refsOf(info, actions)]));
    const profiles = objects('action profile', action_profiles, (info) => this.#profile(info, refs));
    const references = referencesIn(this.#p4info);
    const [packetIn, packetOut] = [this.#header('packet_in'), this.#header('packet_out')];
    const tableSchemas = objects('table', tables, (info) => this.#table(info, refs, profiles));
    return {
      tables: tableSchemas,
      actions,
      profiles,
      counters: objects('counter', counters, (info) => this.#array(info)),
      meters: objects('meter', meters, (info) => ({ ...this.#array(info), type: typeOf(info) })),
      registers: objects('register', registers, (info) => this.#register(info)),
      digests: objects('digest', digests, (info) => {
        const type = this.#declared?.digest(info.preamble.name);
        return { ...this.#object(info), data: this.#data(type) ?? dataFormOf(this.#p4info, info.type_spec) };
      }),
      valueSets: objects('value set', value_sets, (info) => {
        const declared = (name: string | undefined) => this.#declared?.valueSetField(info.preamble.name, name);
        return { ...this.#array(info), keys: info.match.map((match) => this.#key({ name: 'value', ...match }, declared(match.name))) };
      }),
      kinds: kindsOf(this.#p4info),
      order: writeOrder(tableSchemas.values(), profiles.values(), references),
      ...(references ? { references } : {}),
      ...(packetIn ? { packetIn } : {}),
      ...(packetOut ? { packetOut } : {}),
    };
  }

  #object({ preamble: { id, name } }: { readonly preamble: Preamble }) {
    return { id, name: this.#declared?.nameOf(name) ?? name };
  }

  #array(info: { readonly preamble: Preamble; readonly size?: number }) {
    return { ...this.#object(info), size: Number(info.size ?? 0) };
  }

  #data(type: Type | undefined): DataForm | undefined {
    return this.#declared && type && dataForm(this.#declared.info, type);
  }

  #profile(info: ActionProfileInfo, refs: Refs): ProfileSchema {
    return {
      ...this.#array(info),
      hasSelector: info.with_selector === true,
      maxGroupSize: info.max_group_size ?? 0,
      sizeIn: info.sum_of_members ? 'members' : 'weights',
      maxMemberWeight: info.sum_of_members?.max_member_weight ?? 0,
      weightsDisallowed: info.weights_disallowed === true,
      ...this.#pipeline,
      actions: new Map(info.table_ids.flatMap((table) => [...(refs.get(table) ?? [])])),
    };
  }

  #table(info: TableInfo, refs: Refs, profiles: Objects<ProfileSchema>): TableSchema {
    const { id, name } = info.preamble;
    const keys = info.match_fields.map((key) => this.#key(key, this.#declared?.key(name, key.name)));
    const meter = this.#p4info.direct_meters.find((m) => m.direct_table_id === id);
    const profile = profiles.get(info.implementation_id ?? 0);
    const restriction = restrictionIn(info, 'entry_restriction', entriesOf(name, keys));
    const { action_id = 0, arguments: params = [] } = info.initial_default_action ?? {};
    return {
      ...this.#array(info),
      keys,
      ...this.#pipeline,
      actions: refs.get(id) ?? new Map(),
      needsPriority: needsPriority(keys),
      isConst: info.is_const_table === true,
      hasConstDefault: (info.const_default_action_id ?? 0) !== 0,
      hasCounter: this.#p4info.direct_counters.some((c) => c.direct_table_id === id),
      hasIdleTimeout: info.idle_timeout_behavior === 'NOTIFY_CONTROL',
      ...(meter ? { meter: typeOf(meter) } : {}),
      ...(profile ? { profile } : {}),
      ...(restriction ? { restriction } : {}),
      ...(action_id ? { initialDefault: { action_id, params } } : {}),
    };
  }

  #key(info: MatchFieldInfo, declared: Typed | undefined): KeyForm {
    return { ...this.#field(info, declared), match: (info.match_type ?? info.other_match_type ?? 'EXACT').toLowerCase() };
  }

  #register(info: RegisterInfo): RegisterSchema {
    const inTarget = dataFormOf(this.#p4info, info.type_spec ?? {});
    const declared = this.#data(this.#declared?.cell(info.preamble.name)) ?? inTarget;
    if (declared.kind === 'struct' && inTarget.kind !== 'struct') return { ...this.#array(info), cell: inTarget, packed: declared };
    return { ...this.#array(info), cell: declared };
  }

  #header(name: string): ControllerHeader | undefined {
    const info = this.#p4info.controller_packet_metadata.find((m) => m.preamble.name === name);
    const declared = this.#declared?.header(name);
    if (!info) return undefined;
    const fields = declared
      ? declared.decl.fields.map((field): ControllerField => {
          const metadata = info.metadata.find((m) => m.name === externalName(field));
          const form = this.#value(metadata ?? { name: field.name }, field);
          return {
            name: externalName(field),
            ...form,
            isPadding: !declared.fields.includes(field),
            ...(metadata ? { id: metadata.id } : {}),
          };
        })
      : info.metadata.map((metadata): ControllerField => {
          const isPadding = metadata.annotations?.includes('@padding') ?? false;
          return { ...this.#field(metadata, undefined), isPadding };
        });
    const metadata = fields.flatMap((f) => (f.isPadding || f.id === undefined ? [] : [{ ...f, id: f.id }]));
    return { width: fields.reduce((sum, f) => sum + f.deviceWidth, 0), fields, metadata };
  }

  #field(info: FieldInfo, declared: Typed | undefined): FieldForm {
    return { id: info.id, name: info.name, ...this.#value(info, declared) };
  }

  /** As the declaration says, or the P4Info, or widths and names suggest. */
  #value(info: Omit<FieldInfo, 'id'>, declared: Typed | undefined): ValueForm {
    const { name, bitwidth: width = 0, type_name: type, annotations = [] } = info;
    if (this.#declared && declared) return valueForm(this.#declared.info, declared.type, width, declared.format);
    const members = type && this.#p4info.type_info?.serializable_enums?.[type.name]?.members;
    const form = sdnForm(width, annotatedFormat(annotations) ?? likelyFormat(width, name));
    return members ? { ...form, members: new Map(members.map((m) => [m.name, fromBytes(m.value)])) } : form;
  }
}

type Refs = ReadonlyMap<number, TableSchema['actions']>;

const objects = <I, T extends ControlObject>(kind: string, infos: readonly I[], make: (info: I) => T): Objects<T> =>
  new Objects(kind, infos.map(make));

/** What the annotations say that all entries or calls satisfy. */
function restrictionIn({ preamble }: { readonly preamble: Preamble }, kind: RestrictionName, about: Restricted): Restriction | undefined {
  const annotations = (preamble.annotations ?? []).flatMap((text) => annotationIn(text) ?? []);
  const text = constraintText({ annotations }, kind);
  return text === undefined ? undefined : Restriction.of(text, about);
}

const typeOf = ({ spec }: MeterInfo | DirectMeterInfo): MeterType => spec.type ?? 'TWO_RATE_THREE_COLOR';

const refsOf = (info: TableInfo, actions: Objects<ActionSchema>): ReadonlyMap<number, ActionRef> =>
  new Map(
    info.action_refs.flatMap(({ id, scope = '' }) => {
      const action = actions.get(id);
      return action ? [[id, { action, scope: scopes[scope] ?? 'both' }] as const] : [];
    }),
  );

const formats: Readonly<Record<string, Format>> = { MAC_ADDRESS: 'mac', IPV4_ADDRESS: 'ipv4', IPV6_ADDRESS: 'ipv6', HEX_STR: 'hex' };

/** As `@format` says. */
function annotatedFormat(annotations: readonly string[]): Format | undefined {
  for (const text of annotations) {
    const format = formats[/^@format\((\w+)\)$/.exec(text)?.[1] ?? ''];
    if (format) return format;
  }
  return undefined;
}

function kindsOf(p4info: P4Info): ReadonlyMap<number, string> {
  const lists = {
    table: p4info.tables,
    action: p4info.actions,
    counter: p4info.counters,
    'direct counter': p4info.direct_counters,
    meter: p4info.meters,
    'direct meter': p4info.direct_meters,
    'action profile': p4info.action_profiles,
    'value set': p4info.value_sets,
    register: p4info.registers,
    digest: p4info.digests,
  };
  return new Map(Object.entries(lists).flatMap(([kind, infos]) => infos.map((info) => [info.preamble.id, kind] as const)));
}

/** A message from the wire has no lists where they are empty. */
function withLists(message: Partial<P4Info>): P4Info {
  const list = <T>(items: readonly T[] | undefined, fill: (item: T) => T = (item) => item): readonly T[] => (items ?? []).map(fill);
  return {
    ...message,
    pkg_info: message.pkg_info ?? { arch: '' },
    tables: list(message.tables, (t) => ({ ...t, match_fields: list(t.match_fields), action_refs: list(t.action_refs) })),
    actions: list(message.actions, (a) => ({ ...a, params: list(a.params) })),
    action_profiles: list(message.action_profiles, (p) => ({ ...p, table_ids: list(p.table_ids) })),
    counters: list(message.counters),
    direct_counters: list(message.direct_counters),
    meters: list(message.meters),
    direct_meters: list(message.direct_meters),
    controller_packet_metadata: list(message.controller_packet_metadata, (c) => ({ ...c, metadata: list(c.metadata) })),
    value_sets: list(message.value_sets, (s) => ({ ...s, match: list(s.match) })),
    registers: list(message.registers),
    digests: list(message.digests),
  };
}
