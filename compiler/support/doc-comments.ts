/** What the source above a declaration says of it. */
import { sourceLines } from './diagnostics.js';
import { isNowhere, type Loc } from './location.js';

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
      // The mark of the line: a star after it belongs to the text, so that comments are read as they are printed.
      text.unshift(line.replace(/\s*\*\/$/, '').replace(/^\/\*+\s?|^\*\s?/, ''));
      if (line.startsWith('/*')) break;
      // A comment mark after code belongs to that code.
      if (line.includes('/*')) return {};
    }
  }
  const doc = text
    .filter((line) => !/^(@ts-|eslint-|biome-|prettier-)/.test(line) && !/^[─═—-]{2}|[─═—-]{2}$/.test(line))
    .join('\n')
    .trim();
  return doc === '' ? {} : { doc };
}
