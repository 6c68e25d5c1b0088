/** The entities of a switch as a file of entries, which can be applied again. */

import { stringify } from 'yaml';
import type { ControlObject, ControlSchema, HasActions, Objects, TableSchema } from '../../compiler/control/schema.js';
import { matchText } from '../../compiler/control/text.js';
import { decodeData } from '../client/data.js';
import { describeEntity } from '../client/describe.js';
import { decodeAction, decodeEntry } from '../client/entry.js';
import { decodeRates, type MeterRates } from '../client/meter.js';
import { decodeSetOptions } from '../client/one-shot.js';
import { decodeCloneOptions, decodeReplicas } from '../client/replication.js';
import { decodeShare } from '../client/share.js';
import { fromMatch } from '../client/values.js';
import type { Action, Entity, Index, TableEntry } from '../p4runtime/messages.js';

export type DumpFormat = 'text' | 'json' | 'yaml';

export function dumpEntities(entities: readonly Entity[], schema: ControlSchema, format: DumpFormat): string {
  if (format === 'text') return entities.map((entity) => `${describeEntity(entity, schema)}\n`).join('');
  const document = documentOf(entities, schema);
  if (format === 'json') return `${JSON.stringify(document, null, 2)}\n`;
  return stringify(document);
}

type Plain = Record<string, unknown>;

function documentOf(entities: readonly Entity[], schema: ControlSchema): Plain {
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
      within(document.profiles, profile?.name ?? '', 'members')[member.member_id ?? 0] = callOf(
        profile ?? { actions: new Map() },
        member.action,
      );
    } else if (group) {
      const path = schema.profiles.get(group.action_profile_id ?? 0)?.name ?? '';
      within(document.profiles, path, 'groups')[group.group_id ?? 0] = (group.members ?? []).map(({ member_id = 0, ...share }) => ({
        member: member_id,
        ...decodeShare(share),
      }));
    } else if (multicast) document.multicast[multicast.multicast_group_id ?? 0] = decodeReplicas(multicast.replicas);
    else if (clone) {
      document.cloneSessions[clone.session_id ?? 0] = { replicas: decodeReplicas(clone.replicas), ...decodeCloneOptions(clone) };
    } else addCell(document, entity, schema);
  }
  return Object.fromEntries(Object.entries(document).filter(([, part]) => Object.keys(part).length > 0));
}

type CellParts = Readonly<Record<'meters' | 'counters' | 'registers' | 'valueSets', Plain>>;

function addCell(parts: CellParts, entity: Entity, schema: ControlSchema): void {
  const { meter_entry: meter, counter_entry: counter, register_entry: register, value_set_entry: valueSet } = entity;
  const place = (part: Plain, among: Objects<ControlObject>, id: number | undefined): Plain => {
    const path = among.get(id ?? 0)?.name ?? '';
    part[path] ??= {};
    return part[path] as Plain;
  };
  const cell = ({ index }: { readonly index?: Index }): string => String(index?.index ?? 0n);
  if (meter) {
    const cells = place(parts.meters, schema.meters, meter.meter_id);
    if (meter.config) cells[cell(meter)] = ratesOf(decodeRates(meter.config));
  } else if (counter) {
    const { packet_count = 0n, byte_count = 0n } = counter.data ?? {};
    place(parts.counters, schema.counters, counter.counter_id)[cell(counter)] = { packets: plain(packet_count), bytes: plain(byte_count) };
  } else if (register) {
    const { cell: form } = schema.registers.get(register.register_id ?? 0) ?? {};
    if (form) place(parts.registers, schema.registers, register.register_id)[cell(register)] = plainData(decodeData(register.data, form));
  } else if (valueSet) {
    const { name = '', keys = [] } = schema.valueSets.get(valueSet.value_set_id ?? 0) ?? {};
    parts.valueSets[name] = (valueSet.members ?? []).map(({ match = [] }) => {
      const values = keys.map((key) => {
        const value = fromMatch(
          match.find((m) => m.field_id === key.id),
          key,
        );
        return value === undefined ? '_' : plain(typeof value === 'object' ? matchText(value, key) : value);
      });
      return values.length === 1 ? values[0] : values;
    });
  }
}

function plainData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainData);
  if (typeof value !== 'object' || value === null) return plain(value);
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainData(inner)]));
}

const ratesOf = (rates: MeterRates | undefined): Plain =>
  Object.fromEntries(Object.entries(rates ?? {}).map(([name, value]) => [name, plain(value)]));

function addEntry(tables: Plain, entry: TableEntry, schema: ControlSchema): void {
  const table = schema.tables.get(entry.table_id ?? 0);
  if (!table) return;
  tables[table.name] ??= { entries: [] };
  const place = tables[table.name] as { default?: unknown; entries: unknown[] };
  if (entry.is_default_action) place.default = callOf(table, entry.action?.action);
  else place.entries.push(entryOf(table, entry));
}

function entryOf(table: TableSchema, entry: TableEntry): Plain {
  const { match, priority, meter, idleTimeoutNs, metadata } = decodeEntry(table, entry);
  const keys = table.keys.flatMap((key) => {
    const value = match[key.name];
    return value === undefined ? [] : [[key.name, plain(typeof value === 'object' ? matchText(value, key) : value)] as const];
  });
  return {
    match: Object.fromEntries(keys),
    ...(priority === undefined ? {} : { priority }),
    ...actionOf(table, entry),
    ...(meter ? { meter: ratesOf(meter) } : {}),
    ...(idleTimeoutNs ? { idleTimeoutNs: plain(idleTimeoutNs) } : {}),
    ...(metadata ? { metadata: new TextDecoder().decode(metadata) } : {}),
  };
}

function actionOf(table: TableSchema, { action }: TableEntry): Plain {
  const { action_profile_member_id: member, action_profile_group_id: group, action_profile_action_set: set } = action ?? {};
  if (member) return { member };
  if (group) return { group };
  if (!set) return callOf(table, action?.action);
  const actions = (set.action_profile_actions ?? []).map(({ action: one, ...share }) => ({
    ...callOf(table, one),
    ...decodeShare(share),
  }));
  return { actions, ...decodeSetOptions(set) };
}

function callOf(actions: HasActions, given: Action | undefined): Plain {
  const { call, args } = decodeAction(actions, given);
  const params = Object.entries(args).map(([name, value]) => [name, plain(value)]);
  return { action: call, ...(params.length > 0 ? { params: Object.fromEntries(params) } : {}) };
}

function within(parts: Plain, path: string, kind: string): Plain {
  parts[path] ??= {};
  const part = parts[path] as Plain;
  part[kind] ??= {};
  return part[kind] as Plain;
}

/** Numbers that JSON does not carry exactly are text. */
const plain = (value: unknown): unknown =>
  typeof value === 'bigint' ? (value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value)) : value;
