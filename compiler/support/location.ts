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
  /** It is in `p4ts/headers`. */
  readonly library: boolean;
  /** It awaits what the frames before it do. */
  readonly waits: boolean;
}

interface SourceFile {
  readonly path: string;
  readonly owner: ReturnType<typeof host.ownerOf>;
}

/** Each file that was in a stack, by its text there. */
const known = new Map<string, SourceFile | undefined>();

function fileOf(text: string): SourceFile | undefined {
  let found = known.get(text);
  if (found || known.has(text)) return found;
  const path = host.pathOf(text);
  found = path === undefined ? undefined : { path, owner: text === thisFile ? 'p4ts' : host.ownerOf(path) };
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
    if (!file) continue;
    const loc = Object.freeze({ file: file.path, line: Number(row), column: Number(column) });
    yield { loc, own: file.owner === 'p4ts', library: file.owner === 'headers', waits: line.includes('at async ') };
  }
}

/** Other engines keep as many frames as they like. */
const v8 = Error as typeof Error & { stackTraceLimit?: number };

/** The user's calls that gave functions of `p4ts/headers`, such as the states of a parser. */
const givenAt = new WeakMap<object, Loc>();
let libraryCall: Loc | undefined;

/** Functions of `p4ts/headers` for the user: what they record is shown at the call that gave them. */
export function given<T extends object>(functions: T): T {
  const loc = captureLocation();
  for (const f of Object.values(functions)) givenAt.set(f as object, loc);
  return functions;
}

/** Where the user's file asked `p4ts/headers` for this function. */
export const placeGiven = (f: object): Loc | undefined => givenAt.get(f);

/** Runs a function that may be one of `p4ts/headers`. */
export function runGiven<T>(f: () => T, of: object): T {
  const around = libraryCall;
  libraryCall = givenAt.get(of);
  try {
    return f();
  } finally {
    libraryCall = around;
  }
}

const inDependency = /[\\/]node_modules[\\/]/;

/** The innermost stack frame outside p4ts. What `p4ts/headers` does is at the user's call. */
export function captureLocation(): Loc {
  const limit = v8.stackTraceLimit;
  v8.stackTraceLimit = 25;
  const stack = new Error().stack ?? '';
  v8.stackTraceLimit = limit;
  let inLibrary: Loc | undefined;
  for (const { loc, own, library, waits } of stackFrames(stack)) {
    if (library) inLibrary ??= loc;
    // Declarations of `p4ts/headers` itself are called by nobody: beyond is who waits for the module, and what loads it.
    else if (inLibrary && waits) break;
    else if (!own && !(inLibrary && inDependency.test(loc.file))) return (inLibrary && libraryCall) ?? loc;
  }
  return inLibrary ?? nowhere;
}
