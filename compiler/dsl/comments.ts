/** Where the fields of a header are written. */
import { sourceLines } from '../support/diagnostics.js';
import { isNowhere, type Loc } from '../support/location.js';

const property = (name: string): RegExp => new RegExp(`(?<![\\w$.])(${name.replace(/[$]/g, '\\$&')})\\s*[:,}(]`, 'g');

/** Where a property of an object literal is written whose value has `loc` in it: the nearest place before that has its name. */
export function nameBefore(loc: Loc, name: string): Loc | undefined {
  if (isNowhere(loc)) return undefined;
  const lines = sourceLines(loc.file);
  for (let row = loc.line - 1; row >= Math.max(0, loc.line - 50); row--) {
    const text = row === loc.line - 1 ? (lines[row] as string).slice(0, loc.column - 1) : (lines[row] as string);
    const last = [...text.matchAll(property(name))].at(-1);
    if (last) return Object.freeze({ file: loc.file, line: row + 1, column: last.index + 1 });
  }
  return undefined;
}

/** Where the properties of the object literal in the call at `loc` are written, found by name in the source behind it. */
export function fieldLocations(loc: Loc, names: readonly string[]): Map<string, Loc> {
  const found = new Map<string, Loc>();
  if (isNowhere(loc)) return found;
  const lines = sourceLines(loc.file);
  let line = loc.line - 1;
  let from = loc.column - 1;
  for (const name of names) {
    const pattern = property(name);
    for (let row = line; row < Math.min(lines.length, line + 200); row++) {
      const start = row === line ? from : 0;
      const match = (lines[row] as string).slice(start).matchAll(pattern).next().value;
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
