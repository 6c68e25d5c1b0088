/**
 * The loaded pipeline as the control plane sees it: tables, actions, counters and controller headers by id, with the widths
 * and formats that requests are checked against.
 */

import { declaredDigests } from '../../compiler/analysis/digests.js';
import { visibleBlocks } from '../../compiler/analysis/visible-blocks.js';
import { type ArchDevice, declaredType } from '../../compiler/arch/index.js';
import { annotation, hasAnnotation } from '../../compiler/ir/annotations.js';
import type { HeaderDecl, InstanceDecl, Program, Type } from '../../compiler/ir/index.js';
import { controlPlaneName, externalName } from '../../compiler/ir/names.js';
import type { ControllerPacketMetadata, DigestInfo, P4Info, RegisterInfo, ValueSetInfo } from '../../compiler/p4info/messages.js';
import { InternalError } from '../../compiler/support/invariant.js';
import type { Format } from '../../compiler/support/values.js';
import type { ActionValue, EntryKey, MatchValue } from '../data-plane/messages.js';
import { initialTables } from '../interpreter/index.js';
import { type DataShape, dataShape } from './data-shape.js';
import { deviceOf } from './device.js';
import type { MeterType } from './meter-config.js';
import { actionSchema, matchKinds, tableSchema } from './schema-tables.js';
import { type ValueForm, valueForm } from './translation.js';

export interface FieldSchema extends ValueForm {
  readonly id: number;
  readonly name: string;
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
/** Actions that a table may run, by id. */
export type ActionRefs = ReadonlyMap<number, { readonly action: ActionSchema; readonly scope: ActionScope }>;
export interface InitialEntry extends EntryKey {
  readonly action: ActionValue;
  readonly isConst: boolean;
}
export interface TableSchema {
  readonly id: number;
  readonly name: string;
  readonly keys: readonly KeySchema[];
  readonly actions: ActionRefs;
  readonly size: number;
  /** Some key is ternary, range or optional. */
  readonly hasPriority: boolean;
  readonly isConst: boolean;
  readonly hasConstDefault: boolean;
  /** What the program declares; without one, a miss does nothing. */
  readonly initialDefault?: ActionValue;
  readonly hasDirectCounter: boolean;
  /** That of its direct meter, if it has one. */
  readonly directMeter?: MeterType;
  /** By name, the actions that do not run its direct counter, and those that do not run its direct meter. */
  readonly notCounting: ReadonlySet<string>;
  readonly notMetering: ReadonlySet<string>;
  readonly hasIdleTimeout: boolean;
  /** The id of the action profile or selector that holds its actions. */
  readonly profile?: number;
  readonly initialEntries: readonly InitialEntry[];
}
export interface CounterSchema {
  readonly id: number;
  readonly name: string;
  readonly size: number;
}
export interface MeterSchema {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly type: MeterType;
}
export interface RegisterSchema {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly cell: DataShape;
}
/** What sizes of groups count: the weights of their members, or members whatever their weights. */
export type SizeUnit = 'weights' | 'members';
export interface ProfileSchema {
  readonly id: number;
  readonly name: string;
  /** Members; with a selector also what all groups make together. */
  readonly size: number;
  readonly hasSelector: boolean;
  /** What a group may make; 0: as the profile's size. */
  readonly maxGroupSize: number;
  readonly sizeIn: SizeUnit;
  /** Of a member of a group, where sizes are in members; 0: any. */
  readonly maxMemberWeight: number;
  /** The switch weighs the members of groups, each the same. */
  readonly weightsDisallowed: boolean;
  /** Those of all its tables. */
  readonly actions: ActionRefs;
}
export interface DigestSchema {
  readonly id: number;
  readonly name: string;
  readonly shape: DataShape;
}
export interface ValueSetSchema {
  readonly id: number;
  readonly name: string;
  readonly keys: readonly KeySchema[];
  readonly size: number;
}
/** A header that goes in front of packets to or from the controller, in the order of its bits. */
export interface ControllerHeader {
  readonly name: string;
  /** In bits. */
  readonly width: number;
  /** Padding has no id when P4Info leaves it out. */
  readonly fields: readonly (ValueForm & { readonly name: string; readonly id?: number; readonly padding: boolean })[];
}
export interface Schema {
  readonly tables: ReadonlyMap<number, TableSchema>;
  readonly actions: ReadonlyMap<number, ActionSchema>;
  readonly counters: ReadonlyMap<number, CounterSchema>;
  readonly meters: ReadonlyMap<number, MeterSchema>;
  readonly registers: ReadonlyMap<number, RegisterSchema>;
  readonly profiles: ReadonlyMap<number, ProfileSchema>;
  readonly digests: ReadonlyMap<number, DigestSchema>;
  readonly valueSets: ReadonlyMap<number, ValueSetSchema>;
  /** What every id of P4Info stands for, such as `table` or `action`. */
  readonly kinds: ReadonlyMap<number, string>;
  readonly packetIn?: ControllerHeader;
  readonly packetOut?: ControllerHeader;
  /** Of the program's architecture. */
  readonly device: ArchDevice;
}

/**
 * `program` is lowered to the switch's architecture, and `p4info` is its own.
 * @throws Refusal INVALID_ARGUMENT for registers and digests of types that controllers cannot be told
 */
export function buildSchema(program: Program, p4info: P4Info): Schema {
  const blocks = visibleBlocks(program);
  const declaredActions = new Map(blocks.flatMap((b) => b.actions).map((a) => [a.name, a]));
  const children = blocks.flatMap((b) => b.children);
  const declaredTables = new Map(children.flatMap((c) => (c.kind === 'table' ? [[c.name, c]] : [])));
  const instances = new Map(children.flatMap((c) => (c.kind === 'instance' ? [[c.name, c.decl]] : [])));
  const valueSets = new Map(blocks.flatMap((b) => b.valueSets).map((set) => [set.name, set.decl.type]));
  const digests = declaredDigests(program);
  for (const decl of program.instances) instances.set(controlPlaneName(undefined, decl), decl);
  const actions = new Map(
    p4info.actions.map((info) => [info.preamble.id, actionSchema(program, info, declaredActions.get(info.preamble.name)?.decl)]),
  );
  const initial = initialTables(program);
  const tables = byId(p4info.tables, (info) => {
    const declared = declaredTables.get(info.preamble.name);
    if (!declared) throw new InternalError(`P4Info lists ${info.preamble.name}, which the program does not declare`);
    return tableSchema(program, info, p4info, { actions, declared, declaredActions, initial: initial.get(info.preamble.name) });
  });
  const header = (name: string): ControllerHeader | undefined => {
    const info = p4info.controller_packet_metadata.find((m) => m.preamble.name === name);
    return info && controllerHeader(program, info);
  };
  const [packetIn, packetOut] = [header('packet_in'), header('packet_out')];
  const array = ({ preamble: { id, name }, size }: RegisterInfo | P4Info['meters'][number] | P4Info['counters'][number]) => ({
    id,
    name,
    size: Number(size),
  });
  return {
    device: deviceOf(program),
    tables,
    actions,
    counters: byId(p4info.counters, array),
    meters: byId(p4info.meters, (info) => ({ ...array(info), type: info.spec.type ?? 'TWO_RATE_THREE_COLOR' })),
    registers: byId(p4info.registers, (info) => ({ ...array(info), cell: registerCell(program, info, instances) })),
    profiles: byId(p4info.action_profiles, (info) => ({
      id: info.preamble.id,
      name: info.preamble.name,
      size: Number(info.size),
      hasSelector: info.with_selector === true,
      maxGroupSize: info.max_group_size ?? 0,
      sizeIn: info.sum_of_members ? 'members' : 'weights',
      maxMemberWeight: info.sum_of_members?.max_member_weight ?? 0,
      weightsDisallowed: info.weights_disallowed === true,
      actions: new Map(info.table_ids.flatMap((table) => [...(tables.get(table)?.actions ?? [])])),
    })),
    digests: byId(p4info.digests, (info) => digestSchema(program, info, digests.get(info.preamble.name))),
    valueSets: byId(p4info.value_sets, (info) => valueSetSchema(program, info, valueSets.get(info.preamble.name))),
    kinds: kindsOf(p4info),
    ...(packetIn ? { packetIn } : {}),
    ...(packetOut ? { packetOut } : {}),
  };
}

const byId = <I extends { readonly preamble: { readonly id: number } }, S>(
  infos: readonly I[],
  make: (info: I) => S,
): ReadonlyMap<number, S> => new Map(infos.map((info) => [info.preamble.id, make(info)]));

function registerCell(program: Program, { preamble: { name } }: RegisterInfo, instances: ReadonlyMap<string, InstanceDecl>): DataShape {
  const type = instances.get(name)?.type.args?.[0];
  if (!type) throw new InternalError(`the register ${name} has no type`);
  return dataShape(program, type, `register ${name}`);
}

function digestSchema(program: Program, { preamble: { id, name } }: DigestInfo, type: Type | undefined): DigestSchema {
  if (!type) throw new InternalError(`the digest ${name} has no type`);
  return { id, name, shape: dataShape(program, type, `digest ${name}`) };
}

function valueSetSchema(
  program: Program,
  { preamble: { id, name }, match, size }: ValueSetInfo,
  declared: Type | undefined,
): ValueSetSchema {
  const struct = declaredType(program, declared);
  const typeOf = (field: string | undefined): Type | undefined =>
    struct?.kind === 'struct' ? struct.fields.find((f) => externalName(f) === field)?.type : declared;
  const keys = match.map((field): KeySchema => {
    const kind = matchKinds[field.match_type ?? ''];
    if (!kind) throw new InternalError(`value set ${name} has a field of an unknown match kind`);
    return {
      id: field.id,
      name: field.name ?? 'value',
      ...valueForm(program, typeOf(field.name), field.bitwidth ?? 0),
      format: 'num',
      kind,
    };
  });
  return { id, name, keys, size: Number(size) };
}

function controllerHeader(program: Program, info: ControllerPacketMetadata): ControllerHeader {
  const declared = program.types.find(
    (t): t is HeaderDecl => t.kind === 'header' && annotation(t, 'controller_header')?.text === info.preamble.name,
  );
  if (!declared) throw new InternalError(`no header type is annotated @controller_header("${info.preamble.name}")`);
  const fields = declared.fields.map((field) => {
    const metadata = info.metadata.find((m) => m.name === externalName(field));
    const form = valueForm(program, field.type, metadata?.bitwidth ?? ('width' in field.type ? field.type.width : 1));
    return { name: field.name, ...form, padding: hasAnnotation(field, 'padding'), ...(metadata ? { id: metadata.id } : {}) };
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
