/** The entities of P4Runtime in a file of entries, with their places. */

import type { ControlSchema } from '../../compiler/control/schema.js';
import { DiagnosticError, Diagnostics } from '../../compiler/support/diagnostics.js';
import { readUserText } from '../../compiler/support/files.js';
import { host } from '../../compiler/support/host.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Entity } from '../p4runtime/messages.js';
import { Checker } from './check.js';

export interface LocatedEntity {
  readonly entity: Entity;
  readonly loc: Loc;
}

const maxFileLength = 64 * 1024 * 1024;

/** The file name decides the language: JSON, YAML or text. @throws DiagnosticError for every mistake in the file */
export async function readEntityFile(schema: ControlSchema, file: string): Promise<readonly LocatedEntity[]> {
  return parseEntityFile(schema, readUserText(file, maxFileLength), file);
}

export async function parseEntityFile(schema: ControlSchema, text: string, file: string): Promise<readonly LocatedEntity[]> {
  const diagnostics = new Diagnostics();
  const entities = await parse(schema, text, file, diagnostics);
  if (diagnostics.hasErrors) {
    const before = (a: Loc, b: Loc): number => a.line - b.line || a.column - b.column;
    throw new DiagnosticError(diagnostics.list.toSorted((a, b) => before(a.loc, b.loc)));
  }
  return entities;
}

async function parse(schema: ControlSchema, text: string, file: string, diagnostics: Diagnostics): Promise<readonly LocatedEntity[]> {
  // The libraries of the parsers take long to load.
  if (['.json', '.yaml', '.yml'].includes(host.path.extname(file))) {
    const { parseDocumentEntries } = await import('./document.js');
    return parseDocumentEntries(schema, text, file, diagnostics);
  }
  const { parseLines } = await import('./parse.js');
  const checker = new Checker(schema, diagnostics);
  return parseLines(text, file, diagnostics).flatMap((line) => checker.statement(line) ?? []);
}
