/** Names that the control plane knows actions by: an action is found by its name alone (P4-16 §19.3). */
import type { ActionDecl, SourceProgram } from '../ast.js';
import type { Checker } from './context.js';

export function checkControlNames(c: Checker, { declarations }: SourceProgram): void {
  const seen = new Map<string, ActionDecl>();
  const add = (action: ActionDecl, prefix: string): void => {
    const own = nameGiven(c, action) ?? action.name.text;
    const name = own.startsWith('.') ? own.slice(1) : prefix + own;
    const first = seen.get(name);
    if (first) {
      c.report('control-name', { what: 'action', name }, action.name.loc, {
        notes: [{ message: 'the other one is here', loc: first.name.loc }],
      });
    } else seen.set(name, action);
  };
  const used = new Set([...c.entities.values()].map((e) => ('decl' in e ? e.decl : undefined)));
  // What nothing refers to the control plane does not see.
  for (const decl of declarations) {
    if (decl.kind === 'action' && used.has(decl)) add(decl, '');
    else if (decl.kind === 'control')
      for (const local of decl.locals) if (local.kind === 'action' && used.has(local)) add(local, `${decl.name.text}.`);
  }
}

/** What `@name` says. */
const nameGiven = (c: Checker, { annotations }: ActionDecl): string | undefined => {
  const name = annotations.find((a) => a.name === 'name');
  return name && c.texts.get(name);
};
