/** What the check of headers' validity knows of a parser and of actions before it follows their paths. */
import type { ParserDecl } from '../../ir/decl.js';
import { printExpr } from '../../ir/print.js';
import type { Type } from '../../ir/types.js';
import { visiting } from '../../ir/visit.js';
import type { Environment } from './environment.js';
import { inOrder } from './parsers.js';

/**
 * Numbers of the headers of a struct, by their names. The later a parser extracts a header, the higher its number: high
 * numbers are on top of diagrams, where the change of a header costs least. Headers that it never extracts are the highest.
 */
export function numberedHeaders(env: Environment, struct: Type | undefined, parser: ParserDecl): ReadonlyMap<string, number> {
  const fields = (struct && env.fields(struct)) ?? [];
  const headers = new Set(fields.filter((f) => env.isHeader(f.type)).map((f) => f.name));
  const extracted = new Set<string>();
  const visitor = visiting({
    expr: (expr) => {
      if (expr.kind === 'field') extracted.add(expr.name);
    },
  });
  for (const state of inOrder(new Map(parser.states.map((s) => [s.name, s])))) visitor.block(state.body);
  const early = [...extracted].filter((name) => headers.has(name));
  return new Map([...new Set([...early, ...headers])].map((name, i) => [name, i]));
}

/** The fields that the parser selects on, as printed; undefined where it looks ahead. */
export function selectedFields(parser: ParserDecl): Set<string> | undefined {
  const selected = new Set<string>();
  let lookahead = false;
  const visitor = visiting({
    expr: (expr) => {
      if (expr.kind === 'field') selected.add(printExpr(expr));
      if (expr.kind === 'lookahead') lookahead = true;
    },
  });
  for (const { transition } of parser.states) if (transition.kind === 'select') transition.on.forEach(visitor.expr);
  return lookahead ? undefined : selected;
}
