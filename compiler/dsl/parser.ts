/** Parser states as recorded: what a state extracts, and where it goes. */
import { bitType, boolType, call, callFunction, callMethod, name, named } from '../ir/build.js';
import type { Param, SelectCase, StateDecl, Transition } from '../ir/decl.js';
import type { Expr as Ir, KeySet } from '../ir/expr.js';
import { placeOf } from '../ir/places.js';
import type { Stmt } from '../ir/stmt.js';
import { docAbove } from '../support/doc-comments.js';
import { captureLocation, type Loc, nowhere, placeGiven, runGiven } from '../support/location.js';
import { didYouMean } from '../support/messages/message.js';
import { nearest } from '../support/suggest.js';
import { checksumCall } from './checksum-calls.js';
import { nameBefore } from './comments.js';
import { bitsOf, ExprNode, headerOf, nodeOf, operand } from './expr.js';
import { valueSetOf } from './handles.js';
import { inlineLookaheads, type Lookahead } from './lookaheads.js';
import type { Methods } from './methods.js';
import { type States, sharedNames, shareVariables } from './parser-variables.js';
import type { Recorder } from './recorder.js';
import { StatementsNode } from './statements.js';
import type { BitType, HeaderType, Select, StateCtx } from './surface.js';
import { declarationsIn, formatOf } from './types.js';
import { view } from './views.js';

const transitionNode = Symbol.for('p4ts.transition');
export const packetIn: Ir = { kind: 'name', name: 'packet', type: named('packet_in'), loc: { file: '', line: 0, column: 0 } };

/** The parser that states are recorded for. */
export interface ParserContext {
  readonly recorder: Recorder;
  readonly params: readonly Param[];
  /** Those that states may run: none in a subparser. */
  readonly subparsers: readonly string[];
  /** Names of what the parser declares. */
  readonly names: readonly string[];
}

/** The variables of a parser, as it is recorded. */
interface Variables {
  /** Names that others cannot have. */
  readonly taken: Set<string>;
  /** The name that the user gave, by the one that the variable has. */
  readonly wanted: Map<string, string>;
}

/** `p`: what a parser state may do. */
export class StateNode extends StatementsNode implements Methods<StateCtx<string>> {
  readonly #context: ParserContext;
  readonly #states: readonly string[];
  readonly #variables: Variables;
  readonly #lookaheads: Lookahead[] = [];
  /** Transitions that were made, and where: the state goes on by the one that it returns. */
  readonly #made = new Map<unknown, Loc>();

  constructor(context: ParserContext, states: readonly string[], variables: Variables) {
    super(context.recorder, 'p', variables.taken);
    this.#context = context;
    this.#states = states;
    this.#variables = variables;
  }

  extract(...headers: unknown[]): void {
    const loc = this.here('extract');
    for (const header of headers) {
      const node = headerOf(header, loc);
      this.add(callMethod(packetIn, 'extract', [node.at(loc)], loc), placeOf(node.ir));
    }
  }

  extractVar(header: unknown, bits: unknown): void {
    const loc = this.here('extractVar');
    const node = headerOf(header, loc);
    this.add(callMethod(packetIn, 'extract', [node.at(loc), this.take(bits, bitType(32), loc)], loc), placeOf(node.ir));
  }

  verify(cond: unknown, error: unknown): void {
    const loc = this.here('verify');
    const test = this.take(cond, boolType, loc);
    const given = nodeOf(error, loc);
    this.add(callFunction('verify', [test, this.take(given, given.type, loc)], loc));
  }

  lookahead(type: BitType | HeaderType): unknown {
    const loc = this.here('lookahead');
    const irType = type.kind === 'bit' ? bitType(type.width) : named(type.name);
    if (type.kind === 'header') this.recorder.declare(...declarationsIn(type));
    const lookahead: Lookahead = {
      kind: 'declare',
      name: this.freeName('ahead'),
      type: irType,
      init: { kind: 'lookahead', packet: packetIn, type: irType, loc },
      loc,
    };
    this.#lookaheads.push(lookahead);
    this.add(lookahead, [lookahead.name]);
    const ahead = name(lookahead.name, irType, loc);
    return type.kind === 'bit'
      ? new ExprNode(ahead, this.recorder, [], nowhere, formatOf(type).format)
      : view(ahead, type.fields, this.recorder);
  }

  call(subparser: string): void {
    const loc = this.here('call');
    if (!this.#context.subparsers.includes(subparser)) {
      const suggestion = didYouMean(nearest(subparser, this.#context.subparsers));
      this.recorder.diagnostics.report('unknown-subparser', { name: subparser, suggestion }, { loc });
      return;
    }
    const args = this.#context.params.map((p) => name(p.name, p.type, loc));
    this.add(call({ kind: 'block', instance: subparserInstance(subparser) }, args, loc));
  }

  advance(bits: unknown): void {
    const loc = this.here('advance');
    this.add(callMethod(packetIn, 'advance', [this.take(bits, bitType(32), loc)], loc));
  }

  verifyChecksum(field: unknown, over: readonly unknown[], when?: unknown): void {
    const loc = this.here('verifyChecksum');
    this.add(checksumCall('verify_checksum', this.recorder, field, over, when, loc));
  }

  accept(): Transition {
    return this.#transition({ kind: 'goto', next: 'accept', loc: this.here('accept') });
  }

  goto(state: string): Transition {
    const loc = this.here('goto');
    return this.#transition({ kind: 'goto', next: this.#next(state, loc), loc });
  }

  select(...exprs: unknown[]): SelectNode {
    const loc = this.here('select');
    const on = exprs.map((x) => bitsOf(nodeOf(x, loc), this.recorder.types));
    for (const node of on) this.recorder.consume(node, loc);
    const next = (state: string, at: Loc) => this.#next(state, at);
    const select: SelectNode = new SelectNode(on, this.recorder, next, loc, (transition) => {
      this.#made.delete(select);
      return this.#transition(transition);
    });
    this.#made.set(select, loc);
    return select;
  }

  /** Runs `f`, recording its statements into `body`. */
  recordState(body: Stmt[], f: () => unknown): unknown {
    return this.within(body, f);
  }

  /** The lookaheads of the state, each declared in a variable. */
  get lookaheads(): readonly Lookahead[] {
    return this.#lookaheads;
  }

  /** Where the state goes, once its function returned this. */
  finish(returned: unknown): Transition | undefined {
    const transition = transitionOf(returned);
    this.#made.delete(returned);
    if (transition) for (const loc of this.#made.values()) this.recorder.diagnostics.report('transition-not-returned', {}, { loc });
    return transition;
  }

  protected override freeName(wanted: string): string {
    const own = super.freeName(wanted);
    this.#variables.wanted.set(own, wanted);
    return own;
  }

  #transition(transition: Transition): Transition {
    const made = branded(transition);
    this.#made.set(made, transition.loc);
    return made;
  }

  #next(state: string, loc: Loc): string {
    if (state === 'accept' || state === 'reject' || this.#states.includes(state)) return state;
    const suggestion = nearest(String(state), [...this.#states, 'accept', 'reject']);
    this.recorder.diagnostics.report('unknown-name', { what: 'parser state', name: String(state), suggestion }, { loc });
    return 'accept';
  }
}

/** `p.select(…)`: the first case that matches is taken; without `otherwise`, no match is a parser error. */
export class SelectNode implements Methods<Select<string, []>> {
  readonly #on: readonly ExprNode[];
  readonly #recorder: Recorder;
  readonly #next: (state: string, loc: Loc) => string;
  readonly #ended: (transition: Transition) => Transition;
  readonly #cases: SelectCase[] = [];
  readonly loc: Loc;

  constructor(
    on: readonly ExprNode[],
    recorder: Recorder,
    next: (state: string, loc: Loc) => string,
    loc: Loc,
    ended: (transition: Transition) => Transition,
  ) {
    this.#on = on;
    this.#recorder = recorder;
    this.#next = next;
    this.loc = loc;
    this.#ended = ended;
  }

  when(value: unknown, state: string): this {
    const loc = captureLocation();
    const values = Array.isArray(value) ? value : [value];
    if (values.length !== this.#on.length) {
      this.#recorder.diagnostics.report('key-count', { what: 'The case', expected: this.#on.length, got: values.length }, { loc });
      return this;
    }
    const keys = this.#on.map((on, i) => this.#keySet(on, values[i], loc));
    this.#cases.push({ keys, next: this.#next(state, loc), loc });
    return this;
  }

  otherwise(state: string): Transition {
    const loc = captureLocation();
    this.#cases.push({ keys: this.#on.map((): KeySet => ({ kind: 'any' })), next: this.#next(state, loc), loc });
    return this.#ended({ kind: 'select', on: this.#on.map((node) => node.at(this.loc)), cases: this.#cases, loc: this.loc });
  }

  #keySet(on: ExprNode, value: unknown, loc: Loc): KeySet {
    const literal = (x: unknown): Ir => operand(x, on.type, loc, this.#recorder, on).at(loc);
    if (value === '_') return { kind: 'any' };
    if (typeof value === 'object' && value !== null) {
      if ('mask' in value && 'value' in value) return { kind: 'mask', value: literal(value.value), mask: literal(value.mask) };
      if ('low' in value && 'high' in value) return { kind: 'range', low: literal(value.low), high: literal(value.high) };
      const set = valueSetOf(value);
      if (set) return { kind: 'value-set', name: set.name };
    }
    return { kind: 'value', value: literal(value) };
  }
}

/** Records all states of a parser, and the variables that several of them use; `locations` says where the states are written. */
export function recordStates(
  states: Readonly<Record<string, (p: never, v: never) => unknown>>,
  views: unknown,
  context: ParserContext,
  locations: ReadonlyMap<string, Loc>,
  fallback: Loc,
): States {
  const { recorder } = context;
  const names = Object.keys(states);
  const reserved = [...names, ...context.names, ...context.params.map((p) => p.name)];
  const variables: Variables = { taken: new Set(reserved), wanted: new Map() };
  const nodes = names.map(() => new StateNode(context, names, variables));
  const recorded = nodes.map((state, i): StateDecl => {
    const text = names[i] as string;
    const record = states[text] as (p: unknown, v: unknown) => unknown;
    const body: Stmt[] = [];
    let result: unknown;
    let failed = false;
    try {
      result = recorder.inBlock(() => runGiven(() => state.recordState(body, () => record(state, views)), record));
    } catch (error) {
      recorder.failed(error);
      failed = true;
    }
    const transition = state.finish(result);
    // A state may be written far from the pipeline: what it says first is after its name.
    const first = body[0]?.loc ?? transition?.loc;
    const loc = placeGiven(record) ?? (first && nameBefore(first, text)) ?? locations.get(text) ?? first ?? fallback;
    if (text === 'accept' || text === 'reject') recorder.diagnostics.report('reserved-state', { name: text }, { loc });
    else if (!/^[A-Za-z_]\w*$/.test(text)) recorder.diagnostics.report('bad-name', { name: text, what: 'parser state' }, { loc });
    if (result instanceof Promise) recorder.diagnostics.report('async-body', {}, { loc });
    else if (result instanceof SelectNode) recorder.diagnostics.report('state-without-transition', { state: text }, { loc: result.loc });
    else if (!transition && !failed) recorder.diagnostics.report('state-without-transition', { state: text }, { loc });
    const doc = recorder.isFirstOnLine(loc) ? docAbove(loc) : {};
    return { kind: 'state', name: text, body, transition: transition ?? { kind: 'goto', next: 'accept', loc }, loc, ...doc };
  });
  const shared = sharedNames(recorded, variables.wanted);
  const plain = recorded.map((state, i) => inlineLookaheads(state, nodes[i]?.lookaheads.filter((l) => !shared.has(l.name)) ?? []));
  return shareVariables(plain, shared, variables.wanted, reserved, recorder.types);
}

/** The instance of a subparser in the parser that runs it. */
export const subparserInstance = (subparser: string): string => `${subparser}_parser`;

/** What a state returns: the transition under a symbol, so that nothing else passes for one. */
const branded = (transition: Transition): Transition => Object.freeze({ [transitionNode]: transition }) as never;
const transitionOf = (x: unknown): Transition | undefined =>
  typeof x === 'object' && x !== null ? (x as Record<symbol, Transition | undefined>)[transitionNode] : undefined;
