/**
 * BMv2's simple_switch: the JSON that it loads, v1model P4-16, and P4Info.
 * @module p4ts/targets/bmv2
 */
import type { Binding } from '../../compiler/binding.js';
import { compile } from '../../compiler/compile.js';
import type { Program } from '../../compiler/ir/program.js';
import { lowerToV1model } from '../../compiler/lower/v1model/index.js';
import { toBinary } from '../../compiler/p4info/binary.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import { toText } from '../../compiler/p4info/text.js';
import { toUtf8 } from '../../compiler/support/bytes.js';
import { type Diagnostic, DiagnosticError, Diagnostics } from '../../compiler/support/diagnostics.js';
import type { Target } from '../../compiler/target.js';
import { printP4 } from '../p4/printer.js';
import { checkDigests } from './digests.js';
import { forP4c } from './for-p4c/index.js';
import { toBmv2Json } from './json/index.js';
import { checkLimits } from './limits.js';

/** The P4-16 text of a program for v1model that p4c-bm2-ss compiles. */
export const printForP4c = (program: Program): string => printP4(adapted(program));

/** Made once for `check` and `emit`. */
function adapted(lowered: Program): Program {
  const known = adaptations.get(lowered) ?? forP4c(lowered);
  adaptations.set(lowered, known);
  return known;
}
const adaptations = new WeakMap<Program, Program>();

/** The target bmv2: see `bmv2`. */
export interface Bmv2 extends Target {
  /**
   * What a controller gives to the switch: `connect(pipeline, { address, target: bmv2 })`.
   * @throws DiagnosticError for what BMv2 cannot do
   */
  configure(program: Program): Promise<{ readonly p4info: P4Info; readonly deviceConfig: Uint8Array; readonly binding: Binding }>;
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
  check: (lowered) => {
    const limits = checkLimits(adapted(lowered));
    return limits.some((d) => d.severity === 'error') ? limits : [...limits, ...written(lowered).diagnostics];
  },
  emit: (lowered, p4info) => [
    { suffix: '.p4', contents: printForP4c(lowered) },
    { suffix: '.p4info.txtpb', contents: toText(p4info) },
    { suffix: '.p4info.bin', contents: toBinary(p4info) },
    { suffix: '.json', contents: written(lowered).json },
  ],
  configure: async (program) => {
    const { compiled, diagnostics } = compile(program, bmv2);
    if (!compiled) throw new DiagnosticError([...diagnostics]);
    return { p4info: compiled.p4info, deviceConfig: toUtf8(written(compiled.lowered).json), binding: compiled.binding };
  },
};

interface Written {
  readonly json: string;
  /** What BMv2 cannot do. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The JSON, written once for `check` and `emit`. */
function written(lowered: Program): Written {
  const known = writings.get(lowered) ?? write(lowered);
  writings.set(lowered, known);
  return known;
}
const writings = new WeakMap<Program, Written>();

function write(lowered: Program): Written {
  const diagnostics = new Diagnostics();
  const json = toBmv2Json(lowered, diagnostics);
  return { json: `${JSON.stringify(json, undefined, 2)}\n`, diagnostics: diagnostics.list };
}
