/** Brings a switch to a desired state: reads what it has, and writes what differs. */

import { matchesEverything } from '../../compiler/control/match.js';
import type { ControlSchema } from '../../compiler/control/schema.js';
import { compareBytes } from '../../compiler/support/bytes.js';
import { fail } from '../../compiler/support/diagnostics.js';
import { type Loc, nowhere } from '../../compiler/support/location.js';
import { decodeFieldMatch } from '../p4runtime/field-match.js';
import type { Entity } from '../p4runtime/messages.js';
import { cellOf, cellsToRead, desiredCells } from './cells.js';
import { describeEntityKey } from './describe.js';
import { type Change, contradictionOf, type Difference, differenceOf, keyOf, rankOf, requestOf } from './difference.js';
import { mergeErrors, P4RuntimeError } from './errors.js';
import type { Requests } from './requests.js';

/** The entities that are reconciled; others are neither changed nor deleted. */
export interface EntityScope {
  /** Only these tables, by id, with their profiles; without it, all that are not constant. */
  readonly tables?: ReadonlySet<number>;
  /** Whether the scope has multicast groups and clone sessions; by default, if `tables` is absent. */
  readonly replication?: boolean;
  /** Only table entries with this metadata; entries that are written get it. */
  readonly tag?: Uint8Array;
  /** The ids of P4Info that the controller's role has; without it, all. */
  readonly ids?: ReadonlySet<number>;
}

/** @throws DiagnosticError reconcile-outside, reconcile-twice, reconcile-conflict */
export async function compareWith(
  desired: readonly Entity[],
  scope: EntityScope,
  schema: ControlSchema,
  requests: Requests,
  loc: Loc = nowhere,
): Promise<Difference> {
  const tagged = desired.map((entity) => withTag(entity, scope.tag));
  for (const entity of tagged) {
    if (!isInside(entity, scope, schema)) fail('reconcile-outside', { what: describeEntityKey(entity, schema) }, { loc });
  }
  const twice = contradictionOf(tagged, schema);
  if (twice) fail('reconcile-twice', { what: describeEntityKey(twice, schema) }, { loc });
  const defaults = new Set(tagged.flatMap((e) => (e.table_entry?.is_default_action ? [e.table_entry.table_id ?? 0] : [])));
  const found = await readAll(scope, schema, requests, defaults);
  const cells = await readCells(tagged, requests);
  const own = found.filter((entity) => isOwn(entity, scope.tag));
  const others = new Set(found.filter((entity) => !isOwn(entity, scope.tag)).map(keyOf));
  const conflict = tagged.find((entity) => others.has(keyOf(entity)));
  if (conflict) fail('reconcile-conflict', { what: describeEntityKey(conflict, schema) }, { loc });
  const wanted = [...tagged.filter((e) => !cellOf(e)), ...desiredCells(tagged, cells)];
  return differenceOf([...own, ...cells], wanted, schema);
}

/**
 * Writes the changes, first the entities that others refer to. Deletions come last, so that packets always find an entry.
 * A change that the switch refuses is tried once more after the deletions, which make room in full tables.
 * @throws P4RuntimeError with each change that the switch refuses; the others are carried out
 */
export async function carryOut({ changes }: Difference, schema: ControlSchema, requests: Requests): Promise<void> {
  const first = await attempt(changes, schema, requests);
  if (!first) return;
  if (!changes.some((c) => c.kind === 'delete')) throw first.error;
  const second = await attempt(first.refused, schema, requests);
  if (second) throw second.error;
}

async function attempt(
  changes: readonly Change[],
  schema: ControlSchema,
  requests: Requests,
): Promise<{ readonly error: P4RuntimeError; readonly refused: readonly Change[] } | undefined> {
  const errors: P4RuntimeError[] = [];
  const refused: Change[] = [];
  // A server may carry out the updates of one request in any order.
  const ranks = changes.map((c) => rankOf(c, schema));
  for (const rank of new Set(ranks)) {
    const batch = changes.filter((_, i) => ranks[i] === rank);
    try {
      await requests.writeAll(
        batch.map((c) => c.update),
        (i) => requestOf(batch[i] as Change),
      );
    } catch (error) {
      if (!(error instanceof P4RuntimeError) || error.failures.length === 0) throw error;
      errors.push(error);
      refused.push(...error.failures.flatMap(({ index }) => batch[index] ?? []));
    }
  }
  return errors.length > 0 ? { error: mergeErrors(errors), refused } : undefined;
}

/** All entities in the scope, and the default entries of these tables. */
async function readAll(scope: EntityScope, schema: ControlSchema, requests: Requests, defaults: ReadonlySet<number>): Promise<Entity[]> {
  const found: Entity[] = [];
  for await (const entity of readEach(scope, schema, requests, defaults)) found.push(entity);
  return found;
}

/** As `readAll`, one entity at a time, in the order of the switch. */
export async function* readEach(
  scope: EntityScope,
  schema: ControlSchema,
  requests: Requests,
  defaults: ReadonlySet<number>,
): AsyncGenerator<Entity> {
  async function* read(what: string, entity: Entity): AsyncGenerator<Entity> {
    try {
      // No controller may change constant entries of the program.
      for await (const one of requests.read(`read ${what}`, entity)) if (!one.table_entry?.is_const) yield withoutWildcards(one, schema);
    } catch (error) {
      if (!(error instanceof P4RuntimeError && standsForNone(error, entity))) throw error;
    }
  }
  const tables = [...schema.tables.values()].filter(
    (t) => (scope.tables ? scope.tables.has(t.id) : !t.isConst) && (scope.ids?.has(t.id) ?? true),
  );
  for (const { id, name, meter } of tables) {
    yield* read(`table ${name}`, { table_entry: { table_id: id, ...(meter ? { meter_config: {} } : {}) } });
    if (defaults.has(id)) yield* read(`default of table ${name}`, { table_entry: { table_id: id, is_default_action: true } });
  }
  // Only table entries have metadata.
  if (scope.tag) return;
  const profiles = new Set(tables.flatMap(({ profile }) => (profile && (scope.ids?.has(profile.id) ?? true) ? [profile] : [])));
  for (const { id, name } of profiles) {
    yield* read(`members of ${name}`, { action_profile_member: { action_profile_id: id } });
    yield* read(`groups of ${name}`, { action_profile_group: { action_profile_id: id } });
  }
  if (hasReplication(scope)) {
    yield* read('multicast groups', { packet_replication_engine_entry: { multicast_group_entry: {} } });
    yield* read('clone sessions', { packet_replication_engine_entry: { clone_session_entry: {} } });
  }
}

/** BMv2's answers where the entity does not exist, and where a selector has no members, because its entries have sets of their own. */
const standsForNone = ({ code }: P4RuntimeError, { action_profile_member, action_profile_group }: Entity): boolean =>
  code === 'NOT_FOUND' || (code === 'INVALID_ARGUMENT' && (action_profile_member ?? action_profile_group) !== undefined);

async function readCells(desired: readonly Entity[], requests: Requests): Promise<Entity[]> {
  const asked = cellsToRead(desired);
  const found: Entity[] = [];
  if (asked.length > 0) for await (const one of requests.read('read cells and value sets', ...asked)) found.push(one);
  return found;
}

/** The entity in canonical form: P4Runtime leaves out a match field that matches everything. */
function withoutWildcards(entity: Entity, schema: ControlSchema): Entity {
  const { table_entry: entry } = entity;
  const keys = schema.tables.get(entry?.table_id ?? 0)?.keys;
  const match = entry?.match?.filter((one) => {
    const key = keys?.find(({ id }) => id === one.field_id);
    const value = decodeFieldMatch(one);
    return !key || !value || !matchesEverything(value, key.width);
  });
  if (!entry || match?.length === entry.match?.length) return entity;
  return { table_entry: { ...entry, match: match ?? [] } };
}

function withTag(entity: Entity, tag: Uint8Array | undefined): Entity {
  const { table_entry: entry } = entity;
  return tag && entry && !entry.is_default_action ? { table_entry: { ...entry, metadata: tag } } : entity;
}

/** With a tag, only the entries that have it; other entities have no metadata. */
const isOwn = ({ table_entry: entry }: Entity, tag: Uint8Array | undefined): boolean =>
  tag === undefined || !entry || (entry.is_default_action ?? false) || compareBytes(entry.metadata ?? new Uint8Array(), tag) === 0;

/** A role with ids of its own has no multicast groups and clone sessions. */
const hasReplication = ({ replication, tables, ids }: EntityScope): boolean => (replication ?? tables === undefined) && ids === undefined;

function isInside(entity: Entity, scope: EntityScope, schema: ControlSchema): boolean {
  const { tables, tag, ids } = scope;
  const cell = cellOf(entity);
  // Cells are read only if `desired` names them: every scope has them.
  if (cell) return tag === undefined && (ids?.has(cell.id) ?? true);
  const has = (id: number | undefined): boolean => (tables?.has(id ?? 0) ?? true) && (ids?.has(id ?? 0) ?? true);
  if (entity.table_entry) return has(entity.table_entry.table_id);
  if (entity.packet_replication_engine_entry) return hasReplication(scope) && tag === undefined;
  const profile = (entity.action_profile_member ?? entity.action_profile_group)?.action_profile_id;
  return (
    tag === undefined && (ids?.has(profile ?? 0) ?? true) && [...schema.tables.values()].some((t) => t.profile?.id === profile && has(t.id))
  );
}
