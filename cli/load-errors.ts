/** Why a user's file could not be loaded, as diagnostics with places in that file and in what it imports. */
import { isAbsolute, resolve } from 'node:path';
import { inspect } from 'node:util';
import type { Message } from 'esbuild';
import { type Diagnostic, DiagnosticError, diagnostic, fail, formatLoc } from '../compiler/support/diagnostics.js';
import { InternalError } from '../compiler/support/invariant.js';
import { type StackFrame, stackFrames } from '../compiler/support/location.js';
import { failToImport } from './import-errors.js';

const resolutionCodes = new Set(['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT', 'ERR_PACKAGE_PATH_NOT_EXPORTED']);

/** Throws what the import of the user's file at `path` failed with: diagnostics, or the error itself when it is ours. */
export async function failToLoad(error: unknown, path: string, shown: string): Promise<never> {
  if (error instanceof DiagnosticError || error instanceof InternalError) throw error;
  const frames = error instanceof Error ? [...stackFrames(error.stack ?? '')] : [];
  if (error instanceof SyntaxError || resolutionCodes.has((error as NodeJS.ErrnoException | null)?.code ?? '')) {
    const mistakes = await syntaxErrors(path);
    if (mistakes.length > 0) throw new DiagnosticError(mistakes);
    await failToImport(error as Error, path);
    if (usersFrames(frames).length === 0) fail('cannot-load', { file: shown, reason: (error as Error).message });
  }
  const [innermost, ...callers] = usersFrames(frames);
  const thrown = error instanceof Error ? `${error.name}: ${error.message}` : inspect(error);
  const [top] = frames;
  // A value of a type that tsc would have refused, or a mistake of ours.
  if (top?.own) fail('exception-in-call', { message: thrown, place: formatLoc(top.loc) }, { ...innermost });
  const notes = callers.slice(0, 5).map(({ loc }) => ({ message: 'called from here', loc }));
  const help = helpFor(thrown);
  return fail('exception-in-file', { message: thrown }, { ...innermost, notes, ...(help === undefined ? {} : { help }) });
}

/** What recursion comes to, where a body is recorded as it is declared, and names that only tsc knows to be wrong. */
function helpFor(thrown: string): string | undefined {
  if (thrown.includes('before initialization')) return 'declare it before it is used; nothing of P4 calls itself';
  if (thrown.includes('of undefined'))
    return 'what stands before it is not declared: a header, a field or a part of the metadata; tsc says which';
  const [, method] = /\.(\w+) is not a function/.exec(thrown) ?? [];
  if (method !== undefined) return methodsOfP4[method] ?? `there is no method ${method} here: tsc says which there are`;
  return thrown.includes('Maximum call stack') ? 'a function of the file calls itself without end; P4 has no recursion' : undefined;
}

/** What P4 calls on its objects, and what p4ts has for it. */
const methodsOfP4: Readonly<Record<string, string>> = {
  apply: 'write c.apply(table), and c.apply(control)',
  count: 'write c.count(counter, index)',
  read: 'write c.update(register, index, (cell) => ({ result: cell })) for a register, and c.meter(meter) for a direct meter',
  write: 'write c.update(register, index, () => ({ next: value }))',
  execute: 'write c.meter(meter, index)',
  execute_meter: 'write c.meter(meter, index)',
};

/** From the innermost frame in the user's files out to where p4ts called them. */
function usersFrames(frames: readonly StackFrame[]): readonly StackFrame[] {
  const first = frames.findIndex((f) => !f.own);
  const end = frames.findIndex((f, i) => i > first && f.own);
  return first < 0 ? [] : frames.slice(first, end < 0 ? undefined : end);
}

/** What esbuild finds wrong in the file and in what it imports by relative paths: syntax, files, names. */
async function syntaxErrors(path: string): Promise<readonly Diagnostic[]> {
  const { build } = await import('esbuild');
  try {
    await build({
      entryPoints: [path],
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      tsconfigRaw: {},
      logLevel: 'silent',
      logLimit: 20,
    });
    return [];
  } catch (error) {
    return (error as { errors: readonly Message[] }).errors.map(asDiagnostic);
  }
}

function asDiagnostic({ text, location }: Message): Diagnostic {
  const params = { text: text.replace(/\.$/, '') };
  if (!location) return diagnostic('syntax-error', params);
  const file = isAbsolute(location.file) ? location.file : resolve(location.file);
  return diagnostic('syntax-error', params, { loc: { file, line: location.line, column: location.column + 1 } });
}
