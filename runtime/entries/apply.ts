/** Writes what a file of entries says through a client of a switch, in the file's order. */
import { tableBrand } from '../../compiler/dsl/handles.js';
import { type Diagnostic, DiagnosticError, diagnostic } from '../../compiler/support/diagnostics.js';
import type { Loc } from '../../compiler/support/location.js';
import type { EntryInput } from '../client/entry.js';
import { P4RuntimeError } from '../client/errors.js';
import type { Switch } from '../client/switch.js';
import type { Statement } from './check.js';

/** Entries of one table that follow each other are written together, as many as one request carries. */
const batchSize = 100;

interface UntypedTable {
  insert(...entries: EntryInput[]): Promise<void>;
  setDefault(action: object): Promise<void>;
}

/** @throws DiagnosticError with the line of each statement that the switch refuses; the others are written */
export async function applyEntries(sw: Switch<any>, statements: readonly Statement[]): Promise<void> {
  const table = (path: string): UntypedTable => sw.table({ [tableBrand]: { path, name: path } } as never) as never;
  const refused: Diagnostic[] = [];
  for (const group of batches(statements)) {
    const [first] = group as [Statement];
    try {
      if (first.kind === 'entry') {
        await table(first.table).insert(...group.flatMap((s) => (s.kind === 'entry' ? [s.input] : [])));
      } else if (first.kind === 'default') await table(first.table).setDefault(first.action);
      else await sw.multicast(first.group).set(first.ports.map((port) => ({ port })));
    } catch (error) {
      if (!(error instanceof P4RuntimeError)) throw error;
      const failures = error.failures.length > 0 ? error.failures : [{ index: 0, message: error.message }];
      refused.push(...failures.map(({ index, message }) => refusal(message, (group[index] ?? first).loc)));
    }
  }
  if (refused.length > 0) throw new DiagnosticError(refused);
}

const refusal = (message: string, loc: Loc): Diagnostic => diagnostic('entry-refused', { why: message.replace(/\.$/, '') }, { loc });

function batches(statements: readonly Statement[]): Statement[][] {
  const groups: Statement[][] = [];
  for (const statement of statements) {
    const last = groups.at(-1);
    const previous = last?.[0];
    const together = previous?.kind === 'entry' && statement.kind === 'entry' && previous.table === statement.table;
    if (last && together && last.length < batchSize) last.push(statement);
    else groups.push([statement]);
  }
  return groups;
}
