/** `exit` in a control that runs more than once: p4c ends with an error of its own. In an action it takes it. */
import { type ProgramInfo, programInfo } from '../../compiler/analysis/program-info.js';
import type { ControlDecl } from '../../compiler/ir/decl.js';
import type { Program } from '../../compiler/ir/program.js';
import type { Stmt } from '../../compiler/ir/stmt.js';
import { visiting } from '../../compiler/ir/visit.js';
import type { Diagnostics } from '../../compiler/support/diagnostics.js';

export function checkExits(program: Program, diagnostics: Diagnostics): void {
  const info = programInfo(program);
  const statements = new Map(program.controls.map((control) => [control, statementsOf(control)]));
  const callers = new Map(program.controls.map((control) => [control, callersOf(info, control, statements)]));
  const known = new Map<ControlDecl, boolean>();
  /** Whether there are two places that it is applied in, or one in a control of which that is true. */
  const runsTwice = (control: ControlDecl): boolean => {
    const found = known.get(control) ?? ((callers.get(control)?.length ?? 0) > 1 || (callers.get(control) ?? []).some(runsTwice));
    known.set(control, found);
    return found;
  };
  for (const control of program.controls) {
    const exit = statements.get(control)?.find((stmt) => stmt.kind === 'exit');
    if (exit && runsTwice(control))
      diagnostics.report('p4c-refuses', { why: `${control.name}, which runs more than once, has this exit` }, { loc: exit.loc });
  }
}

/** Those of its apply block, not of its actions. */
function statementsOf({ body }: ControlDecl): readonly Stmt[] {
  const found: Stmt[] = [];
  visiting({ stmt: (stmt) => found.push(stmt) }).block(body);
  return found;
}

/** The controls that apply it, each as often as it does. */
function callersOf(info: ProgramInfo, control: ControlDecl, statements: ReadonlyMap<ControlDecl, readonly Stmt[]>): readonly ControlDecl[] {
  return [...statements].flatMap(([caller, inside]) =>
    inside.flatMap((stmt) => (stmt.kind === 'call' && info.calledBlock(stmt, caller) === control ? [caller] : [])),
  );
}
