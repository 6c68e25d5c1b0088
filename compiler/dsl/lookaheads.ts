/**
 * Lookaheads of a parser state: each is a variable that is set where the user calls it (P4-16 §12.8.3). Where all of
 * its uses come before the packet moves on, they are printed as the lookahead itself, as people write it.
 */
import type { Transition } from '../ir/decl.js';
import type { Expr as Ir } from '../ir/expr.js';
import type { Stmt } from '../ir/stmt.js';
import { Rewriter, update, visiting } from '../ir/visit.js';

export type Lookahead = Extract<Stmt, { kind: 'declare' }> & { readonly init: Ir };

/** The state without the variables that it does not need. */
export function inlineLookaheads(
  body: readonly Stmt[],
  transition: Transition | undefined,
  lookaheads: readonly Lookahead[],
): [readonly Stmt[], Transition | undefined] {
  const inlined = new Map(lookaheads.filter((l) => !isUsedLater(l, body, transition)).map((l) => [l.name, l]));
  if (inlined.size === 0) return [body, transition];
  const rewriter = new Rewriter({
    expr: (expr) => {
      const lookahead = expr.kind === 'name' ? inlined.get(expr.name) : undefined;
      return lookahead ? update(lookahead.init, { loc: expr.loc }) : expr;
    },
  });
  const kept = body.filter((stmt) => !(stmt.kind === 'declare' && inlined.get(stmt.name) === stmt));
  return [rewriter.block(kept), transition && rewriter.transition(transition)];
}

/** Whether something uses the variable after the packet moved on. */
function isUsedLater(lookahead: Lookahead, body: readonly Stmt[], transition: Transition | undefined): boolean {
  let moved = false;
  let used = false;
  const visitor = visiting({
    expr: (expr) => {
      if (moved && expr.kind === 'name' && expr.name === lookahead.name) used = true;
    },
  });
  for (const stmt of body.slice(body.indexOf(lookahead) + 1)) {
    visitor.block([stmt]);
    moved ||= moves(stmt);
  }
  if (transition) visitor.transition(transition);
  return used;
}

/** Whether the statement takes something from the packet, itself or in a subparser. */
const moves = (stmt: Stmt): boolean =>
  stmt.kind === 'call' &&
  (stmt.callee.kind === 'block' || (stmt.callee.kind === 'method' && ['extract', 'advance'].includes(stmt.callee.method)));
