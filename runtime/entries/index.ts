/** Files of entries for a pipeline: checked against it, and written through the same client as TypeScript's. */
import { buildSchema } from '../../compiler/control/build.js';
import type { ControlSchema } from '../../compiler/control/schema.js';
import type { Program } from '../../compiler/ir/index.js';
import { embeddedTarget } from '../client/target.js';
import { type LocatedEntity, parseEntityFile, readEntityFile } from './entities.js';

export { applyEntries } from './apply.js';

/** By the file's name: JSON, YAML, or the text language. @throws DiagnosticError for every mistake in the file */
export async function readEntries(program: Program, file: string): Promise<readonly LocatedEntity[]> {
  return readEntityFile(await schemaFor(program), file);
}

/** @throws DiagnosticError for every mistake in the text; `file` says which language it is, and is where the places are */
export async function parseEntries(program: Program, text: string, file: string): Promise<readonly LocatedEntity[]> {
  return parseEntityFile(await schemaFor(program), text, file);
}

async function schemaFor(program: Program): Promise<ControlSchema> {
  const { p4info, binding } = await embeddedTarget.configure(program);
  return buildSchema(p4info, { program, binding });
}
