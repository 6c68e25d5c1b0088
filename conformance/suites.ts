/** What is done with p4c's test data, one program after the other. */
import { basename } from 'node:path';
import { type Diagnostic, DiagnosticError } from 'p4ts';
import { checkP4, loadP4, type P4Options } from 'p4ts/p4';
import { readStf, runStf } from 'p4ts/testing';
import { type Corpus, complaints } from './corpus.js';

export interface Result {
  readonly name: string;
  /** Why it failed; absent where it did not. */
  readonly failure?: string;
  /** What is worth knowing of one that did not fail. */
  readonly remark?: string;
}
export interface Suite {
  readonly name: string;
  readonly what: string;
  readonly cases: readonly Case[];
}
export interface Case {
  readonly name: string;
  run(): Promise<Omit<Result, 'name'>>;
}

export function suitesOf(corpus: Corpus): readonly Suite[] {
  const { includePaths } = corpus;
  const suite = <T>(
    name: string,
    what: string,
    all: readonly T[],
    file: (one: T) => string,
    run: (one: T) => ReturnType<Case['run']>,
  ): Suite => ({
    name,
    what,
    cases: all.map((one) => ({ name: basename(file(one)), run: () => withoutCrash(() => run(one)) })),
  });
  const program = (file: string): string => file;
  return [
    suite('samples', 'programs of p4_16_samples parse and check', corpus.samples, program, (file) => accepted(file, { includePaths })),
    suite('errors', 'programs of p4_16_errors are rejected', corpus.errors, program, (file) => rejected(file, { includePaths })),
    ...(['v1model', 'psa'] as const).map((architecture) =>
      suite(
        `stf-${architecture}`,
        `STF tests of ${architecture} pass`,
        corpus.stf(architecture),
        ({ stf }) => stf,
        ({ program, stf }) => passed(program, stf, { includePaths }),
      ),
    ),
  ];
}

async function withoutCrash(run: () => ReturnType<Case['run']>): ReturnType<Case['run']> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof DiagnosticError) return { failure: told(error.diagnostics[0]) };
    return { failure: `crash: ${(error as Error).stack?.split('\n').slice(0, 2).join(' ')}` };
  }
}

const told = (diagnostic: Diagnostic | undefined): string =>
  diagnostic ? `${basename(diagnostic.loc.file)}:${diagnostic.loc.line}: ${diagnostic.message}` : 'no reason';

const errorsOf = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] => diagnostics.filter((d) => d.severity === 'error');

async function accepted(file: string, options: P4Options): ReturnType<Case['run']> {
  const [first] = errorsOf(await checkP4(file, options));
  return first ? { failure: told(first) } : {};
}

/** As `p4ts check`: the rules of the language, and, of a program for an architecture that p4ts runs, those of its control plane. */
async function mistakesIn(file: string, options: P4Options): Promise<readonly Diagnostic[]> {
  const errors = errorsOf(await checkP4(file, options));
  if (errors.length > 0) return errors;
  try {
    await loadP4(file, options);
    return [];
  } catch (error) {
    if (error instanceof DiagnosticError) return errorsOf(error.diagnostics).filter((d) => d.code !== 'p4-architecture');
    throw error;
  }
}

async function rejected(file: string, options: P4Options): ReturnType<Case['run']> {
  const errors = await mistakesIn(file, options);
  if (errors.length === 0) return { failure: 'accepted' };
  const lines = complaints(file);
  // What p4c says of no line in particular, and what it says of included files, has no line to compare.
  const same = lines.length === 0 || errors.some((d) => basename(d.loc.file) === basename(file) && lines.includes(d.loc.line));
  return same ? {} : { remark: `another line than p4c's ${[...new Set(lines)].join(', ')}: ${told(errors[0])}` };
}

async function passed(program: string, stf: string, options: P4Options): ReturnType<Case['run']> {
  const { failures } = await runStf(await loadP4(program, options), await readStf(stf));
  return failures[0] ? { failure: told(failures[0].diagnostic) } : {};
}
