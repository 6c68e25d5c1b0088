/** The reference interpreter: what a program means, one packet at a time. */

import type { Program } from '../../compiler/ir/index.js';
import { toHex } from '../../compiler/support/bytes.js';
import { InternalError } from '../../compiler/support/invariant.js';
import { SeededChoices } from '../data-plane/choices.js';
import { type Executor, executing } from '../data-plane/executor.js';
import type { DataPlane, DigestMessage, OutputPacket, Transit, TreeReply, TreeRequest } from '../data-plane/messages.js';
import type { State } from '../data-plane/state.js';
import type { Trace, TraceEvent } from '../data-plane/trace.js';
import type { Architecture } from './arch/architecture.js';
import { psa } from './arch/psa.js';
import { v1model } from './arch/v1model.js';
import { type LoadedProgram, load } from './load.js';
import { Tracer } from './tracer.js';
import { growTree } from './tree.js';

const architectures: readonly Architecture[] = [v1model, psa];

/** A packet that arrives. */
export interface PacketRequest {
  readonly port: number;
  readonly bytes: Uint8Array;
  /** Since the switch started; 0 when absent. */
  readonly timestampNs?: bigint;
  readonly transit?: Transit;
  readonly trace?: boolean;
}
export interface PacketResult {
  readonly outputs: readonly OutputPacket[];
  readonly digests: readonly DigestMessage[];
  readonly trace?: Trace;
}

/** What the interpreter depends on. */
export interface InterpreterOptions {
  /** Of the extern `random` and of groups that choose at random: the same numbers for the same seed; 0 when absent. */
  readonly seed?: number;
}

/** One program with its state. */
export class Interpreter implements Executor {
  readonly state: State;
  readonly #loaded: LoadedProgram;
  readonly #arch: Architecture;
  readonly #choices: SeededChoices;

  /** @throws DiagnosticError for what the interpreter does not know, such as a hash algorithm */
  constructor(program: Program, { seed = 0 }: InterpreterOptions = {}) {
    this.#arch = architectureOf(program);
    this.#loaded = load(program, this.#arch);
    this.#choices = new SeededChoices(seed);
    this.state = this.#loaded.globals.state;
  }

  process({ port, bytes, timestampNs = 0n, transit, trace }: PacketRequest): PacketResult {
    this.state.advance(timestampNs);
    const tracer = trace ? new Tracer() : undefined;
    const packet = { port, bytes, timestampNs, choices: this.#choices, ...(transit && { transit }), ...(tracer && { trace: tracer }) };
    const processed = this.#arch.process(this.#loaded, packet);
    if (!tracer) return processed;
    return { ...processed, trace: this.#trace({ port, bytes, timestampNs }, tracer.events) };
  }

  tree({ port, bytes, timestampNs = 0n, transit, open, limit }: TreeRequest): TreeReply {
    const packet = { port, bytes, timestampNs, ...(transit && { transit }) };
    const grown = growTree(
      (choices, trace) => this.state.trial.run(() => this.#arch.process(this.#loaded, { ...packet, choices, trace })),
      { open: new Set(open), limit },
    );
    return 'tooMany' in grown ? grown : { tree: this.#trace(packet, grown.events) };
  }

  #trace({ port, bytes, timestampNs }: Required<Omit<PacketRequest, 'trace' | 'transit'>>, events: readonly TraceEvent[]): Trace {
    return { program: this.#loaded.program.name, port, bytes: toHex(bytes), timestampNs: `${timestampNs}`, events };
  }
}

/** A data plane in this thread that interprets its programs. */
export const createDataPlane = (options: InterpreterOptions = {}): DataPlane => executing((program) => new Interpreter(program, options));

function architectureOf(program: Program): Architecture {
  const arch = architectures.find((a) => a.spec.name === program.arch);
  if (!arch) throw new InternalError(`the interpreter does not run programs written for ${program.arch}`);
  return arch;
}
