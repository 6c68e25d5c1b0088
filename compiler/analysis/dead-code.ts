/**
 * Which statements the control plane is told of. p4c removes dead code before it writes P4Info, by rules that see less than
 * a flow analysis does; these are the same rules, so that both tell of the same tables and actions.
 */
import type { Block, Stmt } from '../ir/stmt.js';

/** The block without the statements after an `exit` or a `return`, and without the branch of a literal condition that is not taken. */
export function withoutDeadCode(block: Block): Block {
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
      if (stmt.cond.kind === 'bool')
        return { kind: 'block', body: withoutDeadCode(stmt.cond.value ? stmt.then : (stmt.else ?? [])), loc: stmt.loc };
      return { ...stmt, then: withoutDeadCode(stmt.then), ...(stmt.else ? { else: withoutDeadCode(stmt.else) } : {}) };
    case 'block':
      return { ...stmt, body: withoutDeadCode(stmt.body) };
    case 'switch':
      return { ...stmt, cases: stmt.cases.map((c) => ({ ...c, body: withoutDeadCode(c.body) })) };
    case 'apply':
      return {
        ...stmt,
        ...(stmt.hit ? { hit: withoutDeadCode(stmt.hit) } : {}),
        ...(stmt.miss ? { miss: withoutDeadCode(stmt.miss) } : {}),
        ...(stmt.cases ? { cases: stmt.cases.map((c) => ({ ...c, body: withoutDeadCode(c.body) })) } : {}),
      };
    default:
      return stmt;
  }
}

/** Whether no statement after this one runs. */
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
