/** What the control plane's names become in a target: chips prefix and clone them. */
import type { Program } from '../ir/program.js';

/** From a path of the portable program, such as `ingress.routes`, to the target's name for it. */
export type Binding = ReadonlyMap<string, string>;

/** Every path under which the control plane knows a table, action or extern object of the program, bound to itself. */
export function identityBinding(program: Program): Binding {
  const blocks = [...program.parsers, ...program.controls].filter((block) => program.main.blocks.includes(block.name));
  const known = new Set(['table', 'action', 'instance', 'value-set']);
  const paths = blocks.flatMap((block) =>
    block.locals
      .filter((local) => known.has(local.kind))
      .map((local) => {
        const given = local.annotations?.find((a) => a.name === 'name')?.body;
        return given === undefined ? `${block.name}.${local.name}` : (JSON.parse(given) as string);
      }),
  );
  return new Map(paths.map((path) => [path, path]));
}
