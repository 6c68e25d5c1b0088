/** What is printed as P4 is read as the same program. */
import { describe, expect, it } from 'vitest';
import { printP4 } from '../../../targets/p4/printer.js';
import { recordedPrograms } from '../../support/recorded-programs.js';
import { canonical, load } from './load.js';

describe('a printed program is read as the program that it was', () => {
  it.each(Object.entries(recordedPrograms))('%s', async (_name, program) => {
    const before = program();
    expect(canonical(await load(printP4(before)))).toEqual(canonical(before));
  });

  it.each(['****', '* a', '*** a ***', 'a\n**** b\n* c'])('a comment %j', async (doc) => {
    const [program] = Object.values(recordedPrograms).map((make) => make());
    const before = program && { ...program, types: program.types.map((type) => ({ ...type, doc })) };
    const again = await load(printP4(before as typeof program & object));
    expect(new Set(again.types.map((type) => type.doc))).toEqual(new Set([doc]));
  });
});
