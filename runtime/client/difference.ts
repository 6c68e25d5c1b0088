/** What is between two sets of entities: the updates that make one of the other. */

import type { ControlSchema } from '../../compiler/control/schema.js';
import type { WriteOrder } from '../../compiler/control/write-order.js';
import { expectArguments } from '../../compiler/dsl/arguments.js';
import { toHex } from '../../compiler/support/bytes.js';
import type { Entity, TableAction, Update } from '../p4runtime/messages.js';
import { cellEntity, cellOf } from './cells.js';
import { describeEntity } from './describe.js';

/** One update of a `Difference`. */
export interface Change {
  readonly kind: 'insert' | 'modify' | 'delete';
  /** As it is to be; where it is deleted, as it is. */
  readonly text: string;
  /** As it is, where it is modified and there is something. */
  readonly before?: string;
  readonly update: Update;
}
/** What is asked of the switch: the `request` of a `Failure`. */
export const requestOf = ({ kind, text }: Pick<Change, 'kind' | 'text'>): string => `${kind} ${text}`;

/** In the order in which they are written: what others depend on first, what is deleted last. */
export interface Difference {
  readonly changes: readonly Change[];
  /** How many entities are as desired. */
  readonly unchanged: number;
}

export function differenceOf(actual: readonly Entity[], desired: readonly Entity[], schema: ControlSchema): Difference {
  const before = new Map(actual.map((entity) => [keyOf(entity), entity]));
  const wanted = new Map(desired.map((entity) => [keyOf(entity), entity]));
  const changes: Change[] = [];
  for (const [key, entity] of wanted) {
    const now = before.get(key);
    if (now && contentOf(now, schema) === contentOf(entity, schema)) continue;
    const text = describeEntity(entity, schema);
    const was = now && { before: describeEntity(now, schema) };
    if (now || cellOf(entity)) changes.push({ kind: 'modify', text, ...was, update: { type: 'MODIFY', entity } });
    else changes.push({ kind: 'insert', text, update: { type: 'INSERT', entity } });
  }
  for (const [key, entity] of before) {
    if (wanted.has(key) || entity.table_entry?.is_default_action || cellOf(entity)) continue;
    changes.push({ kind: 'delete', text: describeEntity(entity, schema), update: { type: 'DELETE', entity: identityOf(entity) } });
  }
  const unchanged = wanted.size - changes.filter((c) => c.kind !== 'delete').length;
  return { changes: changes.sort((a, b) => rankOf(a, schema) - rankOf(b, schema)), unchanged };
}

/** What is there twice, and not the same. */
export function contradictionOf(desired: readonly Entity[], schema: ControlSchema): Entity | undefined {
  const contents = new Map<string, string>();
  return desired.find((entity) => {
    const key = keyOf(entity);
    const content = contentOf(entity, schema);
    const before = contents.get(key) ?? content;
    contents.set(key, before);
    return before !== content;
  });
}

/** Updates of one rank do not depend on each other; those of a lower one come first. */
export function rankOf({ kind, update: { entity = {} } }: Pick<Change, 'kind' | 'update'>, { order }: ControlSchema): number {
  const rank = entityRank(entity, order);
  return kind === 'delete' ? 2 * order.last + 1 - rank : rank;
}

function entityRank(entity: Entity, order: WriteOrder): number {
  const { table_entry: entry, action_profile_member: member, action_profile_group: group } = entity;
  if (entry) return order.tables.get(entry.table_id ?? 0) ?? order.last;
  if (group) return order.groups.get(group.action_profile_id ?? 0) ?? order.last;
  if (member) return order.members.get(member.action_profile_id ?? 0) ?? order.last;
  return entity.packet_replication_engine_entry?.multicast_group_entry ? order.multicast : 0;
}

/** How the difference is coloured. */
export type DifferencePaint = Readonly<Record<Change['kind'], (text: string) => string>>;
const plain: DifferencePaint = { insert: (text) => text, modify: (text) => text, delete: (text) => text };

/** One line for what is added or deleted, two for what is changed, and their sum. */
export function formatDifference(difference: Difference, paint: DifferencePaint = plain): string {
  const wanted = { kind: 'object', parts: { changes: 'list' } } as const;
  expectArguments('formatDifference', { difference: wanted, paint: 'object?' }, [difference, paint]);
  const { changes, unchanged } = difference;
  const lines = changes.flatMap(({ kind, text, before }) =>
    kind === 'modify'
      ? [paint.delete(`~ ${before ?? 'nothing'}`), paint.insert(`  ${text}`)]
      : [paint[kind](`${kind === 'insert' ? '+' : '-'} ${text}`)],
  );
  const count = (kind: Change['kind']): number => changes.filter((c) => c.kind === kind).length;
  return [
    ...lines,
    `${count('insert')} to insert, ${count('modify')} to modify, ${count('delete')} to delete, ${unchanged} as desired`,
  ].join('\n');
}

/** The entity without what does not identify it. */
export function identityOf(entity: Entity): Entity {
  const { table_entry: entry, action_profile_member: member, action_profile_group: group, packet_replication_engine_entry: pre } = entity;
  const cell = cellOf(entity);
  if (cell) return cellEntity({ ...cell, content: undefined });
  if (entry) {
    const { table_id, match, priority, is_default_action } = entry;
    return {
      table_entry: {
        ...(table_id === undefined ? {} : { table_id }),
        ...(match?.length ? { match } : {}),
        ...(priority ? { priority } : {}),
        ...(is_default_action ? { is_default_action } : {}),
      },
    };
  }
  if (member) return { action_profile_member: { action_profile_id: member.action_profile_id ?? 0, member_id: member.member_id ?? 0 } };
  if (group) return { action_profile_group: { action_profile_id: group.action_profile_id ?? 0, group_id: group.group_id ?? 0 } };
  const { multicast_group_entry: multicast, clone_session_entry: clone } = pre ?? {};
  if (multicast) {
    return { packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id: multicast.multicast_group_id ?? 0 } } };
  }
  if (clone) return { packet_replication_engine_entry: { clone_session_entry: { session_id: clone.session_id ?? 0 } } };
  return entity;
}

/** Equal where two entities are of the same thing. */
export const keyOf = (entity: Entity): string => JSON.stringify(canonical(identityOf(entity)));

/** Equal where two entities of the same thing say the same. */
function contentOf(entity: Entity, schema: ControlSchema): string {
  const { table_entry: entry, packet_replication_engine_entry: pre } = entity;
  const cell = cellOf(entity);
  if (cell) return JSON.stringify(canonical({ content: cell.content }));
  if (entry) {
    const { meter_config, idle_timeout_ns, metadata, controller_metadata } = entry;
    const action = entry.action ?? (entry.is_default_action ? declaredDefault(entry.table_id, schema) : undefined);
    return JSON.stringify(canonical({ action, meter_config, idle_timeout_ns, metadata, controller_metadata }));
  }
  // The size of a group is the server's where none is asked for.
  if (entity.action_profile_group) return JSON.stringify(canonical({ members: entity.action_profile_group.members }));
  return JSON.stringify(canonical(pre ?? entity));
}

/** A default entry without an action is what the program declares. */
function declaredDefault(table: number | undefined, schema: ControlSchema): TableAction | undefined {
  const action = schema.tables.get(table ?? 0)?.initialDefault;
  return action && { action };
}

/**
 * As messages that say the same are the same: fields in order, without those that have their default, lists of which the
 * order says nothing sorted, bytes in their shortest form.
 */
function canonical(value: unknown, isOrdered = false): unknown {
  if (value instanceof Uint8Array) return toHex(value).replace(/^(00)+(?=..)/, '');
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => canonical(item));
    return isOrdered ? items : items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value)
    .map(([name, inner]) => [name === 'egress_port' || name === 'watch' ? 'port' : name, canonicalField(name, inner, isOrdered)] as const)
    .filter(([, inner]) => !isDefault(inner));
  return Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Parts of a register's cell have no names here; of backups, the first that is up is taken. */
const orderedFields: ReadonlySet<string> = new Set([
  'struct',
  'tuple',
  'header',
  'header_union',
  'header_stack',
  'header_union_stack',
  'backup_replicas',
]);

/** Ports are numbers in old fields and bytes in new ones. */
function canonicalField(name: string, value: unknown, isOrdered: boolean): unknown {
  if ((name === 'egress_port' || name === 'watch') && typeof value === 'number') {
    const hex = value.toString(16);
    return value === 0 ? 0 : hex.padStart(hex.length + (hex.length % 2), '0');
  }
  // On the wire the default is absent.
  if ((name === 'action_selection_mode' || name === 'size_semantics') && String(value).startsWith('DEFAULT_')) return undefined;
  return canonical(value, isOrdered || orderedFields.has(name));
}

const isDefault = (value: unknown): boolean =>
  value === undefined || value === 0 || value === '0' || value === '' || value === false || (Array.isArray(value) && value.length === 0);
