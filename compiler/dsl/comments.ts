/** Where the fields of a header are written. */
import { sourceLines } from '../support/diagnostics.js';
import { isNowhere, type Loc } from '../support/location.js';

const property = (name: string): RegExp => new RegExp(`(?<![\\w$.])(${name.replace(/[$]/g, '\\$&')})\\s*[:,}(]`, 'g');

/** Where a property of an object literal is written whose value has `loc` in it: the nearest place before that has its name. */
export function nameBefore(loc: Loc, name: string): Loc | undefined {
  if (isNowhere(loc)) return undefined;
  const lines = sourceLines(loc.file);
  for (let row = loc.line - 1; row >= Math.max(0, loc.line - 50); row--) {
    // A file that cannot be read has no lines.
    const whole = lines[row] ?? '';
    const text = row === loc.line - 1 ? whole.slice(0, loc.column - 1) : whole;
    const last = [...text.matchAll(property(name))].at(-1);
    if (last) return Object.freeze({ file: loc.file, line: row + 1, column: last.index + 1 });
  }
  return undefined;
}

/** Where a property `name` is written, of the object literal that `loc` is in, or of one in it that ends before `loc`. */
export function propertyBeside(loc: Loc, name: string): Loc | undefined {
  const found = nameBefore(loc, name);
  if (!found) return undefined;
  const lines = sourceLines(loc.file).slice(found.line - 1, loc.line);
  lines[lines.length - 1] = (lines.at(-1) as string).slice(0, loc.column - 1);
  let depth = 0;
  let least = 0;
  for (const [token] of lines
    .join('\n')
    .slice(found.column - 1)
    .matchAll(tokens)) {
    if (/^[([{]$/.test(token)) depth++;
    else if (/^[)\]}]$/.test(token)) least = Math.min(least, --depth);
  }
  return least < -1 ? undefined : found;
}

/**
 * Where the properties of the object literal at `loc` are written, in a call or as the value of a property: found by
 * name, in order. Properties of an object that is declared elsewhere have no place.
 */
export function fieldLocations(loc: Loc, names: readonly string[]): Map<string, Loc> {
  const found = new Map<string, Loc>();
  if (isNowhere(loc)) return found;
  const first = loc.line - 1;
  const literal = literalBehind(sourceLines(loc.file).slice(first), loc.column - 1);
  let line = 0;
  let from = loc.column - 1;
  for (const name of names) {
    const pattern = property(name);
    for (let row = line; row < literal.length; row++) {
      const start = row === line ? from : 0;
      const match = (literal[row] as string).slice(start).matchAll(pattern).next().value;
      if (!match) continue;
      const column = start + match.index;
      found.set(name, Object.freeze({ file: loc.file, line: first + row + 1, column: column + 1 }));
      line = row;
      from = column + name.length;
      break;
    }
  }
  return found;
}

/** Matches comments and strings, which are skipped, brackets, and the character that ends a value without brackets. */
const tokens = /\/\/.*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`|[([{]|[)\]}]|[,;]/g;

/** The lines up to the bracket that closes the first one after that column; none where the value ends before one opens. */
function literalBehind(lines: readonly string[], column: number): string[] {
  const text = lines.join('\n');
  let depth = 0;
  for (const { 0: token, index } of text.slice(column).matchAll(tokens)) {
    if (/^[([{]$/.test(token)) depth++;
    else if (/^[)\]}]$/.test(token) && --depth <= 0) return depth < 0 ? [] : text.slice(0, column + index + 1).split('\n');
    else if (/^[,;]$/.test(token) && depth === 0) return [];
  }
  return [];
}
