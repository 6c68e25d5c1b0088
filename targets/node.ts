/** Finds the tools that a user may have beside p4ts. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { type Diagnostic, diagnostic } from '../compiler/support/diagnostics.js';

export interface Tool {
  /** Its name on PATH. */
  readonly command: string;
  /** The environment variable that says where else it is. */
  readonly variable: string;
}

/** The path of the tool: what its variable says, else the first on PATH. A diagnostic when there is none. */
export async function findTool(tool: Tool): Promise<string | Diagnostic> {
  const given = process.env[tool.variable];
  const candidates = given ? [resolve(given)] : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, tool.command));
  for (const path of candidates) {
    const runs = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (runs) return path;
  }
  return given ? diagnostic('tool-not-there', { ...tool, path: given }) : diagnostic('tool-missing', tool);
}
