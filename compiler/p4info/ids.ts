/**
 * Ids that p4c gives for the same names: controllers built on p4c's P4Info keep working.
 * An id is 8 bits of kind and 24 bits of the one-at-a-time hash of the name (P4Runtime specification, "ID Allocation").
 */

import { type ObjectKind, withPrefix } from '../analysis/control-objects.js';
import { compareBytes, toUtf8 } from '../support/bytes.js';
import { InternalError } from '../support/invariant.js';

/** Bob Jenkins's one-at-a-time hash of the text's UTF-8 bytes, 32 bits. */
export function oneAtATime(text: string): number {
  let hash = 0;
  for (const byte of toUtf8(text)) {
    hash = (hash + byte) | 0;
    hash = (hash + (hash << 10)) | 0;
    hash ^= hash >>> 6;
  }
  hash = (hash + (hash << 3)) | 0;
  hash ^= hash >>> 11;
  hash = (hash + (hash << 15)) | 0;
  return hash >>> 0;
}

/** The id of a name when no other name takes it first. */
export const idOf = (kind: ObjectKind, name: string): number => withPrefix(kind, oneAtATime(name));

/** Names and their ids. Names are added first; then ids and aliases can be asked for. */
export class SymbolTable {
  readonly #symbols = new Map<ObjectKind, Map<string, number | undefined>>();
  readonly #suffixes = new Map<string, number>();
  readonly #names = new Set<string>();
  #ids: Map<ObjectKind, Map<string, number>> | undefined;

  /** `id` is what an `@id` annotation says, with or without the prefix. The first of equal names counts. */
  add(kind: ObjectKind, name: string, id?: number): void {
    if (this.#ids) throw new InternalError(`${name} was added after ids were given`);
    const names = this.#symbols.get(kind) ?? new Map<string, number | undefined>();
    this.#symbols.set(kind, names);
    if (names.has(name)) return;
    names.set(name, id === undefined ? undefined : withPrefix(kind, id));
    if (this.#names.has(name)) return;
    this.#names.add(name);
    for (const suffix of suffixes(name)) this.#suffixes.set(suffix, (this.#suffixes.get(suffix) ?? 0) + 1);
  }

  id(kind: ObjectKind, name: string): number {
    this.#ids ??= this.#assign();
    const id = this.#ids.get(kind)?.get(name);
    if (id === undefined) throw new InternalError(`${name} has no id: it was not added as ${kind}`);
    return id;
  }

  /** The shortest suffix of the name, whole components of it, that no other name ends in. */
  alias(name: string): string {
    return suffixes(name).find((suffix) => this.#suffixes.get(suffix) === 1) ?? name;
  }

  #assign(): Map<ObjectKind, Map<string, number>> {
    const taken = new Set<number>();
    for (const names of this.#symbols.values()) for (const id of names.values()) if (id !== undefined) taken.add(id);
    const ids = new Map<ObjectKind, Map<string, number>>();
    for (const [kind, names] of this.#symbols) {
      const assigned = new Map<string, number>();
      // Collisions are probed, so the result depends on the order, which is that of the names' bytes.
      for (const name of [...names.keys()].sort(byBytes)) {
        const explicit = names.get(name);
        const id = explicit ?? probe(kind, name, taken);
        taken.add(id);
        assigned.set(name, id);
      }
      ids.set(kind, assigned);
    }
    return ids;
  }
}

/**
 * Ids of match fields, parameters and controller metadata: what `@id` says, for the others 1, 2, 3 … without those that
 * are taken.
 */
export function fieldIds(explicit: readonly (number | undefined)[]): number[] {
  const taken = new Set(explicit.filter((id) => id !== undefined));
  let next = 1;
  return explicit.map((id) => {
    if (id !== undefined) {
      next++;
      return id;
    }
    while (taken.has(next)) next++;
    taken.add(next);
    return next;
  });
}

function probe(kind: ObjectKind, name: string, taken: ReadonlySet<number>): number {
  let value = oneAtATime(name);
  while (taken.has(withPrefix(kind, value))) value++;
  return withPrefix(kind, value);
}

/** `c`, `b.c`, `a.b.c` for `a.b.c`. */
function suffixes(name: string): string[] {
  const parts = name.split('.');
  return parts.map((_, i) => parts.slice(parts.length - 1 - i).join('.'));
}

/** The order of names' bytes, which is p4c's. */
export const byBytes = (a: string, b: string): number => compareBytes(toUtf8(a), toUtf8(b));
