/** Names and types of a P4-16 program: every static rule of the language, and what lowering needs to know of its nodes. */
import type { Diagnostics } from '../../support/diagnostics.js';
import type { SourceProgram } from '../ast.js';
import { checkVersion } from './arch.js';
import { checkFunctionBody } from './blocks.js';
import { Checker, type Findings } from './context.js';
import { declare } from './declarations.js';
import { typeOf } from './expressions.js';
import { settleOldCalls } from './old-forms.js';
import { checkBlock } from './statements.js';

export type { Call, Findings } from './context.js';
export type { Entity } from './scope.js';
export type { Type } from './types.js';

/** Checks a program that was parsed. Its mistakes are reported; what was found is complete where there are none. */
export function checkProgram(program: SourceProgram, diagnostics: Diagnostics): Findings {
  const checker = new Checker(diagnostics, program, { expr: typeOf, block: checkBlock, functionBody: checkFunctionBody });
  for (const decl of program.declarations) declare(checker, decl);
  checkVersion(checker);
  settleOldCalls(checker, program);
  return checker;
}
