/** Where the fields of a header are written. */
import { sourceLines } from '../support/diagnostics.js';
import { isNowhere, type Loc } from '../support/location.js';

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
