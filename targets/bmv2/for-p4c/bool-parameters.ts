/** Bool parameters that the control plane gives to an action: p4c takes bits there. P4Info says one bit anyway. */
import { programInfo } from '../../../compiler/analysis/program-info.js';
import { binary, bits, bitType, name } from '../../../compiler/ir/build.js';
import type { ActionCallExpr, ActionDecl, ControlDecl, LocalDecl, Param } from '../../../compiler/ir/decl.js';
import type { Expr } from '../../../compiler/ir/expr.js';
import type { Program } from '../../../compiler/ir/program.js';
import { each, Rewriter, update } from '../../../compiler/ir/visit.js';

export function withBitParameters(program: Program): Program {
  const info = programInfo(program);
  const calls = (block?: ControlDecl): Rewriter =>
    new Rewriter({
      stmt: (stmt) =>
        stmt.kind === 'call' && stmt.callee.kind === 'action'
          ? update(stmt, { args: bitArgs(info.declared('action', stmt.callee.name, block), stmt.args) })
          : stmt,
    });
  const control = (block: ControlDecl): ControlDecl => {
    const call = <C extends ActionCallExpr>(c: C): C =>
      update(c, { args: bitArgs(info.declared('action', c.action, block), c.args) } as Partial<C>);
    const local = (decl: LocalDecl): LocalDecl => {
      if (decl.kind === 'action') return withBits(decl);
      if (decl.kind !== 'table') return decl;
      return update(decl, {
        ...(decl.defaultAction ? { defaultAction: call(decl.defaultAction) } : {}),
        ...(decl.entries ? { entries: each(decl.entries, (entry) => update(entry, { action: call(entry.action) })) } : {}),
      });
    };
    return calls(block).control(update(block, { locals: each(block.locals, local) }));
  };
  return update(program, {
    actions: each(program.actions, (action) => calls().local(withBits(action))),
    controls: each(program.controls, control),
  });
}

const isBit = (param: Param): boolean => param.direction === undefined && param.type.kind === 'bool';

/** The action with one bit for each bool that the control plane gives. */
function withBits(action: ActionDecl): ActionDecl {
  const changed = new Set(action.params.filter(isBit).map((param) => param.name));
  if (changed.size === 0) return action;
  const uses = new Rewriter({
    expr: (expr) =>
      expr.kind === 'name' && changed.has(expr.name) ? binary('==', name(expr.name, bitType(1), expr.loc), bits(1, 1, expr.loc)) : expr,
  });
  return {
    ...uses.local(action),
    params: action.params.map((param) => (isBit(param) ? { ...param, type: bitType(1) } : param)),
  };
}

/** Arguments for the action with bits. */
function bitArgs(action: ActionDecl | undefined, args: readonly Expr[]): readonly Expr[] {
  if (!action?.params.some(isBit)) return args;
  return args.map((arg, i) => {
    const param = action.params[i];
    if (!param || !isBit(param)) return arg;
    if (arg.kind === 'bool') return bits(arg.value ? 1 : 0, 1, arg.loc);
    return { kind: 'cast', arg, type: bitType(1), loc: arg.loc };
  });
}
