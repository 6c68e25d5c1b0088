/**
 * Walks and rewrites of expressions, statements and declarations. The tables are total over the kinds, so that tsc
 * rejects them while a new kind is not handled.
 *
 * A rewrite goes from the leaves up, keeps the place of every node, and returns the very same node where nothing changed.
 */
import type { ControlDecl, EntryDecl, LocalDecl, Param, ParserDecl, StateDecl, TableDecl, Transition } from './decl.js';
import type { Expr, KeySet } from './expr.js';
import type { Program } from './program.js';
import type { Block, Callee, Stmt } from './stmt.js';

/** The member of a union of nodes that has the kind `K`. */
export type OfKind<T extends { readonly kind: string }, K> = T extends { readonly kind: infer Q } ? (K extends Q ? T : never) : never;

/** What to look at in each node, before its parts. */
export interface Visitor {
  expr?(expr: Expr): void;
  keySet?(set: KeySet): void;
  stmt?(stmt: Stmt): void;
}
/** What to make of each node, after its parts. A statement may become several, or none. */
export interface Rewrite {
  readonly before?: Visitor;
  expr?(expr: Expr): Expr;
  stmt?(stmt: Stmt): Stmt | Block;
}

// ── rewriting ──

type Recur<T> = (node: T) => T;

const exprParts: { readonly [K in Expr['kind']]: (e: OfKind<Expr, K>, f: Recur<Expr>) => Expr } = {
  const: (e) => e,
  bool: (e) => e,
  string: (e) => e,
  member: (e) => e,
  name: (e) => e,
  field: (e, f) => update(e, { base: f(e.base) }),
  index: (e, f) => update(e, { base: f(e.base), index: f(e.index) }),
  'stack-member': (e, f) => update(e, { base: f(e.base) }),
  slice: (e, f) => update(e, { base: f(e.base) }),
  unary: (e, f) => update(e, { arg: f(e.arg) }),
  binary: (e, f) => update(e, { left: f(e.left), right: f(e.right) }),
  mux: (e, f) => update(e, { cond: f(e.cond), yes: f(e.yes), no: f(e.no) }),
  cast: (e, f) => update(e, { arg: f(e.arg) }),
  'is-valid': (e, f) => update(e, { header: f(e.header) }),
  lookahead: (e, f) => update(e, { packet: f(e.packet) }),
  'packet-length': (e, f) => update(e, { packet: f(e.packet) }),
  struct: (e, f) => update(e, { fields: each(e.fields, (field) => update(field, { value: f(field.value) })) }),
  list: (e, f) => update(e, { elements: each(e.elements, f) }),
  invalid: (e) => e,
  default: (e) => e,
};

const keySetParts: { readonly [K in KeySet['kind']]: (s: OfKind<KeySet, K>, f: Recur<Expr>) => KeySet } = {
  value: (s, f) => update(s, { value: f(s.value) }),
  mask: (s, f) => update(s, { value: f(s.value), mask: f(s.mask) }),
  range: (s, f) => update(s, { low: f(s.low), high: f(s.high) }),
  'value-set': (s) => s,
  any: (s) => s,
};

const calleeParts: { readonly [K in Callee['kind']]: (c: OfKind<Callee, K>, f: Recur<Expr>) => Callee } = {
  function: (c) => c,
  method: (c, f) => update(c, { object: f(c.object) }),
  action: (c) => c,
  block: (c) => c,
};

const stmtParts: { readonly [K in Stmt['kind']]: (s: OfKind<Stmt, K>, f: Recur<Expr>, b: Recur<Block>, k: Recur<KeySet>) => Stmt } = {
  declare: (s, f) => update(s, optional(s, 'init', f)),
  assign: (s, f) => update(s, { target: f(s.target), value: f(s.value) }),
  call: (s, f, b) => {
    const callee = calleeParts[s.callee.kind] as (c: Callee, f: Recur<Expr>) => Callee;
    return update(s, {
      callee: callee(s.callee, f),
      args: each(s.args, f),
      ...optional(s, 'result', f),
      ...optional(s, 'given', (g) => update(g, { body: b(g.body) })),
    });
  },
  if: (s, f, b) => update(s, { cond: f(s.cond), then: b(s.then), ...optional(s, 'else', b) }),
  switch: (s, f, b) =>
    update(s, {
      on: f(s.on),
      cases: each(s.cases, (c) =>
        update(c, { labels: each(c.labels, (label) => (label === 'default' ? label : f(label))), body: b(c.body) }),
      ),
    }),
  apply: (s, _f, b) =>
    update(s, {
      ...optional(s, 'hit', b),
      ...optional(s, 'miss', b),
      ...optional(s, 'cases', (cases) => each(cases, (c) => update(c, { body: b(c.body) }))),
    }),
  'set-validity': (s, f) => update(s, { header: f(s.header) }),
  push: (s, f) => update(s, { stack: f(s.stack) }),
  pop: (s, f) => update(s, { stack: f(s.stack) }),
  exit: (s) => s,
  return: (s, f) => update(s, optional(s, 'value', f)),
  block: (s, _f, b) => update(s, { body: b(s.body) }),
  target: (s, _f, b) => update(s, { body: b(s.body), ...optional(s, 'otherwise', b) }),
  for: (s, f, b) => update(s, { init: b(s.init), cond: f(s.cond), update: b(s.update), body: b(s.body) }),
  'for-in': (s, f, b, k) => update(s, { over: s.over.kind === 'range' ? (k(s.over) as typeof s.over) : f(s.over), body: b(s.body) }),
  break: (s) => s,
  continue: (s) => s,
};

const localParts: {
  readonly [K in LocalDecl['kind']]: (d: OfKind<LocalDecl, K>, f: Recur<Expr>, b: Recur<Block>, k: Recur<KeySet>) => LocalDecl;
} = {
  constant: (d, f) => update(d, { value: f(d.value) }),
  variable: (d, f) => update(d, optional(d, 'init', f)),
  instance: (d, f, b) =>
    update(d, { args: each(d.args, f), ...optional(d, 'methods', (methods) => each(methods, (m) => update(m, { body: b(m.body) }))) }),
  action: (d, f, b) => update(d, { params: each(d.params, (p) => paramParts(p, f)), body: b(d.body) }),
  function: (d, f, b) => update(d, { params: each(d.params, (p) => paramParts(p, f)), body: b(d.body) }),
  table: (d, f, _b, k) => tableParts(d, f, k),
  'value-set': (d) => d,
};

const transitionParts: { readonly [K in Transition['kind']]: (t: OfKind<Transition, K>, f: Recur<Expr>, k: Recur<KeySet>) => Transition } =
  {
    goto: (t) => t,
    select: (t, f, k) => update(t, { on: each(t.on, f), cases: each(t.cases, (c) => update(c, { keys: each(c.keys, k) })) }),
  };

const paramParts = (param: Param, f: Recur<Expr>): Param => update(param, optional(param, 'default', f));

function tableParts(table: TableDecl, f: Recur<Expr>, k: Recur<KeySet>): TableDecl {
  const entry = (e: EntryDecl): EntryDecl =>
    update(e, { keys: each(e.keys, k), action: update(e.action, { args: each(e.action.args, f) }) });
  return update(table, {
    keys: each(table.keys, (key) => update(key, { expr: f(key.expr) })),
    actions: each(table.actions, (ref) => update(ref, { args: each(ref.args, f) })),
    ...optional(table, 'defaultAction', (action) => update(action, { args: each(action.args, f) })),
    ...optional(table, 'entries', (entries) => each(entries, entry)),
    ...optional(table, 'properties', (properties) => each(properties, (p) => update(p, { value: f(p.value) }))),
  });
}

/** Visits every node in the order of the source: `visiting({ expr: … }).program(program)`. */
export const visiting = (visitor: Visitor): Rewriter => new Rewriter({ before: visitor });

/** Rewrites any part of a program: `new Rewriter({ expr: … }).program(program)`. */
export class Rewriter {
  readonly #rewrite: Rewrite;
  constructor(rewrite: Rewrite) {
    this.#rewrite = rewrite;
  }

  readonly expr = (expr: Expr): Expr => {
    this.#rewrite.before?.expr?.(expr);
    const parts = exprParts[expr.kind] as (e: Expr, f: Recur<Expr>) => Expr;
    const rebuilt = parts(expr, this.expr);
    return this.#rewrite.expr ? this.#rewrite.expr(rebuilt) : rebuilt;
  };

  readonly keySet = (set: KeySet): KeySet => {
    this.#rewrite.before?.keySet?.(set);
    return (keySetParts[set.kind] as (s: KeySet, f: Recur<Expr>) => KeySet)(set, this.expr);
  };

  readonly block = (block: Block): Block => {
    let changed = false;
    const out: Stmt[] = [];
    for (const stmt of block) {
      this.#rewrite.before?.stmt?.(stmt);
      const parts = stmtParts[stmt.kind] as (s: Stmt, f: Recur<Expr>, b: Recur<Block>, k: Recur<KeySet>) => Stmt;
      const rebuilt = parts(stmt, this.expr, this.block, this.keySet);
      const replaced = this.#rewrite.stmt ? this.#rewrite.stmt(rebuilt) : rebuilt;
      if (replaced !== stmt) changed = true;
      if ('kind' in replaced) out.push(replaced);
      else out.push(...replaced);
    }
    return changed ? out : block;
  };

  readonly local = <D extends LocalDecl>(decl: D): D => {
    const parts = localParts[decl.kind] as (d: LocalDecl, f: Recur<Expr>, b: Recur<Block>, k: Recur<KeySet>) => LocalDecl;
    return parts(decl, this.expr, this.block, this.keySet) as D;
  };

  readonly transition = (transition: Transition): Transition =>
    (transitionParts[transition.kind] as (t: Transition, f: Recur<Expr>, k: Recur<KeySet>) => Transition)(
      transition,
      this.expr,
      this.keySet,
    );

  readonly state = (state: StateDecl): StateDecl =>
    update(state, { body: this.block(state.body), transition: this.transition(state.transition) });

  readonly parser = (parser: ParserDecl): ParserDecl =>
    update(parser, {
      params: each(parser.params, (p) => paramParts(p, this.expr)),
      locals: each(parser.locals, this.local),
      states: each(parser.states, this.state),
    });

  readonly control = (control: ControlDecl): ControlDecl =>
    update(control, {
      params: each(control.params, (p) => paramParts(p, this.expr)),
      locals: each(control.locals, this.local),
      body: this.block(control.body),
    });

  readonly owner = <B extends ParserDecl | ControlDecl>(block: B): B =>
    (block.kind === 'parser' ? this.parser(block) : this.control(block)) as B;

  readonly program = (program: Program): Program =>
    update(program, {
      constants: each(program.constants, this.local),
      functions: each(program.functions, this.local),
      actions: each(program.actions, this.local),
      instances: each(program.instances, this.local),
      parsers: each(program.parsers, this.parser),
      controls: each(program.controls, this.control),
    });
}

/** The expressions that an expression is made of, in order. */
export function partsOf(expr: Expr): readonly Expr[] {
  const parts: Expr[] = [];
  const collect = (part: Expr): Expr => {
    parts.push(part);
    return part;
  };
  (exprParts[expr.kind] as (e: Expr, f: Recur<Expr>) => Expr)(expr, collect);
  return parts;
}

// ── helpers ──

/** The node with `changes`, or the node itself when they change nothing. */
export function update<T extends object>(node: T, changes: Partial<T>): T {
  for (const key of Object.keys(changes) as (keyof T)[]) if (node[key] !== changes[key]) return { ...node, ...changes };
  return node;
}

/** `list` with `f` applied to each element, or the list itself when nothing changed. */
export function each<T>(list: readonly T[], f: (element: T, index: number) => T): readonly T[] {
  const out = list.map(f);
  return out.every((element, i) => element === list[i]) ? list : out;
}

function optional<T extends object, K extends keyof T>(node: T, key: K, f: (value: NonNullable<T[K]>) => T[K]): Partial<T> {
  const present = node[key];
  return present === undefined || present === null ? {} : ({ [key]: f(present) } as unknown as Partial<T>);
}
