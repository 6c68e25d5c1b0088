/** What the server of a target does not have, refused before anything is sent: it would ignore it, or say little. */
import { fail } from '../../compiler/support/diagnostics.js';
import { captureLocation } from '../../compiler/support/location.js';
import type { Entity } from '../p4runtime/messages.js';
import type { Target } from './target.js';

/** Why each is out of reach; what has no reason is not. */
export interface Lacks {
  readonly registers?: string;
  readonly valueSets?: string;
  readonly backupReplicas?: string;
  /** Selection mode and size semantics of one-shot sets. */
  readonly oneShotOptions?: string;
}
export type ReachTarget = Pick<Target, 'name' | 'server'>;

/** @throws DiagnosticError entity-unsupported */
export function checkReach(what: string, of: keyof Lacks, { name, server }: ReachTarget): void {
  const why = server?.lacks?.[of];
  if (why !== undefined) fail('entity-unsupported', { what, target: name, why }, { loc: captureLocation() });
}

/** @throws DiagnosticError entity-unsupported */
export function checkEntity(entity: Entity, target: ReachTarget): void {
  if (!target.server?.lacks) return;
  if (entity.register_entry) checkReach('a cell of a register', 'registers', target);
  if (entity.value_set_entry) checkReach('members of a value set', 'valueSets', target);
  const { multicast_group_entry: group, clone_session_entry: session } = entity.packet_replication_engine_entry ?? {};
  const replicas = group?.replicas ?? session?.replicas ?? [];
  if (replicas.some((r) => r.backup_replicas?.length)) checkReach('a replica with backups', 'backupReplicas', target);
  const { action_selection_mode: mode, size_semantics: semantics } = entity.table_entry?.action?.action_profile_action_set ?? {};
  if (mode) checkReach('a set with an actionSelectionMode', 'oneShotOptions', target);
  if (semantics) checkReach('a set with sizeSemantics', 'oneShotOptions', target);
}
