/** `c`: the statements of an apply block or of an action, recorded in the order in which they are called. */
import { assign, boolType, call, name, not } from '../ir/build.js';
import type { ActionRef } from '../ir/decl.js';
import type { Expr as Ir } from '../ir/expr.js';
import { type Place, placeOf } from '../ir/places.js';
import type { ApplyCase, Block, Stmt } from '../ir/stmt.js';
import { fail } from '../support/diagnostics.js';
import type { Loc } from '../support/location.js';
import { bitsOf, describe, ExprNode, headerOf, isExpr, shownAs } from './expr.js';
import { actionOf, expectHandle, tableOf } from './handles.js';
import type { Recorder } from './recorder.js';
import { type Growing, StatementsNode } from './statements.js';
import { subControlOf } from './sub-control.js';
import type { Else } from './surface.js';
import type { Typed } from './types.js';

type Apply = Growing<Extract<Stmt, { kind: 'apply' }>>;

/** What a body may say depends on the block that it belongs to. */
export interface BodyContext {
  readonly recorder: Recorder;
  /** The control's name, as in `ingress.routes`. */
  readonly block: string;
  readonly place: 'apply' | 'action';
  /** Fields of the packet-in header, in order; empty where the pipeline declares none. */
  readonly packetIn: Readonly<Record<string, Typed>>;
  /** Names of locals that are taken in this control. */
  readonly names: Set<string>;
  /** The actions that a table of this control has. */
  tableActions(table: string): readonly ActionRef[];
  /** What an action of this control writes. */
  writesOf(action: string): readonly Place[];
}

export class BodyNode extends StatementsNode {
  protected readonly context: BodyContext;

  constructor(context: BodyContext) {
    super(context.recorder, 'c', context.names);
    this.context = context;
  }

  push(stack: unknown, count: number): void {
    this.#shift('push', stack, count);
  }

  pop(stack: unknown, count: number): void {
    this.#shift('pop', stack, count);
  }

  protected override branch(cond: unknown, then: () => unknown, loc: Loc, place: (stmt?: Stmt) => void): Else {
    const applied = cond instanceof HitCondition ? cond.applied : undefined;
    if (!applied || !(cond instanceof HitCondition) || !applied.isLast(this.currentBlock)) return super.branch(cond, then, loc, place);
    const { stmt } = applied;
    place();
    const [yes, no] = cond.miss ? (['miss', 'hit'] as const) : (['hit', 'miss'] as const);
    const since = this.recorder.time;
    stmt[yes] = this.nested(then, loc);
    return this.otherwise(since, (block) => {
      stmt[no] = block;
    });
  }

  apply(table: unknown): AppliedTable {
    const loc = this.here('apply');
    const control = subControlOf(table);
    if (control) {
      this.add(call({ kind: 'block', instance: control.instance }, control.args, loc));
      return undefined as never;
    }
    const { name: text } = expectHandle(tableOf, table, 'a table of this control', loc);
    if (this.context.place === 'action') this.recorder.diagnostics.report('apply-in-action', { table: text }, { loc });
    const stmt: Apply = { kind: 'apply', table: text, loc };
    this.add(stmt);
    for (const { action } of this.context.tableActions(text)) this.#ran(action, loc);
    return new AppliedTable(
      stmt,
      () => this.blockOf.get(stmt) as Stmt[],
      this.recorder,
      () => this.freeName(`${text}_hit`),
    );
  }

  switch(applied: unknown): Switch {
    const loc = this.here('switch');
    if (isExpr(applied)) return this.#switchOn(bitsOf(applied, this.recorder.types), loc);
    if (!(applied instanceof AppliedTable) || !applied.isLast(this.currentBlock)) return fail('switch-not-on-apply', {}, { loc });
    const { stmt } = applied;
    const cases: ApplyCase[] = [];
    stmt.cases = cases;
    const since = this.recorder.time;
    const add = (actions: readonly string[], f: () => unknown, at: Loc) => {
      if (actions.length === 0) return;
      this.recorder.inOtherBranch(since, this.recorder.time, () => {
        cases.push({ actions, body: this.nested(f, at), loc: at });
      });
    };
    const chain: Switch = {
      case: (given, f) => {
        const at = this.here('switch');
        const actions = this.context.tableActions(stmt.table).map((ref) => ref.action);
        const named = listOf(given).map((action) => expectHandle(actionOf, action, 'an action of the table', at).name);
        const foreign = named.filter((action) => !actions.includes(action));
        for (const action of foreign)
          this.recorder.diagnostics.report('action-not-in-table', { action, table: stmt.table, actions }, { loc: at });
        if (foreign.length === 0) add(named, f, at);
        return chain;
      },
      default: (f) => add(['default'], f, this.here('switch')),
    };
    return chain;
  }

  #switchOn(value: ExprNode, loc: Loc): Switch {
    const cases: { labels: readonly (Ir | 'default')[]; body: Block; loc: Loc }[] = [];
    this.add({ kind: 'switch', on: this.take(value, value.type, loc), cases, loc });
    const since = this.recorder.time;
    const add = (labels: readonly (Ir | 'default')[], f: () => unknown, at: Loc) => {
      if (labels.length === 0) return;
      this.recorder.inOtherBranch(since, this.recorder.time, () => {
        cases.push({ labels, body: this.nested(f, at), loc: at });
      });
    };
    const chain: Switch = {
      case: (given, f) => {
        const at = this.here('switch');
        add(
          listOf(given).map((label) => this.take(label, value.type, at, value)),
          f,
          at,
        );
        return chain;
      },
      default: (f) => add(['default'], f, this.here('switch')),
    };
    return chain;
  }

  call(action: unknown, args: Readonly<Record<string, unknown>> = {}): void {
    const loc = this.here('call');
    const info = expectHandle(actionOf, action, 'an action of this control', loc);
    const values = this.takeNamed(`The action ${info.name}`, Object.fromEntries(info.params.map((p) => [p.name, p])), args, loc);
    this.add(call({ kind: 'action', name: info.name }, values, loc));
    this.#ran(info.name, loc);
    for (const param of info.params) {
      const given = args[param.name];
      if ((param.direction === 'out' || param.direction === 'inout') && isExpr(given)) this.recorder.wrote(placeOf(given.ir), loc);
    }
  }

  exit(): void {
    this.add({ kind: 'exit', loc: this.here('exit') });
  }

  /** In a function, with the value of its type. */
  return(value?: unknown, of?: Typed): void {
    const loc = this.here('return');
    this.add({ kind: 'return', ...(of ? { value: this.take(value, of.type, loc, of) } : {}), loc });
  }

  // ── implementation ──

  #shift(kind: 'push' | 'pop', stack: unknown, count: number): void {
    const loc = this.here(kind);
    const node = headerOf(stack, loc);
    if (node.type.kind !== 'stack') fail('bad-operand', { got: describe(stack), expected: 'a header stack' }, { loc });
    if (!Number.isInteger(count) || count < 1) {
      this.recorder.diagnostics.report('bad-operand', { got: describe(count), expected: 'a number of headers from 1' }, { loc });
      return;
    }
    this.add({ kind, stack: node.at(loc), count, loc }, placeOf(node.ir));
  }
  /** A statement runs the action, or may run it. */
  #ran(action: string, loc: Loc): void {
    for (const place of this.context.writesOf(action)) this.recorder.wrote(place, loc);
  }
}

/** What a case is for: one or a list. One that a list leaves empty never runs, and P4 has no form for it. */
const listOf = (given: unknown): readonly unknown[] => (Array.isArray(given) ? given : [given]);

interface Switch {
  case(given: unknown, f: () => unknown): Switch;
  default(f: () => unknown): void;
}

/** What `c.apply` returns. */
export class AppliedTable {
  readonly stmt: Apply;
  readonly #block: () => Stmt[];
  readonly #recorder: Recorder;
  readonly #freeName: () => string;
  #variable: Ir | undefined;

  constructor(stmt: Apply, block: () => Stmt[], recorder: Recorder, freeName: () => string) {
    this.stmt = stmt;
    this.#block = block;
    this.#recorder = recorder;
    this.#freeName = freeName;
  }

  get [shownAs](): string {
    return `what c.apply(${this.stmt.table}) returns`;
  }

  get hit(): ExprNode {
    return new HitCondition(this, false, this.#recorder);
  }
  get miss(): ExprNode {
    return new HitCondition(this, true, this.#recorder);
  }

  /** Whether nothing was recorded after the apply, so that what follows can depend on it directly. */
  isLast(block: readonly Stmt[]): boolean {
    const { stmt } = this;
    return block.at(-1) === stmt && !stmt.cases && !stmt.hit && !stmt.miss;
  }

  /** A variable that holds whether the table hit, for uses elsewhere than right after the apply. */
  variable(): Ir {
    if (this.#variable) return this.#variable;
    const { stmt } = this;
    if (stmt.cases) fail('switch-not-on-apply', {}, { loc: stmt.loc });
    const variable = name(this.#freeName(), boolType, stmt.loc);
    const store = (value: boolean): Stmt => assign(variable, { kind: 'bool', value, type: boolType, loc: stmt.loc }, stmt.loc);
    const block = this.#block();
    block.splice(block.indexOf(stmt), 0, {
      kind: 'declare',
      name: (variable as { name: string }).name,
      type: boolType,
      loc: stmt.loc,
    });
    stmt.hit = [store(true), ...(stmt.hit ?? [])];
    stmt.miss = [store(false), ...(stmt.miss ?? [])];
    this.#variable = variable;
    return variable;
  }
}

/** `hit` or `miss`: becomes a variable only where it is used other than in the `c.if` right after the apply. */
class HitCondition extends ExprNode {
  readonly applied: AppliedTable;
  readonly miss: boolean;

  constructor(applied: AppliedTable, miss: boolean, recorder: Recorder) {
    super(name(applied.stmt.table, boolType, applied.stmt.loc), recorder);
    this.applied = applied;
    this.miss = miss;
  }

  override get ir(): Ir {
    const variable = this.applied.variable();
    return this.miss ? not(variable) : variable;
  }

  /** P4 would apply the table only where the first part leaves it open; here applying is a statement of its own, before. */
  protected override combinedAt(loc: Loc): void {
    const { table, loc: applied } = this.applied.stmt;
    const isInside = applied.file === loc.file && (applied.line > loc.line || (applied.line === loc.line && applied.column > loc.column));
    if (isInside) this.recorder?.diagnostics.report('apply-in-condition', { table }, { loc: applied });
  }

  override not(): ExprNode {
    return new HitCondition(this.applied, !this.miss, this.recorder as Recorder);
  }
}
