/** Why a user's file could not be loaded, as diagnostics with places in that file and in what it imports. */
import { isAbsolute, resolve } from 'node:path';
import { inspect } from 'node:util';
import type { Message } from 'esbuild';
import { type Diagnostic, DiagnosticError, diagnostic, fail } from '../compiler/support/diagnostics.js';
import { InternalError } from '../compiler/support/invariant.js';
import { stackFrames } from '../compiler/support/location.js';

const resolutionCodes = new Set(['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT', 'ERR_PACKAGE_PATH_NOT_EXPORTED']);

/** Throws what the import of the user's file at `path` failed with: diagnostics, or the error itself when it is ours. */
export async function failToLoad(error: unknown, path: string, shown: string): Promise<never> {
  if (error instanceof DiagnosticError || error instanceof InternalError) throw error;
  const frames = error instanceof Error ? [...stackFrames(error.stack ?? '')] : [];
  if (error instanceof SyntaxError || resolutionCodes.has((error as NodeJS.ErrnoException | null)?.code ?? '')) {
    const mistakes = await syntaxErrors(path);
    if (mistakes.length > 0) throw new DiagnosticError(mistakes);
    if (!frames.some((f) => !f.own)) fail('cannot-load', { file: shown, reason: (error as Error).message });
  }
  if (frames[0]?.own) throw error;
  const [innermost, ...callers] = frames.filter((f) => !f.own);
  const message = error instanceof Error ? `${error.name}: ${error.message}` : inspect(error);
  return fail(
    'exception-in-file',
    { message },
    { ...innermost, notes: callers.slice(0, 5).map(({ loc }) => ({ message: 'called from here', loc })) },
  );
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
