/** What an architecture adds to the evaluator: its externs, and the way of a packet through its blocks. */
import type { ArchSpec } from '../../../compiler/arch/index.js';
import type { Expr, Type } from '../../../compiler/ir/index.js';
import type { DigestMessage, OutputPacket, Replica } from '../../data-plane/messages.js';
import type { LoadedProgram } from '../load.js';
import type { ExternFunction, ObjectValue } from '../scope.js';
import type { Tracer } from '../tracer.js';
import type { Types } from '../types.js';
import type { StructValue, Value } from '../values.js';

export interface InputPacket {
  readonly port: number;
  readonly bytes: Uint8Array;
  readonly timestampNs: bigint;
  readonly trace?: Tracer;
}
export interface ProcessedPacket {
  readonly outputs: readonly OutputPacket[];
  readonly digests: readonly DigestMessage[];
}
export interface CloneSession {
  readonly replicas: readonly Replica[];
  /** Copies leave with at most that many bytes. */
  readonly truncateBytes?: number;
  /** What egress sees, where the architecture has it; 0 when absent. */
  readonly classOfService?: number;
}
/** What the control plane configures outside the program. */
export interface ReplicationState {
  readonly multicastGroups: ReadonlyMap<number, readonly Replica[]>;
  readonly cloneSessions: ReadonlyMap<number, CloneSession>;
  readonly portsDown: ReadonlySet<number>;
}
/** The declaration of an extern object; `name` is that which the control plane knows. */
export interface ExternInstance {
  readonly name: string;
  readonly args: readonly Value[];
  readonly typeArgs: readonly Type[];
}
export interface Architecture {
  readonly spec: ArchSpec;
  readonly functions: Readonly<Record<string, ExternFunction>>;
  /** Constructors of extern objects, by type. */
  readonly externs: Readonly<Record<string, (instance: ExternInstance, types: Types) => ObjectValue>>;
  /** What the value of a field of the architecture's metadata decides, such as "to port 3"; for traces. */
  meaningOf(struct: StructValue, field: string): string | undefined;
  /** What of an expression the interpreter cannot do, such as a hash algorithm. */
  refuses(expr: Expr): string | undefined;
  process(loaded: LoadedProgram, packet: InputPacket, state: ReplicationState): ProcessedPacket;
}
