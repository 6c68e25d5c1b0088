/** Tables applied in several places: p4c gives a table one successor, so that the same must follow everywhere. */
import type { ControlDecl } from '../../compiler/ir/decl.js';
import type { ApplyStmt, Block, Stmt } from '../../compiler/ir/stmt.js';
import type { Diagnostics } from '../../compiler/support/diagnostics.js';

interface Place {
  readonly apply: ApplyStmt;
  /** The statement that follows, whatever comes of it; undefined at the end of the control. */
  readonly next: Stmt | undefined;
}

export function checkPlacesOfTables(control: ControlDecl, diagnostics: Diagnostics): void {
  const places = new Map<string, Place[]>();
  collect(control.body, undefined, (place) => places.set(place.apply.table, [...(places.get(place.apply.table) ?? []), place]));
  for (const [table, [first, ...others]] of places) {
    const other = others.find(
      (place) => place.next !== first?.next || dependsOnResult(place.apply) || (first && dependsOnResult(first.apply)),
    );
    if (!first || !other) continue;
    const notes = [{ message: `${table} is applied here too`, loc: first.apply.loc }];
    diagnostics.report(
      'p4c-refuses',
      { why: `it applies ${table} in two places, and goes on differently` },
      { loc: other.apply.loc, notes },
    );
  }
}

const dependsOnResult = (apply: ApplyStmt): boolean =>
  (apply.hit?.length ?? 0) > 0 || (apply.miss?.length ?? 0) > 0 || (apply.cases?.length ?? 0) > 0;

function collect(block: Block, after: Stmt | undefined, found: (place: Place) => void): void {
  for (const [i, stmt] of block.entries()) {
    const following = i + 1 < block.length ? block[i + 1] : after;
    const next = following?.kind === 'exit' || following?.kind === 'return' ? undefined : following;
    if (stmt.kind === 'apply') found({ apply: stmt, next });
    for (const inner of blocksOf(stmt)) collect(inner, stmt.kind === 'for' ? stmt : next, found);
  }
}

function blocksOf(stmt: Stmt): readonly Block[] {
  switch (stmt.kind) {
    case 'if':
      return [stmt.then, stmt.else ?? []];
    case 'apply':
      return [stmt.hit ?? [], stmt.miss ?? [], ...(stmt.cases ?? []).map((c) => c.body)];
    case 'switch':
      return stmt.cases.map((c) => c.body);
    case 'block':
    case 'for':
      return [stmt.body];
    default:
      return [];
  }
}
