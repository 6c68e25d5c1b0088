/** Reads of multicast groups and clone sessions: all of them, or the one named. */
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { CloneSessionEntry, MulticastGroupEntry, PacketReplicationEngineEntry, Replica } from '../p4runtime/messages.js';
import { refuse } from './refusals.js';
import type { Store, StoredGroup, StoredReplicas, StoredSession } from './store.js';

export function readReplication(store: Store, filter: PacketReplicationEngineEntry): PacketReplicationEngineEntry[] {
  const { multicast_group_entry: group, clone_session_entry: session } = filter;
  if (session) {
    const id = session.session_id ?? 0;
    return selected(store.sessions, id).map((found) => ({ clone_session_entry: encodeSession(...found) }));
  }
  if (!group) return refuse('nothing-set', { what: 'the entry of the packet replication engine' });
  const id = group.multicast_group_id ?? 0;
  return selected(store.groups, id).map((found) => ({ multicast_group_entry: encodeGroup(...found) }));
}

const selected = <T>(all: Iterable<[number, T]>, id: number): [number, T][] => [...all].filter(([known]) => id === 0 || known === id);

const encodeGroup = (group: number, { replicas, metadata }: StoredGroup): MulticastGroupEntry => ({
  multicast_group_id: group,
  replicas: encodeReplicas(replicas),
  ...(metadata ? { metadata } : {}),
});

const encodeSession = (session: number, { replicas, truncateBytes, classOfService }: StoredSession): CloneSessionEntry => ({
  session_id: session,
  replicas: encodeReplicas(replicas),
  ...(truncateBytes === 0 ? {} : { packet_length_bytes: truncateBytes }),
  ...(classOfService === 0 ? {} : { class_of_service: classOfService }),
});

const encodeReplicas = (replicas: StoredReplicas): Replica[] =>
  replicas.map(({ port, instance, backups, deprecatedPort }) => ({
    ...(deprecatedPort ? { egress_port: port } : { port: encodeBits(BigInt(port)) }),
    instance,
    ...(backups
      ? { backup_replicas: backups.map((backup) => ({ port: encodeBits(BigInt(backup.port)), instance: backup.instance })) }
      : {}),
  }));
