/** Multicast groups and clone sessions of a switch. */
import { fromBytes } from '../../compiler/support/bits.js';
import { encodeBits } from '../p4runtime/bytestrings.js';
import type { CloneSessionEntry, Entity, Replica as ReplicaMessage } from '../p4runtime/messages.js';
import { firstOf, insertOrModify, type Requests } from './requests.js';
import { takes } from './signatures.js';
import { toUint32 } from './values.js';

/** Where a copy goes. */
export interface ReplicaTarget {
  readonly port: number;
  /** What egress sees as `std.replica`; 0 where it is not said. */
  readonly instance?: number;
}
/** A copy that a multicast group or clone session makes. */
export interface Replica extends ReplicaTarget {
  /** Where the copy goes instead while the port is down: to the first of these whose port is up. */
  readonly backups?: readonly ReplicaTarget[];
}
/** A multicast group of the switch. */
export interface MulticastHandle {
  /** Makes the group, or replaces its replicas. */
  set(replicas: readonly Replica[]): Promise<void>;
  /** Undefined when there is no such group. */
  read(): Promise<readonly Replica[] | undefined>;
  /** @throws P4RuntimeError NOT_FOUND when there is no such group */
  delete(): Promise<void>;
}
/** What a clone session does with mirrored packets. */
export interface CloneSession {
  readonly replicas: readonly Replica[];
  /** Copies are cut to so many bytes. */
  readonly truncateBytes?: number;
  /** The class of service of the copies, where the target has such classes; 0 where it is not said. */
  readonly classOfService?: number;
}
/** The options of a clone session. */
export type CloneSessionOptions = Omit<CloneSession, 'replicas'>;
/** A clone session of the switch. */
export interface CloneSessionHandle {
  /** Makes the session, or replaces what it was. */
  set(replicas: readonly Replica[], options?: CloneSessionOptions): Promise<void>;
  /** Undefined when there is no such session. */
  read(): Promise<CloneSession | undefined>;
  /** @throws P4RuntimeError NOT_FOUND when there is no such session */
  delete(): Promise<void>;
}

export function multicastHandle(group: number, { read, write }: Requests): MulticastHandle {
  const what = `multicast group ${group}`;
  const entity = (replicas?: readonly Replica[]): Entity => ({
    packet_replication_engine_entry: {
      multicast_group_entry: {
        multicast_group_id: toUint32(group, 'multicast group'),
        ...(replicas ? { replicas: encodeReplicas(replicas) } : {}),
      },
    },
  });
  const current = async (): Promise<readonly Replica[] | undefined> => {
    const found = await firstOf(read(`read ${what}`, entity()));
    return found && decodeReplicas(found.packet_replication_engine_entry?.multicast_group_entry?.replicas);
  };
  return {
    read: current,
    set: async (replicas) => {
      takes.multicastSet([replicas]);
      const wanted = entity(replicas);
      await write(`set ${what}`, { type: insertOrModify(await current()), entity: wanted });
    },
    delete: async () => write(`delete ${what}`, { type: 'DELETE', entity: entity() }),
  };
}

export function cloneSessionHandle(session: number, { read, write }: Requests): CloneSessionHandle {
  const what = `clone session ${session}`;
  const entity = (value: Partial<CloneSession> = {}): Entity => ({
    packet_replication_engine_entry: {
      clone_session_entry: {
        session_id: toUint32(session, 'clone session'),
        ...(value.replicas ? { replicas: encodeReplicas(value.replicas) } : {}),
        ...encodeCloneOptions(value),
      },
    },
  });
  const current = async (): Promise<CloneSession | undefined> => {
    const found = await firstOf(read(`read ${what}`, entity()));
    if (!found) return undefined;
    const entry = found.packet_replication_engine_entry?.clone_session_entry;
    return { replicas: decodeReplicas(entry?.replicas), ...decodeCloneOptions(entry ?? {}) };
  };
  return {
    read: current,
    set: async (replicas, options = {}) => {
      takes.cloneSet([replicas, options]);
      const wanted = entity({ replicas, ...options });
      await write(`set ${what}`, { type: insertOrModify(await current()), entity: wanted });
    },
    delete: async () => write(`delete ${what}`, { type: 'DELETE', entity: entity() }),
  };
}

export const encodeReplicas = (replicas: readonly Replica[]): ReplicaMessage[] =>
  replicas.map(({ port, instance = 0, backups = [] }) => ({
    port: encodeBits(BigInt(toUint32(port, 'port'))),
    instance,
    ...(backups.length > 0 ? { backup_replicas: encodeReplicas(backups) } : {}),
  }));

export const decodeReplicas = (replicas: readonly ReplicaMessage[] = []): Replica[] =>
  replicas.map(({ port, egress_port = 0, instance = 0, backup_replicas: backups = [] }) => ({
    port: port ? Number(fromBytes(port)) : egress_port,
    instance,
    ...(backups.length > 0 ? { backups: decodeReplicas(backups) } : {}),
  }));

export const encodeCloneOptions = ({ truncateBytes, classOfService }: CloneSessionOptions): CloneSessionEntry => ({
  ...(truncateBytes ? { packet_length_bytes: truncateBytes } : {}),
  ...(classOfService ? { class_of_service: classOfService } : {}),
});

export const decodeCloneOptions = ({ packet_length_bytes: length, class_of_service: service }: CloneSessionEntry): CloneSessionOptions => ({
  ...(length ? { truncateBytes: length } : {}),
  ...(service ? { classOfService: service } : {}),
});
