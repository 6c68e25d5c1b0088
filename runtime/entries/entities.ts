/** What a file of entries says, as entities of P4Runtime with their places in the file. */
import { extname } from 'node:path';
import { DiagnosticError, Diagnostics } from '../../compiler/support/diagnostics.js';
import { readUserText } from '../../compiler/support/files.js';
import type { Loc } from '../../compiler/support/location.js';
import type { Catalog } from '../client/catalog.js';
import { encodeCall, encodeEntry } from '../client/entry.js';
import { encodeReplicas } from '../client/replication.js';
import type { Entity } from '../p4runtime/messages.js';
import { Checker, type Statement } from './check.js';

export interface LocatedEntity {
  readonly entity: Entity;
  readonly loc: Loc;
}

const maxFileLength = 64 * 1024 * 1024;

/** By its name: JSON, YAML, or the text language. @throws DiagnosticError for every mistake in the file */
export async function readEntityFile(catalog: Catalog, file: string): Promise<readonly LocatedEntity[]> {
  return parseEntityFile(catalog, readUserText(file, maxFileLength), file);
}

export async function parseEntityFile(catalog: Catalog, text: string, file: string): Promise<readonly LocatedEntity[]> {
  const diagnostics = new Diagnostics();
  const entities = await parse(catalog, text, file, diagnostics);
  if (diagnostics.hasErrors) {
    const before = (a: Loc, b: Loc): number => a.line - b.line || a.column - b.column;
    throw new DiagnosticError(diagnostics.list.toSorted((a, b) => before(a.loc, b.loc)));
  }
  return entities;
}

async function parse(catalog: Catalog, text: string, file: string, diagnostics: Diagnostics): Promise<readonly LocatedEntity[]> {
  // The parsers' libraries take a while to load.
  if (['.json', '.yaml', '.yml'].includes(extname(file))) {
    const { parseDocumentEntries } = await import('./document.js');
    return parseDocumentEntries(catalog, text, file, diagnostics);
  }
  const { parseLines } = await import('./parse.js');
  const tables = catalog.tables.map((t) => t.path);
  const checker = new Checker(catalog, tables, diagnostics);
  return parseLines(text, file, diagnostics).flatMap((line) => {
    const statement = checker.statement(line);
    return statement ? [{ entity: entityOf(statement, catalog), loc: statement.loc }] : [];
  });
}

function entityOf(statement: Statement, catalog: Catalog): Entity {
  if (statement.kind === 'multicast') {
    const replicas = encodeReplicas(statement.ports.map((port) => ({ port })));
    return { packet_replication_engine_entry: { multicast_group_entry: { multicast_group_id: statement.group, replicas } } };
  }
  const table = catalog.table(statement.table);
  if (statement.kind === 'entry') return { table_entry: encodeEntry(table, statement.input, statement.loc) };
  const action = encodeCall(table, statement.action, `table ${table.path}`, statement.loc);
  return { table_entry: { table_id: table.id, is_default_action: true, action: { action } } };
}
