/** Imports that Node refuses: it says which package, part and name, but not always the line of the user's file. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { fail, sourceLines } from '../compiler/support/diagnostics.js';
import type { Loc } from '../compiler/support/location.js';
import { nearest } from '../compiler/support/suggest.js';

/** Throws the diagnostic for an import that failed while the file at `path` was loaded; returns where the error is another. */
export async function failToImport({ message, stack = '' }: Error, path: string): Promise<void> {
  missingPackage(message);
  missingPart(message, path);
  // Node puts the file in front of what it shows of it.
  const [, file = path] = /^(?:file:\/\/)?(\/.+?|[A-Za-z]:.+?):\d+\n/.exec(stack) ?? [];
  await missingExport(message, file);
}

function missingPackage(message: string): void {
  const [, name, file = ''] = /^Cannot find package '(.+?)' imported from (.+)$/.exec(message) ?? [];
  const loc = name === undefined ? undefined : placeOf(file, `['"]${escaped(name)}`);
  if (name !== undefined && loc) fail('package-missing', { name }, { loc });
}

/** The package is there, and has no such part: `p4ts/header`. */
function missingPart(message: string, file: string): void {
  const [, part, manifest] = /^Package subpath '\.(.+?)' is not defined by "exports" in (.+?package\.json)/.exec(message) ?? [];
  if (part === undefined || manifest === undefined) return;
  const { name, exports = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string; exports?: object };
  const parts = Object.keys(exports).map((key) => name + key.slice(1));
  const given = name + part;
  const loc = placeOf(file, `['"]${escaped(given)}['"]`);
  fail('package-part-missing', { name, part: given, parts, suggestion: nearest(given, parts) }, loc ? { loc } : {});
}

async function missingExport(message: string, file: string): Promise<void> {
  const [, module, name] = /^The requested module '(.+?)' does not provide an export named '(.+?)'/.exec(message) ?? [];
  if (module === undefined || name === undefined) return;
  const loc = placeOf(file, `(?<![\\w$])${escaped(name)}(?![\\w$])(?=[^;'"]*\\bfrom\\s*['"]${escaped(module)}['"])`);
  fail('export-missing', { module, name, suggestion: nearest(name, await exportsOf(module, file)) }, loc ? { loc } : {});
}

async function exportsOf(module: string, importer: string): Promise<readonly string[]> {
  try {
    // The name `p4ts` is this package, also where the user's folder has no dependency of that name.
    const url = /^p4ts(\/|$)/.test(module) ? module : pathToFileURL(createRequire(importer).resolve(module)).href;
    return Object.keys(await import(url));
  } catch {
    return []; // A suggestion less.
  }
}

/** Where the file has the first match. */
function placeOf(file: string, pattern: string): Loc | undefined {
  const text = sourceLines(file).join('\n');
  const index = text.search(new RegExp(pattern));
  if (index < 0) return undefined;
  const before = text.slice(0, index).split('\n');
  return { file, line: before.length, column: (before.at(-1) as string).length + 1 };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
