/** Where the entries that packets hit are written: in a file of entries, or in the program. */
import { visibleBlocks } from '../compiler/analysis/visible-blocks.js';
import { initialTables } from '../compiler/control/initial-tables.js';
import type { ControlSchema, TableSchema } from '../compiler/control/schema.js';
import type { Program } from '../compiler/ir/index.js';
import { fromBytes } from '../compiler/support/bits.js';
import type { Loc } from '../compiler/support/location.js';
import type { ApplyEvent, TraceMatch } from '../runtime/data-plane/trace.js';
import type { LocatedEntity } from '../runtime/entries/entities.js';
import { traceMatch } from '../runtime/interpreter/tracer.js';
import type { FieldMatch, TableEntry } from '../runtime/p4runtime/messages.js';

export function entryPlaces(
  program: Program,
  schema: ControlSchema,
  written: readonly LocatedEntity[],
): (lookup: ApplyEvent) => Loc | undefined {
  const places = new Map<string, Loc>();
  const initial = initialTables(program);
  for (const { children } of visibleBlocks(program))
    for (const child of children) {
      if (child.kind !== 'table') continue;
      for (const [i, { matches, priority }] of initial.get(child.name)?.entries.entries() ?? []) {
        const loc = child.decl.entries?.[i]?.loc;
        if (loc) places.set(textOf(child.name, priority, matches.map(traceMatch)), loc);
      }
    }
  for (const { entity, loc } of written) {
    const { table_entry: entry } = entity;
    const table = entry && schema.tables.get(entry.table_id ?? 0);
    if (table && !entry.is_default_action) places.set(textOf(table.name, entry.priority ?? 0, matchesOf(table, entry)), loc);
  }
  return ({ table, priority = 0, keys }) =>
    places.get(
      textOf(
        table,
        priority,
        keys.map(({ entry }) => entry ?? { kind: 'any' }),
      ),
    );
}

/** The same text for the same entry. */
const textOf = (table: string, priority: number, matches: readonly TraceMatch[]): string => JSON.stringify([table, priority, matches]);

const matchesOf = (table: TableSchema, { match = [] }: TableEntry): TraceMatch[] =>
  table.keys.map(({ id }) => {
    const field = match.find(({ field_id }) => field_id === id);
    return field ? matchOf(field) : { kind: 'any' };
  });

function matchOf({ exact, optional, lpm, ternary, range }: FieldMatch): TraceMatch {
  if (exact) return { kind: 'exact', value: decimal(exact.value) };
  if (optional) return { kind: 'optional', value: decimal(optional.value) };
  if (lpm) return { kind: 'lpm', value: decimal(lpm.value), prefixLength: lpm.prefix_len ?? 0 };
  if (ternary) return { kind: 'ternary', value: decimal(ternary.value), mask: decimal(ternary.mask) };
  if (range) return { kind: 'range', low: decimal(range.low), high: decimal(range.high) };
  return { kind: 'any' };
}

const decimal = (bytes: Uint8Array = new Uint8Array()): string => `${fromBytes(bytes)}`;
