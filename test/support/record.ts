/** Run by `npm run record`: writes what p4c-bm2-ss says of the recorded programs. */
import { test } from 'vitest';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { compileWithP4c, printForP4c } from '../../targets/bmv2/node.js';
import { recordedPrograms } from './recorded-programs.js';
import { writeRecording } from './recordings.js';

test.each(Object.entries(recordedPrograms))('%s', async (name, load) => {
  const p4 = printForP4c(load());
  const output = await compileWithP4c(p4);
  if ('code' in output) throw new DiagnosticError([output]);
  writeRecording(name, p4, output);
});
