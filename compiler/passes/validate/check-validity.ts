/**
 * Warns of header fields that are read where the header may not be valid (P4-16 §8.19: the value is unspecified).
 *
 * Follows the combinations of valid headers from the parser's transitions through the controls; actions are followed
 * where tables apply them. It warns only where nothing but the parser's choice decides: after a condition on data that
 * may go with the headers (metadata, what the parser selects on, what a table was told), only where the header
 * surely is not valid.
 */
import type { ActionDecl, ControlDecl, ParserDecl, TableDecl } from '../../ir/decl.js';
import type { Expr, FieldExpr } from '../../ir/expr.js';
import { printExpr } from '../../ir/print.js';
import type { Block, CallStmt, IfStmt, Stmt } from '../../ir/stmt.js';
import { partsOf, visiting } from '../../ir/visit.js';
import { type Loc, nowhere } from '../../support/location.js';
import { holdsAtZero } from './at-zero.js';
import type { Environment } from './environment.js';
import { targetsOf } from './parsers.js';
import {
  assume,
  branch,
  canBeInvalid,
  copy,
  filter,
  forget,
  isInvalid,
  type Mask,
  meet,
  type State,
  set,
  withoutConditions,
} from './validity-state.js';

/** More combinations or steps than a program written by hand has: then nothing is said. */
const maxCombinations = 512;
const maxSteps = 50_000;

type Path = State | undefined;

export function checkValidity(env: Environment): void {
  const blocks = env.program.main.blocks.map((name) => env.blocks.get(name));
  const parser = blocks.find((b): b is ParserDecl => b?.kind === 'parser');
  if (!parser) return;
  const follower = new Follower(env, parser);
  let state = follower.parser(parser);
  for (const [i, block] of blocks.entries()) {
    if (block?.kind !== 'control' || env.arch.blocks[i]?.calls) continue;
    // Which packets reach the next control depends on what this one decided.
    const after = follower.control(block, state);
    state = after && assume(after, block);
  }
}

class Follower {
  readonly #env: Environment;
  readonly #bits = new Map<string, Mask>();
  readonly #headers: string | undefined;
  /** Fields that the parser selects on, as printed; undefined when it looks ahead. */
  readonly #selected: ReadonlySet<string> | undefined;
  #quiet = false;
  #steps = 0;
  #actions: ReadonlyMap<string, ActionDecl> = new Map();
  #tables: ReadonlyMap<string, TableDecl> = new Map();

  constructor(env: Environment, parser: ParserDecl) {
    this.#env = env;
    this.#selected = selectedFields(parser);
    for (const param of parser.params) {
      const fields = env.fields(param.type) ?? [];
      if (!fields.some((f) => env.isHeader(f.type)) || param.type.kind !== 'named') continue;
      this.#headers = param.type.name;
      for (const f of fields) if (env.isHeader(f.type)) this.#bits.set(f.name, 1n << BigInt(this.#bits.size));
    }
  }

  // ── the parser ──

  /** The state in which packets leave the parser. */
  parser(parser: ParserDecl): Path {
    const states = new Map(parser.states.map((state) => [state.name, state]));
    const entered = new Map<string, Map<Mask, Loc>>([['start', this.#start(parser)]]);
    const accepted = new Map<Mask, Loc>();
    const todo = ['start'];
    this.#quiet = true;
    for (let name = todo.pop(); name !== undefined && this.#steps < maxSteps; name = todo.pop()) {
      const state = states.get(name);
      const after = state && this.#block(state.body, stateOf(entered.get(name) ?? new Map()), []);
      if (!state || !after) continue;
      for (const { next, loc } of targetsOf(state.transition)) {
        const into = next === 'accept' ? accepted : (entered.get(next) ?? new Map<Mask, Loc>());
        const size = into.size;
        for (const combination of after.valid.keys()) if (!into.has(combination)) into.set(combination, loc);
        if (next !== 'accept') entered.set(next, into);
        if (into.size > size && next !== 'accept') todo.push(next);
      }
    }
    this.#quiet = false;
    for (const state of parser.states) {
      const before = entered.get(state.name);
      // Which states a packet came through goes with what they selected on.
      const after = before && this.#block(state.body, assume(stateOf(before), parser), []);
      if (after && state.transition.kind === 'select') for (const on of state.transition.on) this.#read(on, after);
    }
    return accepted.size === 0 ? undefined : stateOf(accepted);
  }

  /** packet_out is there before the parser starts, in packets from the controller. */
  #start(parser: ParserDecl): Map<Mask, Loc> {
    const start = new Map<Mask, Loc>([[0n, parser.loc]]);
    const header = this.#env.controllerHeader('packet_out');
    const fields = this.#env.fields({ kind: 'named', name: this.#headers ?? '' }) ?? [];
    const field = fields.find((f) => this.#env.declaration(f.type) === header);
    if (header && field) start.set(this.#bits.get(field.name) ?? 0n, field.loc);
    return start;
  }

  // ── controls ──

  /** The state after the control, on all paths. */
  control(control: ControlDecl, before: Path): Path {
    const actions = [...this.#env.program.actions, ...control.locals.filter((l): l is ActionDecl => l.kind === 'action')];
    this.#actions = new Map(actions.map((action) => [action.name, action]));
    this.#tables = new Map(control.locals.filter((l): l is TableDecl => l.kind === 'table').map((table) => [table.name, table]));
    if (!before) return undefined;
    const ends: State[] = [];
    const end = this.#block(control.body, before, ends);
    return meet(before, end ? [...ends, end] : ends, true, []);
  }

  /** Follows a block; `ends` collects the states in which it returns or exits. */
  #block(block: Block, before: Path, ends: State[]): Path {
    let state = before;
    for (const stmt of block) {
      if (++this.#steps > maxSteps || (state?.valid.size ?? 0) > maxCombinations) this.#quiet = true;
      if (!state || this.#steps > 2 * maxSteps) return state;
      state = this.#stmt(stmt, state, ends);
    }
    return state;
  }

  #stmt(stmt: Stmt, state: State, ends: State[]): Path {
    switch (stmt.kind) {
      case 'declare':
        if (stmt.init) this.#read(stmt.init, state);
        return state;
      case 'assign':
        return this.#assign(stmt.target, stmt.value, state, stmt.loc);
      case 'set-validity': {
        const bit = this.#bit(stmt.header);
        return bit === undefined ? state : set(state, bit, stmt.valid, stmt.loc);
      }
      case 'call':
        return this.#call(stmt, state, ends);
      case 'if':
        return this.#if(stmt, state, ends, []);
      case 'switch': {
        this.#read(stmt.on, state);
        const after = stmt.cases.map((c) => this.#block(c.body, branch(assume(state, stmt)), ends));
        return meet(state, [branch(state), ...after], true, [stmt]);
      }
      case 'apply':
        return this.#apply(stmt, state, ends);
      case 'block':
        return this.#block(stmt.body, state, ends);
      case 'target': {
        const either = [this.#block(stmt.body, branch(state), ends), this.#block(stmt.otherwise ?? [], branch(state), ends)];
        return meet(state, either, true, []);
      }
      case 'for':
      case 'for-in': {
        const inside = assume(forget(state, this.#all), stmt);
        this.#block(stmt.body, inside, ends);
        return forget(state, this.#all);
      }
      case 'return':
      case 'exit':
        if (stmt.kind === 'return' && stmt.value) this.#read(stmt.value, state);
        ends.push(state);
        return undefined;
      case 'break':
      case 'continue':
        return undefined;
      case 'push':
      case 'pop':
        return state;
    }
  }

  /** `untold`: conditions of the `if`s before an `elseif`, which tell its own condition nothing. */
  #if(stmt: IfStmt, state: State, ends: State[], untold: readonly object[]): Path {
    const known = untold.filter((condition) => state.conditions.has(condition));
    const { yes, no, onData, own } = this.#condition(stmt.cond, withoutConditions(state, known));
    const within = (path: Path): Path => path && branch(known.reduce(assume, path));
    const [before, after] = [within(yes), within(no)];
    const then = before && this.#block(stmt.then, before, ends);
    const [next, ...more] = stmt.else ?? [];
    // What is not so at first either says nothing about the packets that come to the next condition.
    const saysNothing = holdsAtZero(stmt.cond, (field) => !this.#isOfHeaders(field)) === false ? own : [];
    const otherwise =
      after &&
      (next?.kind === 'if' && more.length === 0
        ? this.#if(next, after, ends, [...known, ...saysNothing])
        : this.#block(stmt.else ?? [], after, ends));
    return meet(state, [...(yes ? [then] : []), ...(no ? [otherwise] : [])], onData, own);
  }

  #assign(target: Expr, value: Expr, state: State, loc: Loc): State {
    for (const part of partsOf(target)) if (part.kind === 'index') this.#read(part.index, state);
    const to = this.#bit(target);
    if (to === undefined) {
      this.#read(value, state);
      return target.type.kind === 'named' && target.type.name === this.#headers ? forget(state, this.#all) : state;
    }
    const from = this.#bit(value);
    if (from !== undefined) return copy(state, to, from);
    this.#read(value, state);
    if (value.kind === 'struct') return set(state, to, true, loc);
    return value.kind === 'invalid' ? set(state, to, false, loc) : forget(state, to);
  }

  #call(call: CallStmt, state: State, ends: State[]): Path {
    const { callee, args } = call;
    if (callee.kind === 'method' && callee.method === 'extract') {
      const bit = args[0] && this.#bit(args[0]);
      return bit === undefined ? state : set(state, bit, true, call.loc);
    }
    if (callee.kind === 'block' || (callee.kind === 'function' && !this.#env.functions.has(callee.name))) return forget(state, this.#all);
    const method =
      callee.kind === 'function' ? this.#env.functions.get(callee.name)?.find((m) => m.params.length === args.length) : undefined;
    const plain = method?.typeParams === undefined;
    for (const [i, arg] of args.entries()) if (plain && method?.params[i]?.direction !== 'out') this.#read(arg, state);
    if (call.given) this.#block(call.given.body, state, []);
    if (method?.ends) {
      ends.push(state);
      return undefined;
    }
    return callee.kind === 'action' ? this.#action(callee.name, state, ends) : state;
  }

  /** Follows an action's body; its `return` ends the action alone, its `exit` the control. */
  #action(name: string, state: State, ends: State[]): Path {
    const action = this.#actions.get(name);
    if (!action) return state;
    const returned: State[] = [];
    const end = this.#block(action.body, state, returned);
    const exits = hasExit(this.#env, action.body);
    if (exits) ends.push(...returned);
    return meet(state, [...(end ? [end] : []), ...(exits ? [] : returned)], true, []);
  }

  #apply(stmt: Stmt & { kind: 'apply' }, state: State, ends: State[]): Path {
    const table = this.#tables.get(stmt.table);
    if (!table) return state;
    this.#readKeys(table, state);
    // What an entry holds may go with the headers when its keys do.
    const told = table.keys.some((key) => this.#goesWithHeaders(key.expr));
    const before = branch(told ? assume(state, stmt) : state);
    const names = table.actions.map((ref) => ref.action);
    const after = new Map(names.map((name) => [name, this.#action(name, before, ends)]));
    if (!table.defaultAction) after.set('NoAction', before);
    const within = (path: Path): Path => path && assume(path, stmt);
    if (stmt.cases) {
      const named = new Set(stmt.cases.flatMap((c) => c.actions));
      const ends_ = [...after].map(([name, path]) => {
        const taken =
          stmt.cases?.find((c) => c.actions.includes(name)) ??
          (named.has(name) ? undefined : stmt.cases?.find((c) => c.actions.includes('default')));
        return taken ? this.#block(taken.body, within(path), ends) : path;
      });
      return meet(state, ends_, true, [stmt]);
    }
    const ran = meet(before, [...after.values()], true, [stmt]);
    if (!ran) return undefined;
    const paths = [this.#block(stmt.hit ?? [], within(ran), ends), this.#block(stmt.miss ?? [], within(ran), ends)];
    return meet(state, paths, true, [stmt]);
  }

  /** A key of a header whose validity is a key as well is read only where entries ask for it. */
  #readKeys(table: TableDecl, state: State): void {
    let known: State = state;
    for (const { expr } of table.keys) {
      const bit = expr.kind === 'is-valid' ? this.#bit(expr.header) : undefined;
      if (bit !== undefined) known = forget(known, bit);
    }
    for (const { expr } of table.keys) this.#read(expr, known);
  }

  // ── conditions ──

  /** The packets for which a condition holds, and for which it does not. */
  #condition(cond: Expr, state: State): { yes: Path; no: Path; onData: boolean; own: object[] } {
    if (cond.kind === 'is-valid') {
      const bit = this.#bit(cond.header);
      if (bit !== undefined) return { yes: filter(state, bit, true), no: filter(state, bit, false), onData: false, own: [] };
    }
    if (cond.kind === 'bool') return { yes: cond.value ? state : undefined, no: cond.value ? undefined : state, onData: false, own: [] };
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
      const own = [...left.own, ...right.own];
      const either = (a: Path, b: Path): Path => (a && b ? meet(state, [a, b], false, []) : (a ?? b));
      return and
        ? { yes: right.yes, no: either(left.no, right.no), onData, own }
        : { yes: either(left.yes, right.yes), no: right.no, onData, own };
    }
    this.#read(cond, state);
    if (!this.#goesWithHeaders(cond)) return { yes: state, no: state, onData: true, own: [] };
    return { yes: assume(state, cond), no: assume(state, cond), onData: true, own: [cond] };
  }

  /** Whether the value may tell which headers there are: all but fields that the parser does not select on. */
  #goesWithHeaders(expr: Expr): boolean {
    if (expr.kind === 'field' && this.#bit(expr.base) !== undefined) return this.#selected?.has(printExpr(expr)) ?? true;
    if (expr.kind === 'name' || expr.kind === 'is-valid' || expr.kind === 'index') return true;
    return partsOf(expr).some((part) => this.#goesWithHeaders(part));
  }

  // ── reads ──

  #read(expr: Expr, state: State): void {
    if (expr.kind === 'is-valid') return;
    if (expr.kind === 'field') {
      const bit = this.#bit(expr.base);
      if (bit !== undefined) {
        this.#checkRead(expr, bit, state);
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

  #checkRead(expr: FieldExpr, bit: Mask, state: State): void {
    if (this.#quiet || !canBeInvalid(state, bit)) return;
    const certain = isInvalid(state, bit);
    if (!certain && state.conditions.size > 0) return;
    const header = printExpr(expr.base);
    const from = [...state.valid].find(([m]) => (m & bit) === 0n)?.[1] ?? nowhere;
    const notes = [{ message: `in packets that come this way, \`${header}\` is not valid`, loc: from }];
    this.#env.report('header-maybe-invalid', { field: printExpr(expr), header, certain }, expr.loc, { notes });
  }

  #isOfHeaders(expr: Expr): boolean {
    if ('base' in expr) return this.#isOfHeaders(expr.base);
    return expr.type.kind === 'named' && expr.type.name === this.#headers;
  }

  /** The bit of a header of the struct of headers. */
  #bit(expr: Expr): Mask | undefined {
    if (expr.kind !== 'field' || expr.base.type.kind !== 'named' || expr.base.type.name !== this.#headers) return undefined;
    return this.#bits.get(expr.name);
  }

  get #all(): Mask {
    return (1n << BigInt(this.#bits.size)) - 1n;
  }
}

const stateOf = (valid: ReadonlyMap<Mask, Loc>): State => ({ valid, unsure: 0n, changed: 0n, conditions: new Set() });

function selectedFields(parser: ParserDecl): Set<string> | undefined {
  const selected = new Set<string>();
  let lookahead = false;
  const visitor = visiting({
    expr: (expr) => {
      if (expr.kind === 'field') selected.add(printExpr(expr));
      if (expr.kind === 'lookahead') lookahead = true;
    },
  });
  for (const { transition } of parser.states) if (transition.kind === 'select') transition.on.forEach(visitor.expr);
  return lookahead ? undefined : selected;
}

function hasExit(env: Environment, block: Block): boolean {
  let found = false;
  visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'exit') found = true;
      if (stmt.kind === 'call' && stmt.callee.kind === 'function' && env.functions.get(stmt.callee.name)?.[0]?.ends) found = true;
    },
  }).block(block);
  return found;
}
