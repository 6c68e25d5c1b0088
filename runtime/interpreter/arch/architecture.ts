/** What an architecture adds to the evaluator: its externs, and the way of a packet through its blocks. */
import type { ArchSpec } from '../../../compiler/arch/index.js';
import type { Expr } from '../../../compiler/ir/index.js';
import type { OutputPacket, Replica } from '../../switch/messages.js';
import type { LoadedProgram } from '../load.js';
import type { ExternFunction, ObjectValue } from '../scope.js';
import type { Tracer } from '../tracer.js';
import type { StructValue, Value } from '../values.js';

export interface InputPacket {
  readonly port: number;
  readonly bytes: Uint8Array;
  readonly timestampNs: bigint;
  readonly trace?: Tracer;
}
/** What the control plane configures outside the program. */
export interface ReplicationState {
  readonly multicastGroups: ReadonlyMap<number, readonly Replica[]>;
}
export interface Architecture {
  readonly spec: ArchSpec;
  readonly functions: Readonly<Record<string, ExternFunction>>;
  /** Constructors of extern objects, by type; `name` is the object's name in the control plane. */
  readonly externs: Readonly<Record<string, (name: string, args: readonly Value[]) => ObjectValue>>;
  /** What the value of a field of the architecture's metadata decides, such as "to port 3"; for traces. */
  meaningOf(struct: StructValue, field: string): string | undefined;
  /** What of an expression the interpreter cannot do, such as a hash algorithm. */
  refuses(expr: Expr): string | undefined;
  process(loaded: LoadedProgram, packet: InputPacket, state: ReplicationState): OutputPacket[];
}
