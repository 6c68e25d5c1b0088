/** P4-16 programs as people write them: read, preprocessed and parsed. */
import { Diagnostics } from '../support/diagnostics.js';
import { readUserText } from '../support/files.js';
import type { SourceProgram } from './ast.js';
import { maxFileSize } from './limits.js';

export type * as ast from './ast.js';

export interface ParseOptions {
  /** Folders that are searched for included files, in order. */
  readonly includePaths?: readonly string[];
  /** Macros that are defined before the first line, with their text. */
  readonly defines?: Readonly<Record<string, string>>;
}

export interface Parsed {
  /** Without the declarations and statements that have errors in them. */
  readonly program: SourceProgram;
  readonly diagnostics: Diagnostics;
}

/** @throws DiagnosticError when the file cannot be read */
export async function parseFile(file: string, options: ParseOptions = {}): Promise<Parsed> {
  return parseProgram(readUserText(file, maxFileSize), file, options);
}

/** Parses a text; `file` is where the places in it are, and where the search for `#include "…"` begins. */
export async function parseProgram(text: string, file: string, options: ParseOptions = {}): Promise<Parsed> {
  // The parser's library takes a while to load.
  const { parse } = await import('./parse.js');
  const diagnostics = new Diagnostics();
  return { program: parse(text, file, options, diagnostics), diagnostics };
}
