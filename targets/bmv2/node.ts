/**
 * BMv2's simple_switch: v1model P4-16, P4Info and, where p4c-bm2-ss is there, the JSON that the switch loads.
 * @module p4ts/targets/bmv2
 */
import '../../compiler/support/node.js';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Binding } from '../../compiler/binding.js';
import { compile } from '../../compiler/compile.js';
import type { Program } from '../../compiler/ir/index.js';
import type { P4Info } from '../../compiler/p4info/messages.js';
import { toUtf8 } from '../../compiler/support/bytes.js';
import { type Diagnostic, DiagnosticError, diagnostic } from '../../compiler/support/diagnostics.js';
import { invariant } from '../../compiler/support/invariant.js';
import type { OutputFile } from '../../compiler/target.js';
import { findTool, runTool, type Tool } from '../node.js';
import { type Bmv2 as Bmv2WithoutP4c, printForP4c, bmv2 as withoutP4c } from './index.js';

export { printForP4c };

/** The target bmv2: see `bmv2`. */
export interface Bmv2 extends Bmv2WithoutP4c {
  /**
   * What a controller gives to the switch: `connect(pipeline, { address, target: bmv2 })`.
   * @throws DiagnosticError also when p4c-bm2-ss is not there
   */
  configure(program: Program): Promise<{ readonly p4info: P4Info; readonly deviceConfig: Uint8Array; readonly binding: Binding }>;
}

/** Also the tag of `c.on(bmv2, …)`. */
export const bmv2: Bmv2 = {
  ...withoutP4c,
  build: async (name, emitted) => {
    const output = await compileWithP4c(p4In(emitted));
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
    const output = await compileWithP4c(p4In(compiled.files));
    if ('code' in output) throw new DiagnosticError([output]);
    return { p4info: compiled.p4info, deviceConfig: toUtf8(output.json), binding: compiled.binding };
  },
};

function p4In(emitted: readonly OutputFile[]): string {
  const p4 = emitted.find((file) => file.suffix === '.p4')?.contents;
  invariant(typeof p4 === 'string', 'there is no P4 among the emitted files');
  return p4;
}

/** The compiler that makes what BMv2 loads. */
export const p4c: Tool = { command: 'p4c-bm2-ss', variable: 'P4C_BM2_SS' };

/** What p4c makes of a program. */
export interface P4cOutput {
  /** What BMv2 loads. */
  readonly json: string;
  readonly p4info: P4Info;
  /** The same, as p4c writes it for people. */
  readonly p4infoText: string;
  /** p4c's words, one warning each, without the path of the file. */
  readonly warnings: readonly string[];
}

/** Compiles P4-16 text; a diagnostic when p4c is not there, refuses the text, or does not end. */
export async function compileWithP4c(p4: string): Promise<P4cOutput | Diagnostic> {
  const path = await findTool(p4c);
  if (typeof path !== 'string') return path;
  const folder = await mkdtemp(join(tmpdir(), 'p4ts-p4c-'));
  try {
    await writeFile(join(folder, 'program.p4'), p4);
    const args = ['--std', 'p4-16', '--arch', 'v1model', '--p4runtime-files', 'info.txtpb,info.bin', '-o', 'program.json', 'program.p4'];
    const run = await runTool(path, args, { cwd: folder, timeoutMs: 120_000 });
    if (!('exitCode' in run)) return run;
    if (run.exitCode !== 0) return diagnostic('p4c-refused', { output: run.stderr.trim() });
    // Loaded here only, where a process has run that took much longer.
    const { fromBinary } = await import('../../compiler/p4info/read.js');
    return {
      json: await readFile(join(folder, 'program.json'), 'utf8'),
      p4info: fromBinary(await readFile(join(folder, 'info.bin'))),
      p4infoText: await readFile(join(folder, 'info.txtpb'), 'utf8'),
      warnings: warningsIn(run.stderr),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What p4c says of every program with such a thing, and nobody can change. */
const unavoidable = [
  // Information, not a warning: it removes what it has said is unused.
  /\[--Winfo=removed\]/,
  // Said of all tables with an action profile; a default action other than NoAction is refused before.
  /Target does not support default_action for/,
  // A list of no fields, of which nothing survives.
  /no user metadata fields tagged with @field_list\(0\)/,
];

/** Each begins with its place, where it has one, and its kind: `program.p4(3): [--Wwarn=unused] warning: …`. */
function warningsIn(stderr: string): readonly string[] {
  const warnings = stderr.split(/^(?=(?:\S+\(\d+\): )?\[--W(?:warn|info)=)/m).map((text) => text.trim());
  return warnings.filter((text) => text !== '' && !unavoidable.some((pattern) => pattern.test(text)));
}
