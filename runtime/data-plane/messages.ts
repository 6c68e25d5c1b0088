/**
 * The messages between the switch core and its data plane. They are plain data (structured-clone safe), so that the
 * data plane can run in the same thread or in a worker. Things are named as in P4Info: `ingress.routes`,
 * `ingress.forward`, `NoAction`.
 */
import type { ActionValue, EntryKey } from '../../compiler/control/initial-tables.js';
import type { MatchValue } from '../../compiler/control/match.js';
import type { Program } from '../../compiler/ir/index.js';
import type { Trace } from './trace.js';

export type { ActionValue, EntryKey, InitialTable } from '../../compiler/control/initial-tables.js';

/** What an entry runs: an action, or, where the table has an action profile, one of its members or groups. */
export type EntryAction = ActionValue | { readonly member: number } | { readonly group: number };
export interface TableEntry extends EntryKey {
  readonly action: EntryAction;
}
export interface CounterData {
  readonly packets: bigint;
  readonly bytes: bigint;
}
/** Rates per second and bursts, in packets or bytes as the meter's unit is (RFC 2698). */
export interface MeterConfig {
  readonly cir: bigint;
  readonly cburst: bigint;
  readonly pir: bigint;
  readonly pburst: bigint;
  /** With it the committed rate is the only one, and what it adds beyond the committed burst is the excess (RFC 2697). */
  readonly eburst?: bigint;
}
/** What a meter cell marked, by colour. */
export interface ColorCounts {
  readonly green: CounterData;
  readonly yellow: CounterData;
  readonly red: CounterData;
}
/** What has direct counters and meters: an entry, or what runs after a miss. */
export type EntryOrDefault = EntryKey | 'default';
export interface GroupMember {
  readonly member: number;
  /** From 1. */
  readonly weight: number;
  /** The member is left out while this port is down. */
  readonly watchPort?: number;
}
/** How a group chooses one of its members for a packet. */
export interface GroupChoice {
  /** Each packet by itself; otherwise by the hash of the selector's keys, which is the same for all packets of a flow. */
  readonly random?: boolean;
  /** Weights are shares, of any size; otherwise a member stands in the group as often as its weight says. */
  readonly shares?: boolean;
}
/** What the program told the controller with a digest. */
export interface DigestMessage {
  /** The name of the digest, which is that of its type. */
  readonly digest: string;
  /** One for each part of the value, in order; that of a header is whether it is valid, then its fields. */
  readonly values: readonly bigint[];
}
/** Where a copy goes. */
export interface ReplicaTarget {
  readonly port: number;
  readonly instance: number;
}
/** A copy goes to the first port that is up: its own, then those of its backups in order; to none when all are down. */
export interface Replica extends ReplicaTarget {
  readonly backups?: readonly ReplicaTarget[];
}

/** A change of the data plane's state, validated by the core before it is sent. */
export type StateUpdate =
  | { readonly kind: 'insert' | 'modify'; readonly table: string; readonly entry: TableEntry }
  | { readonly kind: 'delete'; readonly table: string; readonly entry: EntryKey }
  /** Without an action: back to what the program declares. */
  | { readonly kind: 'default-action'; readonly table: string; readonly action?: ActionValue }
  | { readonly kind: 'counter'; readonly counter: string; readonly index: number; readonly data: CounterData }
  | { readonly kind: 'direct-counter'; readonly table: string; readonly entry: EntryOrDefault; readonly data: CounterData }
  /** A cell of several fields is one number, the first field in its most significant bits. */
  | { readonly kind: 'register'; readonly register: string; readonly index: number; readonly value: bigint }
  /** Without a configuration: every packet is green. */
  | { readonly kind: 'meter'; readonly meter: string; readonly index: number; readonly config?: MeterConfig }
  | { readonly kind: 'direct-meter'; readonly table: string; readonly entry: EntryOrDefault; readonly config?: MeterConfig }
  /** What was counted by colour is zero again. */
  | { readonly kind: 'clear-colors'; readonly meter: string; readonly index: number }
  | { readonly kind: 'clear-direct-colors'; readonly table: string; readonly entry: EntryOrDefault }
  /** Without an action, or without members: it is removed. */
  | { readonly kind: 'profile-member'; readonly profile: string; readonly member: number; readonly action?: ActionValue }
  | {
      readonly kind: 'profile-group';
      readonly profile: string;
      readonly group: number;
      readonly members?: readonly GroupMember[];
      readonly choice?: GroupChoice;
    }
  | { readonly kind: 'port'; readonly port: number; readonly up: boolean }
  /** Without replicas: the session is removed. Copies are cut to `truncateBytes` where it is given; their class of service is 0 where none is. */
  | {
      readonly kind: 'clone-session';
      readonly session: number;
      readonly replicas?: readonly Replica[];
      readonly truncateBytes?: number;
      readonly classOfService?: number;
    }
  /** All members of a parser value set; each has one match for each of its fields. */
  | { readonly kind: 'value-set'; readonly valueSet: string; readonly members: readonly (readonly MatchValue[])[] }
  /** Without replicas: the group is removed. */
  | { readonly kind: 'multicast-group'; readonly group: number; readonly replicas?: readonly Replica[] };

/**
 * What the queues between ingress and egress do to a packet and to each copy of it. The data plane has no queues: who sends
 * the packet says it. What is not said is 0.
 */
export interface Transit {
  /** Packets in the queue when the packet enters it. */
  readonly queueDepth?: number;
  /** Packets in the queue when the packet leaves it. */
  readonly dequeueDepth?: number;
  /** How long the packet is in the queue. */
  readonly queueDelayNs?: bigint;
  /** From the timestamp of ingress to that of egress: as long as the delay in the queue where it is not said. */
  readonly residenceNs?: bigint;
}

/** A packet that left the data plane. */
export interface OutputPacket {
  readonly port: number;
  readonly bytes: Uint8Array;
}

export interface DataPlaneStatistics {
  /** Packets and copies that ended, by where: ingress, egress, multicast (a group without replicas, a replica whose ports are down), restart (too many). */
  readonly drops: ReadonlyMap<string, number>;
  /** By the name of the error. */
  readonly parserErrors: ReadonlyMap<string, number>;
  readonly tables: readonly { readonly name: string; readonly hits: number; readonly misses: number }[];
}

/** Which tree of traces is asked for. */
export interface TreeRequest {
  readonly port: number;
  readonly bytes: Uint8Array;
  readonly timestampNs?: bigint;
  readonly transit?: Transit;
  /** The tables of which nobody knows the entries. */
  readonly open: readonly string[];
  /** How often the packet is run at most. */
  readonly limit: number;
}
/** `tooMany`: the limit is reached; these are the choices, such as `random 0..255 at router.ts:8:5`. */
export type TreeReply = { readonly tree: Trace } | { readonly tooMany: readonly string[] };

/** Requests to the data plane, with the type of the reply to each. */
export interface DataPlaneRequests {
  /** Replaces the program and clears all state. The program is written for v1model or PSA and was validated. */
  load: { request: { readonly program: Program }; reply: undefined };
  /** A saved program takes the place of the one that runs, with its state; the other saved ones are gone. */
  commit: { request: { readonly saved: number }; reply: undefined };
  /** A saved program is gone. */
  discard: { request: { readonly saved: number }; reply: undefined };
  /** `nowNs`: since the switch started; without it, the latest time that any request gave. */
  write: { request: { readonly updates: readonly StateUpdate[]; readonly nowNs?: bigint }; reply: undefined };
  /** All cells of an indirect counter, or the one named. */
  'read-counter': { request: { readonly counter: string; readonly index?: number }; reply: readonly CounterData[] };
  /** One result for each entry asked for, in order. */
  'read-direct-counters': {
    request: { readonly table: string; readonly entries: readonly EntryOrDefault[] };
    reply: readonly CounterData[];
  };
  /** What the cells named marked, in order. */
  'read-colors': { request: { readonly meter: string; readonly indexes: readonly number[] }; reply: readonly ColorCounts[] };
  'read-direct-colors': {
    request: { readonly table: string; readonly entries: readonly EntryOrDefault[] };
    reply: readonly ColorCounts[];
  };
  /** All cells of a register, or the one named. */
  'read-register': { request: { readonly register: string; readonly index?: number }; reply: readonly bigint[] };
  /** Nanoseconds since the last hit, or since the entry was written; one for each entry asked for. */
  'read-idle': {
    request: { readonly table: string; readonly entries: readonly EntryKey[]; readonly nowNs: bigint };
    reply: readonly bigint[];
  };
  /** Counted since the program was loaded. */
  'read-statistics': { request: object; reply: DataPlaneStatistics };
  /** Runs one packet through the program; the trace only when asked for. */
  packet: {
    request: {
      readonly port: number;
      readonly bytes: Uint8Array;
      readonly timestampNs?: bigint;
      readonly transit?: Transit;
      readonly trace?: boolean;
    };
    reply: { readonly outputs: readonly OutputPacket[]; readonly digests?: readonly DigestMessage[]; readonly trace?: Trace };
  };
  /** All that can happen to a packet, which changes nothing. */
  tree: { request: TreeRequest; reply: TreeReply };
}

/** How the core reaches its data plane. */
export interface DataPlane {
  /** Requests go to the program that runs, or to a saved one, by its number: packets do not see that yet. */
  request<K extends keyof DataPlaneRequests>(
    kind: K,
    request: DataPlaneRequests[K]['request'] & { readonly saved?: number },
  ): Promise<DataPlaneRequests[K]['reply']>;
  /** Ends the data plane. */
  close(): Promise<void>;
}
