/** What the command tells people on stderr, and the exit status that goes with it. */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { CommanderError } from 'commander';
import pc from 'picocolors';
import { type Diagnostic, DiagnosticError, type Paint, renderDiagnostics } from '../compiler/support/diagnostics.js';
import type { Code } from '../compiler/support/messages.js';
import type { DifferencePaint } from '../runtime/client/difference.js';
import { P4RuntimeError } from '../runtime/client/errors.js';
import { isReaderGone } from './closed-pipe.js';

/** 0: success; 1: the program, the test or the input is wrong; 2: the command line is. */
export type ExitStatus = 0 | 1 | 2;

/** Mistakes of the command line rather than of what is in the files. */
const usageCodes: ReadonlySet<Code> = new Set<Code>([
  'file-unreadable',
  'unknown-file-kind',
  'no-p4-file',
  'unknown-pipeline',
  'several-pipelines',
  'unknown-target',
  'folder-not-empty',
]);

/** Colour on a terminal that wants it. */
const coloursOn = (stream: NodeJS.WriteStream): boolean => {
  if (process.env.NO_COLOR) return false;
  return Boolean(process.env.FORCE_COLOR) || (stream.isTTY === true && process.env.TERM !== 'dumb');
};
export const colourOnStderr = coloursOn(process.stderr);
const colours = pc.createColors(colourOnStderr);
export const colourOnStdout = coloursOn(process.stdout);

const paint: Paint = {
  error: (text) => colours.bold(colours.red(text)),
  warning: (text) => colours.bold(colours.yellow(text)),
  note: (text) => colours.bold(colours.cyan(text)),
  code: colours.dim,
  dim: colours.dim,
};

/** Synchronous, so that it is whole on every platform even when the process ends right after it. */
export function toStderr(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch (error) {
    if (!isReaderGone(error as NodeJS.ErrnoException)) throw error;
  }
}

export function reportDiagnostics(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) toStderr(renderDiagnostics(diagnostics, paint));
}

const onStdout = pc.createColors(colourOnStdout);
export const differencePaint: DifferencePaint = { insert: onStdout.green, modify: onStdout.yellow, delete: onStdout.red };

/** Waits for a reader that is slower than the command, so that what it has not read does not pile up. */
export async function toStdout(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** For a machine that reads stdout. */
export function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Reports why a command failed. Only a bug of p4ts shows a stack trace. */
export function reportFailure(error: unknown): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof DiagnosticError) {
    reportDiagnostics(error.diagnostics);
    return error.diagnostics.some((d) => d.severity === 'error' && usageCodes.has(d.code)) ? 2 : 1;
  }
  if (error instanceof P4RuntimeError) {
    // What a switch refuses is no bug.
    toStderr(`error: ${error.message.trim()}`);
    return 1;
  }
  toStderr(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  toStderr('This is a bug in p4ts, not in your program. Please report it with the lines above and, if you can, the file.');
  return 1;
}
