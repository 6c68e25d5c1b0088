/** Writes of multicast groups (P4Runtime, "PacketReplicationEngineEntry"). */
import { bytesToHex } from '../../compiler/support/bits.js';
import { decodeBits } from '../p4runtime/bytestrings.js';
import type { MulticastGroupEntry, PacketReplicationEngineEntry, Replica as ReplicaMessage } from '../p4runtime/messages.js';
import type { StateUpdate } from './messages.js';
import { refuse } from './refusals.js';
import type { StoredGroup } from './store.js';
import type { WriteContext, WriteType } from './write.js';

/** `mcast_grp` and `egress_rid` of v1model have 16 bits, ports 9. */
const maxGroup = 0xffff;
const maxInstance = 0xffff;
const portWidth = 9;

export function writeReplication(context: WriteContext, type: WriteType, entry: PacketReplicationEngineEntry): StateUpdate[] {
  if (entry.clone_session_entry !== undefined) return refuse('not-supported', { what: 'writing clone sessions' });
  if (!entry.multicast_group_entry) return refuse('nothing-set', { what: 'the entry of the packet replication engine' });
  return writeGroup(context, type, entry.multicast_group_entry);
}

function writeGroup({ store }: WriteContext, type: WriteType, entry: MulticastGroupEntry): StateUpdate[] {
  const group = entry.multicast_group_id ?? 0;
  if (group < 1 || group > maxGroup) return refuse('group-id', { group, max: maxGroup });
  const exists = store.groups.has(group);
  if (type === 'DELETE') {
    if (!exists) return refuse('no-such-group', { group });
    store.groups.delete(group);
    return [{ kind: 'multicast-group', group }];
  }
  const replicas = decodeReplicas(group, entry.replicas ?? []);
  if (type === 'INSERT' && exists) return refuse('group-exists', { group });
  if (type === 'MODIFY' && !exists) return refuse('no-such-group', { group });
  store.groups.set(group, { replicas, ...(entry.metadata?.length ? { metadata: Uint8Array.from(entry.metadata) } : {}) });
  return [{ kind: 'multicast-group', group, replicas: replicas.map(({ port, instance }) => ({ port, instance })) }];
}

function decodeReplicas(group: number, replicas: readonly ReplicaMessage[]): StoredGroup['replicas'] {
  const seen = new Set<string>();
  return replicas.map((replica) => {
    if ((replica.backup_replicas?.length ?? 0) > 0) return refuse('not-supported', { what: `multicast group ${group}: backup replicas` });
    const port = decodePort(group, replica);
    const instance = replica.instance ?? 0;
    if (instance > maxInstance) return refuse('replica-instance', { group, instance, max: maxInstance });
    const text = `${port} ${instance}`;
    if (seen.has(text)) return refuse('duplicate-replica', { group, port, instance });
    seen.add(text);
    return { port, instance, deprecatedPort: replica.port === undefined };
  });
}

function decodePort(group: number, replica: ReplicaMessage): number {
  if (replica.port !== undefined) {
    const port = decodeBits(replica.port, portWidth);
    return port === undefined ? refuse('replica-port', { group, port: `0x${bytesToHex(replica.port)}` }) : Number(port);
  }
  const port = replica.egress_port;
  if (port === undefined) return refuse('nothing-set', { what: `multicast group ${group}: the port of a replica` });
  return port < 1 << portWidth ? port : refuse('replica-port', { group, port: String(port) });
}
