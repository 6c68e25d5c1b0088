/** What instances of parsers and controls hold: each has its own tables, actions, extern objects and value sets. */
import type { ControlDecl, ParserDecl } from './decl.js';
import type { Program } from './program.js';

/**
 * How many objects an instance of a block holds, those of the instances inside it included: what the control plane or a
 * switch has for each instance alone. Takes time in proportion to the program, however many there are. The program has no
 * recursion.
 */
export function objectsIn(program: Pick<Program, 'parsers' | 'controls'>): (block: ParserDecl | ControlDecl) => number {
  const blocks = new Map([...program.parsers, ...program.controls].map((block) => [block.name, block]));
  const known = new Map<string, number>();
  const count = (block: ParserDecl | ControlDecl): number => {
    const there = known.get(block.name);
    if (there !== undefined) return there;
    let sum = 0;
    for (const local of block.locals) {
      if (local.kind === 'table' || local.kind === 'action' || local.kind === 'value-set') sum++;
      if (local.kind !== 'instance') continue;
      const inner = blocks.get(local.type.name);
      // An instance with arguments is not as another one.
      sum += inner ? count(inner) + (local.args.length > 0 ? 1 : 0) : 1;
    }
    known.set(block.name, sum);
    return sum;
  };
  return count;
}
