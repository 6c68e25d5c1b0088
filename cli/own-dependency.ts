/** How the package.json of a new project names this copy of p4ts, so that `npm install` finds it. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { makeFolder } from '../compiler/support/node.js';
import { ownPackage, ownPackagePath } from './version.js';

/**
 * A version, where npm had it from a registry. A checkout and a packed file are named by their path, relative to the project, as
 * npm itself writes it; the project's folder is made where it is missing.
 */
export function ownDependency(project: string): string {
  const root = dirname(realpathSync(ownPackagePath()));
  const [, place, name] = /^(.*)[\\/]node_modules[\\/]([^\\/]+)$/.exec(root) ?? [];
  const from = place === undefined ? undefined : origin(place, `node_modules/${name}`);
  if (from !== undefined && /^https?:/.test(from)) return `^${ownPackage().version}`;
  const packed = from?.startsWith('file:') ? resolve(place as string, from.slice('file:'.length)) : undefined;
  makeFolder(project);
  const path = relative(realpathSync(project), packed !== undefined && existsSync(packed) ? packed : root);
  return `file:${path.replaceAll('\\', '/')}`;
}

/** Where npm had a package from that it installed in `place`; undefined where it did not note it. */
function origin(place: string, path: string): string | undefined {
  const lock = join(place, 'node_modules/.package-lock.json');
  if (!existsSync(lock)) return undefined;
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as { packages?: Readonly<Record<string, { resolved?: string }>> };
  return packages?.[path]?.resolved;
}
