/** The entries that a table begins with, against one another and against the table (P4-16 §14.2.1.4). */
import type { EntryDecl, TableDecl } from '../../ir/decl.js';
import type { KeySet } from '../../ir/expr.js';
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
    // In P4-16 an entry may have none.
    if (env.arch.entryPriorities) checkPriority(env, table, entry, needed);
    // Its place in the order is its priority, which no other has.
    if (needed && entry.priority === undefined) continue;
    const sets = entry.keys.map((set, i) => {
      const key = table.keys[i];
      const type = key && env.underlying(key.expr.type);
      return key && type?.kind === 'bit' ? matched(set, key.match, type.width) : printKeySet(set);
    });
    const key = [entry.priority ?? '', ...sets].join(', ');
    const other = seen.get(key);
    if (other) {
      const notes = [{ message: 'the other one is here', loc: other.loc }];
      env.report('entry-duplicate', { table: table.name }, entry.loc, { notes });
    }
    seen.set(key, other ?? entry);
  }
}

/** The set as text that is the same for all ways to write it: bits outside of a mask do not matter. */
function matched(set: KeySet, match: string, width: number): string {
  const all = (1n << BigInt(width)) - 1n;
  const between = (low: bigint, high: bigint): string => `${low & all}..${high & all}`;
  const under = (value: bigint, mask: bigint): string => `${value & mask & all} &&& ${mask & all}`;
  if (set.kind === 'range' && set.low.kind === 'const' && set.high.kind === 'const') return between(set.low.value, set.high.value);
  if (set.kind === 'mask' && set.value.kind === 'const' && set.mask.kind === 'const') return under(set.value.value, set.mask.value);
  if (set.kind === 'any') return match === 'range' ? between(0n, all) : under(0n, 0n);
  if (set.kind !== 'value' || set.value.kind !== 'const') return printKeySet(set);
  return match === 'range' ? between(set.value.value, set.value.value) : under(set.value.value, all);
}

function checkPriority(env: Environment, table: TableDecl, { priority, loc }: EntryDecl, needed: boolean): void {
  const at = table.name;
  if (needed !== (priority !== undefined && priority > 0)) env.report('entry-priority', { at, needed }, loc);
}
