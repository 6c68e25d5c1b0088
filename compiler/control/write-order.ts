/**
 * In which order entities are written, so that each finds what it refers to: groups of multicast first, then members of profiles,
 * their groups, and entries of tables; what is referred to comes before what refers to it. Deletions go the other way.
 */
import { multicastGroups, type References } from './constraints/references.js';
import type { HasActions, ProfileSchema, TableSchema } from './schema.js';

/** Entities of a lower number come first; those of one number do not refer to each other. */
export interface WriteOrder {
  /** By id. */
  readonly tables: ReadonlyMap<number, number>;
  /** By the id of the profile: its members, and its groups. */
  readonly members: ReadonlyMap<number, number>;
  readonly groups: ReadonlyMap<number, number>;
  readonly multicast: number;
  /** The highest number. */
  readonly last: number;
}

const base = { multicast: 0, members: 1, groups: 2, tables: 3 } as const;

export function writeOrder(
  tables: Iterable<TableSchema>,
  profiles: Iterable<ProfileSchema>,
  references: References | undefined,
): WriteOrder {
  const byId = new Map([...tables].map((table) => [table.id, table]));
  const ranks = new Map<string, number>();
  const ofCalls = ({ actions }: HasActions): readonly number[] =>
    [...actions.values()].flatMap(({ action }) => (references?.ofParams.get(action.id) ?? []).map(({ to }) => to));
  const needed = new Set<number>();
  const need = (to: number): void => {
    const table = byId.get(to);
    if (!table || needed.has(to)) return;
    needed.add(to);
    [...(references?.ofKeys.get(to) ?? []).map((one) => one.to), ...ofCalls(table)].forEach(need);
  };
  // Without references, groups of multicast come before all tables; tables that they refer to, and what these refer to, do not wait for them.
  for (const { to } of references?.ofReplicas ?? []) need(to);

  /** Of a circle of references, one has to be the first. */
  const rank = (key: string, least: number, before: () => readonly number[]): number => {
    const known = ranks.get(key);
    if (known !== undefined) return known;
    ranks.set(key, least);
    const found = Math.max(least, ...before().map((one) => one + 1));
    ranks.set(key, found);
    return found;
  };
  const multicast = (): number => rank('multicast', base.multicast, () => (references?.ofReplicas ?? []).map(({ to }) => destination(to)));
  const destination = (to: number): number => (to === multicastGroups ? multicast() : table(to));
  const members = (profile: ProfileSchema): number => rank(`members ${profile.id}`, base.members, () => ofCalls(profile).map(destination));
  const groups = (profile: ProfileSchema): number => rank(`groups ${profile.id}`, base.groups, () => [members(profile)]);
  const table = (id: number): number => {
    const found = byId.get(id);
    const refers = (references?.ofKeys.get(id) ?? []).map(({ to }) => to);
    return rank(`table ${id}`, needed.has(id) ? 0 : base.tables, () => [
      ...(found?.profile ? [groups(found.profile)] : []),
      ...[...refers, ...(found ? ofCalls(found) : [])].map(destination),
    ]);
  };
  const all = [...profiles];
  const order = {
    tables: new Map([...byId.keys()].map((id) => [id, table(id)])),
    members: new Map(all.map((profile) => [profile.id, members(profile)])),
    groups: new Map(all.map((profile) => [profile.id, groups(profile)])),
    multicast: multicast(),
  };
  return { ...order, last: Math.max(base.tables, ...ranks.values()) };
}
