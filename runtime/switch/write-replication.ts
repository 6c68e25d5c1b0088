/** Writes of multicast groups and clone sessions (P4Runtime, "PacketReplicationEngineEntry"). */
import type { ArchDevice } from '../../compiler/arch/index.js';
import { toHex } from '../../compiler/support/bytes.js';
import type { Replica, ReplicaTarget, StateUpdate } from '../data-plane/messages.js';
import type {
  CloneSessionEntry,
  MulticastGroupEntry,
  PacketReplicationEngineEntry,
  Replica as ReplicaMessage,
} from '../p4runtime/messages.js';
import { decodePortNumber } from './ports.js';
import { refuse } from './refusals.js';
import type { StoredReplicas } from './store.js';
import type { WriteContext, WriteType } from './write.js';

export function writeReplication(context: WriteContext, type: WriteType, entry: PacketReplicationEngineEntry): StateUpdate[] {
  if (entry.clone_session_entry) return writeSession(context, type, entry.clone_session_entry);
  if (entry.multicast_group_entry) return writeGroup(context, type, entry.multicast_group_entry);
  return refuse('nothing-set', { what: 'the entry of the packet replication engine' });
}

function writeGroup({ store, schema: { device } }: WriteContext, type: WriteType, entry: MulticastGroupEntry): StateUpdate[] {
  const group = entry.multicast_group_id ?? 0;
  const at = `multicast group ${group}`;
  checkId(group, device.maxGroup, at);
  if (type === 'DELETE') {
    checkPresence(type, store.groups, group, at);
    store.groups.delete(group);
    return [{ kind: 'multicast-group', group }];
  }
  const replicas = decodeReplicas(at, entry.replicas ?? [], device);
  checkPresence(type, store.groups, group, at);
  store.groups.set(group, { replicas, ...(entry.metadata?.length ? { metadata: Uint8Array.from(entry.metadata) } : {}) });
  return [{ kind: 'multicast-group', group, replicas: plain(replicas) }];
}

function writeSession({ store, schema: { device } }: WriteContext, type: WriteType, entry: CloneSessionEntry): StateUpdate[] {
  const session = entry.session_id ?? 0;
  const at = `clone session ${session}`;
  checkId(session, device.maxSession, at);
  if (type === 'DELETE') {
    checkPresence(type, store.sessions, session, at);
    store.sessions.delete(session);
    return [{ kind: 'clone-session', session }];
  }
  const replicas = decodeReplicas(at, entry.replicas ?? [], device);
  const truncateBytes = entry.packet_length_bytes ?? 0;
  const classOfService = entry.class_of_service ?? 0;
  const { maxClassOfService: max } = device;
  if (classOfService < 0 || classOfService > max) return refuse('class-of-service', { at, given: classOfService, max });
  if (truncateBytes < 0) return refuse('packet-length', { at, given: truncateBytes });
  checkPresence(type, store.sessions, session, at);
  store.sessions.set(session, { replicas, truncateBytes, classOfService });
  const options = { ...(truncateBytes > 0 ? { truncateBytes } : {}), ...(classOfService > 0 ? { classOfService } : {}) };
  return [{ kind: 'clone-session', session, replicas: plain(replicas), ...options }];
}

function checkId(id: number, max: number, at: string): void {
  if (id < 1 || id > max) refuse('replication-id', { at, max });
}

function checkPresence(type: WriteType, known: { has(id: number): boolean }, id: number, at: string): void {
  if (type === 'INSERT' && known.has(id)) refuse('replication-exists', { at });
  if (type !== 'INSERT' && !known.has(id)) refuse('no-such-replication', { at });
}

const plain = (replicas: StoredReplicas): readonly Replica[] => replicas.map(({ deprecatedPort, ...replica }) => replica);

function decodeReplicas(at: string, replicas: readonly ReplicaMessage[], { maxInstance, maxPort }: ArchDevice): StoredReplicas {
  const seen = new Set<string>();
  const target = (replica: ReplicaMessage): ReplicaTarget => {
    const port = decodePort(at, replica, maxPort);
    const instance = replica.instance ?? 0;
    if (instance > maxInstance) return refuse('replica-instance', { at, instance, max: maxInstance });
    const text = `${port} ${instance}`;
    if (seen.has(text)) return refuse('duplicate-replica', { at, port, instance });
    seen.add(text);
    return { port, instance };
  };
  return replicas.map((replica) => {
    const primary = target(replica);
    const backups = (replica.backup_replicas ?? []).map((backup) => {
      const { port, instance } = target(backup);
      return port === primary.port ? refuse('backup-replica-port', { at, port }) : { port, instance };
    });
    return { ...primary, ...(backups.length > 0 ? { backups } : {}), deprecatedPort: replica.port === undefined };
  });
}

function decodePort(at: string, replica: ReplicaMessage, max: number): number {
  if (replica.port !== undefined) {
    return decodePortNumber(replica.port, max) ?? refuse('replica-port', { at, port: `0x${toHex(replica.port)}`, max });
  }
  const port = replica.egress_port;
  if (port === undefined) return refuse('nothing-set', { what: `${at}: the port of a replica` });
  return port <= max ? port : refuse('replica-port', { at, port: String(port), max });
}
