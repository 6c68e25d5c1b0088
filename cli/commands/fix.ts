/** `p4ts fix`: programs in P4 in today's form. */
import { extname } from 'node:path';
import type { Command } from 'commander';
import { type Fixed, fixP4 } from '../../compiler/imported-p4/fix.js';
import { checkP4 } from '../../compiler/imported-p4/node.js';
import { DiagnosticError, fail } from '../../compiler/support/diagnostics.js';
import { InternalError } from '../../compiler/support/invariant.js';
import { writeUserFiles } from '../../compiler/support/node.js';
import { defineOption, includeOption, type SourceOptions } from '../arguments.js';
import { reportDiagnostics } from '../report.js';

interface Options extends SourceOptions {
  readonly check?: boolean;
}

export function define(command: Command): void {
  command
    .description(
      'Rewrites what a program in P4 has from earlier versions of v1model in the form of today, in place. Comments, layout, macros and includes stay as they are.',
    )
    .argument('<file>', 'the program: a .p4 file')
    .argument('[included...]', 'included files that p4ts fix may change as well')
    .option('--check', 'write no file: print the changes as a diff, and exit with status 1 if there are any')
    .addOption(includeOption())
    .addOption(defineOption())
    .addHelpText(
      'after',
      `
Examples:
  $ p4ts fix switch.p4
  $ p4ts fix switch.p4 include/*.p4 -I include
  $ p4ts fix switch.p4 --check | less

What is rewritten:
  mark_to_drop()                 mark_to_drop(standard_metadata), with that parameter where the code around it has none
  clone3(type, session, data)    clone_preserving_field_list(type, session, n), with @field_list(n) on the fields in data
  resubmit(data)                 resubmit_preserving_field_list(n), likewise
  recirculate(data)              recirculate_preserving_field_list(n), likewise
  x = checksum16.get(data);      update_checksum(true, data, x, HashAlgorithm.csum16); in ingress and egress hash(…)

p4ts fix reports old forms in macros and in files that are not named, and leaves them. The exit status is 1 if there are any.`,
    )
    .action(fix);
}

async function fix(file: string, included: readonly string[], { check = false, include = [], define = {} }: Options): Promise<void> {
  if (extname(file) !== '.p4') fail('no-p4-file', { file });
  const options = { includePaths: include, defines: define };
  const fixed = await fixP4(file, included, options);
  reportDiagnostics(fixed.left);
  if (check) process.stdout.write(fixed.files.map(({ diff }) => diff).join(''));
  else {
    write(fixed, ({ after }) => after);
    await expectStillRight(file, fixed, options);
    process.stdout.write(shown(file, fixed));
  }
  if (fixed.left.length > 0 || (check && fixed.files.length > 0)) process.exitCode = 1;
}

function shown(file: string, { files, left }: Fixed): string {
  const lines = files.flatMap(({ path, changes }) => changes.map(({ line, what }) => `${path}:${line}  ${what}\n`));
  if (lines.length > 0) return lines.join('');
  return left.length > 0 ? '' : `${file}: nothing to fix\n`;
}

const write = ({ files }: Fixed, text: (file: Fixed['files'][number]) => string): void =>
  writeUserFiles(files.map((file) => ({ path: file.path, content: text(file) })));

/** A program that was right and is not any more gets its text back: that is our mistake. */
async function expectStillRight(file: string, fixed: Fixed, options: Parameters<typeof checkP4>[1]): Promise<void> {
  const errors = (await checkP4(file, options)).filter((d) => d.severity === 'error');
  if (errors.length === 0) return;
  write(fixed, ({ before }) => before);
  throw new InternalError(`the fix of ${file} broke it, and was taken back:${new DiagnosticError(errors).message}`);
}
