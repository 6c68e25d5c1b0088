/**
 * `@refers_to(table, key)` and `@referenced_by(table, key)`, as SONiC PINS has them: the value of a key or parameter is that of
 * a key of an entry of another table. The multicast groups of the switch are `builtin::multicast_group_table`.
 */
import { annotations } from '../../ir/annotations.js';
import type { Annotation } from '../../ir/types.js';
import { nearest } from '../../support/suggest.js';

/** A table that may be referred to. */
export interface Referable {
  /** As the control plane calls it; its end will do where that names one table. */
  readonly name: string;
  readonly keys: readonly { readonly name: string; readonly match: string }[];
}

export type ReplicaPart = 'port' | 'instance';

/** The other end of a reference: a key of a table, the id of a multicast group, or a part of the replicas of groups. */
export type OtherEnd =
  | { readonly kind: 'key'; readonly table: Referable; readonly key: number }
  | { readonly kind: 'group' }
  | { readonly kind: 'replica'; readonly part: ReplicaPart };

/** Why there is no other end: a name that is not known, or a sentence. */
export type NoEnd =
  | { readonly what: string; readonly name: string; readonly suggestion: string | undefined; readonly valid: readonly string[] }
  | { readonly problem: string };

const groups = 'builtin::multicast_group_table';
const groupId = 'multicast_group_id';
const replicaParts: Readonly<Record<string, ReplicaPart>> = { 'replica.port': 'port', 'replica.instance': 'instance' };

interface Annotated {
  readonly annotations?: readonly Annotation[];
}

/** What the annotations refer to, and what refers to it. */
export const referencesOf = (of: Annotated, tables: readonly Referable[]): readonly (OtherEnd | NoEnd)[] => [
  ...annotations(of, 'refers_to').map(({ table, key }) => destination(table, key, tables)),
  ...annotations(of, 'referenced_by').map(({ table, key }) => source(table, key)),
];

export const isEnd = (found: OtherEnd | NoEnd): found is OtherEnd => 'kind' in found;

function destination(table: string, key: string, tables: readonly Referable[]): OtherEnd | NoEnd {
  if (table.startsWith('builtin::')) {
    if (table !== groups) return unknown('table', table, [groups]);
    return key === groupId ? { kind: 'group' } : unknown(`key of ${groups}`, key, [groupId]);
  }
  const found = tables.filter(({ name }) => name === table || name.endsWith(`.${table}`));
  const named = tables.find(({ name }) => name === table) ?? (found.length === 1 ? found[0] : undefined);
  if (!named) {
    if (found.length > 1) return { problem: `${table} is the name of ${found.map((t) => t.name).join(' and ')}` };
    const all = tables.map(({ name }) => name);
    return unknown('table', table, all, [...all, ...all.map((name) => name.slice(name.lastIndexOf('.') + 1))]);
  }
  const index = named.keys.findIndex(({ name }) => name === key);
  const { match } = named.keys[index] ?? {};
  if (match === undefined)
    return unknown(
      `key of ${named.name}`,
      key,
      named.keys.map(({ name }) => name),
    );
  if (match !== 'exact') return { problem: `the key ${key} of ${named.name} is ${match}, and references are to exact keys` };
  return { kind: 'key', table: named, key: index };
}

function source(table: string, key: string): OtherEnd | NoEnd {
  if (table !== groups) return { problem: `only ${groups} can be said to refer to a key; write @refers_to where ${table} refers to it` };
  const part = Object.hasOwn(replicaParts, key) ? replicaParts[key] : undefined;
  return part ? { kind: 'replica', part } : unknown(`part of ${groups}`, key, Object.keys(replicaParts));
}

const unknown = (what: string, name: string, valid: readonly string[], candidates = valid): NoEnd => ({
  what,
  name,
  suggestion: nearest(name, candidates),
  valid,
});
