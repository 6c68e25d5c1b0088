/** `switch` on an expression in an action or function, which p4c does not translate for BMv2: `if` … `else if` …. */
import type { ControlDecl } from '../../../compiler/ir/decl.js';
import type { Program } from '../../../compiler/ir/program.js';
import { each, Rewriter, update } from '../../../compiler/ir/visit.js';
import { switchAsIfs } from '../../p4/switches.js';

export function withoutSwitches(program: Program): Program {
  const { local } = new Rewriter({ stmt: (stmt) => (stmt.kind === 'switch' ? switchAsIfs(stmt) : stmt) });
  const inActions = (control: ControlDecl): ControlDecl =>
    update(control, { locals: each(control.locals, (decl) => (decl.kind === 'action' ? local(decl) : decl)) });
  return update(program, {
    functions: each(program.functions, local),
    actions: each(program.actions, local),
    controls: each(program.controls, inActions),
  });
}
