/**
 * Names that people misspell: reading a property that is not there gives undefined, and JavaScript tells of it only where
 * the value is used. What is written there names the property.
 */
import { sourceLines } from '../support/diagnostics.js';
import type { Loc } from '../support/location.js';
import { isExpr } from './expr.js';

export interface MissingName {
  /** `hdr.ipv4`, which has no such property. */
  readonly of: string;
  readonly name: string;
  readonly names: readonly string[];
}

/** How many lines of a statement are searched. */
const longest = 8;

/** The first property in the statement at `loc` that the views, by the names they have in pipelines, do not have. */
export function missingName(loc: Loc, views: Readonly<Record<string, unknown>>): MissingName | undefined {
  const [line = '', ...next] = sourceLines(loc.file).slice(loc.line - 1, loc.line - 1 + longest);
  const statement = [line.slice(loc.column - 1), ...next].join('\n').split(';', 1)[0] as string;
  return firstMissing(statement, views) ?? firstMissing(line, views);
}

function firstMissing(source: string, views: Readonly<Record<string, unknown>>): MissingName | undefined {
  for (const [, root, path] of source.matchAll(/(?<![\w.'"])(\w+)((?:\s*\.\s*\w+)+)/g) as Iterable<[string, string, string]>) {
    if (!Object.hasOwn(views, root)) continue;
    let of = root;
    let view = views[root];
    for (const name of path.split('.').slice(1)) {
      const member = name.trim();
      if (typeof view !== 'object' || view === null || isExpr(view)) break;
      if (!(member in view)) return { of, name: member, names: Object.keys(view) };
      view = (view as Record<string, unknown>)[member];
      of += `.${member}`;
    }
  }
  return undefined;
}
