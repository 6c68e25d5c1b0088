/** Names for what passes add to a program, different from all names in it. */
import type { ControlDecl, LocalDecl, ParserDecl } from './decl.js';
import type { Program } from './program.js';
import { visiting } from './visit.js';

/** `wanted`, or `wanted` with underscores at its end until it is not taken; then it is. */
export function fresh(wanted: string, taken: Set<string>): string {
  let name = wanted;
  while (taken.has(name)) name += '_';
  taken.add(name);
  return name;
}

/** Names of everything declared at the top level. */
export const topLevelNames = (program: Program): Set<string> =>
  new Set(
    [
      ...program.types,
      ...program.constants,
      ...program.functions,
      ...program.actions,
      ...program.instances,
      ...program.parsers,
      ...program.controls,
    ].map((decl) => decl.name),
  );

/** Names that are declared anywhere within a block, other than its parameters. */
export function namesWithin(block: ParserDecl | ControlDecl): Set<string> {
  const names = new Set<string>();
  const visitor = visiting({
    stmt: (stmt) => {
      if (stmt.kind === 'declare' || stmt.kind === 'for-in') names.add(stmt.name);
    },
  });
  visitor.owner(block);
  const add = (decl: LocalDecl): void => {
    names.add(decl.name);
    if (decl.kind === 'action' || decl.kind === 'function') for (const param of decl.params) names.add(param.name);
  };
  block.locals.forEach(add);
  if (block.kind === 'parser') for (const state of block.states) names.add(state.name);
  return names;
}
