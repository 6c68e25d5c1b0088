/** RECONCILE_AND_COMMIT: what one pipeline holds is written to the next. Levels of meters, their counts by colour and idle times begin anew. */
import { toHex } from '../../compiler/support/bytes.js';
import type { CounterData, Entity, P4Data, TableEntry, Update, UpdateType } from '../p4runtime/messages.js';
import type { Loaded } from './loaded-pipeline.js';
import { decodeKey, encodeKey } from './match.js';
import { readEntity } from './read.js';
import { Refusal, refuse } from './refusals.js';
import type { TableSchema } from './schema.js';
import { writeBatch } from './write-batch.js';

/** @throws Refusal INVALID_ARGUMENT when something does not fit the next pipeline */
export async function carryOver(from: Loaded, to: Loaded, nowNs: bigint): Promise<void> {
  const read = async (entity: Entity): Promise<Entity[]> => [...(await readEntity({ ...from, nowNs }, entity))];
  const all = async (type: UpdateType, filter: Entity, isWanted: (entity: Entity) => boolean = () => true): Promise<Update[]> =>
    (await read(filter)).filter(isWanted).map((entity) => ({ type, entity }));
  const steps = [
    await all('INSERT', { action_profile_member: {} }),
    await all('INSERT', { action_profile_group: {} }),
    await all('INSERT', { packet_replication_engine_entry: { multicast_group_entry: {} } }),
    await all('INSERT', { packet_replication_engine_entry: { clone_session_entry: {} } }),
    (await Promise.all([...from.schema.tables.values()].map((table) => tableUpdates(from, to, table, read)))).flat(),
    await all('MODIFY', { counter_entry: {} }, (e) => !isZeroCount(e.counter_entry?.data)),
    await all('MODIFY', { meter_entry: {} }, (e) => e.meter_entry?.config !== undefined),
    await all('MODIFY', { register_entry: {} }, await cellsToWrite(to, nowNs)),
    await all('MODIFY', { value_set_entry: {} }, (e) => (e.value_set_entry?.members?.length ?? 0) > 0),
    await all('INSERT', { digest_entry: {} }),
  ];
  const results = await writeBatch(to, { updates: steps.flat(), atomicity: 'ROLLBACK_ON_ERROR', checkRight: () => undefined }, nowNs);
  const refused = results.find((r) => r !== undefined && r.code !== 'ABORTED');
  if (refused) refuse('state-not-preserved', { why: refused.message });
}

/** Cells that the next pipeline does not begin with; those that it does not have are missed where they are not zero. */
async function cellsToWrite(to: Loaded, nowNs: bigint): Promise<(entity: Entity) => boolean> {
  const key = ({ register_entry: e }: Entity): string => `${e?.register_id} ${e?.index?.index}`;
  const initial = new Map([...(await readEntity({ ...to, nowNs }, { register_entry: {} }))].map((e) => [key(e), dataText(e)]));
  return (entity) => {
    const begins = initial.get(key(entity));
    return begins === undefined ? !isZeroData(entity.register_entry?.data) : begins !== dataText(entity);
  };
}

const dataText = ({ register_entry: entry }: Entity): string =>
  JSON.stringify(entry?.data, (_, value) => (value instanceof Uint8Array ? toHex(value) : value));

/** In the next pipeline the table holds what it holds now, not what the program declares, except for what is constant. */
async function tableUpdates(from: Loaded, to: Loaded, table: TableSchema, read: (entity: Entity) => Promise<Entity[]>): Promise<Update[]> {
  const table_id = table.id;
  const held = (await read({ table_entry: { table_id } })).flatMap((e) => e.table_entry ?? []);
  const next = to.schema.tables.get(table_id);
  const update = (type: UpdateType, entity: Entity): Update => ({ type, entity });
  const declared = new Map(next ? [...to.store.entries(next)].map((entry) => [entry, false]) : []);
  const updates = held.map(({ is_const, ...table_entry }): Update | undefined => {
    const known = next && knownIn(to, next, table_entry);
    if (known) declared.set(known, true);
    return is_const ? undefined : update(known ? 'MODIFY' : 'INSERT', { table_entry });
  });
  const gone = [...declared].filter(([entry, isHeld]) => !isHeld && !entry.isConst).map(([entry]) => entry);
  const removals = gone.flatMap((entry) => next && update('DELETE', { table_entry: encodeKey(next, entry) }));
  const byDefault: TableEntry = { table_id, is_default_action: true };
  const defaults = from.store.writtenDefault(table) ? await read({ table_entry: byDefault }) : [];
  // By themselves: the action of an entry need not run them.
  const counters = async (table_entry: TableEntry) =>
    (table.hasCounter ? await read({ direct_counter_entry: { table_entry } }) : []).filter(
      (e) => !isZeroCount(e.direct_counter_entry?.data),
    );
  const meters = async (table_entry: TableEntry) =>
    (table.meter ? await read({ direct_meter_entry: { table_entry } }) : []).filter((e) => e.direct_meter_entry?.config !== undefined);
  const stays = ({ direct_counter_entry: counter, direct_meter_entry: meter }: Entity): boolean => {
    const entry = counter?.table_entry ?? meter?.table_entry ?? {};
    return !knownIn(from, table, entry)?.isConst || (next !== undefined && knownIn(to, next, entry)?.isConst === true);
  };
  const resources = [
    ...[...(await counters({ table_id })), ...(await meters({ table_id }))].filter(stays),
    // A count of misses is no reason to keep a table.
    ...(next?.hasCounter ? await counters(byDefault) : []),
    ...(await meters(byDefault)),
  ];
  return [...removals, ...updates, ...[...defaults, ...resources].map((entity) => update('MODIFY', entity))].filter((u) => u !== undefined);
}

function knownIn(loaded: Loaded, table: TableSchema, entry: TableEntry) {
  try {
    return loaded.store.find(table, decodeKey(table, entry));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // A key that does not fit is refused when the entry is written.
    return undefined;
  }
}

const isZeroCount = (data: CounterData | undefined): boolean => (data?.packet_count ?? 0n) === 0n && (data?.byte_count ?? 0n) === 0n;

const isZeroData = (data: P4Data | undefined): boolean => {
  const bytes = data?.bitstring ?? data?.enum_value;
  if (bytes) return bytes.every((byte) => byte === 0);
  const headers = [data?.header, data?.header_union?.valid_header, ...(data?.header_stack?.entries ?? [])];
  const unions = (data?.header_union_stack?.entries ?? []).map((e) => e.valid_header);
  if ([...headers, ...unions].some((header) => header?.is_valid)) return false;
  return !data?.bool && (data?.struct ?? data?.tuple)?.members?.every(isZeroData) !== false;
};
