/** Names that the control plane knows actions by: an action is found by its name alone (P4-16 §19.3). */
import type { ActionDecl, Annotation, SourceProgram } from '../ast.js';
import type { Checker } from './context.js';

export function checkControlNames(c: Checker, { declarations }: SourceProgram): void {
  const seen = new Map<string, ActionDecl>();
  const add = (action: ActionDecl, prefix: string): void => {
    const own = given(action.annotations) ?? action.name.text;
    const name = own.startsWith('.') ? own.slice(1) : prefix + own;
    const first = seen.get(name);
    if (first) {
      c.report('control-name', { what: 'action', name }, action.name.loc, {
        notes: [{ message: 'the other one is here', loc: first.name.loc }],
      });
    } else seen.set(name, action);
  };
  const used = new Set([...c.entities.values()].map((e) => ('decl' in e ? e.decl : undefined)));
  for (const decl of declarations) {
    // Included files declare actions that not every program uses.
    if (decl.kind === 'action' && (decl.loc.file === c.file || used.has(decl))) add(decl, '');
    else if (decl.kind === 'control') for (const local of decl.locals) if (local.kind === 'action') add(local, `${decl.name.text}.`);
  }
}

/** What `@name` says. */
function given(annotations: readonly Annotation[]): string | undefined {
  const name = annotations.find((a) => a.name === 'name');
  const [text, ...rest] = name?.kind === 'free' ? (name.body ?? []) : [];
  return text?.kind === 'string' && rest.length === 0 ? text.text : undefined;
}
