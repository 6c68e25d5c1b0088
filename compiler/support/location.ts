/** Places in the user's source: captured while a pipeline is recorded, printed in diagnostics and traces. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ownFolder } from './own-folder.js';

/** A place in a source file. Lines and columns count from 1, as editors show them. */
export interface Loc {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The place of nodes that no line of the user's source stands for. */
export const nowhere: Loc = Object.freeze({ file: '', line: 0, column: 0 });

export const isNowhere = (loc: Loc): boolean => loc.line === 0;

const folder = (path: string): string => new URL(path, ownFolder).href;
/** Frames below these are ours; examples and tests are beside them. */
const ownFolders = ['chunks/', 'compiler/', 'runtime/', 'targets/', 'cli/'].map(folder);
/** Headers and parser states written as users write theirs: their places are shown like those of a user's module. */
const library = folder('compiler/headers/');

/** Whether the place is in `p4ts/headers`. */
export const isLibrary = (loc: Loc): boolean => pathToFileURL(loc.file).href.startsWith(library);

const isOwnFrame = (file: string): boolean => {
  const href = file.startsWith('file:') ? file : `file://${file}`;
  return ownFolders.some((own) => href.startsWith(own)) && !href.startsWith(library);
};

const frame = /^\s+at (?:async )?(?:.*? \()?((?:file:\/\/|\/|[A-Za-z]:[\\/])[^()]*?):(\d+):(\d+)\)?$/;

export interface StackFrame {
  readonly loc: Loc;
  /** It is in p4ts itself. */
  readonly own: boolean;
}

/**
 * The frames of a stack that are in files, innermost first. Reads `Error.stack` as text, because that is what Node, its
 * source map support and vitest all map back to the user's TypeScript.
 */
export function* stackFrames(stack: string): Generator<StackFrame> {
  for (const line of stack.split('\n')) {
    const match = frame.exec(line);
    if (!match) continue;
    const [, file, row, column] = match as unknown as [string, string, string, string];
    const path = file.startsWith('file:') ? fileURLToPath(file.replace(/\?.*$/, '')) : file.replace(/\?.*$/, '');
    yield { loc: Object.freeze({ file: path, line: Number(row), column: Number(column) }), own: isOwnFrame(file) };
  }
}

/** The innermost stack frame outside p4ts. */
export function captureLocation(): Loc {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 25;
  const stack = new Error().stack ?? '';
  Error.stackTraceLimit = limit;
  for (const { loc, own } of stackFrames(stack)) if (!own) return loc;
  return nowhere;
}
