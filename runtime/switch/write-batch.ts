/** A Write: its updates one after the other, and what becomes of them when some are refused (P4Runtime, "Batch Atomicity"). */

import type { StateUpdate } from '../data-plane/messages.js';
import type { Atomicity, Entity, P4Error, Update } from '../p4runtime/messages.js';
import { StatusError } from '../p4runtime/status.js';
import type { Loaded } from './loaded-pipeline.js';
import { asRefusal, type Refusal, refusal, refuse } from './refusals.js';
import { applyUpdate } from './write.js';

export interface Batch {
  readonly updates: Iterable<Update>;
  readonly atomicity: Atomicity;
  /** @throws Refusal when the writer has no right to the entity */
  checkRight(entity: Entity): void;
}

/**
 * Each update is all or nothing. The data plane gets those that were accepted in one request, between two packets, so that
 * one way of doing it serves both modes of all or nothing. Returns the refusal of each update that was refused.
 */
export async function writeBatch(loaded: Loaded, { updates, atomicity, checkRight }: Batch, nowNs: bigint): Promise<Results> {
  checkAtomicity(atomicity);
  const { schema, store, digests } = loaded;
  const context = { schema, store, digests, nowNs };
  const { journal } = store;
  const changes: StateUpdate[] = [];
  try {
    let results: (Refusal | undefined)[] = [];
    for (const update of updates) {
      const mark = journal.mark;
      try {
        checkRight(update.entity ?? {});
        for (const change of applyUpdate(context, update)) changes.push(change);
        results.push(undefined);
      } catch (error) {
        journal.rollback(mark);
        results.push(asRefusal(error));
      }
    }
    if (atomicity !== 'CONTINUE_ON_ERROR' && results.some((r) => r !== undefined)) {
      journal.rollback();
      changes.length = 0;
      results = results.map((result) => result ?? refusal('undone', {}));
    }
    if (changes.length > 0) await loaded.dataPlane.request('write', { updates: changes, nowNs });
    return results;
  } catch (error) {
    journal.rollback();
    throw error;
  } finally {
    journal.forget();
  }
}

/** What was refused, at the places of the elements of a batch. */
export type Results = readonly (Refusal | undefined)[];

function checkAtomicity(atomicity: Atomicity): void {
  switch (atomicity) {
    case 'CONTINUE_ON_ERROR':
    case 'ROLLBACK_ON_ERROR':
    case 'DATAPLANE_ATOMIC':
      return;
    default:
      refuse('unknown-value', { what: 'atomicity', value: atomicity });
  }
}

/** One error for each element of the batch, unless all succeeded ("Error Reporting"). */
export function throwBatch(results: Results, what: 'update' | 'read'): void {
  const failed = results.filter((r) => r !== undefined);
  if (failed.length === 0) return;
  const errors = results.map((r): P4Error => r?.toP4Error() ?? { canonical_code: 0 });
  // The elements that were only undone say nothing of the reason.
  const mistakes = failed.filter((r) => r.code !== 'ABORTED');
  const count = results.length === 1 ? `the ${what} was refused` : `${mistakes.length} of ${results.length} ${what}s were refused`;
  const rest = mistakes.length < failed.length ? ', so that none was done' : '';
  throw new StatusError('UNKNOWN', `${count}${rest}: ${mistakes[0]?.message}`, errors);
}
