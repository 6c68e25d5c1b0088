/** Things by their names, of which the front may be left out. */
import { fail } from '../support/diagnostics.js';
import type { Loc } from '../support/location.js';
import { nearest } from '../support/suggest.js';

/** Where a name or a value stands: how diagnostics call it, and the place. */
export interface Place {
  /** Such as `table ingress.routes, key dst`. */
  readonly at: string;
  readonly loc: Loc;
}

interface Named {
  readonly name: string;
}

/** The one whose name is `name`, or ends in it after a dot. @throws DiagnosticError entry-unknown, entries-ambiguous */
export function resolve<T extends Named>(what: string, name: string, among: readonly T[], place: Place): T {
  const exact = among.find((a) => a.name === name);
  const found = exact ? [exact] : among.filter((a) => a.name.endsWith(`.${name}`));
  const [only] = found;
  if (only && found.length === 1) return only;
  if (only) return fail('entries-ambiguous', { what, name, paths: found.map((f) => f.name) }, { loc: place.loc });
  const valid = among.map((a) => a.name);
  const ends = valid.flatMap((whole) => [...whole.matchAll(/(?:^|\.)(?=(.+$))/g)].map((m) => m[1] as string));
  return unknown(what, name, valid, place, ends);
}

/** As `unknown`, where it is to be the whole name of one of these. */
export const unknownOf = (what: string, name: string, among: readonly Named[], place: Place): never =>
  unknown(
    what,
    name,
    among.map((a) => a.name),
    place,
  );

/** `candidates` are what may have been meant. @throws DiagnosticError entry-unknown */
export function unknown(what: string, name: string, valid: readonly string[], { at, loc }: Place, candidates = valid): never {
  return fail('entry-unknown', { at, what, name, suggestion: nearest(name, candidates), valid }, { loc });
}
