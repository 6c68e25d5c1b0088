/**
 * BMv2's simple_switch: v1model P4-16, P4Info and, where p4c-bm2-ss is there, the JSON that the switch loads.
 * @module p4ts/targets/bmv2
 */
import { compile } from '../../compiler/compile.js';
import type { Program } from '../../compiler/ir/index.js';
import { toBinary } from '../../compiler/p4info/binary.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import { toText } from '../../compiler/p4info/text.js';
import { type Binding, lowerToV1model } from '../../compiler/passes/index.js';
import { DiagnosticError, diagnostic } from '../../compiler/support/diagnostics.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { Target } from '../../compiler/target.js';
import { printForP4c } from './adapt.js';
import { checkDigests } from './digests.js';
import { checkLimits } from './limits.js';
import { compileWithP4c } from './p4c.js';

export { printForP4c } from './adapt.js';
export { compileWithP4c, type P4cOutput, p4c } from './p4c.js';

/** The target bmv2: see `bmv2`. */
export interface Bmv2 extends Target {
  readonly target: 'bmv2';
  /** What its P4Runtime server does otherwise than the specification says: see `Target` of p4ts/runtime. */
  readonly server: {
    readonly keepsReplication: true;
    readonly lacks: {
      readonly registers: string;
      readonly valueSets: string;
      readonly backupReplicas: string;
      readonly oneShotOptions: string;
    };
    readonly causes: readonly (readonly [contains: string, cause: string, of?: RegExp])[];
  };
  /**
   * What a controller gives to the switch: `connect(pipeline, { address, target: bmv2 })`.
   * @throws DiagnosticError also when p4c-bm2-ss is not there
   */
  configure(program: Program): Promise<{ readonly p4info: P4Info; readonly deviceConfig: Uint8Array; readonly binding: Binding }>;
}

const server: Bmv2['server'] = {
  keepsReplication: true,
  lacks: {
    registers: 'its P4Runtime server reads and writes none; read them in the pipeline and send a digest, or use its Thrift port',
    valueSets: 'its P4Runtime server knows none; match on constants or on a table',
    backupReplicas: 'its P4Runtime server ignores them; watch the port in the controller',
    oneShotOptions: 'its P4Runtime server ignores it: leave it out, and it chooses by hash',
  },
  causes: [
    [
      'first phase of device update',
      'it does not load the JSON: its own log says why; an earlier push that was not committed is another cause',
    ],
    ['Unexpected error in RPC handling', 'what it is to load is no JSON of p4c, or not of simple_switch', /pipeline/],
    [
      'Unexpected error in RPC handling',
      'it fails where a group with watch ports loses a member, and does half of it; leave watchPort out, and change the group when a port goes down',
      /group/,
    ],
    ['reconciling config', "it cannot: use 'save' and 'commit', and write the entries again"],
    ['in second phase of device update', 'nothing was saved that could be committed'],
    [
      'adding match entry to target',
      'the table is full, or the program itself has entries in it, or the entry names a group without members',
    ],
    [
      'out-of-sync with target',
      'the program itself has entries in the table, of which its server does not know; or it refused one of them half-way, and the pipeline has to be loaded anew',
    ],
    ['deleting member on target', 'a group or an entry still has it'],
    ['deleting group on target', 'an entry still has it'],
    ['writing meter spec', 'there is no such cell'],
    ['reading meter spec', 'there is no such cell'],
    ['reading counter from target', 'there is no such cell'],
    ['writing to counter', 'there is no such cell'],
    ['creating clone session in target', 'it cuts no copies off: leave truncateBytes out'],
    ['Group id value is too high', 'its multicast groups go up to 32767'],
    ['atomic write modes', 'with emulate: true, the client itself rolls back'],
    ['Invalid P4 id', 'it runs another pipeline than this controller knows'],
    ['importing p4info', 'a digest has a field that is a bool, signed, an enum or a new type, which its server does not know'],
    ['trying to assign device', 'it was started with another --device-id'],
  ],
};

/** Also the tag of `c.on(bmv2, …)`. */
export const bmv2: Bmv2 = {
  name: 'bmv2',
  target: 'bmv2',
  arch: 'v1model',
  server,
  lower: (program, options) => {
    const lowered = lowerToV1model(program, options);
    return { ...lowered, diagnostics: [...lowered.diagnostics, ...checkDigests(lowered.program)] };
  },
  check: checkLimits,
  emit: (lowered, p4info) => [
    { suffix: '.p4', contents: printForP4c(lowered) },
    { suffix: '.p4info.txtpb', contents: toText(p4info) },
    { suffix: '.p4info.bin', contents: toBinary(p4info) },
  ],
  build: async (name, emitted) => {
    const p4 = emitted.find((file) => file.suffix === '.p4')?.contents;
    invariant(typeof p4 === 'string', 'there is no P4 among the emitted files');
    const output = await compileWithP4c(p4);
    if ('code' in output) return { files: [], diagnostics: [output] };
    return {
      files: [{ suffix: '.json', contents: output.json }],
      // Of what is never used the user knows, with the line of their own program.
      diagnostics: output.warnings
        .filter((text) => !text.includes('[--Wwarn=unused]'))
        .map((text) => diagnostic('p4c-warns', { program: name, output: text })),
    };
  },
  configure: async (program) => {
    const { compiled, diagnostics } = compile(program, bmv2);
    if (!compiled) throw new DiagnosticError([...diagnostics]);
    const output = await compileWithP4c(printForP4c(compiled.lowered));
    if ('code' in output) throw new DiagnosticError([output]);
    return { p4info: compiled.p4info, deviceConfig: Buffer.from(output.json), binding: compiled.binding };
  },
};
