/** Which actions run the direct counter or meter of their table, where that is for actions to do. */

import type { VisibleAction } from '../../compiler/analysis/visible-blocks.js';
import type { Block, Program } from '../../compiler/ir/index.js';
import { visiting } from '../../compiler/ir/visit.js';

/** Whether the action, or what it calls, calls the object of that name. */
export function callsObject(program: Program, { decl, block }: VisibleAction, object: string): boolean {
  const callables = [...(block?.locals ?? []), ...program.actions, ...program.functions];
  const seen = new Set<Block>();
  let found = false;
  const look = (body: Block): void => {
    if (seen.has(body)) return;
    seen.add(body);
    visiting({
      stmt: (stmt) => {
        if (stmt.kind !== 'call') return;
        const { callee } = stmt;
        if (callee.kind === 'method') found ||= callee.object.kind === 'name' && callee.object.name === object;
        else if (callee.kind !== 'block') {
          const called = callables.find((c) => c.kind === callee.kind && c.name === callee.name);
          if (called && 'body' in called) look(called.body);
        }
      },
    }).block(body);
  };
  look(decl.body);
  return found;
}
