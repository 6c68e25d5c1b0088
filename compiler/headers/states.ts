/** What the parser states of this folder share: each is called as the header that it takes, `ipv4` or, with `as`, another. */

import type { Expr, HeaderType, Next, Select, StateCtx, Transition, ViewOf } from '../index.js';
import { parserError } from '../index.js';
import { fail } from '../support/diagnostics.js';
import { captureLocation, given } from '../support/location.js';

/** The state that follows, by the value of the field that says what follows. */
export interface Branches<N extends string> {
  readonly [value: number]: Next<N>;
}
/** What the states of this folder take besides their branches. */
export interface StateOptions<N extends string, S extends string> {
  /** Where any other value goes; `accept` where it is not said. */
  readonly otherwise?: Next<N>;
  /** The name of the state and of the header that it takes, where a packet has two of them: `innerIpv4`. */
  readonly as?: S;
}
/** Parser states to spread into a parser; each takes the header of its name. */
export type States<N extends string, T extends Record<string, unknown>> = {
  readonly [K in keyof T]: (p: StateCtx<N>, v: { hdr: { readonly [H in keyof T]: ViewOf<T[H]> } }) => Transition;
};

/** The parser's error for a header whose version or length cannot be. */
export const malformedHeader = parserError('MalformedHeader');

/** One state, called `name`, that takes the header of that name. */
export function state<N extends string, S extends string, T extends HeaderType>(
  name: S,
  body: (p: StateCtx<N>, header: ViewOf<T>) => Transition,
): States<N, Record<S, T>> {
  const states = { [name]: (p: StateCtx<N>, { hdr }: { hdr: Record<string, ViewOf<T>> }) => body(p, hdr[name] as ViewOf<T>) };
  return given(states) as never;
}

/** Goes on by the value of the last of `fields`; those before it must have the values in `before`. */
export function branch<N extends string>(
  p: StateCtx<N>,
  fields: Expr<number> | readonly [...Expr<number>[], Expr<number>],
  branches: Branches<N>,
  otherwise: Next<N> = 'accept',
  before: readonly number[] = [],
): Transition {
  const cases = Object.entries(branches).filter(([, next]) => next !== otherwise);
  if (cases.length === 0) return p.goto(otherwise);
  const select: Select<N, readonly Expr<number>[]> = p.select(...(Array.isArray(fields) ? fields : [fields]));
  for (const [value, next] of cases) {
    if (Number.isNaN(Number(value))) {
      const expected = `a number for the state "${next}", such as { 0x0800: '${next}' }`;
      fail('bad-operand', { got: `"${value}"`, expected }, { loc: captureLocation() });
    }
    select.when([...before, Number(value)], next);
  }
  return select.otherwise(otherwise);
}
