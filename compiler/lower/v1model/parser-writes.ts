/** What the statements of parsers write, and which of it can happen after a given one. */
import type { ProgramInfo } from '../../analysis/program-info.js';
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
export const allWrites = (info: ProgramInfo): readonly Write[] =>
  info.program.parsers.flatMap((parser) => parser.states.flatMap((state) => ownWrites(info, parser, state.body)));

/**
 * What can be written after the statement of that state, until the packet is parsed: in the states that it leads to, in
 * the parsers that they run, and in what comes where another parser ran this one.
 */
export function writesAfter(
  info: ProgramInfo,
  parser: ParserDecl,
  state: StateDecl,
  stmt: Stmt,
  followed: Set<Stmt> = new Set(),
): readonly Write[] {
  followed.add(stmt);
  const rest = restAfter(state.body, stmt) ?? [];
  const here = [rest, ...statesBehind(parser, state).map((s) => s.body)].flatMap((block) => writesIn(info, parser, block, new Set()));
  const outside = info.program.parsers.flatMap((outer) =>
    outer.states.flatMap((around) =>
      statementsIn(around.body)
        .filter((call) => runBy(info, outer, call) === parser && !followed.has(call))
        .flatMap((call) => writesAfter(info, outer, around, call, followed)),
    ),
  );
  return [...here, ...outside];
}

/** Whether a packet that was in the state can come to it again: in a loop, or since the parser runs several times. */
export function comesAgain(info: ProgramInfo, parser: ParserDecl, state: StateDecl): boolean {
  if (statesBehind(parser, state).includes(state)) return true;
  const runs = info.program.parsers.flatMap((outer) =>
    outer.states.flatMap((around) =>
      statementsIn(around.body)
        .filter((call) => runBy(info, outer, call) === parser)
        .map(() => ({ outer, around })),
    ),
  );
  return runs.length > 1 || runs.some(({ outer, around }) => comesAgain(info, outer, around));
}

/** What follows on the statement in a block: in the branch that it is in, and then behind the `if`. */
function restAfter(block: Block, stmt: Stmt): Block | undefined {
  for (const [i, one] of block.entries()) {
    const rest = block.slice(i + 1);
    if (one === stmt) return rest;
    for (const branch of one.kind === 'if' ? [one.then, one.else ?? []] : []) {
      const within = restAfter(branch, stmt);
      if (within) return [...within, ...rest];
    }
  }
  return undefined;
}

/** Those in branches too. */
function statementsIn(block: Block): readonly Stmt[] {
  const all: Stmt[] = [];
  visiting({ stmt: (stmt) => all.push(stmt) }).block(block);
  return all;
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
function runBy(info: ProgramInfo, parser: ParserDecl, stmt: Stmt): ParserDecl | undefined {
  if (stmt.kind !== 'call' || stmt.callee.kind !== 'block') return undefined;
  const called = info.calledBlock(stmt, parser);
  return called?.kind === 'parser' ? called : undefined;
}

/** With what the parsers write that the statements run. */
function writesIn(info: ProgramInfo, parser: ParserDecl, block: Block, inside: Set<ParserDecl>): readonly Write[] {
  const inner = statementsIn(block)
    .flatMap((stmt) => runBy(info, parser, stmt) ?? [])
    .filter((p) => !inside.has(p));
  for (const p of inner) inside.add(p);
  const run = inner.flatMap((p) => p.states.flatMap((state) => writesIn(info, p, state.body, inside)));
  return [...ownWrites(info, parser, block), ...run];
}

function ownWrites(info: ProgramInfo, parser: ParserDecl, block: Block): readonly Write[] {
  const writes: Write[] = [];
  const add = (stmt: Stmt, target: Expr): void => {
    const place = placeOf(target);
    if (place) writes.push({ stmt, place: sharedPlace(parser, place) });
  };
  visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'assign') add(stmt, stmt.target);
      if (stmt.kind === 'set-validity') add(stmt, stmt.header);
      if (stmt.kind === 'push' || stmt.kind === 'pop') add(stmt, stmt.stack);
      if (stmt.kind !== 'call' || stmt.callee.kind === 'block') return;
      for (const target of info.accesses(stmt, parser).writes) add(stmt, target);
    },
  }).block(block);
  return writes;
}
