/** Files of entries for a pipeline: they are checked against the pipeline and written through the client of controllers. */
import { buildSchema } from '../../compiler/control/build.js';
import type { ControlSchema } from '../../compiler/control/schema.js';
import type { Program } from '../../compiler/ir/index.js';
import { embeddedTarget } from '../client/target.js';
import { type LocatedEntity, parseEntityFile, readEntityFile } from './entities.js';

export { applyEntries } from './apply.js';

/** The file name decides the language: JSON, YAML or text. @throws DiagnosticError for every mistake in the file */
export async function readEntries(program: Program, file: string): Promise<readonly LocatedEntity[]> {
  return readEntityFile(await schemaFor(program), file);
}

/** `file` decides the language, and is the file of the places. @throws DiagnosticError for every mistake in the text */
export async function parseEntries(program: Program, text: string, file: string): Promise<readonly LocatedEntity[]> {
  return parseEntityFile(await schemaFor(program), text, file);
}

async function schemaFor(program: Program): Promise<ControlSchema> {
  const { p4info, binding } = await embeddedTarget.configure(program);
  return buildSchema(p4info, { program, binding });
}
