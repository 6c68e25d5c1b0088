/** Things by their names, of which the front may be left out. */
import { fail } from '../support/diagnostics.js';
import type { Loc } from '../support/location.js';
import { nearest } from '../support/suggest.js';

interface Named {
  readonly name: string;
}

/** The one whose name is `name`, or ends in it after a dot. @throws DiagnosticError entry-unknown, entries-ambiguous */
export function resolve<T extends Named>(what: string, name: string, among: readonly T[], loc: Loc, at = 'the pipeline'): T {
  const exact = among.find((a) => a.name === name);
  const found = exact ? [exact] : among.filter((a) => a.name.endsWith(`.${name}`));
  const [only] = found;
  if (only && found.length === 1) return only;
  if (only) return fail('entries-ambiguous', { what, name, paths: found.map((f) => f.name) }, { loc });
  return unknown(what, name, among, loc, at);
}

/** @throws DiagnosticError entry-unknown, with the name that was meant */
export function unknown(what: string, name: string, among: readonly Named[], loc: Loc, at: string): never {
  const ends = among.flatMap(({ name: whole }) => [...whole.matchAll(/(?:^|\.)(?=(.+$))/g)].map((m) => m[1] as string));
  return fail('entry-unknown', { at, what, name, suggestion: nearest(name, ends), valid: among.map((a) => a.name) }, { loc });
}
