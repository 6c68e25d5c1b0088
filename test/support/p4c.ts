/** p4c-bm2-ss, where it is on the machine: a judge of the P4 that p4ts prints. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { P4Info } from '../../compiler/p4info/messages.js';
import { fromBinary } from '../../compiler/p4info/read.js';
import type { Diagnostic } from '../../compiler/support/diagnostics.js';
import { findTool, type Tool } from '../../targets/node.js';

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

/** Compiles P4-16 text; a diagnostic when p4c is not there, or what it says when it refuses the text. */
export async function compileWithP4c(p4: string): Promise<P4cOutput | Diagnostic | { readonly code: 'refused'; readonly message: string }> {
  const path = await findTool(p4c);
  if (typeof path !== 'string') return path;
  const folder = await mkdtemp(join(tmpdir(), 'p4ts-p4c-'));
  try {
    await writeFile(join(folder, 'program.p4'), p4);
    const args = ['--std', 'p4-16', '--arch', 'v1model', '--p4runtime-files', 'info.txtpb,info.bin', '-o', 'program.json', 'program.p4'];
    const run = await execa(path, args, { cwd: folder, timeout: 120_000, reject: false, stdin: 'ignore' });
    if (run.exitCode !== 0) return { code: 'refused', message: run.stderr.trim() || (run.shortMessage ?? '') };
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
