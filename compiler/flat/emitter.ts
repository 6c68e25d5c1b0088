/** Where statements of flat code go: into nested blocks, or, in parsers, into states. */
import { invariant } from '../support/invariant.js';
import type { Loc } from '../support/location.js';
import type { FlatCode, FlatExpr, FlatState, FlatStmt, FlatTransition, Label, NextState } from './program.js';

export interface Emitter {
  add(stmt: FlatStmt): void;
  branch(cond: FlatExpr, yes: () => void, no: () => void, loc: Loc): void;
  /** `leave(label)` within `body` goes on after it. */
  labelled(name: string, body: (label: Label) => void, loc: Loc): void;
  leave(label: Label, loc: Loc): void;
  /** Runs `body` again and again, until it leaves a label around the loop. */
  loop(body: () => void, loc: Loc): void;
}

/** Numbers labels. */
export class Labels {
  #count = 0;
  next(name: string): Label {
    return { id: this.#count++, name };
  }
}

/** The code of controls and actions. */
export class CodeEmitter implements Emitter {
  #code: FlatStmt[] = [];

  constructor(readonly labels: Labels) {}

  get code(): FlatCode {
    return this.#code;
  }

  /** What `body` adds, apart from the rest. */
  capture(body: () => void): FlatCode {
    const outer = this.#code;
    const inner: FlatStmt[] = [];
    this.#code = inner;
    body();
    this.#code = outer;
    return inner;
  }

  add(stmt: FlatStmt): void {
    this.#code.push(stmt);
  }

  branch(cond: FlatExpr, yes: () => void, no: () => void, loc: Loc): void {
    if (cond.kind === 'const') {
      if (cond.value === 1n) yes();
      else no();
      return;
    }
    const [then, otherwise] = [this.capture(yes), this.capture(no)];
    if (then.length > 0 || otherwise.length > 0) this.add({ kind: 'if', cond, then, else: otherwise, loc });
  }

  labelled(name: string, body: (label: Label) => void, loc: Loc): void {
    const label = this.labels.next(name);
    const code = this.capture(() => body(label));
    const last = code.at(-1);
    const inner = last?.kind === 'leave' && last.label === label ? code.slice(0, -1) : code;
    if (leaves(inner, label)) this.add({ kind: 'labelled', label, body: inner, loc });
    else this.#code.push(...inner);
  }

  leave(label: Label, loc: Loc): void {
    this.add({ kind: 'leave', label, loc });
  }

  loop(body: () => void, loc: Loc): void {
    this.add({ kind: 'loop', body: this.capture(body), loc });
  }
}

const leaves = (code: FlatCode, label: Label): boolean =>
  code.some((stmt) => (stmt.kind === 'leave' ? stmt.label === label : innerCode(stmt).some((inner) => leaves(inner, label))));

/** The blocks that a statement has within it. */
export function innerCode(stmt: FlatStmt): readonly FlatCode[] {
  switch (stmt.kind) {
    case 'if':
      return [stmt.then, stmt.else];
    case 'labelled':
    case 'loop':
      return [stmt.body];
    case 'apply':
      return [stmt.hit, stmt.miss, ...stmt.cases.map((c) => c.body), stmt.otherwise, stmt.exited];
    default:
      return [];
  }
}

/** A state while it is made. */
export type OpenState = { -readonly [K in keyof FlatState]: FlatState[K] } & { body: FlatStmt[] };

/** The code of a parser. What has branches becomes states. */
export class StateEmitter implements Emitter {
  readonly #states: OpenState[] = [];
  readonly #own = new Set<FlatState>();
  readonly #after = new Map<Label, OpenState>();
  #current: OpenState | undefined;

  constructor(readonly labels: Labels) {}

  /** Those that can be reached from the first one, numbered; without those of p4ts in which nothing happens. */
  get states(): readonly FlatState[] {
    const [first] = this.#states;
    invariant(first, 'a parser without states');
    const start = this.#passed(first);
    const found = new Set<OpenState>();
    const reach = (next: NextState): void => {
      if (typeof next === 'string' || found.has(next as OpenState)) return;
      const state = next as OpenState;
      found.add(state);
      state.transition = withNext(state.transition, (after) => this.#passed(after));
    };
    // A parser that does nothing has one state.
    reach(typeof start === 'string' ? first : start);
    for (const state of found) successors(state).forEach(reach);
    for (const [id, state] of [...found].entries()) state.id = id;
    return [...found];
  }

  /** What comes after states of p4ts in which nothing happens. */
  #passed(state: NextState): NextState {
    const seen = new Set<NextState>();
    let next = state;
    while (
      typeof next === 'object' &&
      this.#own.has(next) &&
      next.body.length === 0 &&
      next.transition.kind === 'goto' &&
      !seen.has(next)
    ) {
      seen.add(next);
      next = next.transition.next;
    }
    return next;
  }

  /** A state of the program. */
  state(name: string, loc: Loc): OpenState {
    const state: OpenState = { id: this.#states.length, name, body: [], transition: { kind: 'goto', next: 'accept' }, loc };
    this.#states.push(state);
    return state;
  }

  /** A state that the program does not have. */
  ownState(name: string, loc: Loc): OpenState {
    const state = this.state(name, loc);
    this.#own.add(state);
    return state;
  }

  /** What follows is in this state. */
  enter(state: OpenState): void {
    this.#current = state;
  }
  get current(): OpenState {
    invariant(this.#current, 'a statement outside of a state');
    return this.#current;
  }

  add(stmt: FlatStmt): void {
    this.current.body.push(stmt);
  }

  goto(next: NextState): void {
    this.current.transition = { kind: 'goto', next };
  }

  branch(cond: FlatExpr, yes: () => void, no: () => void, loc: Loc): void {
    if (cond.kind === 'const') {
      if (cond.value === 1n) yes();
      else no();
      return;
    }
    const { name } = this.current;
    const [then, otherwise, after] = ['then', 'else', 'after'].map((part) => this.ownState(`${name}_${part}`, loc)) as [
      OpenState,
      OpenState,
      OpenState,
    ];
    const keys = [{ kind: 'mask', value: 1n, mask: 1n }] as const;
    this.current.transition = { kind: 'select', on: [cond], cases: [{ set: { kind: 'keys', keys }, next: then, loc }], otherwise };
    for (const [state, body] of [
      [then, yes],
      [otherwise, no],
    ] as const) {
      this.enter(state);
      body();
      this.goto(after);
    }
    this.enter(after);
  }

  labelled(name: string, body: (label: Label) => void, loc: Loc): void {
    const label = this.labels.next(name);
    const after = this.ownState(`${this.current.name}_after`, loc);
    this.#after.set(label, after);
    body(label);
    this.goto(after);
    this.enter(after);
  }

  leave(label: Label, loc: Loc): void {
    const after = this.#after.get(label);
    invariant(after, `no label ${label.name}`);
    this.goto(after);
    // Nothing goes to what follows.
    this.enter(this.ownState(`${this.current.name}_unreached`, loc));
  }

  loop(body: () => void, loc: Loc): void {
    const start = this.ownState(`${this.current.name}_loop`, loc);
    this.goto(start);
    this.enter(start);
    body();
    this.goto(start);
    this.enter(this.ownState(`${start.name}_unreached`, loc));
  }
}

/** Where a state goes, but for its end as the architecture says. */
export function successors({ transition }: FlatState): readonly NextState[] {
  if (transition.kind === 'goto') return [transition.next];
  const { cases, otherwise } = transition;
  return [...cases.map(({ next }) => next), ...(otherwise === undefined ? [] : [otherwise])];
}

const withNext = (transition: FlatTransition, f: (next: NextState) => NextState): FlatTransition =>
  transition.kind === 'goto'
    ? { ...transition, next: f(transition.next) }
    : {
        ...transition,
        cases: transition.cases.map((c) => ({ ...c, next: f(c.next) })),
        otherwise: transition.otherwise === undefined ? undefined : f(transition.otherwise),
      };
