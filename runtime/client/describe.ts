/** Entities as people write them: a line of an entries file where that language has it. */
import type { ControlSchema, HasActions, TableSchema } from '../../compiler/control/schema.js';
import { matchText } from '../../compiler/control/text.js';
import { fromBytes } from '../../compiler/support/bits.js';
import type {
  Action,
  CounterData,
  Entity,
  FieldMatch,
  MeterConfig,
  P4Data,
  Replica as ReplicaMessage,
  TableEntry,
} from '../p4runtime/messages.js';
import { type Cell, cellOf } from './cells.js';
import { decodeData } from './data.js';
import { decodeAction, decodeEntry } from './entry.js';
import { decodeSetOptions } from './one-shot.js';
import { decodeCloneOptions, decodeReplicas } from './replication.js';
import { describeShare } from './share.js';

/** What it is and what it says. */
export function describeEntity(entity: Entity, schema: ControlSchema): string {
  const key = describeEntityKey(entity, schema);
  const { table_entry: entry, action_profile_member: member, action_profile_group: group } = entity;
  const { multicast_group_entry: multicast, clone_session_entry: clone } = entity.packet_replication_engine_entry ?? {};
  if (entry) {
    const table = schema.tables.get(entry.table_id ?? 0);
    return table ? `${key} -> ${describeEntryAction(table, entry)}${extras(table, entry)}` : key;
  }
  if (member) return `${key} -> ${call(schema.profiles.get(member.action_profile_id ?? 0), member.action)}`;
  if (group) {
    const members = (group.members ?? []).map(({ member_id = 0, ...share }) => `${member_id}${describeShare(share)}`);
    return `${key}: ${members.join(', ')}`;
  }
  const cell = cellOf(entity);
  if (cell) return `${key}: ${cellText(cell, schema)}`;
  if (multicast) return `${key}: ${replicas(multicast.replicas)}`;
  if (clone) {
    const { truncateBytes, classOfService } = decodeCloneOptions(clone);
    const options = [...(truncateBytes ? [`truncated to ${truncateBytes}`] : []), ...(classOfService ? [`class ${classOfService}`] : [])];
    return [`${key}: ${replicas(clone.replicas)}`, ...options].join(' ');
  }
  return key;
}

/** What identifies it. */
export function describeEntityKey(entity: Entity, schema: ControlSchema): string {
  const { table_entry: entry, action_profile_member: member, action_profile_group: group } = entity;
  const { multicast_group_entry: multicast, clone_session_entry: clone } = entity.packet_replication_engine_entry ?? {};
  if (entry) {
    const table = schema.tables.get(entry.table_id ?? 0);
    if (!table) return `table ${entry.table_id ?? 0}`;
    if (entry.is_default_action) return `default ${table.name}`;
    return [table.name, ...describeMatch(table, entry)].join(' ');
  }
  const profile = (id: number | undefined): string => schema.profiles.get(id ?? 0)?.name ?? `action profile ${id ?? 0}`;
  if (member) return `member ${profile(member.action_profile_id)} ${member.member_id ?? 0}`;
  if (group) return `group ${profile(group.action_profile_id)} ${group.group_id ?? 0}`;
  if (multicast) return `multicast ${multicast.multicast_group_id ?? 0}`;
  if (clone) return `clone ${clone.session_id ?? 0}`;
  const cell = cellOf(entity);
  if (cell) return cellKey(cell, schema);
  return Object.keys(entity)[0]?.replaceAll('_', ' ') ?? 'nothing';
}

function cellKey({ kind, id, index }: Cell, schema: ControlSchema): string {
  const objects = {
    meter_entry: schema.meters,
    counter_entry: schema.counters,
    register_entry: schema.registers,
    value_set_entry: schema.valueSets,
  }[kind];
  return `${objects.kind} ${objects.get(id)?.name ?? id}${index === undefined ? '' : `[${index}]`}`;
}

function cellText({ kind, id, content }: Cell, schema: ControlSchema): string {
  if (kind === 'meter_entry') return content ? ratesText(content as MeterConfig) : 'none';
  if (kind === 'counter_entry') {
    const { packet_count = 0n, byte_count = 0n } = (content ?? {}) as CounterData;
    return `${packet_count} packets, ${byte_count} bytes`;
  }
  if (kind === 'register_entry') {
    const form = schema.registers.get(id)?.cell;
    return form ? dataText(decodeData(content as P4Data | undefined, form)) : 'unknown';
  }
  const members = (content ?? []) as readonly { readonly match?: readonly FieldMatch[] }[];
  return members.map(({ match }) => (match ?? []).map((m) => fromBytes(m.exact?.value ?? new Uint8Array())).join('/')).join(', ') || 'none';
}

const ratesText = ({ cir = 0n, cburst = 0n, pir = 0n, pburst = 0n }: MeterConfig): string => `${cir}/${cburst} ${pir}/${pburst}`;

/** As `decodeData` reads it. */
function dataText(value: unknown): string {
  if (value === null) return 'invalid';
  if (Array.isArray(value)) return `[ ${value.map(dataText).join(', ')} ]`;
  if (typeof value !== 'object') return String(value);
  return `{ ${Object.entries(value)
    .map(([name, inner]) => `${name}=${dataText(inner)}`)
    .join(', ')} }`;
}

/** `KEY=VALUE` for each key that is not left out, and the priority. */
function describeMatch(table: TableSchema, entry: TableEntry): string[] {
  const { match, priority } = decodeEntry(table, entry);
  const parts = table.keys.flatMap((key) => (match[key.name] === undefined ? [] : [`${key.name}=${matchText(match[key.name], key)}`]));
  return priority === undefined ? parts : [...parts, `priority=${priority}`];
}

function describeEntryAction(table: TableSchema, { action, is_default_action }: TableEntry): string {
  if (!action) return is_default_action ? 'as the program says' : 'nothing';
  const { action_profile_member_id: member, action_profile_group_id: group, action_profile_action_set: set } = action;
  if (member) return `member ${member}`;
  if (group) return `group ${group}`;
  if (!set) return call(table, action.action);
  const members = (set.action_profile_actions ?? []).map(({ action: one, ...share }) => `${call(table, one)}${describeShare(share)}`);
  const { actionSelectionMode, sizeSemantics } = decodeSetOptions(set);
  const options = [actionSelectionMode, sizeSemantics?.replaceAll('-', ' ')].filter((option) => option !== undefined);
  return [members.join(' | '), ...options].join(', ');
}

function call(of: HasActions | undefined, action: Action | undefined): string {
  const { call: name, args } = decodeAction(of ?? { actions: new Map() }, action);
  return `${name}(${Object.entries(args)
    .map(([param, value]) => `${param}=${value}`)
    .join(', ')})`;
}

function extras(table: TableSchema, entry: TableEntry): string {
  const { meter, idleTimeoutNs } = decodeEntry(table, entry);
  const parts = [
    ...(meter ? [`meter ${meter.cir}/${meter.cburst} ${meter.pir}/${meter.pburst}`] : []),
    ...(idleTimeoutNs ? [`idle timeout ${idleTimeoutNs} ns`] : []),
    ...(entry.metadata?.length ? [`metadata ${new TextDecoder().decode(entry.metadata)}`] : []),
  ];
  return parts.length > 0 ? `  (${parts.join(', ')})` : '';
}

const replicas = (list: readonly ReplicaMessage[] | undefined): string =>
  decodeReplicas(list)
    .map((replica) =>
      [replica, ...(replica.backups ?? [])].map(({ port, instance }) => (instance ? `${port}/${instance}` : port)).join(' else '),
    )
    .join(', ');
