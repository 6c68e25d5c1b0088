/** Finds and runs the tools that a user may have beside p4ts. */
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

export interface ToolRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
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

/** Runs a tool to its end. It is killed after `timeoutMs`, and when this process ends: a diagnostic says so. */
export async function runTool(
  path: string,
  args: readonly string[],
  options: { cwd: string; timeoutMs: number },
): Promise<ToolRun | Diagnostic> {
  // Loading it takes as long as compiling does, and most runs need no tool.
  const { execa } = await import('execa');
  const run = await execa(path, args, { cwd: options.cwd, timeout: options.timeoutMs, reject: false, stdin: 'ignore' });
  if (run.timedOut) return diagnostic('tool-timeout', { path, seconds: options.timeoutMs / 1000 });
  if (run.exitCode === undefined) return diagnostic('tool-not-run', { path, reason: run.shortMessage ?? 'it could not be started' });
  return { exitCode: run.exitCode, stdout: run.stdout, stderr: run.stderr };
}
