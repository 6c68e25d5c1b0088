/** What a switch's P4Info names, by path and by id: for clients that have a pipeline, and for those that have only the P4Info. */
import type {
  ActionInfo,
  ActionProfileInfo,
  Annotated,
  DataTypeSpec,
  MatchFieldInfo,
  NamedTypeRef,
  P4Info,
  TableInfo,
} from '../../compiler/p4info/messages.js';
import { fromBytes } from '../../compiler/support/bits.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { type Loc, nowhere } from '../../compiler/support/location.js';
import { nearest } from '../../compiler/support/suggest.js';
import type { Format } from '../../compiler/support/values.js';
import { type DataForm, dataFormOf } from './data.js';
import type { ClientAction, ClientArray, ClientField, ClientKey, ClientProfile, ClientTable } from './names.js';

export interface CatalogRegister extends ClientArray {
  readonly cell: DataForm;
}
export interface CatalogValueSet extends ClientArray {
  /** What its members match. */
  readonly keys: readonly ClientKey[];
}

export class Catalog {
  readonly tables: readonly ClientTable[];
  readonly profiles: readonly ClientProfile[];
  readonly counters: readonly ClientArray[];
  readonly meters: readonly ClientArray[];
  readonly registers: readonly CatalogRegister[];
  readonly valueSets: readonly CatalogValueSet[];
  readonly #tables: ReadonlyMap<number, ClientTable>;

  constructor(p4info: P4Info, tables: readonly ClientTable[], profiles: readonly ClientProfile[]) {
    this.tables = tables;
    this.profiles = profiles;
    this.counters = p4info.counters.map(array);
    this.meters = p4info.meters.map(array);
    const leaf = (name: string, type: DataTypeSpec): ClientField => dataField(p4info, name, type);
    this.registers = p4info.registers.map((info) => ({ ...array(info), cell: dataFormOf(p4info, info.type_spec ?? {}, leaf) }));
    this.valueSets = p4info.value_sets.map((info) => ({
      ...array(info),
      keys: info.match.map((key) => matchKey(p4info, { name: '', ...key })),
    }));
    this.#tables = new Map(tables.map((table) => [table.id, table]));
  }

  tableById(id: number | undefined): ClientTable | undefined {
    return this.#tables.get(id ?? 0);
  }

  profileById(id: number | undefined): ClientProfile | undefined {
    return this.profiles.find((p) => p.id === id);
  }

  /** By the whole path or an end of it that is not ambiguous. @throws DiagnosticError entry-unknown, entries-ambiguous */
  table(name: string, loc: Loc = nowhere): ClientTable {
    return resolve('table', name, this.tables, loc);
  }

  profile(name: string, loc: Loc = nowhere): ClientProfile {
    return resolve('action profile', name, this.profiles, loc);
  }

  meter(name: string, loc: Loc = nowhere): ClientArray {
    return resolve('meter', name, this.meters, loc);
  }

  counter(name: string, loc: Loc = nowhere): ClientArray {
    return resolve('counter', name, this.counters, loc);
  }

  register(name: string, loc: Loc = nowhere): CatalogRegister {
    return resolve('register', name, this.registers, loc);
  }

  valueSet(name: string, loc: Loc = nowhere): CatalogValueSet {
    return resolve('value set', name, this.valueSets, loc);
  }
}

const array = ({ preamble: { id, name } }: { readonly preamble: { readonly id: number; readonly name: string } }): ClientArray => ({
  id,
  path: name,
});

/** The one whose path is `name` or ends in it after a dot. @throws DiagnosticError entry-unknown, entries-ambiguous */
export function resolve<T extends { readonly path: string }>(
  what: string,
  name: string,
  among: readonly T[],
  loc: Loc,
  at = 'the pipeline',
): T {
  const exact = among.find((a) => a.path === name);
  const found = exact ? [exact] : among.filter((a) => a.path.endsWith(`.${name}`));
  const [only] = found;
  if (only && found.length === 1) return only;
  if (only) return fail('entries-ambiguous', { what, name, paths: found.map((f) => f.path) }, { loc });
  const ends = among.flatMap(({ path }) => [...path.matchAll(/(?:^|\.)(?=(.+$))/g)].map((m) => m[1] as string));
  return fail('entry-unknown', { at, what, name, suggestion: nearest(name, ends), valid: among.map((a) => a.path) }, { loc });
}

/** The names of a switch of which only the P4Info is known. */
export function catalogOf(message: P4Info): Catalog {
  const p4info = withLists(message);
  const tables = p4info.tables.map((table) => clientTable(p4info, table));
  const profiles = p4info.action_profiles.map((profile): ClientProfile => {
    const table = tables.find((t) => t.id === profile.table_ids[0]);
    return { path: profile.preamble.name, actions: table?.actions ?? [], ...profileTraits(profile) };
  });
  return new Catalog(p4info, tables, profiles);
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
    controller_packet_metadata: list(message.controller_packet_metadata),
    value_sets: list(message.value_sets, (s) => ({ ...s, match: list(s.match) })),
    registers: list(message.registers),
    digests: list(message.digests),
  };
}

function clientTable(p4info: P4Info, info: TableInfo): ClientTable {
  const keys = info.match_fields.map((key) => matchKey(p4info, key));
  const actions = info.action_refs.flatMap(({ id, scope }) => {
    const action = p4info.actions.find((a) => a.preamble.id === id);
    return action ? [clientAction(p4info, action, scope === 'DEFAULT_ONLY')] : [];
  });
  return {
    id: info.preamble.id,
    path: info.preamble.name,
    keys,
    actions,
    needsPriority: keys.some((k) => k.match === 'ternary' || k.match === 'range' || k.match === 'optional'),
    ...tableTraits(p4info, info),
  };
}

const matchKey = (p4info: P4Info, key: MatchFieldInfo): ClientKey => ({
  ...field(p4info, key),
  match: (key.match_type ?? key.other_match_type ?? 'EXACT').toLowerCase(),
});

/** One value of a register's cell. */
function dataField(p4info: P4Info, name: string, type: DataTypeSpec): ClientField {
  const of = (bitwidth = 0, more: Partial<FieldInfo> = {}): ClientField => field(p4info, { id: 0, name, bitwidth, ...more });
  const { bit, int } = type.bitstring ?? {};
  if (bit) return of(bit.bitwidth);
  if (int) return { ...of(int.bitwidth), format: 'num', isSigned: true };
  if (type.bool) return { ...of(1), isBool: true };
  const { serializable_enums: enums, new_types: newTypes } = p4info.type_info ?? {};
  const members = type.serializable_enum;
  if (members) return of(enums?.[members.name]?.underlying_type.bitwidth, { type_name: members });
  const { original_type: original, translated_type: translated } = newTypes?.[type.new_type?.name ?? ''] ?? {};
  if (translated) return of(translated.sdn_bitwidth);
  return original ? dataField(p4info, name, original) : of();
}

/** What the P4Info says of a table besides its keys and actions. */
export function tableTraits(
  p4info: P4Info,
  info: TableInfo,
): Omit<ClientTable, 'id' | 'path' | 'keys' | 'actions' | 'program' | 'needsPriority'> {
  const { id } = info.preamble;
  const profile = p4info.action_profiles.find((p) => p.preamble.id === info.implementation_id);
  const { action_id = 0, arguments: params = [] } = info.initial_default_action ?? {};
  return {
    hasCounter: p4info.direct_counters.some((c) => c.direct_table_id === id),
    hasMeter: p4info.direct_meters.some((m) => m.direct_table_id === id),
    isConst: info.is_const_table ?? false,
    profileId: info.implementation_id ?? 0,
    weightsDisallowed: profile?.weights_disallowed ?? false,
    ...(profile ? { profile: profile.with_selector ? 'selector' : 'profile' } : {}),
    ...(action_id ? { initialDefault: { action_id, params } } : {}),
  };
}

/** What the P4Info says of a profile besides its actions. */
export const profileTraits = (info: ActionProfileInfo): Omit<ClientProfile, 'path' | 'actions' | 'program'> => ({
  id: info.preamble.id,
  maxGroupSize: info.max_group_size ?? 0,
  weightsDisallowed: info.weights_disallowed ?? false,
});

function clientAction(p4info: P4Info, { preamble, params }: ActionInfo, defaultOnly: boolean): ClientAction {
  return {
    id: preamble.id,
    name: preamble.name.split('.').at(-1) as string,
    path: preamble.name,
    params: params.map((p) => field(p4info, p)),
    ...(defaultOnly ? { defaultOnly } : {}),
  };
}

type FieldInfo = Annotated & { readonly id: number; readonly name: string; readonly bitwidth?: number; readonly type_name?: NamedTypeRef };

function field(p4info: P4Info, info: FieldInfo): ClientField {
  const { id, name, bitwidth: width = 0, type_name: type } = info;
  const members = type && p4info.type_info?.serializable_enums?.[type.name]?.members;
  return {
    id,
    name,
    width,
    format: formatOf(info, width),
    isBool: false,
    ...(members ? { members: new Map(members.map((m) => [m.name, fromBytes(m.value)])) } : {}),
    // Without a width it is text; which texts there are, P4Info does not say.
    ...(width === 0 ? { texts: [] } : {}),
  };
}

const formats: Readonly<Record<string, Format>> = { MAC_ADDRESS: 'mac', IPV4_ADDRESS: 'ipv4', IPV6_ADDRESS: 'ipv6', HEX_STR: 'hex' };

/** As `@format` says, or as widths and names suggest. */
function formatOf({ annotations = [], name }: FieldInfo, width: number): Format {
  for (const annotation of annotations) {
    const format = formats[/^@format\((\w+)\)$/.exec(annotation)?.[1] ?? ''];
    if (format) return format;
  }
  if (width === 48) return 'mac';
  if (width === 128) return 'ipv6';
  return width === 32 && /ip|addr/i.test(name) ? 'ipv4' : 'num';
}
