/**
 * Warns of header fields that are read where the header may not be valid (P4-16 §8.19: the value is unspecified).
 *
 * Follows the combinations of valid headers from the parser's transitions through the controls; actions are followed
 * where tables apply them. It warns only where nothing but the parser's choice decides: after a condition on data that
 * may go with the headers (metadata, what the parser selects on, what a table was told), only where the header
 * surely is not valid.
 */

import type { ActionDecl, ParserDecl, TableDecl } from '../../ir/decl.js';
import type { Expr, FieldExpr } from '../../ir/expr.js';
import { known } from '../../ir/fold.js';
import { printExpr } from '../../ir/print.js';
import type { ApplyStmt, CallStmt, ForInStmt, ForStmt, IfStmt, Stmt } from '../../ir/stmt.js';
import { typeName } from '../../ir/types.js';
import { partsOf, Rewriter } from '../../ir/visit.js';
import { type Loc, nowhere } from '../../support/location.js';
import { Flow, type Path as PathOf, type PlainStmt, type Site } from '../flow.js';
import type { Environment } from './environment.js';
import type { Combinations } from './header-combinations.js';
import { inOrder, targetsOf } from './parsers.js';
import { numberedHeaders, selectedFields } from './validity-facts.js';
import { branch, fresh, type Mask, type State, States } from './validity-state.js';

/** More headers, nodes of diagrams or steps than a program written by hand has: then nothing is said. */
const maxHeaders = 2500;
const maxNodes = 1_000_000;
const maxSteps = 1_000_000;

type Path = PathOf<State>;

/** How packets come to a place, and the combinations that each transition brings. */
interface Arrivals {
  readonly state: State;
  readonly from: readonly { readonly combinations: Combinations; readonly loc: Loc }[];
}

export function checkValidity(env: Environment): void {
  const blocks = env.program.main.blocks.map((name) => env.blocks.get(name));
  const parser = blocks.find((b): b is ParserDecl => b?.kind === 'parser');
  if (!parser) return;
  const follower = new Follower(env, parser);
  if (follower.headers > maxHeaders) return;
  let state = follower.parser(parser);
  for (const [i, block] of blocks.entries()) {
    if (block?.kind !== 'control' || env.arch.blocks[i]?.calls) continue;
    // Which packets reach the next control depends on what this one decided.
    const after = state && follower.control(block, state);
    state = after && follower.states.assume(after, block);
  }
}

class Follower extends Flow<State> {
  readonly states: States;
  readonly #env: Environment;
  /** The numbers of the headers, by their names in the struct of headers. */
  readonly #headers: ReadonlyMap<string, number>;
  /** The struct of headers. */
  readonly #struct: string | undefined;
  /** Fields that the parser selects on, as printed; undefined when it looks ahead. */
  readonly #selected: ReadonlySet<string> | undefined;
  /** Where headers were made invalid. */
  readonly #removed = new Map<number, Loc>();
  /** How packets came to the parser state, or to the controls. */
  #from: Arrivals['from'] = [];
  #quiet = false;
  #steps = 0;
  /** Conditions of the `if`s before an `elseif`, which tell its own condition nothing. */
  readonly #untold = new Map<Stmt, Mask>();
  /** Conditions as they are at first, when all metadata are zero. */
  readonly #atFirst = new Rewriter({ expr: (expr) => (expr.kind === 'field' && !this.#isOfHeaders(expr) ? zeroOf(expr) : expr) });

  constructor(env: Environment, parser: ParserDecl) {
    super(env);
    this.#env = env;
    this.#selected = selectedFields(parser);
    const struct = parser.params.findLast((p) => p.type.kind === 'named' && env.fields(p.type)?.some((f) => env.isHeader(f.type)));
    this.#struct = struct && typeName(struct.type);
    this.#headers = numberedHeaders(env, struct?.type, parser);
    this.states = new States(this.#headers.size, maxNodes);
  }

  /** How many there are. */
  get headers(): number {
    return this.#headers.size;
  }

  // ── the parser ──

  /** The state in which packets leave the parser. */
  parser(parser: ParserDecl): Path {
    const states = inOrder(new Map(parser.states.map((state) => [state.name, state])));
    const arrivals = new Map<string, Arrivals>([['start', this.#start(parser)]]);
    const changed = new Set(['start']);
    this.#quiet = true;
    // Once for each state; where loops lead back, until nothing changes.
    while (changed.size > 0 && !this.#tooMuch) {
      for (const { name, body, transition } of states) {
        const before = changed.delete(name) && arrivals.get(name);
        const after = before && this.block(body, before.state);
        if (!after) continue;
        for (const { next, loc } of targetsOf(transition)) {
          const known = arrivals.get(next);
          const now = this.#arrive(known, after, loc);
          if (now !== known) changed.add(next);
          arrivals.set(next, now);
        }
        changed.delete('accept');
        changed.delete('reject');
      }
    }
    this.#quiet = this.#tooMuch;
    for (const { name, body, transition } of parser.states) {
      const before = arrivals.get(name);
      if (!before) continue;
      this.#from = before.from;
      // Which states a packet came through goes with what they selected on.
      const after = this.block(body, this.states.assume(before.state, parser));
      if (after && transition.kind === 'select') for (const on of transition.on) this.#read(on, after);
    }
    const accepted = arrivals.get('accept');
    this.#from = accepted?.from ?? [];
    return accepted?.state;
  }

  /** packet_out is there before the parser starts, in packets from the controller. */
  #start(parser: ParserDecl): Arrivals {
    const start = this.#arrive(undefined, this.states.with([]), parser.loc);
    const header = this.#env.controllerHeader('packet_out');
    const fields = this.#env.fields({ kind: 'named', name: this.#struct ?? '' }) ?? [];
    const field = fields.find((f) => this.#env.declaration(f.type) === header?.decl);
    const number = field && this.#headers.get(field.name);
    return field && number !== undefined ? this.#arrive(start, this.states.with([number]), field.loc) : start;
  }

  /** With the packets that come from one more place; the very same where they add nothing. */
  #arrive(known: Arrivals | undefined, after: State, loc: Loc): Arrivals {
    const arriving = fresh(after);
    const state = known ? this.states.meet(arriving, [known.state, arriving], false) : arriving;
    if (!state || (state.valid === known?.state.valid && state.unsure === known.state.unsure)) return known as Arrivals;
    return { state, from: [...(known?.from ?? []), { combinations: arriving.valid, loc }] };
  }

  // ── controls ──

  protected key(state: State): string {
    return this.states.key(state);
  }

  protected meet(before: State, branches: readonly Path[], of: Stmt | Site | ActionDecl): Path {
    return this.states.meet(before, branches, true, 'kind' in of && of.kind !== 'action' ? this.states.condition(of) : 0n);
  }

  protected override enter(state: State, of: Stmt): State {
    const inside = this.states.assume(state, of);
    return of.kind === 'apply' ? inside : branch(inside);
  }

  /** Too much to say anything more. */
  get #tooMuch(): boolean {
    return this.#steps > maxSteps || this.states.full;
  }

  protected override statement(stmt: Stmt, state: State): Path {
    this.#steps++;
    if (this.#tooMuch) {
      this.#quiet = true;
      return state;
    }
    if (stmt.kind === 'switch') this.#read(stmt.on, state);
    if (stmt.kind === 'return' && stmt.value) this.#read(stmt.value, state);
    return super.statement(stmt, state);
  }

  protected plain(stmt: PlainStmt, state: State): State {
    switch (stmt.kind) {
      case 'declare':
        if (stmt.init) this.#read(stmt.init, state);
        return state;
      case 'assign':
        return this.#assign(stmt.target, stmt.value, state, stmt.loc);
      case 'set-validity': {
        const header = this.#header(stmt.header);
        return header === undefined ? state : this.#set(header, stmt.valid, state, stmt.loc);
      }
      case 'call':
        return this.#call(stmt, state);
      case 'push':
      case 'pop':
        return state;
    }
  }

  protected override if(stmt: IfStmt, state: State): Path {
    const untold = (this.#untold.get(stmt) ?? 0n) & state.conditions;
    const { yes, no, onData, own } = this.#condition(stmt.cond, { ...state, conditions: state.conditions & ~untold });
    const within = (path: Path): Path => path && branch({ ...path, conditions: path.conditions | untold });
    const [before, after] = [within(yes), within(no)];
    const [next, ...more] = stmt.else ?? [];
    // What is not so at first either says nothing about the packets that come to the next condition.
    const saysNothing = known(this.#atFirst.expr(stmt.cond)) === false ? own : 0n;
    if (next?.kind === 'if' && more.length === 0) this.#untold.set(next, untold | saysNothing);
    const then = before && this.block(stmt.then, before);
    const otherwise = after && this.block(stmt.else ?? [], after);
    return this.states.meet(state, [...(yes ? [then] : []), ...(no ? [otherwise] : [])], onData, own);
  }

  /** Nothing is known of the packets in a loop, nor of those after it. */
  protected override loop(stmt: ForStmt | ForInStmt, state: State): Path {
    const all = this.states.forgetAll(state);
    this.block(stmt.body, this.states.assume(all, stmt));
    return all;
  }

  #set(header: number, valid: boolean, state: State, loc: Loc): State {
    if (!valid) this.#removed.set(header, loc);
    return this.states.set(state, header, valid);
  }

  #assign(target: Expr, value: Expr, state: State, loc: Loc): State {
    for (const part of partsOf(target)) if (part.kind === 'index') this.#read(part.index, state);
    const to = this.#header(target);
    if (to === undefined) {
      this.#read(value, state);
      return target.type.kind === 'named' && target.type.name === this.#struct ? this.states.forgetAll(state) : state;
    }
    const from = this.#header(value);
    if (from !== undefined) return this.states.copy(state, to, from);
    this.#read(value, state);
    if (value.kind === 'struct' || value.kind === 'invalid') return this.#set(to, value.kind === 'struct', state, loc);
    return this.states.forget(state, to);
  }

  #call(call: CallStmt, state: State): State {
    const { callee, args } = call;
    if (this.#env.externMethod(call)?.role === 'extract') {
      const header = args[0] && this.#header(args[0]);
      return header === undefined ? state : this.#set(header, true, state, call.loc);
    }
    // A control is followed: what it does to the headers of the struct is seen there.
    if (callee.kind === 'block' && this.site) return args.reduce((known, arg) => this.#passed(arg, known), state);
    // What the callee looked at may go with the headers.
    if (callee.kind === 'block' || (callee.kind === 'function' && !this.#env.functions.has(callee.name)))
      return this.states.assume(
        args.reduce((known, arg) => this.#given(arg, known), state),
        call,
      );
    for (const arg of this.#env.accesses(call, this.site?.control).reads) this.#read(arg, state);
    if (call.given) this.aside(call.given.body, state);
    return state;
  }

  /** A header that is passed alone may be changed under another name. */
  #passed(arg: Expr, state: State): State {
    const header = this.#header(arg);
    return header === undefined ? state : this.states.forget(state, header);
  }

  /** After a call that may change what it is given. */
  #given(arg: Expr, state: State): State {
    if (this.#header(arg) !== undefined) return this.#passed(arg, state);
    return arg.type.kind === 'named' && arg.type.name === this.#struct ? this.states.forgetAll(state) : state;
  }

  protected override applied(stmt: ApplyStmt, table: TableDecl, state: State): State {
    this.#readKeys(table, state);
    // What an entry holds may go with the headers when its keys do.
    const told = table.keys.some((key) => this.#goesWithHeaders(key.expr));
    return branch(told ? this.states.assume(state, stmt) : state);
  }

  /** A key of a header whose validity is a key as well is read only where entries ask for it. */
  #readKeys(table: TableDecl, state: State): void {
    let known: State = state;
    for (const { expr } of table.keys) {
      const header = expr.kind === 'is-valid' ? this.#header(expr.header) : undefined;
      if (header !== undefined) known = this.states.forget(known, header);
    }
    for (const { expr } of table.keys) this.#read(expr, known);
  }

  // ── conditions ──

  /** The packets for which a condition holds, and for which it does not. */
  #condition(cond: Expr, state: State): { yes: Path; no: Path; onData: boolean; own: Mask } {
    if (cond.kind === 'is-valid') {
      const header = this.#header(cond.header);
      if (header !== undefined)
        return { yes: this.states.filter(state, header, true), no: this.states.filter(state, header, false), onData: false, own: 0n };
    }
    if (cond.kind === 'bool') return { yes: cond.value ? state : undefined, no: cond.value ? undefined : state, onData: false, own: 0n };
    if (cond.kind === 'unary' && cond.op === '!') {
      const { yes, no, ...rest } = this.#condition(cond.arg, state);
      return { yes: no, no: yes, ...rest };
    }
    if (cond.kind === 'binary' && (cond.op === '&&' || cond.op === '||')) {
      const and = cond.op === '&&';
      const left = this.#condition(cond.left, state);
      const goesOn = and ? left.yes : left.no;
      if (!goesOn) return left;
      const right = this.#condition(cond.right, goesOn);
      const onData = left.onData || right.onData;
      const own = left.own | right.own;
      const either = (a: Path, b: Path): Path => (a && b ? this.states.meet(state, [a, b], false) : (a ?? b));
      return and
        ? { yes: right.yes, no: either(left.no, right.no), onData, own }
        : { yes: either(left.yes, right.yes), no: right.no, onData, own };
    }
    this.#read(cond, state);
    if (!this.#goesWithHeaders(cond)) return { yes: state, no: state, onData: true, own: 0n };
    const assumed = this.states.assume(state, cond);
    return { yes: assumed, no: assumed, onData: true, own: this.states.condition(cond) };
  }

  /** Whether the value may tell which headers there are: all but fields that the parser does not select on. */
  #goesWithHeaders(expr: Expr): boolean {
    if (expr.kind === 'field' && this.#header(expr.base) !== undefined) return this.#selected?.has(printExpr(expr)) ?? true;
    if (expr.kind === 'name' || expr.kind === 'is-valid' || expr.kind === 'index') return true;
    return partsOf(expr).some((part) => this.#goesWithHeaders(part));
  }

  // ── reads ──

  #read(expr: Expr, state: State): void {
    if (expr.kind === 'is-valid') return;
    if (expr.kind === 'field') {
      const header = this.#header(expr.base);
      if (header !== undefined) {
        this.#checkRead(expr, header, state);
        return;
      }
    }
    if (expr.kind === 'mux' || (expr.kind === 'binary' && (expr.op === '&&' || expr.op === '||'))) {
      const { yes, no } = this.#condition(expr.kind === 'mux' ? expr.cond : expr, state);
      if (expr.kind === 'mux' && yes) this.#read(expr.yes, yes);
      if (expr.kind === 'mux' && no) this.#read(expr.no, no);
      return;
    }
    for (const part of partsOf(expr)) this.#read(part, state);
  }

  #checkRead(expr: FieldExpr, number: number, state: State): void {
    if (this.#quiet || !this.states.canBeInvalid(state, number)) return;
    const certain = this.states.isInvalid(state, number);
    if (!certain && state.conditions !== 0n) return;
    const header = printExpr(expr.base);
    const notes = [{ message: `in packets that come this way, \`${header}\` is not valid`, loc: this.#placeWithout(number, state) }];
    this.#env.report('header-maybe-invalid', { field: printExpr(expr), header, certain }, expr.loc, { notes });
  }

  /** A place that packets without the header have passed. */
  #placeWithout(header: number, state: State): Loc {
    const removed = this.states.isTouched(state, header) ? this.#removed.get(header) : undefined;
    return removed ?? this.states.firstWithout(this.#from, (from) => from.combinations, state, header)?.loc ?? nowhere;
  }

  #isOfHeaders(expr: Expr): boolean {
    if ('base' in expr) return this.#isOfHeaders(expr.base);
    return expr.type.kind === 'named' && expr.type.name === this.#struct;
  }

  /** The number of a header of the struct of headers. */
  #header(expr: Expr): number | undefined {
    if (expr.kind !== 'field' || expr.base.type.kind !== 'named' || expr.base.type.name !== this.#struct) return undefined;
    return this.#headers.get(expr.name);
  }
}

function zeroOf(expr: Expr): Expr {
  const { type, loc } = expr;
  if (type.kind === 'bool') return { kind: 'bool', value: false, type, loc };
  return 'width' in type ? { kind: 'const', value: 0n, type, loc } : expr;
}
