/** Parser states as recorded: what a state extracts, and where it goes. */
import { assign, bitType, bool, boolType, call, callFunction, callMethod, list, name, named } from '../ir/build.js';
import type { Param, SelectCase, StateDecl, Transition } from '../ir/decl.js';
import type { Expr as Ir, KeySet } from '../ir/expr.js';
import { type Place, placeOf } from '../ir/places.js';
import type { Stmt } from '../ir/stmt.js';
import { docAbove } from '../support/doc-comments.js';
import { captureLocation, type Loc, placeGiven, runGiven } from '../support/location.js';
import { didYouMean } from '../support/messages/message.js';
import { nearest } from '../support/suggest.js';
import { nameBefore } from './comments.js';
import { bitsOf, ExprNode, failOperand, headerOf, isExpr, nodeOf, operand } from './expr.js';
import { valueSetOf } from './handles.js';
import { inlineLookaheads, type Lookahead } from './lookaheads.js';
import type { Methods } from './methods.js';
import { freeName, type Recorder } from './recorder.js';
import type { BitType, ChecksumOptions, HeaderType, Select, StateCtx } from './surface.js';
import { declarationsIn } from './types.js';
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

/** `p`: what a parser state may do. */
export class StateNode implements Methods<StateCtx<string>> {
  readonly #context: ParserContext;
  readonly #recorder: Recorder;
  readonly #states: readonly string[];
  /** Names that its variables cannot have. */
  readonly #names: Set<string>;
  readonly #body: Stmt[] = [];
  readonly #lookaheads: Lookahead[] = [];

  constructor(context: ParserContext, states: readonly string[]) {
    this.#context = context;
    this.#recorder = context.recorder;
    this.#states = states;
    this.#names = new Set([...states, ...context.names, ...context.params.map((p) => p.name)]);
  }

  extract(...headers: unknown[]): void {
    const loc = captureLocation();
    for (const header of headers) {
      const node = headerOf(header, loc);
      this.#push(callMethod(packetIn, 'extract', [node.at(loc)], loc), placeOf(node.ir));
    }
  }

  extractVar(header: unknown, bits: unknown): void {
    const loc = captureLocation();
    const node = headerOf(header, loc);
    const length = this.#take(operand(bits, bitType(32), loc, this.#recorder), loc);
    this.#push(callMethod(packetIn, 'extract', [node.at(loc), length], loc), placeOf(node.ir));
  }

  verify(cond: unknown, error: unknown): void {
    const loc = captureLocation();
    const test = this.#take(operand(cond, boolType, loc, this.#recorder), loc);
    this.#push(callFunction('verify', [test, this.#take(nodeOf(error, loc), loc)], loc));
  }

  lookahead(type: BitType | HeaderType): unknown {
    const loc = captureLocation();
    const irType = type.kind === 'bit' ? bitType(type.width) : named(type.name);
    if (type.kind === 'header') this.#recorder.declare(...declarationsIn(type));
    const lookahead: Lookahead = {
      kind: 'declare',
      name: freeName('ahead', this.#names),
      type: irType,
      init: { kind: 'lookahead', packet: packetIn, type: irType, loc },
      loc,
    };
    this.#lookaheads.push(lookahead);
    this.#push(lookahead, [lookahead.name]);
    const ahead = name(lookahead.name, irType, loc);
    return type.kind === 'bit' ? new ExprNode(ahead, this.#recorder) : view(ahead, type.fields, this.#recorder);
  }

  call(subparser: string): void {
    const loc = captureLocation();
    if (!this.#context.subparsers.includes(subparser)) {
      const suggestion = didYouMean(nearest(subparser, this.#context.subparsers));
      this.#recorder.diagnostics.report('unknown-subparser', { name: subparser, suggestion }, { loc });
      return;
    }
    const args = this.#context.params.map((p) => name(p.name, p.type, loc));
    this.#push(call({ kind: 'block', instance: subparserInstance(subparser) }, args, loc));
  }

  set(target: unknown, value: unknown): void {
    const loc = captureLocation();
    const to = nodeOf(target, loc);
    this.#push(assign(to.at(loc), this.#take(operand(value, to.type, loc, this.#recorder, to.declared), loc), loc), placeOf(to.ir));
  }

  advance(bits: unknown): void {
    const loc = captureLocation();
    this.#push(callMethod(packetIn, 'advance', [this.#take(operand(bits, bitType(32), loc, this.#recorder), loc)], loc));
  }

  verifyChecksum(field: unknown, over: readonly unknown[], when?: unknown): void {
    const loc = captureLocation();
    this.#push(checksumCall('verify_checksum', this.#recorder, field, over, when, loc));
  }

  accept(): Transition {
    return branded({ kind: 'goto', next: 'accept', loc: captureLocation() });
  }

  goto(state: string): Transition {
    const loc = captureLocation();
    return branded({ kind: 'goto', next: this.#next(state, loc), loc });
  }

  select(...exprs: unknown[]): SelectNode {
    const loc = captureLocation();
    const on = exprs.map((x) => bitsOf(nodeOf(x, loc), this.#recorder.types));
    for (const node of on) this.#recorder.consume(node, loc);
    return new SelectNode(on, this.#recorder, (state, at) => this.#next(state, at), loc);
  }

  /** What was recorded, once the state said where it goes. */
  finish(transition: Transition | undefined): [readonly Stmt[], Transition | undefined] {
    return inlineLookaheads(this.#body, transition, this.#lookaheads);
  }

  #next(state: string, loc: Loc): string {
    if (state === 'accept' || state === 'reject' || this.#states.includes(state)) return state;
    const suggestion = nearest(String(state), [...this.#states, 'accept', 'reject']);
    this.#recorder.diagnostics.report('unknown-name', { what: 'parser state', name: String(state), suggestion }, { loc });
    return 'accept';
  }

  #take(node: ExprNode, loc: Loc): Ir {
    this.#recorder.consume(node, loc);
    return node.at(loc);
  }

  #push(stmt: Stmt, written?: Place): void {
    this.#body.push(Object.assign(stmt, this.#recorder.isFirstOnLine(stmt.loc) ? docAbove(stmt.loc) : {}));
    this.#recorder.wrote(written, stmt.loc);
  }
}

/** `p.select(…)`: the first case that matches is taken; without `otherwise`, no match is a parser error. */
export class SelectNode implements Methods<Select<string, []>> {
  readonly #on: readonly ExprNode[];
  readonly #recorder: Recorder;
  readonly #next: (state: string, loc: Loc) => string;
  readonly #cases: SelectCase[] = [];
  readonly loc: Loc;

  constructor(on: readonly ExprNode[], recorder: Recorder, next: (state: string, loc: Loc) => string, loc: Loc) {
    this.#on = on;
    this.#recorder = recorder;
    this.#next = next;
    this.loc = loc;
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
    return branded({ kind: 'select', on: this.#on.map((node) => node.at(this.loc)), cases: this.#cases, loc: this.loc });
  }

  #keySet(on: ExprNode, value: unknown, loc: Loc): KeySet {
    const literal = (x: unknown): Ir => operand(x, on.type, loc, this.#recorder, on.declared).at(loc);
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

/** Records all states of a parser; `locations` says where the states are written. */
export function recordStates(
  states: Readonly<Record<string, (p: never, v: never) => unknown>>,
  views: unknown,
  context: ParserContext,
  locations: ReadonlyMap<string, Loc>,
  fallback: Loc,
): StateDecl[] {
  const { recorder } = context;
  const names = Object.keys(states);
  return names.map((text): StateDecl => {
    const state = new StateNode(context, names);
    const record = states[text] as (p: unknown, v: unknown) => unknown;
    let result: unknown;
    let failed = false;
    try {
      result = recorder.inBlock(() => runGiven(() => record(state, views), record));
    } catch (error) {
      recorder.failed(error);
      failed = true;
    }
    const [body, transition] = state.finish(transitionOf(result));
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
}

/** The instance of a subparser in the parser that runs it. */
export const subparserInstance = (subparser: string): string => `${subparser}_parser`;

/** `verify_checksum(condition, data, checksum)` or `update_checksum(…)` of the portable architecture. */
export function checksumCall(
  extern: 'verify_checksum' | 'update_checksum',
  recorder: Recorder,
  field: unknown,
  over: readonly unknown[],
  given: unknown = {},
  loc: Loc,
): Stmt {
  if (typeof given !== 'object' || given === null) return failOperand(given, 'a condition, or { when, payload }', loc);
  const { when, payload = false } = isExpr(given) ? { when: given } : (given as ChecksumOptions);
  const checksum = operand(field, bitType(16), loc, recorder);
  const data = over.map((x) => nodeOf(x, loc));
  const condition = when === undefined ? undefined : operand(when, boolType, loc, recorder);
  for (const node of [checksum, ...data, ...(condition ? [condition] : [])]) recorder.consume(node, loc);
  const args = [
    condition ? condition.at(loc) : bool(true, loc),
    list(
      data.map((node) => node.at(loc)),
      loc,
    ),
    checksum.at(loc),
  ];
  return callFunction(payload ? `${extern}_with_payload` : extern, args, loc);
}

/** What a state returns: the transition under a symbol, so that nothing else passes for one. */
const branded = (transition: Transition): Transition => Object.freeze({ [transitionNode]: transition }) as never;
const transitionOf = (x: unknown): Transition | undefined =>
  typeof x === 'object' && x !== null ? (x as Record<symbol, Transition | undefined>)[transitionNode] : undefined;
