/** Actions of a table where they are named with arguments: the default action and entries (P4-16 §14.2.1.3, §14.2.1.4). */
import type { ActionRef, Argument, Expr, StructExpr, TableDecl } from '../ast.js';
import { complete } from './calls.js';
import type { Checker } from './context.js';
import { noteUse } from './own-parameters.js';
import type { Entity } from './scope.js';
import { isKnown } from './values.js';

export interface TableAction {
  readonly name: string;
  readonly entity: Entity & { readonly kind: 'action' };
  readonly ref: ActionRef;
}

/** The table's action of that name. */
export function actionOf(c: Checker, path: ActionRef['path'], actions: readonly TableAction[], table: TableDecl): TableAction | undefined {
  const entity = c.find(path, 'action');
  if (!entity) return undefined;
  const action = actions.find((a) => a.entity === entity);
  if (!action)
    c.report('action-not-in-table', { action: path.name.text, table: table.name.text, actions: actions.map((a) => a.name) }, path.name.loc);
  return action;
}

/** Of a default action or an entry: what the table binds is given again or left out, what the control plane gives is given. */
export function checkActionArgs(
  c: Checker,
  action: TableAction,
  args: readonly Argument[],
  node: Expr | ActionRef,
  loc: ActionRef['loc'],
): void {
  const { params } = action.entity.signature;
  if (!('kind' in node) || node.kind === 'call' || node.kind === 'name') noteUse(c, action.entity, node);
  const bound = action.ref.args ?? [];
  const own = params.filter((p) => !p.direction);
  const again =
    params.some((p) => p.direction) &&
    (args.some((a) => a.name)
      ? args.length > own.length
      : args.length >= params.filter((p) => p.direction).length && args.length > 0 && args.length !== own.length);
  const callee = {
    kind: 'action' as const,
    name: action.name,
    decl: action.entity.decl,
    candidates: [{ ...action.entity.signature, params: again ? params : own }],
  };
  const call = complete(c, callee, args, undefined, loc);
  if (!call) return;
  if (!('kind' in node) || node.kind === 'call') c.calls.set(node, call);
  for (const [i, p] of call.params.entries()) {
    const arg = call.args[i];
    if (!arg) continue;
    if (!p.direction) {
      if (c.typeOf(arg).kind !== 'unknown' && !isKnown(c, arg))
        c.report('not-constant', { what: `The argument for ${p.name} of ${action.name}` }, arg.loc);
      continue;
    }
    const first =
      bound.find((b) => b.name?.text === p.name) ?? bound[params.filter((q) => q.direction).findIndex((q) => q.name === p.name)];
    if (first?.value && !sameText(first.value, arg)) c.report('p4-bound-differently', { name: p.name, action: action.name }, arg.loc);
  }
}

/** Whether two expressions are written alike, but for the order of fields. */
function sameText(a: Expr, b: Expr): boolean {
  const text = (x: unknown): string =>
    JSON.stringify(x, (k, v: unknown) => {
      if (k === 'loc' || k === 'opLoc') return undefined;
      if (k === 'fields') return (v as StructExpr['fields']).toSorted((p, q) => (p.name.text < q.name.text ? -1 : 1));
      return typeof v === 'bigint' ? String(v) : v;
    });
  return text(a) === text(b);
}
