/** Several updates in one request, of which all are carried out or none where that is asked for. */
import type { ControlSchema } from '../../compiler/control/schema.js';
import type { Atomicity, Entity, Update } from '../p4runtime/messages.js';
import { describeEntity } from './describe.js';
import type { Desired } from './desired.js';
import { identityOf, keyOf } from './difference.js';
import { P4RuntimeError } from './errors.js';
import type { Requests } from './requests.js';

/** One kind of update for some entities. */
export type BatchStep = { readonly insert: Desired } | { readonly modify: Desired } | { readonly delete: Desired };

export interface BatchOptions {
  /**
   * What becomes of the updates when one of them is refused: the others are carried out ('continue', where it is not
   * said), or none ('rollback'), or none and no packet sees any of them before all ('dataplane').
   */
  readonly atomicity?: 'continue' | 'rollback' | 'dataplane';
  /** Where the switch cannot roll back, such as BMv2, the client does: it writes back what it read before. */
  readonly emulate?: boolean;
}

const atomicities: Readonly<Record<NonNullable<BatchOptions['atomicity']>, Atomicity>> = {
  continue: 'CONTINUE_ON_ERROR',
  rollback: 'ROLLBACK_ON_ERROR',
  dataplane: 'DATAPLANE_ATOMIC',
};

/** @throws P4RuntimeError naming each update that the switch refuses */
export async function writeBatch(
  updates: readonly Update[],
  options: BatchOptions,
  schema: ControlSchema,
  requests: Requests,
): Promise<void> {
  const { atomicity = 'continue', emulate = false } = options;
  const describe = (i: number): string => {
    const { type = 'INSERT', entity = {} } = updates[i] ?? {};
    return `${type.toLowerCase()} ${describeEntity(entity, schema)}`;
  };
  if (atomicity === 'continue') return requests.writeAll(updates, describe);
  try {
    await requests.writeWhole(updates, describe, atomicities[atomicity]);
  } catch (error) {
    if (!emulate || atomicity !== 'rollback' || !(error instanceof P4RuntimeError) || error.code !== 'UNIMPLEMENTED') throw error;
    await emulateRollback(updates, describe, requests);
  }
}

async function emulateRollback(updates: readonly Update[], describe: (i: number) => string, requests: Requests): Promise<void> {
  const before = new Map<string, Entity>();
  for (const { entity = {} } of updates) {
    for (const one of await present(entity, requests)) before.set(keyOf(one), one);
  }
  try {
    await requests.writeAll(updates, describe);
  } catch (error) {
    const refused = new Set(error instanceof P4RuntimeError ? error.failures.map((f) => f.index) : []);
    const undo = updates.flatMap((update, i) => (refused.has(i) ? [] : [inverse(update, before)])).reverse();
    await requests.writeAll(undo, (i) => `undo: ${undo[i]?.type?.toLowerCase()}`);
    throw error;
  }
}

async function present(entity: Entity, requests: Requests): Promise<Entity[]> {
  const found: Entity[] = [];
  const { table_entry: entry } = identityOf(entity);
  const asked = entry
    ? { table_entry: { ...entry, ...(entity.table_entry?.meter_config ? { meter_config: {} } : {}) } }
    : identityOf(entity);
  try {
    for await (const one of requests.read('read what is to be changed', asked)) found.push(one);
  } catch (error) {
    if (!(error instanceof P4RuntimeError && error.code === 'NOT_FOUND')) throw error;
  }
  return found;
}

function inverse({ type, entity = {} }: Update, before: ReadonlyMap<string, Entity>): Update {
  const old = before.get(keyOf(entity));
  if (type === 'INSERT' || !old) return { type: 'DELETE', entity: identityOf(entity) };
  return { type: type === 'DELETE' ? 'INSERT' : 'MODIFY', entity: old };
}
