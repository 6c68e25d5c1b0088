/** What a client needs to know of a target: how it names things, and what is pushed to it. */

import type { Binding } from '../../compiler/binding.js';
import type { Program } from '../../compiler/ir/index.js';
import { toJson } from '../../compiler/ir/json.js';
import { buildP4Info } from '../../compiler/p4info/build.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import { toUtf8 } from '../../compiler/support/bytes.js';
import { Diagnostics } from '../../compiler/support/diagnostics.js';
import { prepare } from '../../compiler/target.js';
import { embedded } from '../switch/device.js';
import type { Causes } from './errors.js';
import type { Lacks } from './target-limits.js';

/** What a switch of a target is given as its pipeline. */
export interface TargetConfig {
  readonly p4info: P4Info;
  /** `p4_device_config`. */
  readonly deviceConfig: Uint8Array;
  /** From the paths of the pipeline to the names in the P4Info. */
  readonly binding: Binding;
}
/** What the P4Runtime server of a target does otherwise than the specification says. */
export interface ServerTraits {
  /** Multicast groups and clone sessions outlive the pipeline, of which the server knows nothing afterwards. */
  readonly keepsReplication?: boolean;
  /** So many updates in one Write have all their errors in its answer; 100 where it is not said. */
  readonly batch?: number;
  readonly lacks?: Lacks;
  readonly causes?: Causes;
}
/** A kind of switch, for the option `target` of `connect`. */
export interface Target {
  /** For people. */
  readonly name: string;
  readonly server?: ServerTraits;
  /**
   * `program` is written for the portable architecture, or for the target's own, and passed `validate`.
   * @throws DiagnosticError for what the target cannot do
   */
  configure(program: Program): TargetConfig | Promise<TargetConfig>;
}

/** The switch of p4ts: it takes the program as it is, and lowers it itself. */
export const embeddedTarget: Target = {
  name: embedded.name,
  server: { batch: 1000 },
  configure(program) {
    const lowered = prepare(program, embedded);
    const diagnostics = new Diagnostics();
    diagnostics.add(...lowered.diagnostics);
    diagnostics.throwIfErrors();
    return { p4info: buildP4Info(lowered.program), deviceConfig: toUtf8(toJson(program)), binding: lowered.binding };
  },
};
