/** The entries that a table begins with, against one another and against the table (P4-16 §14.2.1.4). */
import type { EntryDecl, TableDecl } from '../../ir/decl.js';
import { printKeySet } from '../../ir/print.js';
import type { Environment } from './environment.js';

const ranked = new Set(['ternary', 'range', 'optional']);

export function checkEntries(env: Environment, table: TableDecl): void {
  const { entries = [], size } = table;
  const [first] = entries;
  if (!first) return;
  if (table.properties?.some((p) => p.name === env.arch.attachments.profile))
    env.report('entries-indirect', { table: table.name }, first.loc);
  const beyond = size === undefined ? undefined : entries[size];
  const count = { table: table.name, size: size ?? 0, entries: entries.length };
  // P4 has no rule against it; p4c makes room for the entries.
  if (beyond) env.report(env.isP4 ? 'entries-above-size' : 'entries-too-many', count, beyond.loc);

  const needed = table.keys.some((key) => ranked.has(key.match));
  const seen = new Map<string, EntryDecl>();
  for (const entry of entries) {
    // In P4-16 an entry may have none: the order decides.
    if (env.arch.entryPriorities) checkPriority(env, table, entry, needed);
    const key = [entry.priority ?? '', ...entry.keys.map(printKeySet)].join(', ');
    const other = seen.get(key);
    if (other) {
      const notes = [{ message: 'the other one is here', loc: other.loc }];
      env.report('entry-duplicate', { table: table.name }, entry.loc, { notes });
    }
    seen.set(key, other ?? entry);
  }
}

function checkPriority(env: Environment, table: TableDecl, { priority, loc }: EntryDecl, needed: boolean): void {
  const at = table.name;
  if (needed !== (priority !== undefined && priority > 0)) env.report('entry-priority', { at, needed }, loc);
}
