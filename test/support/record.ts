/** Run by `npm run record`: writes what p4c-bm2-ss says of the recorded programs. */
import { test } from 'vitest';
import { DiagnosticError } from '../../compiler/support/diagnostics.js';
import { includedNames } from '../../targets/bmv2/include.js';
import { compileWithP4c } from '../../targets/bmv2/index.js';
import { printP4 } from '../../targets/p4/printer.js';
import { recordedPrograms } from './recorded-programs.js';
import { writeRecording } from './recordings.js';

test.each(Object.entries(recordedPrograms))('%s', async (name, load) => {
  const p4 = printP4(load(), includedNames);
  const output = await compileWithP4c(p4);
  if ('code' in output) throw new DiagnosticError([output]);
  writeRecording(name, p4, output);
});
