/**
 * Lookaheads of a parser state: each is a variable that is set where the user calls it (P4-16 §12.8.3). Where all of
 * its uses come before the packet moves on, they are printed as the lookahead itself, as people write it.
 */
import type { StateDecl } from '../ir/decl.js';
import type { Expr as Ir } from '../ir/expr.js';
import type { Stmt } from '../ir/stmt.js';
import { Rewriter, update } from '../ir/visit.js';

export type Lookahead = Extract<Stmt, { kind: 'declare' }> & { readonly init: Ir };

/** The state without the variables of `lookaheads` that it does not need. */
export function inlineLookaheads(state: StateDecl, lookaheads: readonly Lookahead[]): StateDecl {
  const inlined = new Map(lookaheads.filter((l) => !isUsedLater(l, state)).map((l) => [l.name, l]));
  if (inlined.size === 0) return state;
  return new Rewriter({
    expr: (expr) => {
      const lookahead = expr.kind === 'name' ? inlined.get(expr.name) : undefined;
      return lookahead ? update(lookahead.init, { loc: expr.loc }) : expr;
    },
    stmt: (stmt) => (stmt.kind === 'declare' && inlined.has(stmt.name) ? [] : stmt),
  }).state(state);
}

/** Whether something may use the variable after the packet moved on. What one branch takes counts for the next ones too. */
function isUsedLater({ name }: Lookahead, state: StateDecl): boolean {
  let moved = false;
  let used = false;
  new Rewriter({
    before: {
      expr: (expr) => {
        if (moved && expr.kind === 'name' && expr.name === name) used = true;
      },
    },
    stmt: (stmt) => {
      if (stmt.kind === 'declare' && stmt.name === name) moved = false;
      else if (moves(stmt)) moved = true;
      return stmt;
    },
  }).state(state);
  return used;
}

/** Whether the statement takes something from the packet, itself or in a subparser. */
const moves = (stmt: Stmt): boolean =>
  stmt.kind === 'call' &&
  (stmt.callee.kind === 'block' || (stmt.callee.kind === 'method' && ['extract', 'advance'].includes(stmt.callee.method)));
