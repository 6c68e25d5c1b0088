/**
 * Forward data flow over the structured code of controls. A subclass says what is known at one point (`S`), what a
 * statement changes in it, and what is known where paths meet; `Flow` follows the paths: branches, tables with their
 * actions, loops, controls inside controls, `return` and `exit` (P4-16 §§11.6, 12.4, 12.5).
 *
 * The body of an action or of a control inside is followed once for each state in which it starts, so a walk takes time
 * in proportion to the program as long as few states are told apart.
 */
import { noAction } from '../arch/core.js';
import type { ActionDecl, ControlDecl, TableDecl } from '../ir/decl.js';
import type { Expr } from '../ir/expr.js';
import type {
  ApplyStmt,
  AssignStmt,
  Block,
  CallStmt,
  DeclareStmt,
  ForInStmt,
  ForStmt,
  IfStmt,
  SetValidityStmt,
  StackStmt,
  Stmt,
  SwitchStmt,
} from '../ir/stmt.js';
import type { ProgramInfo } from './program-info.js';

/** What is known at a point; undefined where no packet comes to it. */
export type Path<S> = S | undefined;

/** Statements that hold no others. A call of an action or a control has its arguments and its result here. */
export type PlainStmt = DeclareStmt | AssignStmt | CallStmt | SetValidityStmt | StackStmt;

/** The control that is followed, and the path of instances that leads to it, such as `outer.inner.`. */
export interface Site {
  readonly control: ControlDecl;
  readonly path: string;
}

/** Where the paths of a body end: at its end or a `return`, or at an `exit`, which ends the controls around it too. */
interface Outcome<S> {
  readonly after: Path<S>;
  readonly exits: readonly S[];
}
/** The paths of a body, or of a loop's body, that have left it so far. */
interface Leaving<S> {
  readonly returns: S[];
  readonly exits: S[];
}
interface Jumps<S> {
  readonly breaks: S[];
  readonly continues: S[];
}

export abstract class Flow<S> {
  /** Undefined in a parser. */
  protected site: Site | undefined;
  #leaving: Leaving<S> = { returns: [], exits: [] };
  #jumps: Jumps<S> = { breaks: [], continues: [] };
  readonly #sites = new Map<string, Site>();
  readonly #outcomes = new Map<ActionDecl | Site, Map<string, Outcome<S>>>();

  constructor(protected readonly info: ProgramInfo) {}

  /** The same text for equal states alone. */
  protected abstract key(state: S): string;
  /** What is known where the branches of a statement or a body meet. One that is undefined does not come here. */
  protected abstract meet(before: S, branches: readonly Path<S>[], of: Stmt | Site | ActionDecl): Path<S>;
  /** After a statement that holds no others. */
  protected abstract plain(stmt: PlainStmt, state: S): Path<S>;

  /** The packets for which a condition holds, and for which it does not. */
  protected split(_cond: Expr, state: S): { readonly yes: Path<S>; readonly no: Path<S> } {
    return { yes: state, no: state };
  }
  /** At the start of a branch of a statement. */
  protected enter(state: S, _of: Stmt): S {
    return state;
  }
  /** After the keys of a table were read, and before its actions run. */
  protected applied(_stmt: ApplyStmt, _table: TableDecl, state: S): S {
    return state;
  }
  /** Whether all instances of a control do the same, so that following one of them is enough. */
  protected isShared(_control: ControlDecl): boolean {
    return true;
  }

  /** After a control of the package, on all paths. */
  control(control: ControlDecl, state: S): Path<S> {
    const site = this.#siteOf(control, '');
    const { after, exits } = this.#body(site, control.body, state, site);
    return exits.length === 0 ? after : this.meet(state, [after, ...exits], site);
  }

  /** After a block; paths that leave it are told to what is around it. */
  protected block(block: Block, before: Path<S>): Path<S> {
    let state = before;
    for (const stmt of block) {
      if (state === undefined) return undefined;
      state = this.statement(stmt, state);
    }
    return state;
  }

  protected statement(stmt: Stmt, state: S): Path<S> {
    switch (stmt.kind) {
      case 'call':
        return this.#call(stmt, state);
      case 'if':
        return this.if(stmt, state);
      case 'switch':
        return this.#switch(stmt, state);
      case 'apply':
        return this.#apply(stmt, state);
      case 'block':
        return this.block(stmt.body, state);
      case 'target':
        return this.meet(
          state,
          [this.block(stmt.body, this.enter(state, stmt)), this.block(stmt.otherwise ?? [], this.enter(state, stmt))],
          stmt,
        );
      case 'for':
      case 'for-in':
        return this.loop(stmt, state);
      case 'return':
        this.#leaving.returns.push(state);
        return undefined;
      case 'exit':
        this.#leaving.exits.push(state);
        return undefined;
      case 'break':
        this.#jumps.breaks.push(state);
        return undefined;
      case 'continue':
        this.#jumps.continues.push(state);
        return undefined;
      default:
        return this.plain(stmt, state);
    }
  }

  protected if(stmt: IfStmt, state: S): Path<S> {
    const { yes, no } = this.split(stmt.cond, state);
    const branches = [
      ...(yes === undefined ? [] : [this.block(stmt.then, this.enter(yes, stmt))]),
      ...(no === undefined ? [] : [this.block(stmt.else ?? [], this.enter(no, stmt))]),
    ];
    return this.meet(state, branches, stmt);
  }

  /** Until another turn adds nothing. */
  protected loop(stmt: ForStmt | ForInStmt, before: S): Path<S> {
    let state = stmt.kind === 'for' ? this.block(stmt.init, before) : before;
    if (state === undefined) return undefined;
    const around = this.#jumps;
    for (;;) {
      this.#jumps = { breaks: [], continues: [] };
      const turn = this.block(stmt.body, this.enter(state, stmt));
      const { breaks, continues } = this.#jumps;
      const ended = this.meet(state, [turn, ...continues], stmt);
      const next = stmt.kind === 'for' ? this.block(stmt.update, ended) : ended;
      const grown: S = this.meet(state, [state, next], stmt) ?? state;
      if (this.key(grown) === this.key(state)) {
        this.#jumps = around;
        return this.meet(state, [grown, ...breaks], stmt);
      }
      state = grown;
    }
  }

  #switch(stmt: SwitchStmt, state: S): Path<S> {
    const paths = stmt.cases.map((c) => this.block(c.body, this.enter(state, stmt)));
    const isTotal = stmt.cases.some((c) => c.labels.includes('default'));
    return this.meet(state, isTotal ? paths : [this.enter(state, stmt), ...paths], stmt);
  }

  #apply(stmt: ApplyStmt, state: S): Path<S> {
    const table = this.info.declared('table', stmt.table, this.site?.control);
    if (!table) return state;
    const before = this.applied(stmt, table, state);
    const after = new Map(table.actions.map(({ action }) => [action, this.#action(action, before)]));
    if (!table.defaultAction) after.set(noAction.name, before);
    if (!stmt.cases) {
      const ran = this.meet(before, [...after.values()], stmt);
      if (ran === undefined) return undefined;
      return this.meet(
        state,
        [stmt.hit, stmt.miss].map((body) => this.block(body ?? [], this.enter(ran, stmt))),
        stmt,
      );
    }
    const bodies = new Map(stmt.cases.flatMap((c) => c.actions.map((name) => [name, c.body] as const)));
    const others = bodies.get('default') ?? [];
    const paths = [...new Set([...bodies.values(), others])].map((body) => {
      const ran = [...after].filter(([name]) => (bodies.get(name) ?? others) === body).map(([, path]) => path);
      const start = ran.length === 0 ? undefined : this.meet(before, ran, stmt);
      return start === undefined ? undefined : this.block(body, this.enter(start, stmt));
    });
    return this.meet(state, paths, stmt);
  }

  #call(stmt: CallStmt, before: S): Path<S> {
    const { callee } = stmt;
    const state = this.plain(stmt, before);
    if (state === undefined) return undefined;
    // As `exit` does.
    if (this.info.externMethod(stmt)?.ends) {
      this.#leaving.exits.push(state);
      return undefined;
    }
    if (callee.kind === 'action') return this.#action(callee.name, state);
    if (callee.kind !== 'block' || !this.site) return state;
    const control = this.info.calledBlock(stmt, this.site.control);
    if (control?.kind !== 'control') return state;
    const site = this.#siteOf(control, this.isShared(control) ? `${control.name}.` : `${this.site.path}${callee.instance}.`);
    return this.#follow(site, control.body, state, site);
  }

  #action(name: string, state: S): Path<S> {
    const action = this.info.declared('action', name, this.site?.control);
    return action ? this.#follow(action, action.body, state) : state;
  }

  /** After a body that may have been followed from the same state before. */
  #follow(of: ActionDecl | Site, body: Block, state: S, site = this.site): Path<S> {
    const known = this.#outcomes.get(of) ?? new Map<string, Outcome<S>>();
    this.#outcomes.set(of, known);
    const key = this.key(state);
    const outcome = known.get(key) ?? this.#body(of, body, state, site);
    known.set(key, outcome);
    this.#leaving.exits.push(...outcome.exits);
    return outcome.after;
  }

  #body(of: ActionDecl | Site, body: Block, state: S, site: Site | undefined): Outcome<S> {
    const around = { site: this.site, leaving: this.#leaving, jumps: this.#jumps };
    const leaving: Leaving<S> = { returns: [], exits: [] };
    this.site = site;
    this.#leaving = leaving;
    this.#jumps = { breaks: [], continues: [] };
    const end = this.block(body, state);
    this.site = around.site;
    this.#leaving = around.leaving;
    this.#jumps = around.jumps;
    const exits = new Map(leaving.exits.map((exit) => [this.key(exit), exit]));
    return { after: this.meet(state, [end, ...leaving.returns], of), exits: [...exits.values()] };
  }

  /** Follows a function given at a call: it leaves nothing but itself. */
  protected aside(body: Block, state: S): void {
    const around = this.#leaving;
    this.#leaving = { returns: [], exits: [] };
    this.block(body, state);
    this.#leaving = around;
  }

  #siteOf(control: ControlDecl, path: string): Site {
    const known = this.#sites.get(path || control.name);
    if (known) return known;
    const site: Site = { control, path };
    this.#sites.set(path || control.name, site);
    return site;
  }
}
