/**
 * Which headers can be valid together, at one point of a program: the set of all combinations, with where each came
 * from, so that what a parser always extracts together stays together.
 */
import type { Loc } from '../../support/location.js';

/** One bit for each header that is followed. */
export type Mask = bigint;

export interface State {
  /** The combinations that packets can have here, each with the place that a packet with it passed. */
  readonly valid: ReadonlyMap<Mask, Loc>;
  /** Headers that became valid or invalid depending on data: nothing is said about them. */
  readonly unsure: Mask;
  /** Headers whose validity a statement has changed since the last branch. */
  readonly changed: Mask;
  /** Conditions on data, true here, that may go with the validity of headers in ways not seen. */
  readonly conditions: ReadonlySet<object>;
}

export const canBeInvalid = (state: State, bit: Mask): boolean =>
  (state.unsure & bit) === 0n && [...state.valid.keys()].some((m) => (m & bit) === 0n);
export const isInvalid = (state: State, bit: Mask): boolean =>
  (state.unsure & bit) === 0n && [...state.valid.keys()].every((m) => (m & bit) === 0n);

/** Only the packets in which the header is valid, or is not; undefined where there are none. */
export function filter(state: State, bit: Mask, valid: boolean): State | undefined {
  if (state.unsure & bit) {
    const forced = new Map([...state.valid].map(([m, loc]) => [valid ? m | bit : m & ~bit, loc]));
    return { ...state, valid: forced, unsure: state.unsure & ~bit };
  }
  const kept = new Map([...state.valid].filter(([m]) => ((m & bit) !== 0n) === valid));
  return kept.size === 0 ? undefined : { ...state, valid: kept };
}

/** After a statement that sets the validity of a header. */
export function set(state: State, bit: Mask, valid: boolean, loc: Loc): State {
  return {
    ...state,
    valid: new Map([...state.valid].map(([m, from]) => (valid ? [m | bit, from] : [m & ~bit, loc]))),
    unsure: state.unsure & ~bit,
    changed: state.changed | bit,
  };
}

/** After `to = from` of two headers. */
export function copy(state: State, to: Mask, from: Mask): State {
  return {
    ...state,
    valid: new Map([...state.valid].map(([m, loc]) => [m & from ? m | to : m & ~to, loc])),
    unsure: state.unsure & from ? state.unsure | to : state.unsure & ~to,
    changed: state.changed | to,
  };
}

export const forget = (state: State, bits: Mask): State => ({ ...state, unsure: state.unsure | bits, changed: state.changed | bits });
export const assume = (state: State, condition: object): State => ({ ...state, conditions: new Set([...state.conditions, condition]) });
export const withoutConditions = (state: State, conditions: readonly object[]): State => ({
  ...state,
  conditions: new Set([...state.conditions].filter((condition) => !conditions.includes(condition))),
});
/** At the start of a branch: what it changes is told apart from what was changed before. */
export const branch = (state: State): State => ({ ...state, changed: 0n });

/**
 * Where branches of `before` meet. `onData`: which branch was taken depended on data, so a header that only some of
 * them changed is unsure from here on. `own`: the conditions that told the branches apart.
 */
export function meet(before: State, branches: readonly (State | undefined)[], onData: boolean, own: readonly object[]): State | undefined {
  const reached = branches.filter((b) => b !== undefined);
  const [first] = reached;
  if (!first) return undefined;
  const changed = reached.reduce((m, b) => m | b.changed, 0n);
  const conditions = new Set(reached.flatMap((b) => [...b.conditions]));
  if (reached.length === branches.length) for (const condition of own) conditions.delete(condition);
  let unsure = reached.reduce((m, b) => m | b.unsure, 0n);
  if (onData) {
    for (let bit = 1n; bit <= changed; bit <<= 1n) {
      if (!(changed & bit)) continue;
      const same = reached.every((b) => !canBeInvalid(b, bit)) || reached.every((b) => isInvalid(b, bit));
      if (!same) unsure |= bit;
    }
  }
  return { valid: new Map(reached.flatMap((b) => [...b.valid])), unsure, changed: before.changed | changed, conditions };
}
