/**
 * One update of a Write: checked, put into the store, and told as changes of the data plane. An update that is refused
 * changes nothing.
 */
import type { Entity, EntityKind, Update } from '../p4runtime/messages.js';
import type { StateUpdate } from './messages.js';
import { refuse } from './refusals.js';
import type { Schema } from './schema.js';
import type { Store } from './store.js';
import { writeCounter, writeDirectCounter } from './write-counter.js';
import { writeReplication } from './write-multicast.js';
import { writeTableEntry } from './write-table.js';

export type WriteType = 'INSERT' | 'MODIFY' | 'DELETE';
export interface WriteContext {
  readonly schema: Schema;
  readonly store: Store;
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
    case 'packet_replication_engine_entry':
      return writeReplication(context, type, entity.packet_replication_engine_entry ?? {});
    default:
      return refuse('not-supported', { what: `writing ${kind}` });
  }
}

/** Which of the kinds of entities it is. */
export function entityKind(entity: Entity): EntityKind {
  const kind = Object.entries(entity).find(([, value]) => value !== undefined)?.[0];
  if (kind === undefined) return refuse('nothing-set', { what: 'the entity' });
  return kind as EntityKind;
}
