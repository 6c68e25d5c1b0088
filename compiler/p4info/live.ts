/** What of a block can run at all: p4c tells the control plane of nothing else. */
import type { Block, Stmt } from '../ir/stmt.js';

/** The block without what stands behind an exit or a return, or below a condition that is literally false. */
export function live(block: Block): Block {
  const kept: Stmt[] = [];
  for (const stmt of block) {
    const reduced = reduce(stmt);
    kept.push(reduced);
    if (ends(reduced)) break;
  }
  return kept;
}

function reduce(stmt: Stmt): Stmt {
  switch (stmt.kind) {
    case 'if':
      if (stmt.cond.kind === 'bool') return { kind: 'block', body: live(stmt.cond.value ? stmt.then : (stmt.else ?? [])), loc: stmt.loc };
      return { ...stmt, then: live(stmt.then), ...(stmt.else ? { else: live(stmt.else) } : {}) };
    case 'block':
      return { ...stmt, body: live(stmt.body) };
    case 'switch':
      return { ...stmt, cases: stmt.cases.map((c) => ({ ...c, body: live(c.body) })) };
    case 'apply':
      return {
        ...stmt,
        ...(stmt.hit ? { hit: live(stmt.hit) } : {}),
        ...(stmt.miss ? { miss: live(stmt.miss) } : {}),
        ...(stmt.cases ? { cases: stmt.cases.map((c) => ({ ...c, body: live(c.body) })) } : {}),
      };
    default:
      return stmt;
  }
}

/** Whether nothing behind the statement runs. */
function ends(stmt: Stmt): boolean {
  switch (stmt.kind) {
    case 'exit':
    case 'return':
      return true;
    case 'if':
      return stmt.else !== undefined && stmt.then.some(ends) && stmt.else.some(ends);
    case 'block':
      return stmt.body.some(ends);
    default:
      return false;
  }
}
