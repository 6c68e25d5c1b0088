/** Comments of documentation are printed and read back. */
import { expect, it } from 'vitest';
import { printP4 } from '../../../targets/p4/printer.js';
import { caseProgram } from '../../support/cases.js';
import { load } from './load.js';

it.each(['****', '* a', '*** a ***', 'a\n**** b\n* c'])('a comment %j', async (doc) => {
  const program = await caseProgram('tutorial-forwarder');
  const again = await load(printP4({ ...program, types: program.types.map((type) => ({ ...type, doc })) }));
  expect(new Set(again.types.map((type) => type.doc))).toEqual(new Set([doc]));
});
