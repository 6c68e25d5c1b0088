/** Bounds what a program has when each instance of its parsers and controls stands for itself. */
import type { ControlDecl, ParserDecl } from '../../ir/decl.js';
import { objectsIn } from '../../ir/instances.js';
import type { Program } from '../../ir/program.js';
import type { Diagnostics } from '../../support/diagnostics.js';

const maxObjects = 20_000;

/** Names the innermost block that holds too much. The program has no recursion. */
export function checkObjects(program: Program, diagnostics: Diagnostics): void {
  const objects = objectsIn(program);
  const blocks = new Map([...program.parsers, ...program.controls].map((block) => [block.name, block]));
  const tooMany = (name: string): ParserDecl | ControlDecl | undefined => {
    const block = blocks.get(name);
    if (!block || objects(block) <= maxObjects) return undefined;
    for (const local of block.locals) {
      const inner = local.kind === 'instance' ? tooMany(local.type.name) : undefined;
      if (inner) return inner;
    }
    return block;
  };
  for (const name of program.main.blocks) {
    const block = tooMany(name);
    if (!block) continue;
    const limit = `an instance of the ${block.kind} ${block.name} has more than ${maxObjects} tables, actions and other objects, those of the instances inside it counted`;
    diagnostics.report('program-too-large', { limit }, { loc: block.loc });
    return;
  }
}
