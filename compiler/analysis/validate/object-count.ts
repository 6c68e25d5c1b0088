/** Bounds what a program has when each instance of its parsers and controls stands for itself. */
import type { Program } from '../../ir/program.js';
import type { Diagnostics } from '../../support/diagnostics.js';
import { type BlockDecl, programInfo } from '../program-info.js';

const maxObjects = 20_000;

/** Names the innermost block that holds too much. The program has no recursion. */
export function checkObjects(program: Program, diagnostics: Diagnostics): void {
  const info = programInfo(program);
  const tooMany = (name: string): BlockDecl | undefined => {
    const block = info.blocks.get(name);
    if (!block || info.objectsIn(block) <= maxObjects) return undefined;
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
