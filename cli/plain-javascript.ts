/** Whether Node loads a user's file as well without the hooks of hooks.ts, which take a tenth of a second to start. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, resolve } from 'node:path';
import { ownPackagePath } from './version.js';

/** ES modules in JavaScript all the way down, and the `p4ts` that they import is this one. When in doubt, not. */
export function isPlainJavaScript(path: string, seen = new Set<string>()): boolean {
  if (seen.has(path)) return true;
  seen.add(path);
  if (!existsSync(path) || !isModule(path)) return false;
  return importsOf(readFileSync(path, 'utf8')).every((specifier) => {
    if (specifier === 'p4ts' || specifier.startsWith('p4ts/')) return findsThisCopy(path);
    if (!/^\.{1,2}(\/|$)/.test(specifier)) return true;
    const imported = resolve(dirname(path), specifier);
    return !existsSync(imported.replace(/js$/, 'ts')) && isPlainJavaScript(imported, seen);
  });
}

/** The names after `from` and `import`. Some of it may be in comments or strings: that only makes us doubt. */
const importsOf = (source: string): readonly string[] =>
  [...source.matchAll(/\b(?:from|import)\s*\(?\s*(['"`])(.*?)\1/g)].map((match) => match[2] as string);

/** For Node; it warns about .js files of packages that do not say so. */
function isModule(path: string): boolean {
  const ending = extname(path);
  return ending === '.mjs' || (ending === '.js' && packageType(dirname(path)) === 'module');
}

function packageType(folder: string): unknown {
  try {
    return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { type?: unknown }).type;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(folder) === folder) return undefined;
    return packageType(dirname(folder));
  }
}

function findsThisCopy(path: string): boolean {
  try {
    return realpathSync(createRequire(path).resolve('p4ts/package.json')) === realpathSync(ownPackagePath());
  } catch {
    return false;
  }
}
