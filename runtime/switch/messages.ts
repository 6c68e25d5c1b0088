/**
 * The messages between the switch core and its data plane. They are plain data (structured-clone safe), so that the
 * data plane can run in the same thread or in a worker. Things are named as in P4Info: `ingress.routes`,
 * `ingress.forward`, `NoAction`.
 */
import type { Program } from '../../compiler/ir/index.js';
import type { Trace } from '../interpreter/trace.js';

/** What one key of an entry matches. A key left out of a ternary, range, optional or lpm match is `any`. */
export type MatchValue =
  | { readonly kind: 'exact'; readonly value: bigint }
  | { readonly kind: 'lpm'; readonly value: bigint; readonly prefixLength: number }
  | { readonly kind: 'ternary'; readonly value: bigint; readonly mask: bigint }
  | { readonly kind: 'range'; readonly low: bigint; readonly high: bigint }
  | { readonly kind: 'optional'; readonly value: bigint }
  | { readonly kind: 'any' };

export interface ActionValue {
  readonly name: string;
  /** The control plane's parameters, in the order of their declaration. */
  readonly args: readonly bigint[];
}
/** What identifies an entry within its table. */
export interface EntryKey {
  /** One for each key of the table, in its order. */
  readonly matches: readonly MatchValue[];
  /** Higher wins; 0 where the table has no ternary, range or optional key. */
  readonly priority: number;
}
export interface TableEntry extends EntryKey {
  readonly action: ActionValue;
}
export interface CounterData {
  readonly packets: bigint;
  readonly bytes: bigint;
}
export interface Replica {
  readonly port: number;
  readonly instance: number;
}

/** A change of the data plane's state, validated by the core before it is sent. */
export type StateUpdate =
  | { readonly kind: 'insert' | 'modify'; readonly table: string; readonly entry: TableEntry }
  | { readonly kind: 'delete'; readonly table: string; readonly entry: EntryKey }
  /** Without an action: back to what the program declares. */
  | { readonly kind: 'default-action'; readonly table: string; readonly action?: ActionValue }
  | { readonly kind: 'counter'; readonly counter: string; readonly index: number; readonly data: CounterData }
  | { readonly kind: 'direct-counter'; readonly table: string; readonly entry: EntryKey; readonly data: CounterData }
  /** Without replicas: the group is removed. */
  | { readonly kind: 'multicast-group'; readonly group: number; readonly replicas?: readonly Replica[] };

export interface OutputPacket {
  readonly port: number;
  readonly bytes: Uint8Array;
}

/** Requests to the data plane, with the type of the reply to each. */
export interface DataPlaneRequests {
  /** Replaces the program and clears all state. The program is written for v1model and was validated. */
  load: { request: { readonly program: Program }; reply: undefined };
  write: { request: { readonly updates: readonly StateUpdate[] }; reply: undefined };
  /** All cells of an indirect counter, or the one named. */
  'read-counter': { request: { readonly counter: string; readonly index?: number }; reply: readonly CounterData[] };
  /** One result for each entry asked for, in order. */
  'read-direct-counters': { request: { readonly table: string; readonly entries: readonly EntryKey[] }; reply: readonly CounterData[] };
  /** Runs one packet through the program; the trace only when asked for. */
  packet: {
    request: { readonly port: number; readonly bytes: Uint8Array; readonly timestampNs?: bigint; readonly trace?: boolean };
    reply: { readonly outputs: readonly OutputPacket[]; readonly trace?: Trace };
  };
}

/** How the core reaches its data plane. */
export interface DataPlane {
  request<K extends keyof DataPlaneRequests>(kind: K, request: DataPlaneRequests[K]['request']): Promise<DataPlaneRequests[K]['reply']>;
  close(): Promise<void>;
}
