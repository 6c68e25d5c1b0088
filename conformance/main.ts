/**
 * Runs p4ts over the test data of a checkout of p4c: `npm run conformance -- --p4c DIR`. Nothing of p4c is in this
 * project; docs/conformance.md has the figures and names what fails.
 */
import { Command, Option } from 'commander';
import { progressOf } from '../cli/progress.js';
import { corpusIn } from './corpus.js';
import { type Result, type Suite, suitesOf } from './suites.js';

interface Options {
  readonly p4c: string;
  readonly only?: string;
  readonly match?: string;
  readonly json?: boolean;
}

const options = new Command('npm run conformance --')
  .description("Runs p4ts over p4c's test data and says what fails. Exit status 1 when something does.")
  .requiredOption('--p4c <dir>', 'a checkout of p4lang/p4c')
  .addOption(new Option('--only <suite>', 'one part').choices(['samples', 'errors', 'stf-v1model', 'stf-psa']))
  .option('--match <text>', 'only files with this in their names')
  .option('--json', 'all results as JSON')
  .parse()
  .opts<Options>();

interface Outcome {
  readonly suite: Suite;
  readonly ms: number;
  readonly results: readonly Result[];
}

async function run(suite: Suite): Promise<Outcome> {
  const progress = progressOf(suite.name, suite.cases.length);
  const results: Result[] = [];
  const start = performance.now();
  for (const one of suite.cases) {
    progress.at(results.length, one.name);
    results.push({ name: one.name, ...(await one.run()) });
  }
  progress.hide();
  return { suite, ms: performance.now() - start, results };
}

const failed = ({ results }: Outcome): readonly Result[] => results.filter((result) => result.failure !== undefined);

function render(outcome: Outcome): string {
  const { suite, ms, results } = outcome;
  const failures = failed(outcome);
  const remarks = results.filter((result) => result.remark !== undefined);
  return [
    `${results.length - failures.length} of ${results.length} ${suite.what} (${(ms / 1000).toFixed(1)} s)`,
    ...failures.map(({ name, failure }) => `  ✗ ${name}: ${failure}`),
    ...remarks.map(({ name, remark }) => `  · ${name}: ${remark}`),
    '',
  ].join('\n');
}

let suites: readonly Suite[];
try {
  suites = suitesOf(corpusIn(options.p4c));
} catch (error) {
  console.error((error as Error).message);
  process.exit(2);
}
const outcomes: Outcome[] = [];
for (const { cases, ...suite } of suites) {
  if (options.only !== undefined && options.only !== suite.name) continue;
  const outcome = await run({ ...suite, cases: cases.filter(({ name }) => name.includes(options.match ?? '')) });
  outcomes.push(outcome);
  if (!options.json) console.log(render(outcome));
}
if (options.json) {
  const all = outcomes.map(({ suite, ms, results }) => ({ suite: suite.name, seconds: ms / 1000, results }));
  console.log(JSON.stringify(all, undefined, 2));
}
process.exitCode = outcomes.some((outcome) => failed(outcome).length > 0) ? 1 : 0;
