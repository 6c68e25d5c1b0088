/** What the statements of parsers write, and which of it can happen after a given one. */
import type { ParserDecl, StateDecl } from '../../ir/decl.js';
import type { Expr } from '../../ir/expr.js';
import { type Place, placeOf, sharedPlace } from '../../ir/places.js';
import type { Block, Stmt } from '../../ir/stmt.js';
import { visiting } from '../../ir/visit.js';

export interface Write {
  readonly stmt: Stmt;
  /** Under names that all parsers share. */
  readonly place: Place;
}

/** What the states of all parsers write. */
export const allWrites = (parsers: readonly ParserDecl[]): readonly Write[] =>
  parsers.flatMap((parser) => parser.states.flatMap((state) => ownWrites(parser, state.body)));

/**
 * What can be written after the statement of that state, until the packet is parsed: in the states that it leads to, in
 * the parsers that they run, and in what comes where another parser ran this one.
 */
export function writesAfter(
  parsers: readonly ParserDecl[],
  parser: ParserDecl,
  state: StateDecl,
  stmt: Stmt,
  followed: Set<Stmt> = new Set(),
): readonly Write[] {
  followed.add(stmt);
  const rest = state.body.slice(state.body.indexOf(stmt) + 1);
  const here = [rest, ...statesBehind(parser, state).map((s) => s.body)].flatMap((block) => writesIn(parsers, parser, block, new Set()));
  const outside = parsers.flatMap((outer) =>
    outer.states.flatMap((around) =>
      around.body
        .filter((call) => runBy(parsers, outer, call) === parser && !followed.has(call))
        .flatMap((call) => writesAfter(parsers, outer, around, call, followed)),
    ),
  );
  return [...here, ...outside];
}

function statesBehind(parser: ParserDecl, state: StateDecl): readonly StateDecl[] {
  const reached = new Set<StateDecl>();
  const todo = [state];
  for (let from = todo.pop(); from; from = todo.pop()) {
    const { transition } = from;
    const next = transition.kind === 'goto' ? [transition.next] : transition.cases.map((c) => c.next);
    for (const to of parser.states.filter((s) => next.includes(s.name) && !reached.has(s))) {
      reached.add(to);
      todo.push(to);
    }
  }
  return [...reached];
}

/** The parser that a statement runs. */
function runBy(parsers: readonly ParserDecl[], parser: ParserDecl, stmt: Stmt): ParserDecl | undefined {
  if (stmt.kind !== 'call' || stmt.callee.kind !== 'block') return undefined;
  const { instance } = stmt.callee;
  const local = parser.locals.find((l) => l.name === instance);
  return local?.kind === 'instance' ? parsers.find((p) => p.name === local.type.name) : undefined;
}

/** With what the parsers write that the statements run. */
function writesIn(parsers: readonly ParserDecl[], parser: ParserDecl, block: Block, inside: Set<ParserDecl>): readonly Write[] {
  const inner = block.flatMap((stmt) => runBy(parsers, parser, stmt) ?? []).filter((p) => !inside.has(p));
  for (const p of inner) inside.add(p);
  const run = inner.flatMap((p) => p.states.flatMap((state) => writesIn(parsers, p, state.body, inside)));
  return [...ownWrites(parser, block), ...run];
}

/** Calls but for those of parsers may write all that they are given, unless they are known not to. */
const readers = new Set(['verify', 'advance', 'verify_checksum', 'verify_checksum_with_payload']);

function ownWrites(parser: ParserDecl, block: Block): readonly Write[] {
  const writes: Write[] = [];
  const add = (stmt: Stmt, target: Expr | undefined): void => {
    const place = target && placeOf(target);
    if (place) writes.push({ stmt, place: sharedPlace(parser, place) });
  };
  visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'assign') add(stmt, stmt.target);
      if (stmt.kind === 'set-validity') add(stmt, stmt.header);
      if (stmt.kind === 'push' || stmt.kind === 'pop') add(stmt, stmt.stack);
      if (stmt.kind !== 'call' || stmt.callee.kind === 'block') return;
      add(stmt, stmt.result);
      const callee = stmt.callee.kind === 'method' ? stmt.callee.method : stmt.callee.name;
      // Behind the header that extract takes is the length of its varbit.
      const written = callee === 'extract' ? stmt.args.slice(0, 1) : readers.has(callee) ? [] : stmt.args;
      for (const arg of written) add(stmt, arg);
    },
  }).block(block);
  return writes;
}
