/** From a text to its declarations, with the parser's library loaded. */
import { EOF } from 'chevrotain';
import type { Diagnostics } from '../support/diagnostics.js';
import type { Loc } from '../support/location.js';
import type { SourceProgram } from './ast.js';
import { parseTokens } from './grammar/declarations.js';
import type { ParseOptions } from './index.js';
import { type Token, wordOf } from './lex.js';
import { library } from './library.js';
import { preprocess } from './preprocess/preprocessor.js';

export function parse(text: string, file: string, options: ParseOptions, diagnostics: Diagnostics): SourceProgram {
  const { includePaths = [], defines = {} } = options;
  const given = { includePaths, defines: new Map(Object.entries(defines)), library: library() };
  const tokens = preprocess(file, text, given, diagnostics);
  const declarations = tokens ? parseTokens([...tokens, wordOf(EOF, '', endOf(tokens, file))], diagnostics) : [];
  return Object.freeze({ file, declarations: Object.freeze(declarations) });
}

/** After the last word. */
function endOf(tokens: readonly Token[], file: string): Loc {
  const last = tokens.at(-1);
  if (!last) return Object.freeze({ file, line: 1, column: 1 });
  return Object.freeze({ ...last.loc, column: last.loc.column + (last.macro ? 0 : last.image.length) });
}
