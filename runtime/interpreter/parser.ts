/** Parsers (P4-16 §13): runs states until accept, reject or an error. */
import type { ParserDecl, StateDecl, Transition } from '../../compiler/ir/index.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { Loc } from '../../compiler/support/location.js';
import { evaluate, matches, matchesValueSet } from './eval.js';
import { declareLocals, execute } from './exec.js';
import { type BlockInstance, type ParserOutcome, ParserStop, type Scope } from './scope.js';
import { exprText, formatOf, traced, traceValue } from './tracer.js';

/** A parser that enters more states is in a loop: error.ParserTimeout. The longest packet has as many bytes. */
const maxStates = 65_536;

/** Runs a parser that another may have called; whatever is not accept leaves by ParserStop. */
export function runParser(instance: BlockInstance, decl: ParserDecl, states: ReadonlyMap<string, StateDecl>, scope: Scope): void {
  declareLocals(instance, scope);
  let next = 'start';
  for (let entered = 0; next !== 'accept'; entered++) {
    const state = states.get(next);
    invariant(state, `${decl.name} has no state ${next}`);
    if (entered === maxStates) throw new ParserStop({ kind: 'error', error: 'ParserTimeout' }, state.loc);
    next = traced(
      scope.trace,
      () => ({ kind: 'state', name: state.name, loc: state.loc }),
      () => {
        const inner = scope.inner();
        execute(state.body, inner);
        return transition(state.transition, inner);
      },
    );
  }
}

/** The outcome of the whole parser. */
export function parserOutcome(run: () => void, scope: Scope): ParserOutcome {
  try {
    run();
    return { kind: 'accept' };
  } catch (stop) {
    if (!(stop instanceof ParserStop)) throw stop;
    if (stop.outcome.kind === 'error') {
      const { error } = stop.outcome;
      scope.globals.state.countParserError(error);
      scope.trace?.add({ kind: 'parser-error', error, loc: stop.loc });
    }
    return stop.outcome;
  }
}

function transition(t: Transition, scope: Scope): string {
  if (t.kind === 'goto') {
    scope.trace?.add({ kind: 'transition', on: [], next: t.next, loc: t.loc });
    return leaveOn(t.next, t.loc);
  }
  const values = t.on.map((on) => evaluate(on, scope));
  const chosen = t.cases.find(({ keys }) => {
    const [first] = keys;
    if (keys.length === 1 && first?.kind === 'any') return true;
    // One value set may stand for all keys: they are its fields.
    if (keys.length === 1 && first?.kind === 'value-set') return matchesValueSet(first.name, values, scope);
    return keys.every((key, i) => matches(key, values[i] as (typeof values)[number], scope));
  });
  scope.trace?.add({
    kind: 'transition',
    on: t.on.map((on, i) => ({
      name: exprText(on),
      ...traceValue(values[i] as (typeof values)[number], on.type, scope.types, formatOf(on, scope.types)),
    })),
    ...(chosen ? { next: chosen.next } : {}),
    loc: chosen?.loc ?? t.loc,
  });
  if (!chosen) throw new ParserStop({ kind: 'no-match' }, t.loc);
  return leaveOn(chosen.next, chosen.loc);
}

function leaveOn(next: string, loc: Loc): string {
  if (next === 'reject') throw new ParserStop({ kind: 'reject' }, loc);
  return next;
}
