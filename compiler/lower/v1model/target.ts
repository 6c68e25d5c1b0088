/** Parts of a program for one target only: `on bmv2 { … } otherwise { … }`. */
import type { Program } from '../../ir/program.js';
import type { Block, Stmt } from '../../ir/stmt.js';
import { Rewriter } from '../../ir/visit.js';

/** The program as the target sees it. */
export const forTarget = (program: Program, target: string): Program =>
  new Rewriter({
    stmt: (stmt): Stmt | Block => {
      if (stmt.kind !== 'target') return stmt;
      const body = stmt.target === target ? stmt.body : (stmt.otherwise ?? []);
      // Variables of the part are its own.
      return body.some((s) => s.kind === 'declare') ? { kind: 'block', body, loc: stmt.loc } : body;
    },
  }).program(program);
