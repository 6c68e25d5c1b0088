/**
 * One update of a Write: checked, put into the store, and told as changes of the data plane. An update that is refused
 * changes nothing.
 */

import type { StateUpdate } from '../data-plane/messages.js';
import type { Entity, EntityKind, Update } from '../p4runtime/messages.js';
import type { Digests } from './digests.js';
import { externOf } from './lookup.js';
import { refuse } from './refusals.js';
import type { Schema } from './schema.js';
import type { Store } from './store.js';
import { writeCounter, writeDirectCounter } from './write-counter.js';
import { writeDirectMeter, writeMeter } from './write-meter.js';
import { writeMember, writeSelectorGroup } from './write-profile.js';
import { writeRegister } from './write-register.js';
import { writeReplication } from './write-replication.js';
import { writeTableEntry } from './write-table.js';
import { writeValueSet } from './write-value-set.js';

export type WriteType = 'INSERT' | 'MODIFY' | 'DELETE';
export interface WriteContext {
  readonly schema: Schema;
  readonly store: Store;
  readonly digests: Digests;
  /** When the updates are written, by the switch's clock. */
  readonly nowNs: bigint;
}

/** @throws Refusal */
export function applyUpdate(context: WriteContext, update: Update): StateUpdate[] {
  const { type } = update;
  if (type !== 'INSERT' && type !== 'MODIFY' && type !== 'DELETE') return refuse('nothing-set', { what: 'the type of the update' });
  const entity = update.entity ?? {};
  const kind = entityKind(entity);
  switch (kind) {
    case 'table_entry':
      return writeTableEntry(context, type, entity.table_entry ?? {});
    case 'counter_entry':
      return writeCounter(context, type, entity.counter_entry ?? {});
    case 'direct_counter_entry':
      return writeDirectCounter(context, type, entity.direct_counter_entry ?? {});
    case 'meter_entry':
      return writeMeter(context, type, entity.meter_entry ?? {});
    case 'direct_meter_entry':
      return writeDirectMeter(context, type, entity.direct_meter_entry ?? {});
    case 'register_entry':
      return writeRegister(context, type, entity.register_entry ?? {});
    case 'action_profile_member':
      return writeMember(context, type, entity.action_profile_member ?? {});
    case 'action_profile_group':
      return writeSelectorGroup(context, type, entity.action_profile_group ?? {});
    case 'packet_replication_engine_entry':
      return writeReplication(context, type, entity.packet_replication_engine_entry ?? {});
    case 'value_set_entry':
      return writeValueSet(context, type, entity.value_set_entry ?? {});
    case 'digest_entry':
      // The data plane tells all digests; which of them go on is not its business.
      context.digests.write(type, entity.digest_entry ?? {});
      return [];
    case 'extern_entry':
      return externOf(context.schema, entity.extern_entry ?? {});
  }
}

const entityKinds: Readonly<Record<EntityKind, true>> = {
  table_entry: true,
  counter_entry: true,
  direct_counter_entry: true,
  packet_replication_engine_entry: true,
  extern_entry: true,
  action_profile_member: true,
  action_profile_group: true,
  meter_entry: true,
  direct_meter_entry: true,
  value_set_entry: true,
  register_entry: true,
  digest_entry: true,
};

/** Which of the kinds of entities it is. What else an object has is unknown, as a field is that is sent: it says nothing. */
export function entityKind(entity: Entity): EntityKind {
  for (const kind in entity) if (Object.hasOwn(entityKinds, kind) && entity[kind as EntityKind] !== undefined) return kind as EntityKind;
  return refuse('nothing-set', { what: 'the entity' });
}
