/** Entities as people write them: a line of an entries file where that language has it. */
import { fromBytes } from '../../compiler/support/bits.js';
import { formatValue } from '../../compiler/support/values.js';
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
import type { Catalog } from './catalog.js';
import { type Cell, cellOf } from './cells.js';
import { decodeData } from './data.js';
import { decodeAction, decodeEntry } from './entry.js';
import type { ClientAction, ClientKey, ClientTable } from './names.js';
import { decodeSetOptions } from './one-shot.js';
import { decodeCloneOptions, decodeReplicas } from './replication.js';
import { describeShare } from './share.js';

/** What it is and what it says. */
export function describeEntity(entity: Entity, catalog: Catalog): string {
  const key = describeEntityKey(entity, catalog);
  const { table_entry: entry, action_profile_member: member, action_profile_group: group } = entity;
  const { multicast_group_entry: multicast, clone_session_entry: clone } = entity.packet_replication_engine_entry ?? {};
  if (entry) {
    const table = catalog.tableById(entry.table_id);
    return table ? `${key} -> ${describeEntryAction(table, entry)}${extras(table, entry)}` : key;
  }
  if (member) return `${key} -> ${call(catalog.profileById(member.action_profile_id)?.actions ?? [], member.action)}`;
  if (group) {
    const members = (group.members ?? []).map(({ member_id = 0, ...share }) => `${member_id}${describeShare(share)}`);
    return `${key}: ${members.join(', ')}`;
  }
  const cell = cellOf(entity);
  if (cell) return `${key}: ${cellText(cell, catalog)}`;
  if (multicast) return `${key}: ${replicas(multicast.replicas)}`;
  if (clone) {
    const { truncateBytes, classOfService } = decodeCloneOptions(clone);
    const options = [...(truncateBytes ? [`truncated to ${truncateBytes}`] : []), ...(classOfService ? [`class ${classOfService}`] : [])];
    return [`${key}: ${replicas(clone.replicas)}`, ...options].join(' ');
  }
  return key;
}

/** What identifies it. */
export function describeEntityKey(entity: Entity, catalog: Catalog): string {
  const { table_entry: entry, action_profile_member: member, action_profile_group: group } = entity;
  const { multicast_group_entry: multicast, clone_session_entry: clone } = entity.packet_replication_engine_entry ?? {};
  if (entry) {
    const table = catalog.tableById(entry.table_id);
    if (!table) return `table ${entry.table_id ?? 0}`;
    if (entry.is_default_action) return `default ${table.path}`;
    return [table.path, ...describeMatch(table, entry)].join(' ');
  }
  const profile = (id: number | undefined): string => catalog.profileById(id)?.path ?? `action profile ${id ?? 0}`;
  if (member) return `member ${profile(member.action_profile_id)} ${member.member_id ?? 0}`;
  if (group) return `group ${profile(group.action_profile_id)} ${group.group_id ?? 0}`;
  if (multicast) return `multicast ${multicast.multicast_group_id ?? 0}`;
  if (clone) return `clone ${clone.session_id ?? 0}`;
  const cell = cellOf(entity);
  if (cell) return cellKey(cell, catalog);
  return Object.keys(entity)[0]?.replaceAll('_', ' ') ?? 'nothing';
}

function cellKey({ kind, id, index }: Cell, catalog: Catalog): string {
  const [what, among] = {
    meter_entry: ['meter', catalog.meters] as const,
    counter_entry: ['counter', catalog.counters] as const,
    register_entry: ['register', catalog.registers] as const,
    value_set_entry: ['value set', catalog.valueSets] as const,
  }[kind];
  return `${what} ${among.find((a) => a.id === id)?.path ?? id}${index === undefined ? '' : `[${index}]`}`;
}

function cellText({ kind, id, content }: Cell, catalog: Catalog): string {
  if (kind === 'meter_entry') return content ? ratesText(content as MeterConfig) : 'none';
  if (kind === 'counter_entry') {
    const { packet_count = 0n, byte_count = 0n } = (content ?? {}) as CounterData;
    return `${packet_count} packets, ${byte_count} bytes`;
  }
  if (kind === 'register_entry') {
    const form = catalog.registers.find((r) => r.id === id)?.cell;
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
function describeMatch(table: ClientTable, entry: TableEntry): string[] {
  const { match, priority } = decodeEntry(table, entry);
  const parts = table.keys.flatMap((key) => (match[key.name] === undefined ? [] : [`${key.name}=${matchText(match[key.name], key)}`]));
  return priority === undefined ? parts : [...parts, `priority=${priority}`];
}

/** What was read of a key, as text that an entries file takes. */
export function matchText(value: unknown, key: ClientKey): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const parts = value as Readonly<Record<string, unknown>>;
  if ('prefix' in parts) return `${parts.value}/${parts.prefix}`;
  if ('low' in parts) return `${parts.low}..${parts.high}`;
  const mask = parts.mask;
  return `${parts.value}&${typeof mask === 'number' || typeof mask === 'bigint' ? formatValue(BigInt(mask), key.format === 'num' ? 'hex' : key.format) : mask}`;
}

function describeEntryAction(table: ClientTable, { action, is_default_action }: TableEntry): string {
  if (!action) return is_default_action ? 'as the program says' : 'nothing';
  const { action_profile_member_id: member, action_profile_group_id: group, action_profile_action_set: set } = action;
  if (member) return `member ${member}`;
  if (group) return `group ${group}`;
  if (!set) return call(table.actions, action.action);
  const members = (set.action_profile_actions ?? []).map(
    ({ action: one, ...share }) => `${call(table.actions, one)}${describeShare(share)}`,
  );
  const { actionSelectionMode, sizeSemantics } = decodeSetOptions(set);
  const options = [actionSelectionMode, sizeSemantics?.replaceAll('-', ' ')].filter((option) => option !== undefined);
  return [members.join(' | '), ...options].join(', ');
}

function call(actions: readonly ClientAction[], action: Action | undefined): string {
  const { call: name, args } = decodeAction(actions, action);
  return `${name}(${Object.entries(args)
    .map(([param, value]) => `${param}=${value}`)
    .join(', ')})`;
}

function extras(table: ClientTable, entry: TableEntry): string {
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
