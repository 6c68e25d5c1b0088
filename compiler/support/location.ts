/** Places in the user's source: captured while a pipeline is recorded, printed in diagnostics and traces. */
import { host } from './host.js';

/** A place in a source file. Lines and columns count from 1, as editors show them. */
export interface Loc {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** The place of nodes that no line of the user's source stands for. */
export const nowhere: Loc = Object.freeze({ file: '', line: 0, column: 0 });

export const isNowhere = (loc: Loc): boolean => loc.line === 0;

/** Whether the place is in `p4ts/headers`. */
export const isLibrary = (loc: Loc): boolean => host.ownerOf(loc.file) === 'headers';

/** A frame as V8 writes it, and as Firefox and Safari do: `name@file:line:column`. */
const frame = /^(?:\s+at (?:async )?(?:.*? \()?|[^@]*@)([^()\s][^()]*?):(\d+):(\d+)\)?$/;

export interface StackFrame {
  readonly loc: Loc;
  /** It is in p4ts itself. */
  readonly own: boolean;
}

/** Each file that was in a stack, by its text there. */
const known = new Map<string, { readonly path: string; readonly own: boolean } | undefined>();

function fileOf(text: string): { readonly path: string; readonly own: boolean } | undefined {
  let found = known.get(text);
  if (found || known.has(text)) return found;
  const path = host.pathOf(text);
  found = path === undefined ? undefined : { path, own: text === thisFile || host.ownerOf(path) === 'p4ts' };
  known.set(text, found);
  return found;
}
/** The file of this very code: where a page has all of p4ts in one file, the host knows of no other. */
const thisFile = frame.exec(new Error().stack?.split('\n').find((line) => frame.test(line)) ?? '')?.[1];

/**
 * The frames of a stack that are in files, innermost first. Reads `Error.stack` as text, because that is what Node, its
 * source map support and vitest all map back to the user's TypeScript.
 */
export function* stackFrames(stack: string): Generator<StackFrame> {
  for (const line of stack.split('\n')) {
    const match = frame.exec(line);
    if (!match) continue;
    const [, text, row, column] = match as unknown as [string, string, string, string];
    const file = fileOf(text);
    if (file) yield { loc: Object.freeze({ file: file.path, line: Number(row), column: Number(column) }), own: file.own };
  }
}

/** Other engines keep as many frames as they like. */
const v8 = Error as typeof Error & { stackTraceLimit?: number };

/** The innermost stack frame outside p4ts. */
export function captureLocation(): Loc {
  const limit = v8.stackTraceLimit;
  v8.stackTraceLimit = 25;
  const stack = new Error().stack ?? '';
  v8.stackTraceLimit = limit;
  for (const { loc, own } of stackFrames(stack)) if (!own) return loc;
  return nowhere;
}
