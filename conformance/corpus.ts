/** What is in p4c's test data, and what p4c itself does with it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** A checkout of p4c. */
export interface Corpus {
  /** Programs that p4c accepts. */
  readonly samples: readonly string[];
  /** Programs that p4c rejects. */
  readonly errors: readonly string[];
  /** STF tests of programs for this architecture. */
  stf(architecture: 'v1model' | 'psa'): readonly StfTest[];
  /** Where programs find the include files of their architectures. */
  readonly includePaths: readonly string[];
}
export interface StfTest {
  readonly program: string;
  readonly stf: string;
}

/** @throws Error when `folder` is no checkout of p4c */
export function corpusIn(folder: string): Corpus {
  const data = join(folder, 'testdata');
  const samples = join(data, 'p4_16_samples');
  const include = join(folder, 'p4include');
  for (const needed of [samples, join(data, 'p4_16_errors'), include]) {
    if (!existsSync(needed)) throw new Error(`${folder} is no checkout of p4c: it has no ${needed.slice(folder.length + 1)}`);
  }
  return {
    samples: filesIn(samples, '.p4'),
    errors: filesIn(join(data, 'p4_16_errors'), '.p4'),
    includePaths: [include],
    stf: (architecture) =>
      [samples, join(samples, 'parser-inline')]
        .flatMap((from) => filesIn(from, '.stf'))
        .map((stf) => ({ stf, program: stf.replace(/stf$/, 'p4') }))
        .filter(({ program }) => existsSync(program) && includes(program, architecture)),
  };
}

const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));

const includes = (program: string, architecture: string): boolean =>
  new RegExp(`include.*${architecture}\\.p4`).test(readFileSync(program, 'utf8'));

/** The lines of a program that p4c complains about, as it told them when its test data was made. */
export function complaints(program: string): readonly number[] {
  const told = program.replace(/p4_16_errors\/(?=[^/]*$)/, 'p4_16_errors_outputs/').concat('-stderr');
  if (!existsSync(told)) return [];
  const line = new RegExp(`^${basename(program).replace(/[.+]/g, '\\$&')}\\((\\d+)\\)`, 'gm');
  return [...readFileSync(told, 'utf8').matchAll(line)].map((match) => Number(match[1]));
}
