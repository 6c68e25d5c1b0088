/**
 * Selects with a value set beside other keys, for BMv2, which matches a set alone: first the set, and where it matches, the
 * other keys; a case that does not match goes on with those after it.
 */

import { any } from '../../../compiler/ir/build.js';
import type { ParserDecl, SelectCase, StateDecl } from '../../../compiler/ir/decl.js';
import type { Expr } from '../../../compiler/ir/expr.js';
import { fresh, namesWithin } from '../../../compiler/ir/fresh-names.js';
import type { Program } from '../../../compiler/ir/program.js';
import { each, update, visiting } from '../../../compiler/ir/visit.js';

/** Whether a set stands among several keys. */
export const mixesSet = ({ keys }: SelectCase): boolean => keys.length > 1 && keys.some((key) => key.kind === 'value-set');

/**
 * A state goes on where no case matches, so that its last case has to be for everything else. Its variables are not in the
 * states that it is split into.
 */
function canSplit({ body, transition }: StateDecl): boolean {
  const last = transition.kind === 'select' ? transition.cases.at(-1) : undefined;
  const declared = new Set(body.flatMap((stmt) => (stmt.kind === 'declare' ? [stmt.name] : [])));
  let usesOwn = false;
  visiting({ expr: (expr) => (usesOwn ||= expr.kind === 'name' && declared.has(expr.name)) }).transition(transition);
  return last?.keys.every((key) => key.kind === 'any') === true && !usesOwn;
}

export const withSetsAlone = (program: Program): Program => update(program, { parsers: each(program.parsers, inParser) });

function inParser(parser: ParserDecl): ParserDecl {
  if (!parser.states.some(({ transition }) => transition.kind === 'select' && transition.cases.some(mixesSet))) return parser;
  const taken = namesWithin(parser);
  return { ...parser, states: parser.states.flatMap((state) => (canSplit(state) ? split(state, taken) : [state])) };
}

function split(state: StateDecl, taken: Set<string>): readonly StateDecl[] {
  const { transition } = state;
  if (transition.kind === 'goto') return [state];
  const at = transition.cases.findIndex(mixesSet);
  const found = transition.cases[at];
  if (!found) return [state];
  const { on, cases, loc } = transition;
  const select = (exprs: readonly Expr[], inner: readonly SelectCase[]) => ({ kind: 'select', on: exprs, cases: inner, loc }) as const;
  const everything = (exprs: readonly Expr[], next: string): SelectCase => ({ keys: exprs.map(() => any), next, loc: found.loc });
  const made = (name: string, of: ReturnType<typeof select>): StateDecl => ({
    kind: 'state',
    name: fresh(`${state.name}_${name}`, taken),
    body: [],
    transition: of,
    loc: found.loc,
  });

  const which = found.keys.findIndex((key) => key.kind === 'value-set');
  const others = <T>(list: readonly T[]): readonly T[] => list.filter((_, i) => i !== which);
  const one = <T>(list: readonly T[]): readonly T[] => list.filter((_, i) => i === which);
  const [more, ...further] = cases.slice(at + 1);
  const rest = more && further.length > 0 ? made('more', select(on, [more, ...further])) : undefined;
  // The last case is for everything.
  const otherwise = rest?.name ?? more?.next ?? 'reject';
  const beside = others(found.keys);
  // Where the other keys match everything, there is nothing to look at after the set.
  const inSet = beside.every((key) => key.kind === 'any')
    ? undefined
    : made('in_set', select(others(on), [{ ...found, keys: beside }, everything(others(on), otherwise)]));
  const next = inSet?.name ?? found.next;
  const isInSet = made('set', select(one(on), [{ ...found, keys: one(found.keys), next }, everything(one(on), otherwise)]));
  const first = { ...state, transition: at > 0 ? select(on, [...cases.slice(0, at), everything(on, isInSet.name)]) : isInSet.transition };
  return [first, ...(at > 0 ? [isInSet] : []), ...(inSet ? split(inSet, taken) : []), ...(rest ? split(rest, taken) : [])];
}
