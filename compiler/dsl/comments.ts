/** What the source around a declaration says of it: the comment above, and where the fields of a header are written. */
import { sourceLines } from '../support/diagnostics.js';
import { isNowhere, type Loc } from '../support/location.js';

/**
 * The comment that ends on the line above `loc`, without its marks; nothing where there is none. Comments that speak to
 * tools (`@ts-expect-error`, `eslint-disable`, `biome-ignore`) and rulers (`// ────`) are left out.
 * A field on the same line as its header (`outer`) has no comment of its own.
 */
export function docAbove(loc: Loc, outer?: Loc): { doc?: string } {
  if (isNowhere(loc) || (outer && outer.line === loc.line)) return {};
  const lines = sourceLines(loc.file);
  let end = loc.line - 2;
  const text: string[] = [];
  const above = lines[end]?.trim() ?? '';
  if (above.startsWith('//')) {
    while (end >= 0 && lines[end]?.trim().startsWith('//')) text.unshift((lines[end--] as string).trim().replace(/^\/\/+\s?/, ''));
  } else if (above.endsWith('*/')) {
    while (end >= 0) {
      const line = (lines[end--] as string).trim();
      text.unshift(
        line
          .replace(/^\/\*\*?\s?/, '')
          .replace(/\s*\*\/$/, '')
          .replace(/^\*\s?/, ''),
      );
      if (line.startsWith('/*')) break;
      // A comment mark behind code belongs to that code.
      if (line.includes('/*')) return {};
    }
  }
  const doc = text
    .filter((line) => !/^(@ts-|eslint-|biome-|prettier-)/.test(line) && !/^[─═—-]{2}|[─═—-]{2}$/.test(line))
    .join('\n')
    .trim();
  return doc === '' ? {} : { doc };
}

/** Where the properties of the object literal in the call at `loc` are written, found by name in the source behind it. */
export function fieldLocations(loc: Loc, names: readonly string[]): Map<string, Loc> {
  const found = new Map<string, Loc>();
  if (isNowhere(loc)) return found;
  const lines = sourceLines(loc.file);
  let line = loc.line - 1;
  let from = loc.column - 1;
  for (const name of names) {
    const pattern = new RegExp(`(?<![\\w$.])(${name.replace(/[$]/g, '\\$&')})\\s*[:,}(]`);
    for (let row = line; row < Math.min(lines.length, line + 200); row++) {
      const start = row === line ? from : 0;
      const match = pattern.exec((lines[row] as string).slice(start));
      if (!match) continue;
      const column = start + match.index;
      found.set(name, Object.freeze({ file: loc.file, line: row + 1, column: column + 1 }));
      line = row;
      from = column + name.length;
      break;
    }
  }
  return found;
}
