/**
 * What of a program its control plane sees, block by block, in p4c's order. As in p4c, tables that are never applied
 * and actions that no table and no block runs are left out; an action that only other actions call is part of them.
 */
import type { ActionDecl, ControlDecl, FunctionDecl, InstanceDecl, LocalDecl, ParserDecl, TableDecl, ValueSetDecl } from '../ir/decl.js';
import { objectsIn } from '../ir/instances.js';
import type { Program } from '../ir/program.js';
import type { Block, CallStmt, Stmt } from '../ir/stmt.js';
import { visiting } from '../ir/visit.js';
import { invariant } from '../support/invariant.js';
import { nowhere } from '../support/location.js';
import { withoutDeadCode } from './dead-code.js';
import { controlPlaneName } from './names.js';

/** The action that core.p4 declares: it does nothing. */
export const noAction: ActionDecl = {
  kind: 'action',
  name: 'NoAction',
  params: [],
  body: [],
  annotations: [{ name: 'noWarn', body: '"unused"' }],
  loc: nowhere,
};

export interface VisibleAction {
  readonly name: string;
  readonly decl: ActionDecl;
  /** False when only blocks call it, with all arguments: then the control plane gives none. */
  readonly inTable: boolean;
  /** What is declared around it. */
  readonly scope: readonly LocalDecl[];
}
export interface VisibleTable {
  readonly name: string;
  readonly decl: TableDecl;
  /** The name of an action, or of an instance that a property names, as the control plane knows it. */
  action(name: string): { readonly name: string; readonly decl: ActionDecl };
  instance(name: string): { readonly name: string; readonly decl: InstanceDecl };
}
export interface VisibleLocal<D> {
  readonly name: string;
  readonly decl: D;
}
export interface VisibleBlock {
  readonly actions: readonly VisibleAction[];
  /** Tables and extern instances, in the order of their declaration. */
  readonly children: readonly (
    | (VisibleTable & { readonly kind: 'table' })
    | (VisibleLocal<InstanceDecl> & { readonly kind: 'instance' })
  )[];
  readonly valueSets: readonly VisibleLocal<ValueSetDecl>[];
  /** Calls of extern functions, each once: those of the actions first, then those of the block, with what it calls in its place. */
  readonly calls: readonly CallStmt[];
}

/** The blocks of `main`, in the order of the package's parameters. */
export function visibleBlocks(program: Program): readonly VisibleBlock[] {
  return program.main.blocks.map((name) => {
    const control = program.controls.find((c) => c.name === name);
    const parser = program.parsers.find((p) => p.name === name);
    invariant(control ?? parser, `the block ${name} is not declared`);
    const view = new BlockView(program);
    if (control) view.addControl(control, name);
    else if (parser) view.addParser(parser, name);
    return view.finish();
  });
}

class BlockView {
  readonly #program: Program;
  readonly #actions: VisibleAction[] = [];
  readonly #global = new Map<string, VisibleAction>();
  readonly #calledGlobals: string[] = [];
  readonly #children: VisibleBlock['children'][number][] = [];
  readonly #valueSets: VisibleLocal<ValueSetDecl>[] = [];
  /** The block's own bodies, with what is declared around them. */
  readonly #bodies: (readonly [Block, readonly LocalDecl[]])[] = [];
  /** What was looked at for calls, and blocks without objects that were looked at: the next instance adds nothing. */
  readonly #seen = new Set<Block | ControlDecl | ParserDecl>();
  readonly #objects: (block: ControlDecl | ParserDecl) => number;

  constructor(program: Program) {
    this.#program = program;
    this.#objects = objectsIn(program);
  }

  finish(): VisibleBlock {
    for (const name of this.#calledGlobals) this.#addGlobalAction(name, false);
    // p4c copies the actions of the top level that a block uses to its head.
    const actions = [...this.#global.values(), ...this.#actions];
    const calls = [
      ...actions.flatMap((action) => this.#callsIn(action.decl.body, action.scope)),
      ...this.#bodies.flatMap((body) => this.#callsIn(...body)),
    ];
    return { actions, children: this.#children, valueSets: this.#valueSets, calls };
  }

  addControl(control: ControlDecl, path: string): void {
    this.#addLocals(control, path);
    this.#bodies.push([control.body, control.locals]);
  }

  addParser(parser: ParserDecl, path: string): void {
    if (!this.#adds(parser)) return;
    for (const local of parser.locals) {
      if (local.kind === 'value-set') this.#valueSets.push({ name: controlPlaneName(path, local), decl: local });
      else if (local.kind === 'instance') {
        const inner = this.#program.parsers.find((p) => p.name === local.type.name);
        if (inner) this.addParser(inner, controlPlaneName(path, local));
        else this.#children.push({ kind: 'instance', name: controlPlaneName(path, local), decl: local });
      }
    }
  }

  #addLocals(control: ControlDecl, path: string): void {
    if (!this.#adds(control)) return;
    const statements: Stmt[] = [];
    visiting({ stmt: (stmt) => statements.push(stmt) }).block(withoutDeadCode(control.body));
    const applied = new Set(statements.flatMap((s) => (s.kind === 'apply' ? [s.table] : [])));
    const called = new Set(statements.flatMap((s) => (s.kind === 'call' && s.callee.kind === 'action' ? [s.callee.name] : [])));
    const entered = new Set(statements.flatMap((s) => (s.kind === 'call' && s.callee.kind === 'block' ? [s.callee.instance] : [])));

    const tables = control.locals.filter((l): l is TableDecl => l.kind === 'table' && applied.has(l.name));
    const inTable = new Set(tables.flatMap((t) => [...actionNames(t)]));
    for (const local of control.locals) {
      if (local.kind === 'action') {
        if (inTable.has(local.name) || called.has(local.name)) this.#addLocalAction(local, path, inTable.has(local.name), control.locals);
      } else if (local.kind === 'table') {
        if (applied.has(local.name)) this.#addTable(local, control, path);
      } else if (local.kind === 'instance') {
        const inner = this.#program.controls.find((c) => c.name === local.type.name);
        if (!inner) this.#children.push({ kind: 'instance', name: controlPlaneName(path, local), decl: local });
        else if (entered.has(local.name)) this.#addLocals(inner, controlPlaneName(path, local));
      }
    }
    this.#calledGlobals.push(...[...called].filter((name) => !isLocalAction(control, name)));
  }

  /** Whether an instance of the block has something that those before it had not. */
  #adds(block: ControlDecl | ParserDecl): boolean {
    if (this.#objects(block) > 0) return true;
    const isNew = !this.#seen.has(block);
    this.#seen.add(block);
    return isNew;
  }

  #addTable(decl: TableDecl, control: ControlDecl, path: string): void {
    for (const name of actionNames(decl)) if (!isLocalAction(control, name)) this.#addGlobalAction(name, true);
    this.#children.push({ kind: 'table', ...this.#table(decl, control, path) });
  }

  #table(decl: TableDecl, control: ControlDecl, path: string): VisibleTable {
    return {
      name: controlPlaneName(path, decl),
      decl,
      action: (name) => {
        const local = control.locals.find((l): l is ActionDecl => l.kind === 'action' && l.name === name);
        return local ? { name: controlPlaneName(path, local), decl: local } : globalAction(this.#program, name);
      },
      instance: (name) => {
        const local = control.locals.find((l): l is InstanceDecl => l.kind === 'instance' && l.name === name);
        const found = local ?? this.#program.instances.find((i) => i.name === name);
        invariant(found, `the instance ${name} is not declared`);
        return { name: controlPlaneName(local ? path : undefined, found), decl: found };
      },
    };
  }

  #addLocalAction(decl: ActionDecl, path: string, inTable: boolean, scope: readonly LocalDecl[]): void {
    this.#actions.push({ name: controlPlaneName(path, decl), decl, inTable, scope });
  }

  #addGlobalAction(local: string, inTable: boolean): void {
    const { name, decl } = globalAction(this.#program, local);
    this.#global.set(name, { name, decl, inTable: inTable || (this.#global.get(name)?.inTable ?? false), scope: [] });
  }

  /** Calls of extern functions, also within what the statements call, but for the actions that tables run; each once. */
  #callsIn(block: Block, scope: readonly LocalDecl[]): CallStmt[] {
    if (this.#seen.has(block)) return [];
    this.#seen.add(block);
    const calls: CallStmt[] = [];
    visiting({
      stmt: (stmt) => {
        if (stmt.kind === 'call') calls.push(...this.#callsOf(stmt, scope));
      },
    }).block(withoutDeadCode(block));
    return calls;
  }

  #callsOf(call: CallStmt, scope: readonly LocalDecl[]): CallStmt[] {
    const { callee } = call;
    switch (callee.kind) {
      case 'function': {
        const local = scope.find((l): l is FunctionDecl => l.kind === 'function' && l.name === callee.name);
        const called = local ?? this.#program.functions.find((f) => f.name === callee.name);
        return called ? this.#callsIn(called.body, local ? scope : []) : [call];
      }
      case 'action': {
        const local = scope.find((l): l is ActionDecl => l.kind === 'action' && l.name === callee.name);
        const called = local ?? this.#program.actions.find((a) => a.name === callee.name);
        return called ? this.#callsIn(called.body, local ? scope : []) : [];
      }
      case 'block': {
        const instance = scope.find((l): l is InstanceDecl => l.kind === 'instance' && l.name === callee.instance);
        const control = this.#program.controls.find((c) => c.name === instance?.type.name);
        return control ? this.#callsIn(control.body, control.locals) : [];
      }
      case 'method':
        return [];
    }
  }
}

/** The actions of a table in p4c's order; without a default action there is NoAction. */
function* actionNames(table: TableDecl): Generator<string> {
  for (const ref of table.actions) yield ref.action;
  if (!table.defaultAction) yield noAction.name;
}

const isLocalAction = (control: ControlDecl, name: string): boolean => control.locals.some((l) => l.kind === 'action' && l.name === name);

function globalAction(program: Program, name: string): { name: string; decl: ActionDecl } {
  const decl = program.actions.find((a) => a.name === name) ?? (name === noAction.name ? noAction : undefined);
  invariant(decl, `the action ${name} is not declared`);
  return { name: controlPlaneName(undefined, decl), decl };
}
