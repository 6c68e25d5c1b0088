/** The entities of a switch as a file of entries, which can be applied again. */

import { stringify } from 'yaml';
import type { ControlSchema, KeyForm, TableSchema } from '../../compiler/control/schema.js';
import { matchText } from '../../compiler/control/text.js';
import { fromUtf8 } from '../../compiler/support/bytes.js';
import { decodeData } from '../client/data.js';
import { describeEntity } from '../client/describe.js';
import { decodeAction, decodeEntry, type ReadAction, type ReadEntry } from '../client/entry.js';
import { decodeRates } from '../client/meter.js';
import { decodeMembers } from '../client/profile.js';
import { decodeCloneOptions, decodeReplicas } from '../client/replication.js';
import { fromMatch } from '../client/values.js';
import type { Entity, Index, TableEntry } from '../p4runtime/messages.js';

export type DumpFormat = 'text' | 'json' | 'yaml';

export function dumpEntities(entities: readonly Entity[], schema: ControlSchema, format: DumpFormat): string {
  if (format === 'text') return entities.map((entity) => `${describeEntity(entity, schema)}\n`).join('');
  const document = documentOf(entities, schema);
  if (format === 'json') return `${JSON.stringify(document, null, 2)}\n`;
  return stringify(document);
}

type Plain = Record<string, unknown>;

function documentOf(entities: readonly Entity[], schema: ControlSchema): unknown {
  const document = {
    tables: {} as Plain,
    profiles: {} as Plain,
    multicast: {} as Plain,
    cloneSessions: {} as Plain,
    meters: {} as Plain,
    counters: {} as Plain,
    registers: {} as Plain,
    valueSets: {} as Plain,
  };
  for (const entity of entities) {
    const { table_entry: entry, action_profile_member: member, action_profile_group: group } = entity;
    const { multicast_group_entry: multicast, clone_session_entry: clone } = entity.packet_replication_engine_entry ?? {};
    if (entry) addEntry(document.tables, entry, schema);
    else if (member) {
      const profile = schema.profiles.get(member.action_profile_id ?? 0);
      if (profile) within(document.profiles, profile.name, 'members')[member.member_id ?? 0] = callOf(decodeAction(profile, member.action));
    } else if (group) {
      const profile = schema.profiles.get(group.action_profile_id ?? 0);
      if (profile) within(document.profiles, profile.name, 'groups')[group.group_id ?? 0] = decodeMembers(group);
    } else if (multicast) document.multicast[multicast.multicast_group_id ?? 0] = decodeReplicas(multicast.replicas);
    else if (clone) {
      document.cloneSessions[clone.session_id ?? 0] = { replicas: decodeReplicas(clone.replicas), ...decodeCloneOptions(clone) };
    } else addCell(document, entity, schema);
  }
  return plain(Object.fromEntries(Object.entries(document).filter(([, part]) => Object.keys(part).length > 0)));
}

type CellParts = Readonly<Record<'meters' | 'counters' | 'registers' | 'valueSets', Plain>>;

function addCell(parts: CellParts, entity: Entity, schema: ControlSchema): void {
  const { meter_entry: meter, counter_entry: counter, register_entry: register, value_set_entry: valueSet } = entity;
  const cell = ({ index }: { readonly index?: Index }): string => String(index?.index ?? 0n);
  if (meter) {
    const cells = within(parts.meters, schema.meters.get(meter.meter_id ?? 0)?.name ?? '');
    if (meter.config) cells[cell(meter)] = decodeRates(meter.config);
  } else if (counter) {
    const { packet_count: packets = 0n, byte_count: bytes = 0n } = counter.data ?? {};
    within(parts.counters, schema.counters.get(counter.counter_id ?? 0)?.name ?? '')[cell(counter)] = { packets, bytes };
  } else if (register) {
    const known = schema.registers.get(register.register_id ?? 0);
    if (known) within(parts.registers, known.name)[cell(register)] = decodeData(register.data, known.cell);
  } else if (valueSet) {
    const { name = '', keys = [] } = schema.valueSets.get(valueSet.value_set_id ?? 0) ?? {};
    parts.valueSets[name] = (valueSet.members ?? []).map(({ match = [] }) => {
      const values = keys.map((key) => {
        const given = match.find((m) => m.field_id === key.id);
        return matchValue(fromMatch(given, key) ?? '_', key);
      });
      return values.length === 1 ? values[0] : values;
    });
  }
}

function addEntry(tables: Plain, entry: TableEntry, schema: ControlSchema): void {
  const table = schema.tables.get(entry.table_id ?? 0);
  if (!table) return;
  tables[table.name] ??= { entries: [] };
  const place = tables[table.name] as { default?: unknown; entries: unknown[] };
  if (entry.is_default_action) place.default = callOf(decodeAction(table, entry.action?.action));
  else place.entries.push(entryOf(table, entry));
}

function entryOf(table: TableSchema, entry: TableEntry): Plain {
  const { match, priority, action, meter, idleTimeoutNs, metadata } = decodeEntry(table, entry);
  const keys = table.keys.flatMap((key) => (match[key.name] === undefined ? [] : [[key.name, matchValue(match[key.name], key)] as const]));
  return {
    match: Object.fromEntries(keys),
    ...(priority === undefined ? {} : { priority }),
    ...actionOf(action),
    ...(meter ? { meter } : {}),
    ...(idleTimeoutNs ? { idleTimeoutNs } : {}),
    ...(metadata ? { metadata: fromUtf8(metadata) } : {}),
  };
}

const matchValue = (value: unknown, key: KeyForm): unknown => (typeof value === 'object' ? matchText(value, key) : value);

function actionOf(action: ReadEntry['action']): Plain {
  if ('call' in action) return callOf(action);
  if (!('set' in action)) return { ...action };
  const { set, ...options } = action;
  return { actions: set.map(({ action: one, ...share }) => ({ ...callOf(one as ReadAction), ...share })), ...options };
}

const callOf = ({ call, args }: ReadAction): Plain => ({ action: call, ...(Object.keys(args).length > 0 ? { params: args } : {}) });

function within(parts: Plain, ...path: readonly string[]): Plain {
  return path.reduce((part, name) => {
    part[name] ??= {};
    return part[name] as Plain;
  }, parts);
}

/** Numbers beyond those that JSON carries exactly are text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]));
}
