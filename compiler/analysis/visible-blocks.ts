/**
 * What of a program its control plane sees, block by block, in p4c's order. As in p4c, tables that are never applied
 * and actions that no table and no block runs are left out; an action that only other actions call is part of them.
 */
import { noAction } from '../arch/core.js';
import type { ActionDecl, ControlDecl, InstanceDecl, ParserDecl, TableDecl, ValueSetDecl } from '../ir/decl.js';
import { controlPlaneName } from '../ir/names.js';
import type { Program } from '../ir/program.js';
import type { Block, CallStmt, Stmt } from '../ir/stmt.js';
import { visiting } from '../ir/visit.js';
import { invariant } from '../support/invariant.js';
import { withoutDeadCode } from './dead-code.js';
import { type Attachment, type BlockDecl, type ProgramInfo, programInfo } from './program-info.js';

export interface VisibleAction {
  readonly name: string;
  readonly decl: ActionDecl;
  /** False when only blocks call it, with all arguments: then the control plane gives none. */
  readonly inTable: boolean;
  /** The block that declares it. */
  readonly block?: BlockDecl;
}
export interface VisibleTable {
  readonly name: string;
  readonly decl: TableDecl;
  /** An action by its name in the block, with the one that the control plane has for it. */
  action(name: string): VisibleLocal<ActionDecl>;
  /** The counter, meter or action profile that the table names. */
  attached(what: Attachment): VisibleLocal<InstanceDecl> | undefined;
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
  const info = programInfo(program);
  return program.main.blocks.map((name) => {
    const block = info.blocks.get(name);
    invariant(block, `the block ${name} is not declared`);
    const view = new BlockView(info);
    if (block.kind === 'control') view.addControl(block, name);
    else view.addParser(block, name);
    return view.finish();
  });
}

class BlockView {
  readonly #info: ProgramInfo;
  readonly #actions: VisibleAction[] = [];
  readonly #global = new Map<string, VisibleAction>();
  readonly #calledGlobals: string[] = [];
  readonly #children: VisibleBlock['children'][number][] = [];
  readonly #valueSets: VisibleLocal<ValueSetDecl>[] = [];
  readonly #controls: ControlDecl[] = [];
  /** What was looked at for calls, and blocks without objects that were looked at: the next instance adds nothing. */
  readonly #seen = new Set<Block | BlockDecl>();

  constructor(info: ProgramInfo) {
    this.#info = info;
  }

  finish(): VisibleBlock {
    for (const name of this.#calledGlobals) this.#addGlobalAction(name, false);
    // p4c copies the actions of the top level that a block uses to its head.
    const actions = [...this.#global.values(), ...this.#actions];
    const calls = [
      ...actions.flatMap((action) => this.#callsIn(action.decl.body, action.block)),
      ...this.#controls.flatMap((control) => this.#callsIn(control.body, control)),
    ];
    return { actions, children: this.#children, valueSets: this.#valueSets, calls };
  }

  addControl(control: ControlDecl, path: string): void {
    this.#addLocals(control, path);
    this.#controls.push(control);
  }

  addParser(parser: ParserDecl, path: string): void {
    if (!this.#adds(parser)) return;
    for (const local of parser.locals) {
      if (local.kind === 'value-set') this.#valueSets.push({ name: controlPlaneName(path, local), decl: local });
      else if (local.kind === 'instance') {
        const inner = this.#info.blocks.get(local.type.name);
        if (inner?.kind === 'parser') this.addParser(inner, controlPlaneName(path, local));
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
        if (inTable.has(local.name) || called.has(local.name)) this.#addLocalAction(local, path, inTable.has(local.name), control);
      } else if (local.kind === 'table') {
        if (applied.has(local.name)) this.#addTable(local, control, path);
      } else if (local.kind === 'instance') {
        const inner = this.#info.blocks.get(local.type.name);
        if (inner?.kind !== 'control') this.#children.push({ kind: 'instance', name: controlPlaneName(path, local), decl: local });
        else if (entered.has(local.name)) this.#addLocals(inner, controlPlaneName(path, local));
      }
    }
    this.#calledGlobals.push(...[...called].filter((name) => !isLocalAction(control, name)));
  }

  /** Whether an instance of the block has something that those before it had not. */
  #adds(block: BlockDecl): boolean {
    if (this.#info.objectsIn(block) > 0) return true;
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
        const found = this.#info.declaredAction(name, control);
        invariant(found, `the action ${name} is not declared`);
        return { name: controlPlaneName(control.locals.includes(found) ? path : undefined, found), decl: found };
      },
      attached: (what) => {
        const found = this.#info.attached(decl, what, control);
        return found && { name: controlPlaneName(control.locals.includes(found) ? path : undefined, found), decl: found };
      },
    };
  }

  #addLocalAction(decl: ActionDecl, path: string, inTable: boolean, block: ControlDecl): void {
    this.#actions.push({ name: controlPlaneName(path, decl), decl, inTable, block });
  }

  #addGlobalAction(local: string, inTable: boolean): void {
    const decl = this.#info.declaredAction(local);
    invariant(decl, `the action ${local} is not declared`);
    const name = controlPlaneName(undefined, decl);
    this.#global.set(name, { name, decl, inTable: inTable || (this.#global.get(name)?.inTable ?? false) });
  }

  /** Calls of extern functions, also within what the statements call, but for the actions that tables run; each once. */
  #callsIn(body: Block, block: BlockDecl | undefined): CallStmt[] {
    if (this.#seen.has(body)) return [];
    this.#seen.add(body);
    const calls: CallStmt[] = [];
    visiting({
      stmt: (stmt) => {
        if (stmt.kind === 'call') calls.push(...this.#callsOf(stmt, block));
      },
    }).block(withoutDeadCode(body));
    return calls;
  }

  #callsOf(call: CallStmt, block: BlockDecl | undefined): CallStmt[] {
    const { callee } = call;
    switch (callee.kind) {
      case 'function': {
        const called = this.#info.declared('function', callee.name, block);
        return called ? this.#callsIn(called.body, block?.locals.includes(called) ? block : undefined) : [call];
      }
      case 'action': {
        const called = this.#info.declared('action', callee.name, block);
        return called ? this.#callsIn(called.body, block?.locals.includes(called) ? block : undefined) : [];
      }
      case 'block': {
        const called = block && this.#info.calledBlock(call, block);
        return called?.kind === 'control' ? this.#callsIn(called.body, called) : [];
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
