/** What an architecture adds to the evaluator: its externs, and the way of a packet through its blocks. */
import type { ArchSpec } from '../../../compiler/arch/index.js';
import type { Expr } from '../../../compiler/ir/index.js';
import type { Choices } from '../../data-plane/choices.js';
import type { DigestMessage, OutputPacket, Transit } from '../../data-plane/messages.js';
import type { ExternConstructor, Externs, Machine } from '../externs.js';
import type { LoadedProgram } from '../load.js';
import type { Tracer } from '../tracer.js';
import type { StructValue } from '../values.js';

export interface InputPacket {
  readonly port: number;
  readonly bytes: Uint8Array;
  readonly timestampNs: bigint;
  readonly transit?: Transit;
  readonly trace?: Tracer;
  readonly choices: Choices;
}
export interface ProcessedPacket {
  readonly outputs: readonly OutputPacket[];
  readonly digests: readonly DigestMessage[];
}
export interface Architecture {
  readonly spec: ArchSpec;
  functions(machine: Machine): Externs;
  /** By type. */
  readonly externs: Readonly<Record<string, ExternConstructor>>;
  /** What the value of a field of the architecture's metadata decides, such as "to port 3"; for traces. */
  meaningOf(struct: StructValue, field: string): string | undefined;
  /** What of an expression the interpreter cannot do, such as a hash algorithm. */
  refuses(expr: Expr): string | undefined;
  process(loaded: LoadedProgram, packet: InputPacket): ProcessedPacket;
}
