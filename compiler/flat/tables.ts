/** Tables, and the actions that they run. */
import type { Attachment } from '../analysis/program-info.js';
import { noAction } from '../arch/core.js';
import { type InitialTable, initialTables } from '../control/initial-tables.js';
import type { ActionRef, TableDecl } from '../ir/decl.js';
import { controlPlaneName } from '../ir/names.js';
import type { ApplyStmt } from '../ir/stmt.js';
import { invariant } from '../support/invariant.js';
import { bind, runBody } from './calls.js';
import { CodeEmitter } from './emitter.js';
import { evaluate, evaluateScalar } from './expressions.js';
import { copyAllOut, type Frame, frameOf, inner, Scope } from './frame.js';
import type { BuiltTable, Instance } from './instances.js';
import type { FlatAction, FlatCode, FlatObject, FlatTable, Slot } from './program.js';
import { leavesOf } from './trees.js';

export function applyTable(s: ApplyStmt, frame: Frame): void {
  const { instance, out } = frame;
  invariant(instance && out instanceof CodeEmitter, 'a table is applied outside of a control');
  const { table, before } = instance.tables.get(s.table) ?? built(s.table, instance, frame);
  for (const stmt of before) out.add(stmt);
  const code = (block: ApplyStmt['hit']): FlatCode => out.capture(() => frame.execute(block ?? [], inner(frame)));
  const named = s.cases?.map((c) => ({
    isDefault: c.actions.includes('default'),
    actions: table.actions.filter(({ decl }) => c.actions.includes(decl.name)),
    body: code(c.body),
  }));
  out.add({
    kind: 'apply',
    table,
    hit: code(s.hit),
    miss: code(s.miss),
    cases: named?.filter(({ actions }) => actions.length > 0) ?? [],
    otherwise: named?.find(({ isDefault }) => isDefault)?.body ?? [],
    exited: table.actions.some((action) => action.exits) ? out.capture(() => copyAllOut(frame, s.loc)) : [],
    loc: s.loc,
  });
}

/** Made when it is first applied: the parameters of its control stand for slots then. */
function built(name: string, instance: Instance, frame: Frame): BuiltTable {
  const { decl: block, path, scope } = instance;
  const decl = block.locals.find((local): local is TableDecl => local.kind === 'table' && local.name === name);
  invariant(decl, `no table ${name}`);
  const own = frameOf(frame, scope, instance);
  const keys = decl.keys.filter((key) => key.match !== 'selector');
  const refs: readonly Pick<ActionRef, 'action' | 'args'>[] = [
    ...decl.actions,
    ...sharing(decl, instance, frame).flatMap((table) => table.actions),
    ...(decl.defaultAction ? [] : [{ action: noAction.name, args: [] }]),
  ];
  const table: FlatTable = {
    id: frame.tables.length,
    name: controlPlaneName(path, decl),
    keys: keys.map((key) => ({ name: key.name, match: key.match, value: evaluateScalar(key.expr, own), decl: key })),
    selectorKeys: decl.keys.filter((key) => key.match === 'selector').flatMap((key) => leavesOf(evaluate(key.expr, own))),
    actions: refs
      .filter((ref, i) => refs.findIndex((other) => other.action === ref.action) === i)
      .map((ref) => tableAction(ref, instance, frame)),
    counter: attached('counter', decl, instance, frame),
    meter: attached('meter', decl, instance, frame),
    profile: attached('profile', decl, instance, frame),
    initial: initialOf(controlPlaneName(path, decl), frame),
    decl,
  };
  frame.tables.push(table);
  const found = { table, before: (own.out as CodeEmitter).code };
  instance.tables.set(name, found);
  return found;
}

function initialOf(table: string, { info }: Frame): InitialTable {
  const found = initialTables(info.program).get(table);
  invariant(found, `no table ${table}`);
  return found;
}

/** The other tables that share members with this one: it runs their actions too. */
function sharing(decl: TableDecl, { decl: block }: Instance, { info }: Frame): readonly TableDecl[] {
  const profile = info.attached(decl, 'profile', block);
  if (!profile) return [];
  return block.locals.filter(
    (local): local is TableDecl => local.kind === 'table' && local !== decl && info.attached(local, 'profile', block) === profile,
  );
}

function attached(what: Attachment, decl: TableDecl, { decl: block, objects, scope }: Instance, { info }: Frame): FlatObject | undefined {
  const found = info.attached(decl, what, block);
  if (!found) return undefined;
  const tree = scope.find(found.name);
  return objects.get(found.name) ?? (tree?.kind === 'object' ? tree.object : undefined);
}

function tableAction({ action: name, args }: Pick<ActionRef, 'action' | 'args'>, instance: Instance, frame: Frame): FlatAction {
  const decl = frame.info.declaredAction(name, instance.decl);
  invariant(decl, `no action ${name}`);
  const isLocal = instance.decl.locals.includes(decl);
  const known = args.length > 0 ? undefined : isLocal ? instance.actions.get(decl) : frame.globalActions.get(decl.name);
  if (known) return known;

  const own = frameOf(frame, new Scope(isLocal ? instance.scope : frame.globals), isLocal ? instance : undefined);
  let exits = false;
  const exit: Frame['exit'] = (loc) => {
    exits = true;
    own.out.add({ kind: 'exit', loc });
  };
  const params: Slot[] = [];
  for (const param of decl.params.filter((p) => p.direction === undefined)) {
    const place = frame.layout.place(param.type, param.name, { annotations: param.annotations ?? [] });
    for (const leaf of leavesOf(place)) if (leaf.kind === 'slot') params.push(leaf.slot);
    own.scope.declare(param.name, place);
  }
  const directional = decl.params.filter((p) => p.direction !== undefined);
  const copies = bind(directional, args, { ...own, scope: instance.scope, instance }, own.scope, new Set());
  runBody(decl.body, { ...own, pending: [copies], exit }, decl.name, decl.loc);
  copies.copyOut(decl.loc);
  const action: FlatAction = {
    id: frame.actions.length,
    name: controlPlaneName(isLocal ? instance.path : undefined, decl),
    params,
    body: (own.out as CodeEmitter).code,
    exits,
    decl,
  };
  frame.actions.push(action);
  if (args.length === 0) {
    if (isLocal) instance.actions.set(decl, action);
    else frame.globalActions.set(decl.name, action);
  }
  return action;
}
