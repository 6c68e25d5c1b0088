/** One entity of a Read: a filter, and the entities that it selects (P4Runtime, "Read RPC" and "Wildcard Reads"). */

import type { DataPlane } from '../data-plane/messages.js';
import type { Entity, ExternEntry } from '../p4runtime/messages.js';
import type { Digests } from './digests.js';
import { mapped } from './lazy-iterables.js';
import { externOf } from './lookup.js';
import { readCounters, readMeters, readRegisters } from './read-cells.js';
import { readDirectCounters, readDirectMeters } from './read-direct.js';
import { readMembers, readSelectorGroups } from './read-profile.js';
import { readReplication } from './read-replication.js';
import { readTables } from './read-table.js';
import { readValueSets } from './read-value-set.js';
import type { Schema } from './schema.js';
import type { Store } from './store.js';
import { entityKind } from './write.js';

export interface ReadContext {
  readonly schema: Schema;
  readonly store: Store;
  readonly digests: Digests;
  readonly dataPlane: DataPlane;
  readonly nowNs: bigint;
}

/** @throws Refusal */
export async function readEntity(context: ReadContext, entity: Entity): Promise<Iterable<Entity>> {
  const kind = entityKind(entity);
  switch (kind) {
    case 'table_entry':
      return mapped(await readTables(context, entity.table_entry ?? {}), (table_entry) => ({ table_entry }));
    case 'counter_entry':
      return (await readCounters(context, entity.counter_entry ?? {})).map((counter_entry) => ({ counter_entry }));
    case 'direct_counter_entry':
      return (await readDirectCounters(context, entity.direct_counter_entry ?? {})).map((direct_counter_entry) => ({
        direct_counter_entry,
      }));
    case 'meter_entry':
      return (await readMeters(context, entity.meter_entry ?? {})).map((meter_entry) => ({ meter_entry }));
    case 'direct_meter_entry':
      return (await readDirectMeters(context, entity.direct_meter_entry ?? {})).map((direct_meter_entry) => ({ direct_meter_entry }));
    case 'register_entry':
      return (await readRegisters(context, entity.register_entry ?? {})).map((register_entry) => ({ register_entry }));
    case 'action_profile_member':
      return readMembers(context, entity.action_profile_member ?? {}).map((action_profile_member) => ({ action_profile_member }));
    case 'action_profile_group':
      return readSelectorGroups(context, entity.action_profile_group ?? {}).map((action_profile_group) => ({ action_profile_group }));
    case 'packet_replication_engine_entry':
      return readReplication(context.store, entity.packet_replication_engine_entry ?? {}).map((packet_replication_engine_entry) => ({
        packet_replication_engine_entry,
      }));
    case 'value_set_entry':
      return readValueSets(context, entity.value_set_entry ?? {}).map((value_set_entry) => ({ value_set_entry }));
    case 'digest_entry':
      return context.digests.read(entity.digest_entry ?? {}).map((digest_entry) => ({ digest_entry }));
    case 'extern_entry':
      return readExterns(context, entity.extern_entry ?? {});
  }
}

/** A read of all externs of all types gives nothing. */
const readExterns = ({ schema }: ReadContext, filter: ExternEntry): Entity[] =>
  filter.extern_type_id || filter.extern_id ? externOf(schema, filter) : [];
