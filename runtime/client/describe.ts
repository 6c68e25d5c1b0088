/** Entities as people write them: a line of an entries file where that language has it. */
import type { ControlSchema, TableSchema } from '../../compiler/control/schema.js';
import { matchText } from '../../compiler/control/text.js';
import { fromBytes } from '../../compiler/support/bits.js';
import { fromUtf8 } from '../../compiler/support/bytes.js';
import type { CounterData, Entity, FieldMatch, MeterConfig, P4Data, Replica as ReplicaMessage } from '../p4runtime/messages.js';
import { type Cell, cellOf } from './cells.js';
import { decodeData } from './data.js';
import { decodeAction, decodeEntry, type ReadAction, type ReadEntry } from './entry.js';
import { describeShare } from './member-weight.js';
import { decodeMembers } from './profile.js';
import { decodeCloneOptions, decodeReplicas } from './replication.js';

/** What it is and what it says. */
export function describeEntity(entity: Entity, schema: ControlSchema): string {
  const key = describeEntityKey(entity, schema);
  const { table_entry: entry, action_profile_member: member, action_profile_group: group } = entity;
  const { multicast_group_entry: multicast, clone_session_entry: clone } = entity.packet_replication_engine_entry ?? {};
  if (entry) {
    const table = schema.tables.get(entry.table_id ?? 0);
    if (!table) return key;
    const read = decodeEntry(table, entry);
    const action = entry.action ? actionText(read.action) : entry.is_default_action ? 'as the program says' : 'nothing';
    return `${key} -> ${action}${extras(read)}`;
  }
  if (member) return `${key} -> ${callText(decodeAction(schema.profiles.get(member.action_profile_id ?? 0), member.action))}`;
  if (group) {
    const members = decodeMembers(group).map(({ member: id, ...share }) => `${id}${describeShare(share)}`);
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
    return [table.name, ...matchTexts(table, decodeEntry(table, entry))].join(' ');
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

/** What it holds. */
export function cellText({ kind, id, content }: Cell, schema: ControlSchema): string {
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
function matchTexts(table: TableSchema, { match, priority }: ReadEntry): string[] {
  const parts = table.keys.flatMap((key) => (match[key.name] === undefined ? [] : [`${key.name}=${matchText(match[key.name], key)}`]));
  return priority === undefined ? parts : [...parts, `priority=${priority}`];
}

function actionText(action: ReadEntry['action']): string {
  if ('call' in action) return callText(action);
  if ('member' in action) return `member ${action.member}`;
  if ('group' in action) return `group ${action.group}`;
  const { set, actionSelectionMode, sizeSemantics } = action;
  const members = set.map(({ action: one, ...share }) => `${callText(one as ReadAction)}${describeShare(share)}`);
  const options = [actionSelectionMode, sizeSemantics?.replaceAll('-', ' ')].filter((option) => option !== undefined);
  return [members.join(' | '), ...options].join(', ');
}

const callText = ({ call, args }: ReadAction): string =>
  `${call}(${Object.entries(args)
    .map(([param, value]) => `${param}=${value}`)
    .join(', ')})`;

function extras({ meter, idleTimeoutNs, metadata }: ReadEntry): string {
  const parts = [
    ...(meter ? [`meter ${ratesText(meter)}`] : []),
    ...(idleTimeoutNs ? [`idle timeout ${idleTimeoutNs} ns`] : []),
    ...(metadata ? [`metadata ${fromUtf8(metadata)}`] : []),
  ];
  return parts.length > 0 ? `  (${parts.join(', ')})` : '';
}

const replicas = (list: readonly ReplicaMessage[] | undefined): string =>
  decodeReplicas(list)
    .map((replica) =>
      [replica, ...(replica.backups ?? [])].map(({ port, instance }) => (instance ? `${port}/${instance}` : port)).join(' else '),
    )
    .join(', ');
