/**
 * The module hooks under which users' files are loaded; they run in Node's own hooks thread.
 *
 * - TypeScript is transformed with esbuild, source map inline, so that stacks show the user's lines and columns.
 * - A user's file with import or export is an ES module whatever the folder's package.json says.
 * - `p4ts` and `p4ts/…` are this very copy of p4ts, so that it is loaded once.
 * - `./x.js`, `./x` and `./x.ts` all find x.ts.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire, type LoadFnOutput, type LoadHook, type ResolveHook } from 'node:module';
import { fileURLToPath } from 'node:url';

export interface HookData {
  /** The URL of the file that the user named: the package that it is in is the user's, below node_modules too. */
  readonly entry: string | undefined;
}

/** The folder of this copy of p4ts as it runs (dist): its own files are left alone. */
const ownFolder = new URL('../', import.meta.url).href;
let userPackage = 'file:///';

export function initialize(data: HookData): void {
  userPackage = /^.*\/node_modules\/(@[^/]+\/)?[^/]+\//.exec(data.entry ?? '')?.[0] ?? 'file:///';
}

const isUsers = (url: string): boolean =>
  url.startsWith(userPackage) && !url.startsWith(ownFolder) && !url.slice(userPackage.length - 1).includes('/node_modules/');

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  if (specifier === 'p4ts' || specifier.startsWith('p4ts/')) return nextResolve(specifier, { ...context, parentURL: import.meta.url });
  if (context.parentURL !== undefined && isUsers(context.parentURL) && /^\.{1,2}(\/|$)/.test(specifier)) {
    const found = typeScriptFor(new URL(specifier, context.parentURL));
    if (found !== undefined) return nextResolve(found, context);
  }
  return nextResolve(specifier, context);
};

/** The TypeScript file that a relative import means, as tsc resolves it; none when JavaScript is meant. */
function typeScriptFor(url: URL): string | undefined {
  const { href } = url;
  const candidates = /\.m?js$/.test(href)
    ? [href.replace(/\.(m?)js$/, '.$1ts')]
    : /\.[a-z]+$/.test(href)
      ? []
      : ['.ts', '.mts', '.js', '.mjs', '/index.ts', '/index.js'].map((ending) => href.replace(/\/$/, '') + ending);
  return candidates.find((candidate) => existsSync(new URL(candidate)));
}

export const load: LoadHook = async (url, context, nextLoad) => {
  const kind = /\.(ts|mts|js)$/.exec(url)?.[1];
  if (kind === undefined || !isUsers(url)) return nextLoad(url, context);
  const source = await readFile(new URL(url), 'utf8');
  if (kind !== 'js') return asModule(await transformed(source, fileURLToPath(url)));
  return /^\s*(import|export)\b/m.test(source) ? asModule(source) : nextLoad(url, context);
};

const asModule = (source: string): LoadFnOutput => ({ format: 'module', source, shortCircuit: true });

async function transformed(source: string, file: string): Promise<string> {
  // Required, because an import first reads all of it for its exports, which takes longer than the transformation.
  const { transform } = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  try {
    const { code } = await transform(source, {
      loader: 'ts',
      format: 'esm',
      target: 'node20',
      sourcemap: 'inline',
      sourcesContent: false,
      sourcefile: file,
      tsconfigRaw: {},
      logLevel: 'silent',
    });
    return code;
  } catch (error) {
    // Where it is, and what else is wrong, is found out again in the main thread: see syntax-errors.ts.
    throw new SyntaxError((error as Error).message);
  }
}
