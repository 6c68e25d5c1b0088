/** Writes the entities of a file of entries to a switch without them, first those that others refer to. */
import { DiagnosticError, diagnostic } from '../../compiler/support/diagnostics.js';
import { cellOf } from '../client/cells.js';
import { rankOf } from '../client/difference.js';
import { P4RuntimeError } from '../client/errors.js';
import type { RawSwitch } from '../client/switch.js';
import type { Update } from '../p4runtime/messages.js';
import type { LocatedEntity } from './entities.js';

/** @throws DiagnosticError with the place of each entity that the switch refuses; the others are written */
export async function applyEntries({ raw }: { readonly raw: RawSwitch }, entries: readonly LocatedEntity[]): Promise<void> {
  const steps = entries.map(({ entity, loc }) => {
    // Default actions and cells exist from the start: they are modified.
    const update: Update = { type: entity.table_entry?.is_default_action || cellOf(entity) ? 'MODIFY' : 'INSERT', entity };
    return { update, rank: rankOf({ kind: 'insert', update }, raw.schema), loc };
  });
  const refused = new Map<(typeof steps)[number], string>();
  for (const rank of [...new Set(steps.map((s) => s.rank))].sort((a, b) => a - b)) {
    const batch = steps.filter((s) => s.rank === rank);
    try {
      await raw.write(batch.map((s) => s.update));
    } catch (error) {
      if (!(error instanceof P4RuntimeError) || error.failures.length === 0) throw error;
      for (const { index, message } of error.failures) refused.set(batch[index] as (typeof steps)[number], message.replace(/\.$/, ''));
    }
  }
  if (refused.size === 0) return;
  throw new DiagnosticError(
    steps.flatMap((step) => {
      const why = refused.get(step);
      return why === undefined ? [] : [diagnostic('entry-refused', { why }, { loc: step.loc })];
    }),
  );
}
