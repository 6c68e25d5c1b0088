/**
 * Elements of header stacks at an index that is known only at run time. BMv2 reads and writes their fields, makes them valid and
 * invalid, and copies them. p4c writes JSON for everything else that BMv2 does not load, or at which it ends when a packet comes.
 * So it is with an index that p4c does not find out: programs in P4, and parsers, are warned of it.
 */
import { type ProgramInfo, programInfo } from '../../compiler/analysis/program-info.js';
import type { ActionDecl, StateDecl, TableDecl } from '../../compiler/ir/decl.js';
import type { Expr, IndexExpr } from '../../compiler/ir/expr.js';
import { printExpr } from '../../compiler/ir/print.js';
import type { Program } from '../../compiler/ir/program.js';
import type { CallStmt, Stmt } from '../../compiler/ir/stmt.js';
import { partsOf, visiting } from '../../compiler/ir/visit.js';
import type { Diagnostics } from '../../compiler/support/diagnostics.js';

const fieldsFirst = 'assign the fields that are needed to variables or metadata first, or use constant indices';
const uses = {
  assigned: ['assign a header to', 'make it valid, and assign its fields one by one'],
  whole: ['take all of', fieldsFirst],
  written: ['write a result to', 'have the result in a variable, and assign that'],
  key: ['match', fieldsFirst],
  checksum: ['have a checksum of', fieldsFirst],
  select: ['select on', fieldsFirst],
  parsed: ['change in a parser, or have all of,', 'use constant indices, `next` and `last`, or do it in ingress'],
  'action data': [
    'take action data for the index of',
    'let the action assign it to a field of the metadata, and use that as the index after the table',
  ],
} as const;

type Use = keyof typeof uses;

export function checkStackIndices(program: Program, diagnostics: Diagnostics): void {
  const check = new StackIndexChecker(programInfo(program), diagnostics);
  for (const { states } of program.parsers) for (const state of states) check.state(state);
  for (const { locals } of program.controls) {
    for (const local of locals) {
      if (local.kind === 'table') check.table(local);
      if (local.kind === 'action') check.action(local);
    }
  }
  for (const action of program.actions) check.action(action);
  visiting({ expr: (expr) => check.expr(expr), stmt: (stmt) => check.stmt(stmt) }).program(program);
}

class StackIndexChecker {
  readonly #info: ProgramInfo;
  readonly #diagnostics: Diagnostics;
  readonly #reported = new Set<Expr>();

  constructor(info: ProgramInfo, diagnostics: Diagnostics) {
    this.#info = info;
    this.#diagnostics = diagnostics;
  }

  expr(expr: Expr): void {
    // Of a header in a struct there is no such field: the base of a field is the header itself.
    if (expr.kind !== 'field') for (const part of partsOf(expr)) if (this.#isElement(part)) this.#report(part, 'whole');
  }

  stmt(stmt: Stmt): void {
    if (stmt.kind === 'assign' && this.#isElement(stmt.target) && isPlace(stmt.value)) this.#report(stmt.target, 'assigned');
    if (stmt.kind === 'call') this.#call(stmt);
  }

  table({ keys }: TableDecl): void {
    for (const key of keys) this.#reportIn(key.expr, 'key');
  }

  /** A parser reads fields, to assign what comes of them. */
  state({ body, transition }: StateDecl): void {
    const read = new Set<Expr>();
    const value = visiting({ expr: (expr) => expr.kind === 'field' && this.#isElement(expr.base) && read.add(expr.base) });
    visiting({ stmt: (stmt) => stmt.kind === 'assign' && value.expr(stmt.value) }).block(body);
    visiting({ expr: (expr) => this.#isElement(expr) && !read.has(expr) && this.#report(expr, 'parsed') }).block(body);
    if (transition.kind === 'select') for (const on of transition.on) this.#reportIn(on, 'select');
  }

  /** What the control plane gives is no part of an index. */
  action({ params, body }: ActionDecl): void {
    const data = new Set(params.flatMap((p) => (p.direction ? [] : [p.name])));
    const isData = (expr: Expr): boolean => (expr.kind === 'name' ? data.has(expr.name) : partsOf(expr).some(isData));
    const check = (expr: Expr): void => {
      if (this.#isElement(expr) && isData(expr.index)) this.#report(expr, 'action data');
    };
    visiting({ expr: check }).block(body);
  }

  #call(call: CallStmt): void {
    const method = this.#info.externMethod(call);
    for (const [i, arg] of call.args.entries()) {
      if (method?.role === 'checksum') this.#reportIn(arg, 'checksum');
      else if (this.#isElement(arg)) this.#report(arg, 'whole');
      else if (call.callee.kind === 'method' && method?.params[i]?.direction === 'out') this.#reportIn(arg, 'written');
    }
  }

  #isElement(expr: Expr): expr is IndexExpr {
    return expr.kind === 'index' && expr.index.kind !== 'const' && this.#info.declaration(expr.type)?.kind === 'header';
  }

  #reportIn(expr: Expr, use: Use): void {
    visiting({ expr: (part) => this.#isElement(part) && this.#report(part, use) }).expr(expr);
  }

  #report(element: IndexExpr, use: Use): void {
    if (this.#reported.has(element)) return;
    this.#reported.add(element);
    const [cannot, instead] = uses[use];
    // p4c follows constants through variables, and unrolls the loops of parsers: a program in P4 may count on that.
    const code = this.#info.isP4 || use === 'parsed' || use === 'select' ? 'bmv2-stack-index-unless-known' : 'bmv2-stack-index';
    this.#diagnostics.report(code, { cannot, element: printExpr(element), instead }, { loc: element.loc });
  }
}

const isPlace = ({ kind }: Expr): boolean => kind === 'name' || kind === 'field' || kind === 'index' || kind === 'stack-member';
