/** Finds what the names in an STF file mean: STF may leave out the front of a name. */
import { resolve, unknown } from '../../compiler/control/names.js';
import type { KeyForm } from '../../compiler/control/schema.js';
import { lastName } from '../../compiler/ir/names.js';
import { fail } from '../../compiler/support/diagnostics.js';
import type { Word } from '../../compiler/support/line-parser.js';

/** The one that is called `word`, or ends in it, even within a part of its name. @throws DiagnosticError entry-unknown, entries-ambiguous */
export function resolveWord<T extends { readonly name: string }>(what: string, { text, loc }: Word, among: readonly T[], at: string): T {
  const isPart = among.some(({ name }) => name === text || name.endsWith(`.${text}`));
  const [found, ...others] = isPart ? [] : among.filter(({ name }) => name.endsWith(text));
  if (!found) return resolve(what, text, among, { at, loc });
  if (others.length > 0) fail('entries-ambiguous', { what, name: text, paths: [found, ...others].map(({ name }) => name) }, { loc });
  return found;
}

/** `a$0` is `a[0]`; `$` may be missing at the end; `valid` is the validity of a header. */
export function resolveKey(word: Word, keys: readonly KeyForm[], at: string): KeyForm {
  const text = word.text.replace(/\$(\d+)/g, '[$1]');
  const valid = text === 'valid' ? '$valid$' : text.replace(/\.valid$/, '.$valid$');
  const wanted = [text, `${text}$`, `${text}.$valid$`, valid];
  const whole = keys.find((key) => wanted.includes(key.name));
  const found = whole ?? keys.find((key) => wanted.some((name) => key.name.endsWith(`.${name}`)));
  const names = keys.map(({ name }) => name);
  return found ?? unknown('key', word.text, names, { at, loc: word.loc }, [...names, ...names.map(lastName)]);
}
