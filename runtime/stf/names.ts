/** Finds what the names in an STF file mean: STF may leave out the front of a name. */

import { visibleBlocks } from '../../compiler/analysis/visible-blocks.js';
import type { Program } from '../../compiler/ir/index.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { nearest } from '../../compiler/support/suggest.js';
import type { ClientKey } from '../client/names.js';
import type { Word } from './ast.js';

export type Kind = 'table' | 'counter' | 'meter' | 'register';

const externs: Readonly<Record<string, Kind>> = {
  counter: 'counter',
  meter: 'meter',
  register: 'register',
  Counter: 'counter',
  Meter: 'meter',
  Register: 'register',
};

/** The paths of what the control plane sees, by kind. */
export function pathsOf(program: Program): ReadonlyMap<Kind, readonly string[]> {
  const paths = new Map<Kind, string[]>([
    ['table', []],
    ['counter', []],
    ['meter', []],
    ['register', []],
  ]);
  for (const child of visibleBlocks(program).flatMap((block) => block.children)) {
    const kind = child.kind === 'table' ? 'table' : externs[child.decl.type.name];
    if (kind) paths.get(kind)?.push(child.name);
  }
  return paths;
}

/**
 * The one of the paths that is `word`, or ends in it.
 * @throws DiagnosticError entry-unknown, entries-ambiguous
 */
export function resolve(what: string, word: Word, paths: readonly string[], at: string): string {
  if (paths.includes(word.text)) return word.text;
  const behindDot = paths.filter((path) => path.endsWith(`.${word.text}`));
  const found = behindDot.length > 0 ? behindDot : paths.filter((path) => path.endsWith(word.text));
  if (found.length > 1) fail('entries-ambiguous', { what, name: word.text, paths: found }, { loc: word.loc });
  const ends = paths.flatMap((path) => [path, path.slice(path.lastIndexOf('.') + 1)]);
  return (
    found[0] ?? fail('entry-unknown', { at, what, name: word.text, suggestion: nearest(word.text, ends), valid: paths }, { loc: word.loc })
  );
}

/** `a$0` is `a[0]`; `$` may be missing at the end; `valid` is the validity of a header. */
export function resolveKey(word: Word, keys: readonly ClientKey[], at: string): ClientKey {
  const text = word.text.replace(/\$(\d+)/g, '[$1]');
  const valid = text === 'valid' ? '$valid$' : text.replace(/\.valid$/, '.$valid$');
  const wanted = [text, `${text}$`, `${text}.$valid$`, valid];
  const whole = keys.find((key) => wanted.includes(key.name));
  const found = whole ?? keys.find((key) => wanted.some((name) => key.name.endsWith(`.${name}`)));
  const ends = keys.flatMap(({ name }) => [name, name.slice(name.lastIndexOf('.') + 1)]);
  return (
    found ??
    fail(
      'entry-unknown',
      { at, what: 'key', name: word.text, suggestion: nearest(word.text, ends), valid: keys.map(({ name }) => name) },
      { loc: word.loc },
    )
  );
}
