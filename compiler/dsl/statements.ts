/** The statements that parser states and the blocks of controls have in common, recorded in the order in which they are called. */
import { assign, boolType, name } from '../ir/build.js';
import type { Expr as Ir } from '../ir/expr.js';
import { type Place, placeOf } from '../ir/places.js';
import type { Stmt } from '../ir/stmt.js';
import type { TupleType } from '../ir/types.js';
import { fail } from '../support/diagnostics.js';
import { docAbove } from '../support/doc-comments.js';
import { captureLocation, type Loc } from '../support/location.js';
import { didYouMean } from '../support/messages/message.js';
import { nearest } from '../support/suggest.js';
import { type Beside, describe, ExprNode, headerOf, isWhole, nodeOf, operand, pathOf } from './expr.js';
import type { Methods } from './methods.js';
import { freeName, type Recorder } from './recorder.js';
import type { Bool, DataType, Else, Statements, TupleView } from './surface.js';
import type { Typed } from './types.js';

/** Nodes while they are recorded: blocks and continuations are still growing. */
export type Growing<T> = { -readonly [K in keyof T]: T[K] };

export abstract class StatementsNode implements Methods<Statements> {
  protected readonly recorder: Recorder;
  /** What the user's functions are given it as. */
  readonly #given: 'c' | 'p';
  /** Names that variables cannot have. */
  readonly #names: Set<string>;
  #blocks: Stmt[][] = [];
  /** The block that a statement is in. */
  protected readonly blockOf = new WeakMap<Stmt, Stmt[]>();

  constructor(recorder: Recorder, given: 'c' | 'p', names: Set<string>) {
    this.recorder = recorder;
    this.#given = given;
    this.#names = names;
  }

  /** Runs `f`, recording its statements into a block. */
  record(f: () => unknown, loc: Loc): Stmt[] {
    return this.recordInto([], f, loc);
  }

  // ── assignments ──

  set(target: unknown, value: unknown): void {
    const loc = this.here('set');
    if (isWhole(target)) {
      const help = `${this.#given}.copy(to, from) copies a whole header, struct or tuple`;
      fail('bad-operand', { got: describe(target), expected: 'a field' }, { loc, help });
    }
    const to = nodeOf(target, loc);
    if (pathOf(to.ir) === undefined || to.ir.kind === 'const') {
      this.recorder.diagnostics.report('not-assignable', { got: 'An expression' }, { loc });
      return;
    }
    this.add(assign(to.at(loc), this.take(value, to.type, loc, to), loc), placeOf(to.ir));
  }

  copy(to: unknown, from: unknown): void {
    const loc = this.here('copy');
    const target = headerOf(to, loc);
    if (Array.isArray(from) && target.type.kind === 'tuple') {
      this.add(assign(target.at(loc), this.#tuple(from, to as TupleView<[]>, target.type, loc), loc), placeOf(target.ir));
      return;
    }
    const source = headerOf(from, loc);
    this.add(assign(target.at(loc), this.take(source, target.type, loc), loc), placeOf(target.ir));
  }

  let(variable: string, value: unknown): ExprNode {
    const loc = this.here('let');
    if (typeof value === 'number' || typeof value === 'bigint') {
      const help = `a number has no width: write constant('NAME', bit(W), ${value}), or assign it to a field of the metadata`;
      fail('bad-operand', { got: describe(value), expected: 'an expression' }, { loc, help });
    }
    const node = nodeOf(value, loc);
    const unique = this.freeName(variable);
    this.add({ kind: 'declare', name: unique, type: node.type, init: this.take(node, node.type, loc), loc }, [unique]);
    return new ExprNode(name(unique, node.type, loc), this.recorder, [], loc, node.format);
  }

  setValid(header: unknown): void {
    this.#setValidity('setValid', header, true);
  }

  setInvalid(header: unknown): void {
    this.#setValidity('setInvalid', header, false);
  }

  // ── control flow ──

  if(cond: unknown, then: () => unknown): Else {
    return this.branch(cond, then, this.here('if'), (stmt) => {
      if (stmt) this.add(stmt);
    });
  }

  // ── implementation ──

  protected get currentBlock(): Stmt[] {
    return this.#blocks.at(-1) as Stmt[];
  }

  protected here(method: string): Loc {
    const loc = captureLocation();
    if (this.#blocks.length === 0) fail('body-outside-block', { given: this.#given, method }, { loc });
    return loc;
  }

  protected add(stmt: Stmt, written?: Place): void {
    const doc = this.recorder.isFirstOnLine(stmt.loc) ? docAbove(stmt.loc) : {};
    this.currentBlock.push(Object.assign(stmt, doc));
    this.blockOf.set(stmt, this.currentBlock);
    this.recorder.wrote(written, stmt.loc);
  }

  /** The IR of a user's value of the given type, used by a statement at `loc`. */
  protected take(value: unknown, type: Ir['type'], loc: Loc, beside?: Beside): Ir {
    const node = operand(value, type, loc, this.recorder, beside);
    this.recorder.consume(node, loc);
    return node.at(loc);
  }

  /** Values by name, put into the order of `types`; a missing or unknown name is reported. */
  protected takeNamed(what: string, types: Readonly<Record<string, Typed>>, given: Readonly<Record<string, unknown>>, loc: Loc): Ir[] {
    const names = Object.keys(types);
    for (const key of Object.keys(given)) {
      if (!(key in types)) {
        this.recorder.diagnostics.report(
          'unknown-argument',
          { what, name: key, names, suggestion: didYouMean(nearest(key, names)) },
          { loc },
        );
      }
    }
    return names.map((key) => {
      const { type, format } = types[key] as Typed;
      if (given[key] !== undefined) return this.take(given[key], type, loc, { format, name: key });
      this.recorder.diagnostics.report('missing-argument', { what, name: key }, { loc });
      return { kind: 'const', value: 0n, type, loc } as Ir;
    });
  }

  /** Runs `f`, recording its statements into `block`. */
  protected recordInto(block: Stmt[], f: () => unknown, loc: Loc): Stmt[] {
    if (typeof f !== 'function') fail('bad-operand', { got: describe(f), expected: 'a function that has the statements' }, { loc });
    const result = this.within(block, f);
    if (result instanceof Promise) {
      result.catch(() => {});
      this.recorder.diagnostics.report('async-body', {}, { loc });
    }
    return block;
  }

  /** What `f` returns, whose statements are recorded into `block`. */
  protected within<T>(block: Stmt[], f: () => T): T {
    this.#blocks.push(block);
    try {
      return f();
    } finally {
      this.#blocks.pop();
    }
  }

  protected nested(f: () => unknown, loc: Loc): Stmt[] {
    return this.recordInto([], f, loc);
  }

  protected freeName(wanted: string): string {
    return freeName(wanted, this.#names);
  }

  /**
   * What can follow on an `if`, whose branch began at the time `since` and ends now. TypeScript evaluates the condition of `elseif` before
   * the call, so that what the condition itself does, as `c.apply(table).hit`, was recorded after the `if`: it goes to where the condition is.
   */
  protected otherwise(since: number, setElse: (block: Stmt[]) => void): Else {
    const until = this.recorder.time;
    const around = this.currentBlock;
    const elseif = (from: number, cond: Bool, f: () => unknown): Else => {
      const loc = this.here('if');
      let chain: Else | undefined;
      this.recorder.inOtherBranch(since, until, () => {
        chain = this.branch(cond, f, loc, (stmt) => {
          const block = this.currentBlock === around ? around.splice(from) : [];
          for (const moved of block) this.blockOf.set(moved, block);
          if (stmt) block.push(stmt);
          setElse(block);
        });
      });
      return chain as Else;
    };
    return {
      // TypeScript reads `elseif` before it evaluates the condition: what the condition does is recorded from here on.
      get elseif() {
        const from = around.length;
        return (cond: Bool, f: () => unknown) => elseif(from, cond, f);
      },
      else: (f) => {
        const loc = this.here('if');
        this.recorder.inOtherBranch(since, until, () => setElse(this.nested(f, loc)));
      },
    };
  }

  /** Records an `if`. `place` puts the statement where it belongs; there is none where the condition's own statement branches. */
  protected branch(cond: unknown, then: () => unknown, loc: Loc, place: (stmt?: Stmt) => void): Else {
    if (typeof cond === 'boolean') {
      const help = 'compare with a.eq(b), a.ne(b) or a.lt(b); what is known when the pipeline is recorded is chosen by an if of TypeScript';
      this.recorder.diagnostics.report('bad-operand', { got: `${cond} of JavaScript`, expected: 'a condition' }, { loc, help });
    }
    const test = this.take(cond, boolType, loc);
    const since = this.recorder.time;
    const stmt: Growing<Extract<Stmt, { kind: 'if' }>> = { kind: 'if', cond: test, then: [], loc };
    place(stmt);
    stmt.then = this.nested(then, loc);
    return this.otherwise(since, (block) => {
      stmt.else = block;
    });
  }

  #tuple(values: readonly unknown[], to: TupleView<readonly DataType[]>, type: TupleType, loc: Loc): Ir {
    if (values.length !== type.elements.length)
      fail('bad-operand', { got: `${values.length} values`, expected: `${type.elements.length} values` }, { loc });
    const elements = type.elements.map((element, i) => this.take(values[i], element, loc, to.at(i) as Beside));
    return { kind: 'list', elements, type, loc };
  }

  #setValidity(method: string, header: unknown, valid: boolean): void {
    const loc = this.here(method);
    const node = headerOf(header, loc);
    const decl = node.type.kind === 'named' ? this.recorder.types.get(node.type.name) : undefined;
    if (decl?.kind === 'header_union') {
      const help = `${this.#given}.${method} takes one of its members: ${decl.fields.map((f) => f.name).join(', ')}`;
      fail('bad-operand', { got: describe(header), expected: 'a header' }, { loc, help });
    }
    this.add({ kind: 'set-validity', header: node.at(loc), valid, loc }, placeOf(node.ir));
  }
}
