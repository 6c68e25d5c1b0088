/** What the control plane's names become in a target: chips prefix and clone them. */
import { programInfo } from './analysis/program-info.js';
import type { LocalDecl } from './ir/decl.js';
import { controlPlaneName } from './ir/names.js';
import type { Program } from './ir/program.js';

/** From a path of the portable program, such as `ingress.routes`, to the target's name for it. */
export type Binding = ReadonlyMap<string, string>;

const known = new Set(['table', 'action', 'instance', 'value-set']);

/** Every path under which the control plane knows a table, action, value set or extern object of the program, bound to itself. */
export function identityBinding(program: Program): Binding {
  const info = programInfo(program);
  const paths = [...program.actions, ...program.instances].map((decl) => controlPlaneName(undefined, decl));
  const add = (locals: readonly LocalDecl[], scope: string): void => {
    for (const local of locals.filter((l) => known.has(l.kind))) {
      const path = controlPlaneName(scope, local);
      const inner = local.kind === 'instance' ? info.blocks.get(local.type.name) : undefined;
      if (inner && info.objectsIn(inner) > 0) add(inner.locals, path);
      else if (!inner) paths.push(path);
    }
  };
  for (const name of program.main.blocks) add(info.blocks.get(name)?.locals ?? [], name);
  return new Map(paths.map((path) => [path, path]));
}
