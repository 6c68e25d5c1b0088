/**
 * Which headers can be valid together, at one point of a program: the set of all combinations, so that what a parser
 * always extracts together stays together.
 */
import { type Combinations, Diagrams, empty, none } from './header-combinations.js';

/** One bit for each header, or for each condition. */
export type Mask = bigint;

export interface State {
  /** The combinations that packets can have here; headers that are unsure are in none. */
  readonly valid: Combinations;
  /** Headers that became valid or invalid depending on data: nothing is said about them. */
  readonly unsure: Mask;
  /** Headers whose validity a statement has changed since the last branch. */
  readonly changed: Mask;
  /** Headers whose validity a statement has changed at all. */
  readonly touched: Mask;
  /** Conditions on data, true here, that may go with the validity of headers in ways not seen. */
  readonly conditions: Mask;
}

/** Bits of a mask. */
const bit = (index: number): Mask => 1n << BigInt(index);
/** The bits that are set. */
function indices(mask: Mask): readonly number[] {
  if (mask === 0n) return [];
  const digits = [...mask.toString(2)].reverse();
  return digits.flatMap((digit, index) => (digit === '1' ? [index] : []));
}
const has = (mask: Mask, index: number): boolean => (mask & bit(index)) !== 0n;

export class States {
  readonly #sets: Diagrams;
  readonly #headers: number;
  readonly #conditions = new Map<object, Mask>();

  /** Of programs with that many headers, which are numbered from 0. */
  constructor(headers: number, maxNodes: number) {
    this.#headers = headers;
    this.#sets = new Diagrams(maxNodes);
  }

  /** Whether there is too much to tell: states are wrong from here on. */
  get full(): boolean {
    return this.#sets.full;
  }

  /** The state of packets in which these headers are valid, and no others. */
  with(headers: readonly number[]): State {
    const valid = headers.reduce((set, header) => this.#sets.make(set, header, true), empty);
    return fresh({ valid, unsure: 0n });
  }
  /** The same text for equal states alone. */
  key({ valid, unsure, changed, touched, conditions }: State): string {
    return [valid, ...[unsure, changed, touched, conditions].map((mask) => mask.toString(32))].join(' ');
  }

  canBeInvalid(state: State, header: number): boolean {
    return !has(state.unsure | this.#sets.inAll(state.valid), header);
  }
  isTouched(state: State, header: number): boolean {
    return has(state.touched, header);
  }
  isInvalid(state: State, header: number): boolean {
    return !has(state.unsure | this.#sets.inAny(state.valid), header);
  }

  /** Finds the first of some sets from which a packet can come to `state` without the header. */
  firstWithout<T>(sets: readonly T[], combinations: (of: T) => Combinations, state: State, header: number): T | undefined {
    const untold = state.touched | state.unsure;
    const one = new Set(this.#sets.oneWithout(state.valid, header));
    for (const index of indices(untold)) one.delete(index);
    return sets.find((set) => this.#sets.has(this.#hide(combinations(set), untold), one));
  }

  /** Only the packets in which the header is valid, or is not; undefined where there are none. */
  filter(state: State, header: number, valid: boolean): State | undefined {
    if (has(state.unsure, header))
      return { ...state, valid: this.#sets.make(state.valid, header, valid), unsure: state.unsure & ~bit(header) };
    const kept = this.#sets.only(state.valid, header, valid);
    return kept === none ? undefined : { ...state, valid: kept };
  }

  /** After a statement that sets the validity of a header. */
  set(state: State, header: number, valid: boolean): State {
    return { ...this.#change(state, header), valid: this.#sets.make(state.valid, header, valid), unsure: state.unsure & ~bit(header) };
  }

  /** After `to = from` of two headers. */
  copy(state: State, to: number, from: number): State {
    if (has(state.unsure, from)) return this.forget(state, to);
    const [yes, no] = [true, false].map((valid) => this.#sets.make(this.#sets.only(state.valid, from, valid), to, valid));
    return { ...this.#change(state, to), valid: this.#sets.union(yes ?? none, no ?? none), unsure: state.unsure & ~bit(to) };
  }

  /** Nothing is said about the header from here on. */
  forget(state: State, header: number): State {
    const valid = this.#hide(state.valid, bit(header) & ~state.unsure);
    return { ...this.#change(state, header), valid, unsure: state.unsure | bit(header) };
  }
  forgetAll(state: State): State {
    const all = bit(this.#headers) - 1n;
    return { ...state, valid: empty, unsure: all, changed: all, touched: all };
  }

  /** Under a condition, which is any object that stands for it. */
  assume(state: State, condition: object): State {
    return { ...state, conditions: state.conditions | this.condition(condition) };
  }
  condition(condition: object): Mask {
    const known = this.#conditions.get(condition) ?? bit(this.#conditions.size);
    this.#conditions.set(condition, known);
    return known;
  }

  /**
   * Where branches of `before` meet. `onData`: which branch was taken depended on data, so a header that only some of
   * them changed is unsure from here on. `own`: the conditions that told the branches apart.
   */
  meet(before: State, branches: readonly (State | undefined)[], onData: boolean, own: Mask = 0n): State | undefined {
    const reached = branches.filter((b) => b !== undefined);
    if (reached.length === 0) return undefined;
    const all = (mask: 'changed' | 'touched' | 'conditions' | 'unsure'): Mask => reached.reduce((m, b) => m | b[mask], 0n);
    const changed = all('changed');
    let unsure = all('unsure');
    for (const header of onData ? indices(changed) : []) {
      const same = reached.every((b) => !this.canBeInvalid(b, header)) || reached.every((b) => this.isInvalid(b, header));
      if (!same) unsure |= bit(header);
    }
    // A branch in which a header is unsure has made no distinction with it.
    const unsureInAll = reached.reduce((m, b) => m & b.unsure, unsure);
    const valid = reached.reduce((set, b) => this.#sets.union(set, b.valid), none);
    return {
      valid: this.#hide(valid, unsure & ~unsureInAll),
      unsure,
      changed: before.changed | changed,
      touched: all('touched'),
      conditions: reached.length === branches.length ? all('conditions') & ~own : all('conditions'),
    };
  }

  /** Without a distinction between those with and without the headers. */
  #hide(set: Combinations, headers: Mask): Combinations {
    return indices(headers).reduce((hidden, header) => this.#sets.make(hidden, header, false), set);
  }
  #change(state: State, header: number): State {
    return { ...state, changed: state.changed | bit(header), touched: state.touched | bit(header) };
  }
}

/** At the start of a branch: what it changes is told apart from what was changed before. */
export const branch = (state: State): State => ({ ...state, changed: 0n });
/** Where packets come to another block or state: what was changed before is not told apart. */
export const fresh = ({ valid, unsure }: Pick<State, 'valid' | 'unsure'>): State => ({
  valid,
  unsure,
  changed: 0n,
  touched: 0n,
  conditions: 0n,
});
