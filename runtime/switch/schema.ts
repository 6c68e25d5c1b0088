/**
 * The loaded pipeline as the control plane sees it: tables, actions, counters and controller headers by id, with the widths
 * and formats that requests are checked against.
 */
import type { ActionDecl, HeaderDecl, Program } from '../../compiler/ir/index.js';
import { type VisibleTable, visibleBlocks } from '../../compiler/p4info/blocks.js';
import { idPrefix } from '../../compiler/p4info/ids.js';
import type { ActionInfo, ControllerPacketMetadata, P4Info, TableInfo } from '../../compiler/p4info/messages.js';
import { annotation, annotationText, externalName } from '../../compiler/p4info/names.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { Format } from '../../compiler/support/values.js';
import { type InitialTable, initialTables } from '../interpreter/index.js';
import type { ActionValue, EntryKey, MatchValue } from './messages.js';

export interface FieldSchema {
  readonly id: number;
  readonly name: string;
  /** In bits. */
  readonly width: number;
  readonly format: Format;
}
export type MatchKind = Exclude<MatchValue['kind'], 'any'>;
export interface KeySchema extends FieldSchema {
  readonly kind: MatchKind;
}
export interface ActionSchema {
  readonly id: number;
  readonly name: string;
  readonly params: readonly FieldSchema[];
}
export type ActionScope = 'both' | 'table' | 'default';
export interface InitialEntry extends EntryKey {
  readonly action: ActionValue;
  readonly isConst: boolean;
}
export interface TableSchema {
  readonly id: number;
  readonly name: string;
  readonly keys: readonly KeySchema[];
  /** Those that the table may run, by id. */
  readonly actions: ReadonlyMap<number, { readonly action: ActionSchema; readonly scope: ActionScope }>;
  readonly size: number;
  /** Some key is ternary, range or optional. */
  readonly hasPriority: boolean;
  readonly isConst: boolean;
  readonly hasConstDefault: boolean;
  /** What the program declares; without one, a miss does nothing. */
  readonly initialDefault?: ActionValue;
  readonly hasDirectCounter: boolean;
  readonly initialEntries: readonly InitialEntry[];
}
export interface CounterSchema {
  readonly id: number;
  readonly name: string;
  readonly size: number;
}
/** A header that goes in front of packets to or from the controller, in the order of its bits. */
export interface ControllerHeader {
  readonly name: string;
  /** In bits. */
  readonly width: number;
  /** Padding has no id when P4Info leaves it out. */
  readonly fields: readonly { readonly name: string; readonly width: number; readonly id?: number; readonly padding: boolean }[];
}
export interface Schema {
  readonly tables: ReadonlyMap<number, TableSchema>;
  readonly actions: ReadonlyMap<number, ActionSchema>;
  readonly counters: ReadonlyMap<number, CounterSchema>;
  /** What every id of P4Info stands for, such as `table` or `action`. */
  readonly kinds: ReadonlyMap<number, string>;
  readonly packetIn?: ControllerHeader;
  readonly packetOut?: ControllerHeader;
}

/** `program` is lowered to v1model, and `p4info` is its own. */
export function buildSchema(program: Program, p4info: P4Info): Schema {
  const blocks = visibleBlocks(program);
  const declaredActions = new Map(blocks.flatMap((b) => b.actions).map((a) => [a.name, a.decl]));
  const declaredTables = new Map(blocks.flatMap((b) => b.children).flatMap((c) => (c.kind === 'table' ? [[c.name, c]] : [])));
  const actions = new Map(p4info.actions.map((info) => [info.preamble.id, actionSchema(info, declaredActions.get(info.preamble.name))]));
  const initial = initialTables(program);
  const tables = p4info.tables.map((info) => {
    const declared = declaredTables.get(info.preamble.name);
    if (!declared) throw new InternalError(`P4Info lists ${info.preamble.name}, which the program does not declare`);
    return tableSchema(info, actions, declared, initial.get(info.preamble.name));
  });
  const header = (name: string): ControllerHeader | undefined => {
    const info = p4info.controller_packet_metadata.find((m) => m.preamble.name === name);
    return info && controllerHeader(program, info);
  };
  const [packetIn, packetOut] = [header('packet_in'), header('packet_out')];
  return {
    tables: new Map(tables.map((t) => [t.id, t])),
    actions,
    counters: new Map(p4info.counters.map(({ preamble: { id, name }, size }) => [id, { id, name, size: Number(size) }])),
    kinds: kindsOf(p4info),
    ...(packetIn ? { packetIn } : {}),
    ...(packetOut ? { packetOut } : {}),
  };
}

function actionSchema(info: ActionInfo, declared: ActionDecl | undefined): ActionSchema {
  const format = (name: string): Format => declared?.params.find((p) => externalName(p) === name)?.format ?? 'num';
  return {
    id: info.preamble.id,
    name: info.preamble.name,
    params: info.params.map((p) => ({ id: p.id, name: p.name, width: p.bitwidth, format: format(p.name) })),
  };
}

const matchKinds: Readonly<Record<string, MatchKind>> = {
  EXACT: 'exact',
  LPM: 'lpm',
  TERNARY: 'ternary',
  RANGE: 'range',
  OPTIONAL: 'optional',
};
const scopes: Readonly<Record<string, ActionScope>> = { TABLE_ONLY: 'table', DEFAULT_ONLY: 'default' };

function tableSchema(
  info: TableInfo,
  actions: ReadonlyMap<number, ActionSchema>,
  declared: VisibleTable,
  initial: InitialTable | undefined,
): TableSchema {
  const { name } = info.preamble;
  const keys = info.match_fields.map((field): KeySchema => {
    const kind = matchKinds[field.match_type ?? ''];
    if (!kind) throw new InternalError(`table ${name} has a key of an unknown match kind`);
    const format = declared.decl.keys.find((k) => k.name === field.name)?.format ?? 'num';
    return { id: field.id, name: field.name, width: field.bitwidth, format, kind };
  });
  const action = (id: number): ActionSchema => {
    const found = actions.get(id);
    if (!found) throw new InternalError(`table ${name} refers to action ${id}, which P4Info does not list`);
    return found;
  };
  const hasPriority = keys.some((k) => k.kind === 'ternary' || k.kind === 'range' || k.kind === 'optional');
  return {
    id: info.preamble.id,
    name,
    keys,
    actions: new Map(info.action_refs.map((ref) => [ref.id, { action: action(ref.id), scope: scopes[ref.scope ?? ''] ?? 'both' }])),
    size: Number(info.size),
    hasPriority,
    isConst: info.is_const_table === true,
    hasConstDefault: (info.const_default_action_id ?? 0) !== 0,
    ...(initial ? { initialDefault: initial.defaultAction } : {}),
    hasDirectCounter: info.direct_resource_ids.some((id) => id >>> 24 === idPrefix.directCounter),
    initialEntries: (initial?.entries ?? []).map((entry, i) => ({
      ...entry,
      // What a declaration holds is always an action.
      action: entry.action as ActionValue,
      isConst: declared.decl.constEntries === true || declared.decl.entries?.[i]?.const === true,
    })),
  };
}

function controllerHeader(program: Program, info: ControllerPacketMetadata): ControllerHeader {
  const declared = program.types.find(
    (t): t is HeaderDecl => t.kind === 'header' && annotationText(annotation(t, 'controller_header')?.body) === info.preamble.name,
  );
  if (!declared) throw new InternalError(`no header type is annotated @controller_header("${info.preamble.name}")`);
  const fields = declared.fields.map((field) => {
    const metadata = info.metadata.find((m) => m.name === externalName(field));
    const width = metadata?.bitwidth ?? ('width' in field.type ? field.type.width : 1);
    return { name: field.name, width, padding: annotation(field, 'padding') !== undefined, ...(metadata ? { id: metadata.id } : {}) };
  });
  return { name: info.preamble.name, width: fields.reduce((sum, f) => sum + f.width, 0), fields };
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
