/** Bounds on programs, so that passes can recurse into them and end. Subexpressions that are shared count each time. */
import { maxNesting } from '../../ir/codec.js';
import type { Program } from '../../ir/program.js';

const maxNodes = 2_000_000;

/** What is too large about the program, if anything. */
export function tooLarge(program: Program): string | undefined {
  let nodes = 0;
  const todo: [node: object, depth: number][] = [[program, 0]];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [node, depth] = next;
    if (depth > maxNesting) return `expressions and statements are nested more than ${maxNesting} levels deep`;
    if (++nodes > maxNodes) return `it has more than ${maxNodes} nodes, counting shared expressions each time`;
    for (const child of Object.values(node)) if (typeof child === 'object' && child !== null) todo.push([child, depth + 1]);
  }
  return undefined;
}
