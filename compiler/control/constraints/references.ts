/** Which entries refer to which, by the ids and indices of the schema, and the order in which they are written. */
import { isEnd, type Referable, type ReplicaPart, referencesOf } from '../../analysis/constraints/references.js';
import { annotationIn } from '../../ir/annotations.js';
import type { Annotated, P4Info } from '../../p4info/messages.js';

/** Stands for the multicast groups among the ids of tables. */
export const multicastGroups = 0;

/** What refers, to the entries of one table or to multicast groups. */
export interface Reference<From = number> {
  /** The id of the table, or `multicastGroups`. */
  readonly to: number;
  /** The value of each of these is that of the key `to`, by its index; a group has its id alone. */
  readonly fields: readonly { readonly from: From; readonly to: number }[];
}

export interface References {
  /** By the id of the table: its keys that refer, by their indices. */
  readonly ofKeys: ReadonlyMap<number, readonly Reference[]>;
  /** By the id of the action: its parameters that refer. */
  readonly ofParams: ReadonlyMap<number, readonly Reference[]>;
  /** Replicas of multicast groups. */
  readonly ofReplicas: readonly Reference<ReplicaPart>[];
}

/** Undefined where nothing refers to anything. What cannot be referred to is left out: a program with such is not valid. */
export function referencesIn({ tables, actions }: P4Info): References | undefined {
  const referable = tables.map((info): Referable & { readonly id: number } => ({
    id: info.preamble.id,
    name: info.preamble.name,
    keys: info.match_fields.map(({ name, match_type = '' }) => ({ name, match: match_type.toLowerCase() })),
  }));
  const ids = new Map<Referable, number>(referable.map((table) => [table, table.id]));
  const ofReplicas = new Grouped<ReplicaPart>();
  const outgoing = (table: number | undefined, parts: readonly Annotated[]): readonly Reference[] => {
    const grouped = new Grouped<number>();
    parts.forEach(({ annotations = [] }, from) => {
      const read = annotations.flatMap((text) => annotationIn(text) ?? []);
      for (const end of referencesOf({ annotations: read }, referable).filter(isEnd)) {
        if (end.kind === 'key') grouped.add(ids.get(end.table) as number, { from, to: end.key });
        else if (end.kind === 'group') grouped.add(multicastGroups, { from, to: 0 });
        else if (table !== undefined) ofReplicas.add(table, { from: end.part, to: from });
      }
    });
    return grouped.references;
  };
  const present = (found: readonly (readonly [number, readonly Reference[]])[]) => new Map(found.filter(([, all]) => all.length > 0));
  const ofKeys = present(tables.map(({ preamble: { id }, match_fields }) => [id, outgoing(id, match_fields)]));
  const ofParams = present(actions.map(({ preamble: { id }, params }) => [id, outgoing(undefined, params)]));
  const found = { ofKeys, ofParams, ofReplicas: ofReplicas.references };
  return ofKeys.size + ofParams.size + found.ofReplicas.length > 0 ? found : undefined;
}

/** Fields by what they refer to. */
class Grouped<From> {
  readonly #fields = new Map<number, { readonly from: From; readonly to: number }[]>();

  add(to: number, field: { readonly from: From; readonly to: number }): void {
    const fields = this.#fields.get(to) ?? [];
    fields.push(field);
    this.#fields.set(to, fields);
  }
  get references(): readonly Reference<From>[] {
    return [...this.#fields].map(([to, fields]) => ({ to, fields }));
  }
}
