/** A Write: its updates one after the other, and what becomes of them when some are refused (P4Runtime, "Batch Atomicity"). */

import type { StateUpdate } from '../data-plane/messages.js';
import type { Atomicity, Entity, P4Error, Update } from '../p4runtime/messages.js';
import { StatusError } from '../p4runtime/status.js';
import type { Loaded } from './loaded-pipeline.js';
import type { Change } from './references.js';
import { asRefusal, type Refusal, refusal, refuse } from './refusals.js';
import { applyUpdate, type WriteContext } from './write.js';

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
  const { journal, references } = store;
  const context = { schema, store, digests, nowNs };
  // References may need the updates again.
  const again = references ? [...updates] : updates;
  const refused = new Map<number, Refusal>();
  try {
    for (;;) {
      const { results, changes, held } = applyAll(context, again, checkRight, refused);
      if (atomicity !== 'CONTINUE_ON_ERROR' && results.some((r) => r !== undefined)) {
        journal.rollback();
        return results.map((result) => result ?? refusal('undone', {}));
      }
      const verdict = references?.check(held);
      if (!verdict || verdict.refused.size === 0) {
        if (changes.length > 0) await loaded.dataPlane.request('write', { updates: changes, nowNs });
        verdict?.accept();
        return results;
      }
      // Without those that are refused, others may refer to what is not there.
      for (const [i, why] of verdict.refused) refused.set(i, why);
      journal.rollback();
    }
  } catch (error) {
    journal.rollback();
    throw error;
  } finally {
    store.forget();
  }
}

/** What was refused, the changes of the data plane, and those of what may be referred to by each update. */
interface Applied {
  readonly results: Results;
  readonly changes: readonly StateUpdate[];
  readonly held: readonly (readonly Change[])[];
}

/** The updates one after the other, but for those that are refused already. */
function applyAll(
  context: WriteContext,
  updates: Iterable<Update>,
  checkRight: Batch['checkRight'],
  refused: ReadonlyMap<number, Refusal>,
): Applied {
  const { journal, changes: held } = context.store;
  const results: (Refusal | undefined)[] = [];
  const changes: StateUpdate[] = [];
  const ofUpdates: Change[][] = [];
  for (const update of updates) {
    const before = refused.get(results.length);
    const from = held.length;
    if (before) results.push(before);
    else {
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
    if (context.store.references) ofUpdates.push(held.slice(from));
  }
  return { results, changes, held: ofUpdates };
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
