/** How large a program is when all calls are inlined: BMv2 has no calls, and functions that call each other twice grow without end. */
import { type BlockDecl, type ProgramInfo, programInfo } from '../../compiler/analysis/program-info.js';
import type { ActionDecl, FunctionDecl } from '../../compiler/ir/decl.js';
import type { Program } from '../../compiler/ir/program.js';
import type { CallStmt, Stmt } from '../../compiler/ir/stmt.js';
import { visiting } from '../../compiler/ir/visit.js';
import type { Diagnostics } from '../../compiler/support/diagnostics.js';

const maxStatements = 100_000;

export function checkInlinedSize(program: Program, diagnostics: Diagnostics): void {
  const sizes = new Sizes(programInfo(program));
  for (const name of program.main.blocks) {
    const block = sizes.info.blocks.get(name);
    if (!block) continue;
    const statements = sizes.of(block, block);
    if (statements > maxStatements) diagnostics.report('bmv2-inlined-size', { block: name, limit: maxStatements }, { loc: block.loc });
  }
}

class Sizes {
  readonly #known = new Map<BlockDecl | ActionDecl | FunctionDecl, number>();

  constructor(readonly info: ProgramInfo) {}

  /** Takes time in proportion to the program. The program has no recursion. */
  of(decl: BlockDecl | ActionDecl | FunctionDecl, block: BlockDecl | undefined): number {
    const known = this.#known.get(decl);
    if (known !== undefined) return known;
    let size = 0;
    const count = (stmt: Stmt): void => {
      size += 1 + (stmt.kind === 'call' ? this.#called(stmt, block) : 0);
    };
    const visitor = visiting({ stmt: count });
    if (decl.kind === 'action' || decl.kind === 'function') visitor.block(decl.body);
    else if (decl.kind === 'control') visitor.block(decl.body);
    else for (const state of decl.states) visitor.block(state.body);
    this.#known.set(decl, size);
    return size;
  }

  #called(call: CallStmt, block: BlockDecl | undefined): number {
    const { callee } = call;
    if (callee.kind === 'block') {
      const called = block && this.info.calledBlock(call, block);
      return called ? this.of(called, called) : 0;
    }
    if (callee.kind === 'method') return 0;
    const decl =
      callee.kind === 'action' ? this.info.declaredAction(callee.name, block) : this.info.declared('function', callee.name, block);
    return decl ? this.of(decl, block?.locals.includes(decl) ? block : undefined) : 0;
  }
}
